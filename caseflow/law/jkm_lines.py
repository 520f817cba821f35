"""The three amounts of JKM, each with the sum, the facts and the article it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass

from caseflow.formats import long_date, rupiah
from caseflow.law.death import DeathFacts, LineCode
from caseflow.law.numbers import Number, NumberBook, weakest
from caseflow.law.readings import CountCode
from caseflow.law.shown import number_input
from caseflow.law.statement import OUTCOME_LABELS, Input, Line, Outcome

_CASE_FILE = "berkas klaim"
_LEDGER = "kisi iuran"
_COUNT_LABELS: Mapping[CountCode, str] = {
    "months": "Syarat tiga bulan menurut bulan",
    "days": "Syarat tiga bulan menurut hari",
    "months_since_registration": "Syarat tiga bulan sejak pendaftaran terakhir",
}


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the law gives under one heading, before anything paid earlier is taken off.

    :ivar amount_idr: rupiah; :ivar formula: the sum in words; :ivar numbers: the numbers of law in it.
    """

    code: LineCode
    label: str
    amount_idr: int
    formula: str
    numbers: tuple[Number, ...]


def full_benefit(facts: DeathFacts, book: NumberBook) -> tuple[Entitlement, ...]:
    """Return all three headings as they stand on the day of death, whoever is to receive them."""
    grant = book.on("jkm_death_grant", facts.died_on)
    monthly = book.on("jkm_periodic_monthly", facts.died_on)
    months = book.on("jkm_periodic_months", facts.died_on)
    funeral = book.on("jkm_funeral", facts.died_on)
    periodic_formula = f"{months.value} × {rupiah(monthly.value)}, dibayar sekaligus"
    elsewhere = bool(facts.other_membership_funeral_paid)
    funeral_formula = (
        f"{rupiah(funeral.value)}, sudah dibayar dari kepesertaan lain" if elsewhere else "tetap"
    )
    return (
        Entitlement("death_grant", grant.label, grant.value, "tetap", (grant,)),
        Entitlement(
            "periodic_benefit",
            "Santunan berkala",
            months.value * monthly.value,
            periodic_formula,
            (months, monthly),
        ),
        Entitlement(
            "funeral_cost", funeral.label, 0 if elsewhere else funeral.value, funeral_formula, (funeral,)
        ),
    )


def payable(facts: DeathFacts, outcome: Outcome, book: NumberBook) -> tuple[Entitlement, ...]:
    """Return the headings that are paid to people: without an heir only the funeral cost, to whoever buried."""
    if outcome == "not_payable":
        return ()
    headings = full_benefit(facts, book)
    if outcome == "funeral_only" or facts.heirs.no_heir:
        return tuple(heading for heading in headings if heading.code == "funeral_cost")
    return headings


def line(heading: Entitlement, facts: DeathFacts, book: NumberBook) -> Line:
    """Turn a heading into a line: what the law gives, less what was paid for it before."""
    before = sorted(
        (paid for paid in facts.already_paid if paid.code == heading.code),
        key=lambda paid: (paid.source, paid.amount_idr),
    )
    paid_idr = sum(paid.amount_idr for paid in before)
    formula = heading.formula
    if paid_idr:
        formula = f"{formula}; dikurangi {rupiah(paid_idr)} yang sudah dibayar"
    inputs = [number_input(number) for number in heading.numbers]
    inputs += [Input("Sudah dibayar", rupiah(paid.amount_idr), paid.source) for paid in before]
    return Line(
        code=heading.code,
        label=heading.label,
        amount_idr=max(0, heading.amount_idr - paid_idr),
        formula=formula,
        inputs=(*inputs, *_fact_inputs(heading, facts)),
        article=heading.numbers[0].article,
        certainty=weakest(*(number.certainty for number in heading.numbers)),
        rule_version=book.rule_version(*heading.numbers),
        payable_to="burial_arranger" if facts.heirs.no_heir else "heirs",
    )


def overpaid_idr(facts: DeathFacts, headings: tuple[Entitlement, ...]) -> int:
    """Return how many rupiah were paid before beyond what these headings give."""
    given: dict[str, int] = {heading.code: heading.amount_idr for heading in headings}
    paid: dict[str, int] = {}
    for payment in facts.already_paid:
        paid[payment.code] = paid.get(payment.code, 0) + payment.amount_idr
    return sum(max(0, amount - given.get(code, 0)) for code, amount in paid.items())


def _fact_inputs(heading: Entitlement, facts: DeathFacts) -> tuple[Input, ...]:
    inputs = [
        Input("Tanggal meninggal", long_date(facts.died_on), _CASE_FILE),
        *(Input(_COUNT_LABELS[count.code], count.sentence, _LEDGER) for count in facts.cover.counts),
    ]
    if facts.cover_choice is not None:
        choice = f"{OUTCOME_LABELS[facts.cover_choice.outcome]}, diputuskan petugas"
        inputs.append(Input("Kepesertaan", choice, _CASE_FILE))
    if heading.code == "funeral_cost":
        elsewhere = "ya" if facts.other_membership_funeral_paid else "tidak"
        inputs.append(Input("Biaya pemakaman dibayar dari kepesertaan lain", elsewhere, _CASE_FILE))
        if facts.heirs.no_heir:
            inputs.append(Input("Yang mengurus pemakaman", "tercatat", _CASE_FILE))
    return tuple(inputs)
