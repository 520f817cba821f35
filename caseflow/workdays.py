"""Working days: Monday to Friday without the days on which the office is closed by rule.

The holidays themselves are rows that an administrator edits; this module only counts.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, Self

HolidayKind = Literal["libur_nasional", "cuti_bersama", "penutupan_kantor"]

# When one day carries several rows, the kind that stops the clock under every policy is kept.
_STRENGTH: Mapping[HolidayKind, int] = {"libur_nasional": 2, "penutupan_kantor": 1, "cuti_bersama": 0}

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Holiday:
    """One named day without service.

    :ivar on: the day.
    :ivar kind: national holiday, collective leave or closure of one office.
    :ivar name: what people call it, in Indonesian.
    """

    on: date
    kind: HolidayKind
    name: str


class Calendar:
    """Counts working days over a fixed set of holidays.

    :param days: at most one holiday a day; :meth:`of` builds this from plain rows.
    :param joint_leave_stops: whether ``cuti_bersama`` stops the clock (a policy of the branch).
    """

    def __init__(self, days: Mapping[date, Holiday], joint_leave_stops: bool = True) -> None:
        self.joint_leave_stops = joint_leave_stops
        self._days = dict(days)
        self._years = frozenset(day.year for day in self._days)

    @classmethod
    def of(cls, holidays: Iterable[Holiday], joint_leave_stops: bool = True) -> Self:
        """Build a calendar from rows; of two rows on one day the stronger kind stays."""
        days: dict[date, Holiday] = {}
        for holiday in sorted(holidays, key=lambda row: (_STRENGTH[row.kind], row.name)):
            days[holiday.on] = holiday
        return cls(days, joint_leave_stops)

    @cached_property
    def fingerprint(self) -> str:
        """Tell one content from another, the same on every process."""
        shown = (self.joint_leave_stops, sorted((day, str(row)) for day, row in self._days.items()))
        return hashlib.sha256(repr(shown).encode()).hexdigest()

    def covers(self, year: int) -> bool:
        """Tell whether any holiday of ``year`` is known; if not, every count touching it is too short."""
        return year in self._years

    def is_working(self, day: date) -> bool:
        """Tell whether the office works on ``day``."""
        return day.weekday() < _SATURDAY and self._closing(day) is None

    def holiday(self, day: date) -> Holiday | None:
        """Return what closes the office on ``day`` beyond its weekends; a holiday on a Sunday is one, too."""
        return self._closing(day)

    def add(self, start: date, n: int) -> date:
        """Return the ``n``-th working day after ``start``; the day after ``start`` is the first candidate.

        ``n == 0`` gives ``start`` itself, working or not.

        :raises ValueError: ``n`` is negative.
        """
        if n < 0:
            raise ValueError(f"working days are counted forward only, not {n}")
        day = start
        while n:
            day += timedelta(days=1)
            n -= self.is_working(day)
        return day

    def count(self, after: date, until: date) -> int:
        """Return how many working days lie after ``after`` up to and including ``until``; 0 when none do."""
        return sum(self.is_working(day) for day in _days_between(after, until))

    def skipped(self, after: date, until: date) -> list[Holiday]:
        """Return the holidays that stopped the clock in the same span, in order; weekends are not listed."""
        found = (self._closing(day) for day in _days_between(after, until) if day.weekday() < _SATURDAY)
        return [holiday for holiday in found if holiday is not None]

    def _closing(self, day: date) -> Holiday | None:
        holiday = self._days.get(day)
        if holiday is None or (holiday.kind == "cuti_bersama" and not self.joint_leave_stops):
            return None
        return holiday


def _days_between(after: date, until: date) -> Iterator[date]:
    for offset in range(1, (until - after).days + 1):
        yield after + timedelta(days=offset)
