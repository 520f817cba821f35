"""What a figure of results carries: a title that is its answer, numerator and denominator, period, source, definition.

Not here: how one comes about (``service_results``, ``visit_results``, ``headlines``), or how it is drawn
(``result_charts``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from caseflow import clock
from caseflow.formats import month_year, permille, rupiah, thousands
from caseflow.reports.result_reading import Results
from caseflow.reports.suppression import FLOOR

FEWEST = FLOOR  # below that a median tells of single families
FEWEST_FOR_NINETY = 10  # below that nine of ten is the slowest of all
FROM_CASES = "caseflow, riwayat setiap kasus"
FROM_BANK = "caseflow, transfer yang sudah dipastikan dengan rekening koran"
FROM_VISITS = "caseflow, kunjungan pendamping"
HIDDEN = "disamarkan"
Cell = int | str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``unit``: ``idr`` is written as money, ``percent`` carries permille."""

    label: str
    number: bool = False
    unit: Literal["", "idr", "percent"] = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure that can be quoted, with its table.

    :ivar code: its place in the list of figures (``D7``); :ivar key: its own name, in addresses.
    :ivar numerator: and :ivar denominator: ``None`` where hidden or where there is none; :ivar unit: of the numerator, where
        it is no part of the denominator but days or rupiah.
    :ivar kind: ``stock`` stands on a day, ``flow`` happens in a period: only flows may be added up over months.
    :ivar chart: SVG, drawn by ourselves; empty: the table alone; :ivar legend: of its pieces.
    :ivar little: so few that nothing is concluded.
    """

    code: str
    key: str
    title: str
    numerator: int | None
    denominator: int | None
    of: str
    period: str
    source: str
    kind: Literal["stock", "flow"]
    definition: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    chart: str = ""
    little: bool = False
    legend: Sequence[str] = ()
    unit: Literal["", "hari", "hari kerja", "rupiah"] = ""

    @property
    def permille(self) -> int | None:
        """Return the share; a denominator of nothing has none, nor have days or rupiah of so many cases."""
        return None if self.unit else permille(self.numerator, self.denominator)


def ground_of(one: Indicator, *, looked_at: str, on: datetime | None) -> Sequence[tuple[str, Cell]]:
    """Return what every file says of a figure besides its rows, by name of its column.

    :param looked_at: the filters in effect; :param on: when it was counted.
    """
    return (
        ("Pembilang", one.numerator),
        ("Satuan pembilang", one.unit),
        ("Penyebut", one.denominator),
        ("Arti penyebut", one.of),
        ("Jenis", "keadaan" if one.kind == "stock" else "aliran"),
        ("Periode", one.period),
        ("Yang dilihat", looked_at),
        ("Sumber", one.source),
        ("Data per", None if on is None else clock.local(on).isoformat(timespec="minutes")),
    )


def period_words(period: str, last: date) -> str:
    """Return a period (empty: all) in words, with the last month that is counted.

    :param last: any day of that month.
    """
    if not period:
        return f"sejak awal sampai {month_year(last)}"
    if len(period) == 4:
        return f"tahun {period}" + (f" sampai {month_year(last)}" if period == f"{last.year}" else "")
    return month_words(period)


def period_of(results: Results) -> str:
    """Return the period that is really looked at, in words."""
    return period_words(results.applied.period, results.last_month)


def month_words(month: str) -> str:
    """Return ``2026-10`` in words."""
    return month_year(date.fromisoformat(f"{month}-01"))


def percent(numerator: int, denominator: int) -> str:
    """Return a share as it is read: ``61,4 %``; empty where there is nothing to divide by."""
    share = permille(numerator, denominator)
    return "" if share is None else f"{share // 10},{share % 10} %"


def most_of(told: Sequence[tuple[str, int | None]]) -> str | None:
    """Return which of several is the most; ``None``: one of them is hidden, two are as many, or there is none.

    Where one is hidden the most of the others may not be the most, or would tell that the hidden one is less.
    """
    known = sorted((number, name) for name, number in told if number is not None)
    if len(known) < len(told) or not known or not known[-1][0]:
        return None
    return None if len(known) > 1 and known[-2][0] == known[-1][0] else known[-1][1]


def words_of(cell: Cell, column: Column) -> str:
    """Return a cell as the page shows it."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if column.unit == "idr":
        return rupiah(cell)
    return f"{cell // 10},{cell % 10} %" if column.unit == "percent" else thousands(cell)


def quantile(days: Mapping[int, int], permil: int) -> int | None:
    """Return the day by which so many of a thousand were through; ``None`` of nobody.

    The smallest number of days that at least that share of cases needed no more than.
    """
    total = sum(days.values())
    passed = 0
    for day in sorted(days):
        passed += days[day]
        if passed * 1000 >= total * permil:
            return day
    return None


def median(days: Mapping[int, int]) -> int | None:
    """Return the middle one, of two the lower; ``None`` below five cases."""
    return quantile(days, 500) if sum(days.values()) >= FEWEST else None


def nine_of_ten(days: Mapping[int, int]) -> int | None:
    """Return the days within which nine of ten were through; ``None`` below ten cases."""
    return quantile(days, 900) if sum(days.values()) >= FEWEST_FOR_NINETY else None
