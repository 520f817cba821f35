"""Days of visits: months after the money, the forty-first day, Sundays and holidays. Reads nothing, writes nothing."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from caseflow import formats
from caseflow.workdays import Calendar

# months from the day of payment
MONTHS = {"m1": 1, "m3": 3, "m6": 6, "m12": 12, "m24": 24}
_MOURNING = timedelta(days=41)  # the day of death is day 0
_SUNDAY = 6


@dataclass(frozen=True)
class Milestone:
    """A visit as a plan asks for it. ``asks_livelihood``: it lies on or after the forty-first day."""

    kind: str
    due_on: date
    asks_livelihood: bool


def livelihood_from(died_on: date | None, paid_on: date) -> date:
    """Return the first day on which livelihood may be asked about; of a worker who lives, the day of payment."""
    return paid_on if died_on is None else died_on + _MOURNING


def milestones(paid_on: date, livelihood_from_on: date, calendar: Calendar) -> Sequence[Milestone]:
    """Return the call and the visits of a plan, on days when people can be visited."""
    days = {kind: visiting_day(months_after(paid_on, months), calendar) for kind, months in MONTHS.items()}
    return [Milestone(kind, day, day >= livelihood_from_on) for kind, day in days.items()]


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later; of a shorter month its last day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def visiting_day(day: date, calendar: Calendar) -> date:
    """Return the day itself, or the next one that is neither a Sunday nor a holiday."""
    while why_not(day, calendar) is not None:
        day += timedelta(days=1)
    return day


def why_not(day: date, calendar: Calendar) -> str | None:
    """Return in words why nobody is visited on a day; ``None``: it is a good day."""
    holiday = calendar.holiday(day)
    if holiday is not None:
        return f"{formats.weekday_date(day)} hari libur: {holiday.name}"
    return f"{formats.long_date(day)} hari Minggu" if day.weekday() == _SUNDAY else None
