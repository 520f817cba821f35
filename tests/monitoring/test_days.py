"""Days of visits, by hand: months after the money, the forty-first day, Sundays and holidays."""

from datetime import date

import pytest

from caseflow.monitoring import days
from caseflow.workdays import Calendar, Holiday

QUIET = Calendar({})
FEAST = Calendar.of(
    [
        Holiday(date(2027, 3, 19), "libur_nasional", "Hari Raya Nyepi"),
        Holiday(date(2027, 3, 20), "libur_nasional", "Idulfitri"),
        Holiday(date(2027, 3, 22), "cuti_bersama", "Cuti bersama Idulfitri"),
    ]
)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 12, 20)),
        (date(2026, 11, 20), 3, date(2027, 2, 20)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),  # February is shorter
        (date(2027, 8, 31), 6, date(2028, 2, 29)),  # a leap year
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 11, 20), 24, date(2028, 11, 20)),
    ],
)
def test_months_after(day: date, months: int, expected: date) -> None:
    assert days.months_after(day, months) == expected


def test_the_day_of_death_is_day_nought() -> None:
    # 1 November is day 0, 11 December day 40, 12 December day 41
    assert days.livelihood_from(date(2026, 11, 1), date(2026, 11, 20)) == date(2026, 12, 12)
    assert days.livelihood_from(None, date(2026, 11, 20)) == date(2026, 11, 20)


def test_sundays_and_holidays_are_avoided() -> None:
    assert days.visiting_day(date(2026, 12, 20), QUIET) == date(2026, 12, 21)  # a Sunday
    assert days.visiting_day(date(2026, 12, 19), QUIET) == date(2026, 12, 19)  # Saturdays are good days
    # Friday and Saturday are holidays, then a Sunday, then leave for all
    assert days.visiting_day(date(2027, 3, 19), FEAST) == date(2027, 3, 23)


def test_why_a_day_is_no_good_is_said() -> None:
    assert days.why_not(date(2027, 3, 20), FEAST) == "Sabtu, 20 Maret 2027 hari libur: Idulfitri"
    assert days.why_not(date(2026, 12, 20), QUIET) == "20 Desember 2026 hari Minggu"
    assert days.why_not(date(2026, 12, 21), QUIET) is None


def test_leave_that_does_not_stop_the_clock_is_no_holiday() -> None:
    working = Calendar({date(2027, 3, 22): Holiday(date(2027, 3, 22), "cuti_bersama", "Cuti")}, False)
    assert days.visiting_day(date(2027, 3, 22), working) == date(2027, 3, 22)


def test_only_visits_from_the_forty_first_day_on_ask_about_livelihood() -> None:
    paid, died = date(2026, 11, 20), date(2026, 11, 17)
    wanted = days.milestones(paid, days.livelihood_from(died, paid), QUIET)
    assert [(one.kind, one.due_on, one.asks_livelihood) for one in wanted] == [
        ("m1", date(2026, 12, 21), False),  # 28 December is day 41
        ("m3", date(2027, 2, 20), True),
        ("m6", date(2027, 5, 20), True),
        ("m12", date(2027, 11, 20), True),
        ("m24", date(2028, 11, 20), True),
    ]
