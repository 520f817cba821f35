"""All school years of one child until the age limit, so that nobody has to remember them for the family.

An outlook for reminders; what is paid is judged by ``scholarship`` at each application.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from caseflow.formats import long_date
from caseflow.law.dated import Number
from caseflow.law.numbers import NumberBook
from caseflow.law.pupil import (
    Award,
    Child,
    first_day_of,
    level_of,
    school_year_of,
    school_year_words,
    why_ended,
)
from caseflow.law.relatives import age_on
from caseflow.law.statement import MissingInput
from caseflow.law.tables import Level

Status = Literal["not_yet_school", "upcoming", "open", "arrears", "lost", "awarded", "ended"]

_LAST_CALL = timedelta(days=30)
_HALF_YEARS = (1, 7)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One school year of one child.

    :ivar school_year: the calendar year in which it begins.
    :ivar level: as awarded, or as usual for the age; ``None`` before school.
    :ivar expected: the level is only what is usual for the age.
    :ivar opens_on: first day to apply; :ivar last_day: last day on which the year can still be asked for in arrears.
    :ivar next_reminder_on: next day to remind the family of this year (a habit of the house, not law), if any.
    :ivar sentence: for the family.
    """

    school_year: int
    status: Status
    level: Level | None
    expected: bool
    opens_on: date
    last_day: date
    next_reminder_on: date | None
    sentence: str


def scholarship_calendar(
    child: Child, awarded: Sequence[Award], *, event_on: date, today: date, book: NumberBook
) -> tuple[CalendarYear, ...]:
    """Return the school years from the event (or the birth, if later) to the age limit, in order.

    The limit is judged on the first day of a school year, as in ``assess_scholarship``.

    :raises MissingInput: the day of birth is not known.
    :raises NoNumber: no rule is recorded for ``today``.
    """
    return tuple(_Calendar(child, awarded, event_on=event_on, today=today, book=book).years())


class _Calendar:
    def __init__(
        self, child: Child, awarded: Sequence[Award], *, event_on: date, today: date, book: NumberBook
    ) -> None:
        if child.born_on is None:
            raise MissingInput(["tanggal lahir anak"])
        self.born_on = child.born_on
        self.awards = {award.school_year: award for award in awarded}
        self.event_on = event_on
        self.today = today
        self.ended = why_ended(child, today, book)
        self.limit: Number = book.on("scholarship_age_limit", today)
        self.arrears: Number = book.on("scholarship_arrears_school_years", today)
        self.levels = tuple(book.tables.levels.values())
        self.most_years = {level.code: level.most_years(event_on).value for level in self.levels}

    def years(self) -> Iterator[CalendarYear]:
        year = max(school_year_of(self.event_on), school_year_of(self.born_on))
        while self._age(year) < self.limit.value:
            yield self._year(year)
            year += 1

    def _age(self, year: int) -> int:
        return age_on(self.born_on, first_day_of(year))

    def _opens_on(self, year: int) -> date:
        return max(first_day_of(year), self.event_on)

    def _last_day(self, year: int) -> date:
        return first_day_of(year + 1 + self.arrears.value) - timedelta(days=1)

    def _year(self, year: int) -> CalendarYear:
        opens_on, last_day = self._opens_on(year), self._last_day(year)
        level = self._level(year)
        status = self._status(year, level)
        return CalendarYear(
            school_year=year,
            status=status,
            level=level,
            expected=year not in self.awards,
            opens_on=opens_on,
            last_day=last_day,
            next_reminder_on=self._reminder(status, opens_on, last_day),
            sentence=self._sentence(year, status, level),
        )

    def _level(self, year: int) -> Level | None:
        """Return the level awarded for a year, else the usual one for the age, never below what was awarded before."""
        if year in self.awards:
            return level_of(self.awards[year].level)
        order = [level.code for level in self.levels]
        by_age = sum(level.usual_age <= self._age(year) for level in self.levels) - 1
        before = [level_of(award.level) for award in self.awards.values() if award.school_year < year]
        if before:
            reached = max(order.index(level) for level in before)
            used_up = before.count(order[reached]) >= self.most_years[order[reached]]
            by_age = max(by_age, min(reached + used_up, len(order) - 1))
        return order[by_age] if by_age >= 0 else None

    def _status(self, year: int, level: Level | None) -> Status:
        current = school_year_of(self.today)
        if year in self.awards:
            return "awarded"
        if self.ended is not None and year >= current:
            return "ended"
        if level is None:
            return "not_yet_school"
        if year > current:
            return "upcoming"
        if year == current:
            return "open"
        return "arrears" if self.today <= self._last_day(year) else "lost"

    def _reminder(self, status: Status, opens_on: date, last_day: date) -> date | None:
        """Return the next of: opening, each half-year after it, and thirty days before the last day."""
        if status not in ("upcoming", "open", "arrears"):
            return None
        halves = (
            date(year, month, 1) for year in range(opens_on.year, last_day.year + 1) for month in _HALF_YEARS
        )
        days = (opens_on, *(day for day in halves if opens_on < day <= last_day), last_day - _LAST_CALL)
        return min((day for day in days if day >= self.today), default=None)

    def _sentence(self, year: int, status: Status, level: Level | None) -> str:
        label = next((one.label for one in self.levels if one.code == level), "")
        words, last_day = school_year_words(year), self._last_day(year)
        sentences: dict[Status, str] = {
            "not_yet_school": f"{words}: belum usia sekolah; mulai sekolah sekitar {self._begins()}.",
            "upcoming": f"{words}: dapat diajukan mulai {long_date(self._opens_on(year))} (perkiraan jenjang {label}).",
            "open": f"{words}: dapat diajukan sekarang (perkiraan jenjang {label}).",
            "arrears": f"{words}: belum diajukan; masih dapat diminta sampai {long_date(last_day)}.",
            "lost": f"{words}: tidak dapat diminta lagi sejak {long_date(last_day + timedelta(days=1))}.",
            "awarded": f"{words}: sudah dibayar ({label}).",
            "ended": f"{words}: {self.ended}",
        }
        return sentences[status]

    def _begins(self) -> int:
        """Return the year in which children of this age usually begin school."""
        year = school_year_of(self.born_on)
        while self._age(year) < self.levels[0].usual_age:
            year += 1
        return year
