"""When a message may leave. Pure: an instant, the kind of message and the calendar give the next good moment.

Nobody's phone rings at night, during the Friday prayer, or with a reminder in the first days of grief.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from caseflow import clock
from caseflow.claims.paper_reminders import is_mourned
from caseflow.notices.texts import Leaves
from caseflow.workdays import Calendar

_FRIDAY = 4
_Window = tuple[time, time]
_AT_ONCE: Sequence[_Window] = ((time(6), time(21)),)
_OFFICE: Sequence[_Window] = ((time(8), time(17)),)
_OFFICE_ON_FRIDAY: Sequence[_Window] = ((time(8), time(12)), (time(13, 30), time(17)))


def leaves_at(now: datetime, leaves: Leaves, *, calendar: Calendar, died_on: date | None = None) -> datetime:
    """Return the first instant from ``now`` on at which a message of this kind may leave, in UTC.

    :param died_on: the day of the death that the case is about; reminders wait until the fourth day after it.
    """
    local = clock.local(now)
    day = local.date()
    while True:
        if leaves != "reminder" or _may_remind(day, calendar, died_on):
            for begins, ends in _windows(day, leaves):
                first = datetime.combine(day, begins, clock.WIB)
                last = datetime.combine(day, ends, clock.WIB)
                if local < last:
                    return max(local, first).astimezone(now.tzinfo)
        day += timedelta(days=1)


def may_leave(now: datetime, leaves: Leaves, *, calendar: Calendar, died_on: date | None = None) -> bool:
    """Whether a message of this kind may leave at this instant."""
    return leaves_at(now, leaves, calendar=calendar, died_on=died_on) == now


def _windows(day: date, leaves: Leaves) -> Sequence[_Window]:
    if leaves == "at_once":
        return _AT_ONCE
    return _OFFICE_ON_FRIDAY if day.weekday() == _FRIDAY else _OFFICE


def _may_remind(day: date, calendar: Calendar, died_on: date | None) -> bool:
    return calendar.is_working(day) and not is_mourned(died_on, day)
