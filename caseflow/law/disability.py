"""Partial disability: percentage of the table × so many months × wage, added up to a limit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from caseflow.formats import rupiah
from caseflow.law.accident import SIDE_LABELS, AccidentFacts, Injury, Side
from caseflow.law.dated import Number
from caseflow.law.headings import DISABILITY, Heading
from caseflow.law.numbers import NumberBook
from caseflow.law.shown import PER_PERCENT, percent
from caseflow.law.statement import Input
from caseflow.law.tables import DisabilityRow, Tables

_TENTH = PER_PERCENT // 10
_PERMILLE = 1000
_WHOLE = 100 * PER_PERCENT
_OTHER: Mapping[Side, Side] = {"right": "left", "left": "right"}
_DOCTOR = "surat dokter (formulir 3b KK 3)"


@dataclass(frozen=True, slots=True)
class Assessed:
    """One injury with its percentage.

    :ivar share: millionths of the whole (40 per cent is 400,000); :ivar words: how it comes about.
    """

    injury: Injury
    row: DisabilityRow
    share: int
    words: str
    numbers: tuple[Number, ...]


def partial_disability(facts: AccidentFacts, wage: Number, book: NumberBook) -> Iterator[Heading]:
    """Yield one heading for each injury, the heaviest first; what passes the limit for all together is cut off.

    Broken rupiah are rounded up in favour of the worker.
    """
    day = facts.happened_on
    months = book.on("jkk_disability_months", day)
    most = book.on("jkk_disability_max_percent", day)
    left = most.value * PER_PERCENT
    for place, found in enumerate(in_order(facts, book.tables), start=1):
        share = min(found.share, left)
        left -= share
        cut = share < found.share
        product = share * months.value * wage.value
        formula = f"{percent(share) if cut else found.words} × {months.value} × {rupiah(wage.value)}"
        if product % _WHOLE:
            formula += ", dibulatkan ke atas"
        if cut:
            formula += (
                f"; {found.words} dibatasi, karena semua cacat bersama paling banyak {most.value} persen"
            )
        yield Heading(
            code=f"{DISABILITY}{place}",
            label=f"Santunan cacat: {label_of(found.row, found.injury)}",
            amount_idr=-(-product // _WHOLE),
            formula=formula,
            numbers=(*found.numbers, months, wage, *((most,) if cut else ())),
            facts=tuple(_inputs(found, facts.dominant_hand)),
            doubts=("V1",) if _swapped(found.row, facts.dominant_hand) else (),
        )


def in_order(facts: AccidentFacts, tables: Tables) -> list[Assessed]:
    """Return the injuries with their percentages, the heaviest first, always in the same order.

    :raises NotPossible: a row that is not in the table.
    """
    found = [
        _assessed(injury, tables.row(injury.row_code), facts.happened_on, facts.dominant_hand)
        for injury in facts.injuries
    ]
    places = {code: place for place, code in enumerate(tables.disability)}
    return sorted(
        found,
        key=lambda one: (
            -one.share,
            places[one.row.code],
            one.injury.side or "",
            one.injury.kind,
            one.injury.source,
        ),
    )


def label_of(row: DisabilityRow, injury: Injury) -> str:
    """Return the row as it is called for this injury: with the side."""
    return f"{row.label} ({SIDE_LABELS[injury.side]})" if injury.side else row.label


def _assessed(injury: Injury, row: DisabilityRow, day: date, hand: Side | None) -> Assessed:
    if row.measure == "range":
        least, most = row.cell("least", day), row.cell("most", day)
        share = (injury.set_permille or 0) * _PERMILLE
        words = f"{percent(share)} (ditetapkan dokter antara {percent(least.value * _TENTH)} dan {percent(most.value * _TENTH)})"
        return Assessed(injury, row, share, words, (least, most))
    if row.measure == "per_unit":
        each, units = row.cell("each", day), injury.units or 0
        words = f"{units} × {percent(each.value * _TENTH)}"
        return Assessed(injury, row, units * each.value * _TENTH, words, (each,))
    number = row.cell(_column(row, injury.side, hand), day)
    whole = number.value * _TENTH
    if injury.kind == "anatomical":
        return Assessed(injury, row, whole, percent(whole), (number,))
    lost = injury.loss_permille or 0
    words = f"{percent(lost * _PERMILLE)} fungsi hilang × {percent(whole)}"
    return Assessed(injury, row, whole * lost // _PERMILLE, words, (number,))


def _column(row: DisabilityRow, side: Side | None, hand: Side | None) -> str:
    if row.measure != "handed" or side is None:
        return "percent"
    return _OTHER[side] if hand == "left" else side


def _swapped(row: DisabilityRow, hand: Side | None) -> bool:
    return row.measure == "handed" and hand == "left"


def _inputs(found: Assessed, hand: Side | None) -> Iterator[Input]:
    injury, row = found.injury, found.row
    yield Input("Cacat", label_of(row, injury), injury.source)
    if row.measure == "handed" and hand is not None:
        swapped = ", maka angka kanan dan kiri ditukar" if _swapped(row, hand) else ""
        yield Input("Tangan dominan", f"{SIDE_LABELS[hand]}{swapped}", _DOCTOR)
    if injury.loss_permille is not None:
        yield Input("Fungsi yang hilang", percent(injury.loss_permille * _PERMILLE), injury.source)
    if injury.set_permille is not None:
        yield Input("Ditetapkan dokter", percent(injury.set_permille * _PERMILLE), injury.source)
    if injury.units is not None:
        yield Input("Berkurang", f"{injury.units} × {row.unit}", injury.source)
