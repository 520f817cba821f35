"""Days by which something has to be done, and how late it is."""

from datetime import date, datetime

import pytest

from caseflow.clock import WIB
from caseflow.law.deadlines import (
    answer_by,
    conclude_by,
    lapses_on,
    pak_diagnosis_by,
    reported_late,
    years_later,
)
from caseflow.law.numbers import NoNumber, NumberBook
from caseflow.workdays import Calendar

HAPPENED = datetime(2026, 3, 2, 8, 0, tzinfo=WIB)


@pytest.mark.parametrize(
    ("reported_at", "hours"),
    [
        (datetime(2026, 3, 2, 9, 0, tzinfo=WIB), None),
        (datetime(2026, 3, 4, 8, 0, tzinfo=WIB), None),
        (datetime(2026, 3, 4, 8, 1, tzinfo=WIB), 1),
        (datetime(2026, 3, 4, 9, 0, tzinfo=WIB), 1),
        (datetime(2026, 3, 6, 8, 0, tzinfo=WIB), 48),
    ],
)
def test_lateness_of_a_report_is_counted_in_begun_hours(
    book: NumberBook, reported_at: datetime, hours: int | None
) -> None:
    assert reported_late(HAPPENED, reported_at, book=book) == hours


def test_an_instant_needs_a_time_zone(book: NumberBook) -> None:
    with pytest.raises(ValueError, match="time zone"):
        reported_late(HAPPENED, datetime(2026, 3, 4), book=book)  # noqa: DTZ001


def test_the_right_lapses_after_five_years(book: NumberBook) -> None:
    assert lapses_on(date(2026, 3, 2), book) == date(2031, 3, 2)
    assert lapses_on(date(2024, 2, 29), book) == date(2029, 3, 1)
    assert pak_diagnosis_by(date(2026, 3, 2), book) == date(2029, 3, 2)
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)
    with pytest.raises(NoNumber):
        lapses_on(date(2019, 12, 1), book)


def test_conclusion_and_answer(book: NumberBook, calendar: Calendar) -> None:
    assert conclude_by(date(2026, 3, 2), book) == date(2026, 4, 1)
    assert answer_by(date(2026, 11, 2), calendar=calendar, book=book) == date(2026, 11, 20)
    with pytest.raises(NoNumber):
        conclude_by(date(2022, 12, 31), book)
