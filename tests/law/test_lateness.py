"""The three-working-day clock and one per cent a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.law.lateness import Lateness, late_exposure, lateness, pay_by
from caseflow.law.numbers import NumberBook
from caseflow.workdays import Calendar

COMPLETE = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("as_of", "days", "total_idr"),
    [
        (date(2026, 11, 20), 0, 0),
        (date(2026, 11, 25), 0, 0),
        (date(2026, 11, 26), 1, 420_000),
        (date(2026, 11, 30), 5, 2_100_000),
    ],
)
def test_counts_calendar_days_after_the_last_day_in_time(
    calendar: Calendar, book: NumberBook, as_of: date, days: int, total_idr: int
) -> None:
    found = late_exposure(42_000_000, complete_on=COMPLETE, as_of=as_of, calendar=calendar, book=book)

    assert (found.pay_by_on, found.per_day_idr) == (date(2026, 11, 25), 420_000)
    assert (found.days_late, found.total_idr) == (days, total_idr)
    assert (found.counted, found.assumption_certainty) == ("calendar_days", "I")
    assert "lateness_percent_per_day sejak" in found.rule_version


def test_warns_of_years_without_holidays(calendar: Calendar, book: NumberBook) -> None:
    def years(complete_on: date) -> tuple[int, ...]:
        found = late_exposure(1, complete_on=complete_on, as_of=complete_on, calendar=calendar, book=book)
        return found.uncovered_years

    assert years(COMPLETE) == ()
    assert years(date(2027, 12, 30)) == (2028,)


def test_no_heir_loses_a_broken_rupiah(calendar: Calendar, book: NumberBook) -> None:
    found = late_exposure(101, complete_on=COMPLETE, as_of=date(2026, 11, 26), calendar=calendar, book=book)

    assert found.total_idr == 2


def test_refuses_a_negative_amount(calendar: Calendar, book: NumberBook) -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        late_exposure(-1, complete_on=COMPLETE, as_of=COMPLETE, calendar=calendar, book=book)


@given(amount_idr=st.integers(0, 10**10), late=st.integers(-10, 400))
def test_grows_by_the_same_amount_every_day(
    calendar: Calendar, book: NumberBook, amount_idr: int, late: int
) -> None:
    as_of = pay_by(COMPLETE, calendar=calendar, book=book) + timedelta(days=late)
    found = late_exposure(amount_idr, complete_on=COMPLETE, as_of=as_of, calendar=calendar, book=book)

    assert found.total_idr == max(0, late) * found.per_day_idr
    assert amount_idr <= found.per_day_idr * 100 < amount_idr + 100


def test_each_program_has_its_own_clock_and_article(calendar: Calendar, book: NumberBook) -> None:
    late = late_exposure(
        70_000_000,
        complete_on=COMPLETE,
        as_of=date(2026, 12, 4),
        calendar=calendar,
        book=book,
        program="jkk",
    )

    assert pay_by(COMPLETE, calendar=calendar, book=book) == date(2026, 11, 25)
    assert late.pay_by_on == date(2026, 12, 1)
    assert (late.days_late, late.total_idr) == (3, 2_100_000)
    assert (late.article, late.certainty) == ("PP 44/2015 Pasal 37 ayat (3)", "V1")
    assert "jkk_payment_working_days" in late.rule_version


def test_lateness_as_a_fact(calendar: Calendar, book: NumberBook) -> None:
    def late(as_of: date) -> Lateness | None:
        return lateness(complete_on=COMPLETE, as_of=as_of, calendar=calendar, book=book, program="jkk")

    assert late(date(2026, 12, 1)) is None
    assert late(date(2026, 12, 2)) == Lateness(1, date(2026, 12, 1), COMPLETE)
    with pytest.raises(ValueError, match="not late"):
        Lateness(0, date(2026, 12, 1), COMPLETE)
