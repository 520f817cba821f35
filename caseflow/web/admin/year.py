"""A year of the calendar as people read it. Pure."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from caseflow.registry.operations import ESTIMATE
from caseflow.workdays import Calendar, Holiday, HolidayKind

KINDS: Mapping[HolidayKind, tuple[str, str]] = MappingProxyType(
    {
        "libur_nasional": ("Libur nasional", "info"),
        "cuti_bersama": ("Cuti bersama", "waiting"),
        "penutupan_kantor": ("Kantor tutup", "review"),
    }
)
_EXAMPLE_DAYS = 3  # from complete documents to payment: PP 44/2015 Art. 40(3)
_FRIDAY = 4


@dataclass(frozen=True)
class Day:
    """A named day. ``estimate``: not confirmed by the authorities."""

    on: date
    name: str
    kind: str
    sentiment: str
    estimate: bool


@dataclass(frozen=True)
class Cell:
    """A day in the small picture of a month; ``look``: its style classes."""

    number: int
    look: str


@dataclass(frozen=True)
class Month:
    """A month: its named days, its working days, and its weeks (places outside the month are ``None``)."""

    first: date
    days: Sequence[Day]
    working_days: int
    weeks: Sequence[Sequence[Cell | None]]


@dataclass(frozen=True)
class Example:
    """Three working days counted from one day. ``skipped``: named days that did not count."""

    start: date
    counted: Sequence[date]
    skipped: Sequence[Holiday]
    uncovered: Sequence[int]


def months_of(year: int, holidays: Sequence[Holiday], calendar: Calendar, today: date) -> list[Month]:
    """Return the twelve months of a year."""
    by_month: dict[int, list[Day]] = {}
    for holiday in holidays:
        by_month.setdefault(holiday.on.month, []).append(_day(holiday))
    return [
        _month(date(year, number, 1), by_month.get(number, []), calendar, today) for number in range(1, 13)
    ]


def example(start: date, calendar: Calendar) -> Example:
    """Count three working days from a day on which the documents were complete."""
    counted = [calendar.add(start, n) for n in range(1, _EXAMPLE_DAYS + 1)]
    last = counted[-1]
    return Example(
        start,
        counted,
        calendar.skipped(start, last),
        [year for year in range(start.year, last.year + 1) if not calendar.covers(year)],
    )


def _month(first: date, days: Sequence[Day], calendar: Calendar, today: date) -> Month:
    last = first.replace(day=monthrange(first.year, first.month)[1])
    named = {day.on: day for day in days}
    cells: list[Cell | None] = [None] * first.weekday()
    cells += [_cell(first.replace(day=number), named, today) for number in range(1, last.day + 1)]
    cells += [None] * (-len(cells) % 7)
    weeks = [cells[start : start + 7] for start in range(0, len(cells), 7)]
    return Month(first, days, calendar.count(first - timedelta(days=1), last), weeks)


def _cell(on: date, named: Mapping[date, Day], today: date) -> Cell:
    looks = []
    if on in named:
        looks.append(f"day-named is-{named[on].sentiment}")
    elif on.weekday() > _FRIDAY:
        looks.append("day-weekend")
    if on == today:
        looks.append("day-today")
    return Cell(on.day, " ".join(looks))


def _day(holiday: Holiday) -> Day:
    kind, sentiment = KINDS[holiday.kind]
    return Day(
        on=holiday.on,
        name=holiday.name.removesuffix(ESTIMATE).strip(),
        kind=kind,
        sentiment=sentiment,
        estimate=holiday.name.endswith(ESTIMATE),
    )
