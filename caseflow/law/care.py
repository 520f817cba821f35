"""What was spent because of the accident and is given back: transport, treatment, home care, devices."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from caseflow.formats import long_date, rupiah
from caseflow.law.accident import COST_LABELS, MODE_LABELS, AccidentFacts, Cost, CostKind, TransportMode
from caseflow.law.dated import Number
from caseflow.law.deadlines import years_later
from caseflow.law.headings import Heading
from caseflow.law.numbers import NumberBook
from caseflow.law.statement import Input

_TRANSPORT_CAPS: Mapping[TransportMode, str] = {
    "land": "jkk_transport_land",
    "sea": "jkk_transport_sea",
    "air": "jkk_transport_air",
}
_CAPS: Mapping[CostKind, str] = {
    "denture": "jkk_denture_max",
    "hearing_aid": "jkk_hearing_aid_max",
    "glasses": "jkk_glasses_max",
}
_SHARES: Mapping[CostKind, str] = {
    "treatment": "jkk_treatment_percent",
    "diagnostics": "jkk_diagnostics_percent",
}
_MADE_TO_MEASURE: tuple[CostKind, ...] = ("prosthesis", "orthosis")
_SHOWN_ONE_BY_ONE = 6


def care(facts: AccidentFacts, book: NumberBook) -> Iterator[Heading]:
    """Yield what is given back, kind by kind; a limit holds for all receipts of its kind together."""
    day = facts.happened_on
    for kind, name in _SHARES.items():
        yield from _shared(kind, costs_of(facts, kind), book.on(name, day))
    for mode, name in _TRANSPORT_CAPS.items():
        costs = [cost for cost in costs_of(facts, "transport") if cost.mode == mode]
        label = f"{COST_LABELS['transport']} {MODE_LABELS[mode]}"
        yield from _capped(f"transport_{mode}", label, costs, book.on(name, day))
    yield from _home_care(facts, book)
    for kind in _MADE_TO_MEASURE:
        yield from _made_to_measure(kind, costs_of(facts, kind), book.on("jkk_device_extra_percent", day))
    for kind, name in _CAPS.items():
        yield from _capped(kind, COST_LABELS[kind], costs_of(facts, kind), book.on(name, day))


def costs_of(facts: AccidentFacts, kind: CostKind) -> list[Cost]:
    """Return the receipts of one kind, always in the same order."""
    same = [cost for cost in facts.costs if cost.kind == kind]
    return sorted(same, key=lambda cost: (cost.spent_on or date.max, cost.source, cost.amount_idr))


def home_care_last_day(costs: Sequence[Cost], years: int) -> date | None:
    """Return the last day of home care that is paid: so many years from its first day."""
    starts = [cost.starts_on for cost in costs if cost.starts_on is not None]
    return years_later(min(starts), years) - timedelta(days=1) if starts else None


def _shared(kind: CostKind, costs: Sequence[Cost], share: Number) -> Iterator[Heading]:
    if costs:
        spent_idr = sum(cost.amount_idr for cost in costs)
        formula = f"{_sum_words(costs)}, diganti {share.value} persen"
        yield Heading(
            kind,
            COST_LABELS[kind],
            -(-spent_idr * share.value // 100),
            formula,
            (share,),
            tuple(_receipts(costs)),
        )


def _capped(code: str, label: str, costs: Sequence[Cost], cap: Number) -> Iterator[Heading]:
    if costs:
        spent_idr = sum(cost.amount_idr for cost in costs)
        formula = f"{_sum_words(costs)}, paling banyak {rupiah(cap.value)}"
        yield Heading(code, label, min(spent_idr, cap.value), formula, (cap,), tuple(_receipts(costs)))


def _home_care(facts: AccidentFacts, book: NumberBook) -> Iterator[Heading]:
    """Yield home care within its time; a receipt that crosses the last day has been refused before."""
    costs = costs_of(facts, "home_care")
    cap = book.on("jkk_home_care_max", facts.happened_on)
    years = book.on("jkk_home_care_years", facts.happened_on)
    last_day = home_care_last_day(costs, years.value)
    if last_day is None:
        return
    within = [cost for cost in costs if cost.ends_on is not None and cost.ends_on <= last_day]
    beyond_idr = sum(cost.amount_idr for cost in costs) - sum(cost.amount_idr for cost in within)
    formula = f"{_sum_words(within)}, paling banyak {rupiah(cap.value)}"
    if beyond_idr:
        formula += f"; {rupiah(beyond_idr)} sesudah {long_date(last_day)} tidak dihitung"
    spent_idr = sum(cost.amount_idr for cost in within)
    yield Heading(
        "home_care",
        COST_LABELS["home_care"],
        min(spent_idr, cap.value),
        formula,
        (cap, years),
        tuple(_receipts(costs)),
    )


def _made_to_measure(kind: CostKind, costs: Sequence[Cost], extra: Number) -> Iterator[Heading]:
    if not costs:
        return
    amounts = [min(cost.amount_idr, _ceiling_idr(cost, extra)) for cost in costs]
    formula = "; ".join(
        f"{rupiah(cost.amount_idr)}, paling banyak {rupiah(cost.reference_price_idr or 0)} + {extra.value} persen "
        f"= {rupiah(_ceiling_idr(cost, extra))}"
        for cost in costs
    )
    yield Heading(kind, COST_LABELS[kind], sum(amounts), formula, (extra,), tuple(_receipts(costs)))


def _ceiling_idr(cost: Cost, extra: Number) -> int:
    """Return the highest price of one device, a broken rupiah rounded up in favour of the worker."""
    return -(-(cost.reference_price_idr or 0) * (100 + extra.value) // 100)


def _sum_words(costs: Sequence[Cost]) -> str:
    total = rupiah(sum(cost.amount_idr for cost in costs))
    if 1 < len(costs) <= _SHOWN_ONE_BY_ONE:
        return f"{' + '.join(rupiah(cost.amount_idr) for cost in costs)} = {total}"
    return f"{len(costs)} kuitansi berjumlah {total}" if len(costs) > 1 else total


def _receipts(costs: Sequence[Cost]) -> Iterator[Input]:
    for cost in costs:
        spent = f", dibayar {long_date(cost.spent_on)}" if cost.spent_on else ""
        span = (
            f", untuk {long_date(cost.starts_on)} s.d. {long_date(cost.ends_on)}"
            if cost.starts_on and cost.ends_on
            else ""
        )
        yield Input("Kuitansi", f"{rupiah(cost.amount_idr)}{spent}{span}", cost.source)
        if cost.reference_price_idr is not None:
            yield Input("Harga patokan", rupiah(cost.reference_price_idr), "rumah sakit rujukan pemerintah")
