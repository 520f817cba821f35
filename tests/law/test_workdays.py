"""Working days over the seeded holidays; the vectors were worked out by hand from the printed calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.workdays import Calendar, Holiday

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2026, 5, 13), 3, date(2026, 5, 20)),
        (date(2026, 8, 14), 3, date(2026, 8, 20)),
        (date(2026, 11, 20), 3, date(2026, 11, 25)),
        (date(2026, 11, 20), 7, date(2026, 12, 1)),
        (date(2026, 12, 23), 3, date(2026, 12, 30)),
        (date(2026, 12, 23), 7, date(2027, 1, 7)),
        (date(2026, 3, 17), 3, date(2026, 3, 27)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
    ],
)
def test_adds_working_days_from_the_day_after(
    calendar: Calendar, start: date, n: int, expected: date
) -> None:
    assert calendar.add(start, n) == expected


def test_collective_leave_stops_the_clock_only_by_policy(holidays: list[Holiday]) -> None:
    open_in_leave = Calendar.of(holidays, joint_leave_stops=False)

    assert open_in_leave.add(date(2026, 3, 17), 3) == date(2026, 3, 23)
    assert open_in_leave.is_working(date(2026, 3, 18))
    assert [holiday.name for holiday in open_in_leave.skipped(date(2026, 3, 17), date(2026, 3, 23))] == [
        "Hari Suci Nyepi"
    ]


def test_names_the_holidays_that_stopped_the_clock_but_no_weekend(calendar: Calendar) -> None:
    skipped = calendar.skipped(date(2026, 3, 17), date(2026, 3, 27))

    assert [(holiday.on.day, holiday.kind) for holiday in skipped] == [
        (18, "cuti_bersama"),
        (19, "libur_nasional"),
        (20, "cuti_bersama"),
        (23, "cuti_bersama"),
        (24, "cuti_bersama"),
    ]


def test_a_holiday_on_a_weekend_is_not_listed(calendar: Calendar) -> None:
    assert calendar.skipped(date(2026, 5, 29), date(2026, 5, 31)) == []


def test_knows_which_years_it_covers(calendar: Calendar) -> None:
    assert [year for year in range(2024, 2030) if calendar.covers(year)] == [2025, 2026, 2027]


def test_an_office_closure_stops_the_clock_under_every_policy() -> None:
    day = date(2026, 11, 23)
    closure = Holiday(day, "penutupan_kantor", "Kantor pindah")
    leave = Holiday(day, "cuti_bersama", "Cuti bersama")

    for rows in ([closure, leave], [leave, closure]):
        assert not Calendar.of(rows, joint_leave_stops=False).is_working(day)


def test_refuses_to_count_backwards(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="forward only"):
        calendar.add(date(2026, 11, 20), -1)


@given(start=DAYS, n=st.integers(1, 60))
def test_what_is_added_can_be_counted_back(calendar: Calendar, start: date, n: int) -> None:
    end = calendar.add(start, n)

    assert calendar.is_working(end)
    assert calendar.count(start, end) == n
    assert calendar.count(start, end - timedelta(days=1)) == n - 1


@given(after=DAYS, until=DAYS)
def test_every_weekday_is_either_counted_or_named(calendar: Calendar, after: date, until: date) -> None:
    span = [after + timedelta(days=i) for i in range(1, (until - after).days + 1)]
    weekdays = sum(day.weekday() < 5 for day in span)

    assert calendar.count(after, until) + len(calendar.skipped(after, until)) == weekdays


def test_a_calendar_is_known_by_its_content() -> None:
    first = Holiday(date(2026, 12, 24), "cuti_bersama", "Cuti bersama")
    second = Holiday(date(2026, 12, 25), "libur_nasional", "Natal")
    one = Calendar.of([first, second]).fingerprint

    assert Calendar.of([second, first]).fingerprint == one
    others = [
        Calendar.of([first]),
        Calendar.of([first, second], joint_leave_stops=False),
        Calendar.of([first, Holiday(second.on, second.kind, "Hari Natal")]),
    ]
    assert len({one, *(other.fingerprint for other in others)}) == 4
