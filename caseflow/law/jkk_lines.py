"""The headings of JKK: what is given back, what follows from the wage, and what is owed for lateness."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from caseflow.formats import long_date, rupiah
from caseflow.law.accident import CONDITION_LABELS, AccidentFacts
from caseflow.law.care import care
from caseflow.law.dated import Number
from caseflow.law.disability import partial_disability
from caseflow.law.headings import Heading
from caseflow.law.incapacity import stmb
from caseflow.law.lateness import Lateness, late_percent, per_day_idr
from caseflow.law.numbers import NumberBook
from caseflow.law.statement import Input

_CASE_FILE = "berkas klaim"
_REGISTRY = "data kepesertaan"


def headings(facts: AccidentFacts, book: NumberBook) -> tuple[Heading, ...]:
    """Return everything the law gives, in the order of the statement, whoever is to receive it.

    :param facts: complete and without contradiction.
    """
    return (*care(facts, book), *_from_wage(facts, book))


def lateness_heading(late: Lateness, amount_idr: int, book: NumberBook) -> Heading:
    """Return the compensation for paying ``amount_idr`` late (PP 44/2015 Pasal 37 ayat (3))."""
    percent = late_percent(late.complete_on, book, program="jkk")
    day_idr = per_day_idr(amount_idr, percent.value)
    rounded = ", dibulatkan ke atas" if amount_idr * percent.value % 100 else ""
    return Heading(
        "late_compensation",
        "Ganti rugi keterlambatan pembayaran",
        late.days * day_idr,
        f"{late.days} hari × {rupiah(day_idr)} ({percent.value} persen × {rupiah(amount_idr)}{rounded})",
        (percent,),
        (
            Input("Berkas lengkap", long_date(late.complete_on), _CASE_FILE),
            Input("Batas waktu membayar", long_date(late.pay_by_on), "dihitung dalam hari kerja"),
            Input("Terlambat", f"{late.days} hari kalender", "dihitung"),
        ),
        doubts=("I",),
    )


def _wage_of(facts: AccidentFacts, book: NumberBook) -> Number | None:
    """Return the wage base, or ``None`` while no income is recorded (nothing then follows from the wage)."""
    if facts.reported_income_idr is None:
        return None
    return book.tables.wage_base(facts.reported_income_idr, facts.happened_on)


def _from_wage(facts: AccidentFacts, book: NumberBook) -> Iterator[Heading]:
    wage = _wage_of(facts, book)
    if wage is None:
        return
    found: list[Heading] = list(stmb(facts, wage, book))
    if facts.condition in ("partial_anatomical", "partial_functional"):
        found += partial_disability(facts, wage, book)
    if facts.condition == "total_permanent":
        found += _total(facts, wage, book)
    if facts.condition == "died":
        found += _death(facts, wage, book)
    yield from _with_facts(found, facts)


def _with_facts(found: Iterable[Heading], facts: AccidentFacts) -> Iterator[Heading]:
    """Add what every benefit from the wage rests on: the income that was reported."""
    income = Input("Penghasilan yang dilaporkan", rupiah(facts.reported_income_idr or 0), _REGISTRY)
    for heading in found:
        if any(number.name.startswith("wage_base.") for number in heading.numbers):
            yield replace(heading, facts=(income, *heading.facts))
        else:
            yield heading


def _total(facts: AccidentFacts, wage: Number, book: NumberBook) -> Iterator[Heading]:
    day = facts.happened_on
    share, months = book.on("jkk_total_percent", day), book.on("jkk_disability_months", day)
    yield Heading(
        "total_disability",
        "Santunan cacat total tetap",
        -(-share.value * months.value * wage.value // 100),
        f"{share.value} persen × {months.value} × {rupiah(wage.value)}",
        (share, months, wage),
        (_condition(facts),),
    )
    yield _periodic(facts, book.on("jkk_total_periodic_months", day), book)


def _death(facts: AccidentFacts, wage: Number, book: NumberBook) -> Iterator[Heading]:
    day = facts.happened_on
    yield _death_grant(facts, wage, book)
    yield _periodic(facts, book.on("jkk_death_periodic_months", day), book)
    funeral = book.on("jkk_funeral", day)
    elsewhere = bool(facts.other_membership_funeral_paid)
    yield Heading(
        "funeral_cost",
        funeral.label,
        0 if elsewhere else funeral.value,
        f"{rupiah(funeral.value)}, sudah dibayar dari kepesertaan lain" if elsewhere else "tetap",
        (funeral,),
        (
            _condition(facts),
            Input(
                "Biaya pemakaman dibayar dari kepesertaan lain", "ya" if elsewhere else "tidak", _CASE_FILE
            ),
        ),
    )


def _death_grant(facts: AccidentFacts, wage: Number, book: NumberBook) -> Heading:
    day = facts.happened_on
    share, months = book.on("jkk_death_percent", day), book.on("jkk_disability_months", day)
    floor, jkm = book.on("jkk_death_floor_percent", day), book.on("jkm_death_grant", day)
    sum_idr = -(-share.value * months.value * wage.value // 100)
    floor_idr = -(-floor.value * jkm.value // 100)
    formula = f"{share.value} persen × {months.value} × {rupiah(wage.value)}"
    if sum_idr >= floor_idr:
        return Heading(
            "death_grant",
            "Santunan kematian",
            sum_idr,
            formula,
            (share, months, wage),
            (_condition(facts),),
        )
    return Heading(
        "death_grant",
        "Santunan kematian",
        floor_idr,
        f"{formula} = {rupiah(sum_idr)}; dinaikkan menjadi sebesar santunan kematian JKM",
        (share, months, wage, floor, jkm),
        (_condition(facts),),
    )


def _periodic(facts: AccidentFacts, months: Number, book: NumberBook) -> Heading:
    monthly = book.on("jkk_periodic_monthly", facts.happened_on)
    return Heading(
        "periodic_benefit",
        "Santunan berkala",
        months.value * monthly.value,
        f"{months.value} × {rupiah(monthly.value)}, dibayar sekaligus",
        (months, monthly),
        (_condition(facts),),
    )


def _condition(facts: AccidentFacts) -> Input:
    label = CONDITION_LABELS[facts.condition] if facts.condition else "belum diketahui"
    on = f", {long_date(facts.ended_on)}" if facts.ended_on else ""
    return Input("Keadaan akhir", f"{label}{on}", "surat dokter (formulir 3b KK 3)")
