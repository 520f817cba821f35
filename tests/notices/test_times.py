"""When a message may leave, as a table: nights, Fridays, holidays, the first days after a death."""

from datetime import date, datetime

import pytest

from caseflow import clock
from caseflow.notices.texts import Leaves
from caseflow.notices.times import leaves_at, may_leave
from caseflow.workdays import Calendar, Holiday

# Thursday 24 (joint leave) and Friday 25 December 2026 are free
DAYS = Calendar.of(
    [
        Holiday(date(2026, 12, 24), "cuti_bersama", "Cuti"),
        Holiday(date(2026, 12, 25), "libur_nasional", "Natal"),
    ]
)
TABLE: list[tuple[str, Leaves, str | None, str]] = [
    # what the family has just done itself is confirmed between six and nine
    ("2026-11-20 05:59", "at_once", None, "2026-11-20 06:00"),
    ("2026-11-20 06:00", "at_once", None, "2026-11-20 06:00"),
    ("2026-11-20 12:30", "at_once", None, "2026-11-20 12:30"),
    ("2026-11-21 20:59", "at_once", None, "2026-11-21 20:59"),
    ("2026-11-21 21:00", "at_once", None, "2026-11-22 06:00"),
    # news in office hours, also at weekends and on holidays
    ("2026-11-19 07:59", "office_hours", None, "2026-11-19 08:00"),
    ("2026-11-19 16:59", "office_hours", None, "2026-11-19 16:59"),
    ("2026-11-19 17:00", "office_hours", None, "2026-11-20 08:00"),
    ("2026-11-20 11:59", "office_hours", None, "2026-11-20 11:59"),
    ("2026-11-20 12:00", "office_hours", None, "2026-11-20 13:30"),
    ("2026-11-20 13:29", "office_hours", None, "2026-11-20 13:30"),
    ("2026-11-20 13:30", "office_hours", None, "2026-11-20 13:30"),
    ("2026-11-20 18:00", "office_hours", None, "2026-11-21 08:00"),
    ("2026-12-25 09:00", "office_hours", None, "2026-12-25 09:00"),
    ("2026-11-19 23:59", "office_hours", "2026-11-19", "2026-11-20 08:00"),
    # reminders on working days only
    ("2026-11-20 10:00", "reminder", None, "2026-11-20 10:00"),
    ("2026-11-20 12:15", "reminder", None, "2026-11-20 13:30"),
    ("2026-11-20 17:00", "reminder", None, "2026-11-23 08:00"),
    ("2026-11-21 10:00", "reminder", None, "2026-11-23 08:00"),
    ("2026-12-24 10:00", "reminder", None, "2026-12-28 08:00"),
    # and on the fourth day after a death at the earliest
    ("2026-11-17 10:00", "reminder", "2026-11-17", "2026-11-23 08:00"),
    ("2026-11-19 10:00", "reminder", "2026-11-16", "2026-11-20 08:00"),
    ("2026-11-20 10:00", "reminder", "2026-11-16", "2026-11-20 10:00"),
]


def wib(moment: str) -> datetime:
    return datetime.fromisoformat(f"{moment}+07:00")


@pytest.mark.parametrize(("now", "leaves", "died_on", "expected"), TABLE)
def test_the_next_good_moment(now: str, leaves: Leaves, died_on: str | None, expected: str) -> None:
    died = date.fromisoformat(died_on) if died_on else None
    found = leaves_at(wib(now), leaves, calendar=DAYS, died_on=died)
    assert f"{clock.local(found):%Y-%m-%d %H:%M}" == expected
    assert may_leave(wib(now), leaves, calendar=DAYS, died_on=died) == (now == expected)
