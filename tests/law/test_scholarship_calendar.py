"""All school years of one child, and who of several children can be chosen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.law.numbers import NumberBook
from caseflow.law.pupil import Award, Child, Employment, first_day_of, school_year_of, two_children
from caseflow.law.scholarship_calendar import CalendarYear, scholarship_calendar
from caseflow.law.statement import MissingInput

TODAY = date(2026, 11, 22)


def child(
    born_on: date | None, ref: str = "anak", *, married: bool | None = False, employment: Employment = "none"
) -> Child:
    return Child(ref, born_on, married, employment)


def years(
    book: NumberBook,
    one: Child,
    *awarded: Award,
    event_on: date = date(2026, 11, 1),
    today: date = TODAY,
) -> dict[int, CalendarYear]:
    found = scholarship_calendar(one, awarded, event_on=event_on, today=today, book=book)
    return {year.school_year: year for year in found}


def test_the_school_year_begins_in_july() -> None:
    assert school_year_of(date(2026, 6, 30)) == 2025
    assert school_year_of(date(2026, 7, 1)) == 2026


def test_a_baby_is_kept_until_school_and_until_23(book: NumberBook) -> None:
    found = years(book, child(date(2024, 3, 1)))

    assert list(found) == list(range(2026, 2047))
    assert [found[year].status for year in (2026, 2028, 2029)] == [
        "not_yet_school",
        "not_yet_school",
        "upcoming",
    ]
    assert found[2026].sentence.endswith("mulai sekolah sekitar 2029.")
    assert (found[2026].level, found[2026].next_reminder_on) == (None, None)
    assert found[2029].next_reminder_on == found[2029].opens_on == date(2029, 7, 1)
    assert found[2029].last_day == date(2033, 6, 30)
    assert [found[year].level for year in (2029, 2031, 2037, 2040, 2043)] == [
        "tk",
        "sd",
        "smp",
        "sma",
        "higher",
    ]


def test_missed_years_stay_open_for_three_school_years(book: NumberBook) -> None:
    found = years(book, child(date(2010, 3, 1)), Award(2022, "smp", 2_000_000), event_on=date(2021, 11, 1))

    assert [found[year].status for year in range(2021, 2028)] == [
        "lost",
        "awarded",
        "arrears",
        "arrears",
        "arrears",
        "open",
        "upcoming",
    ]
    assert (found[2021].opens_on, found[2021].next_reminder_on) == (date(2021, 11, 1), None)
    assert (found[2022].level, found[2022].expected) == ("smp", False)
    assert found[2023].next_reminder_on == date(2027, 1, 1)
    assert found[2023].sentence.endswith("masih dapat diminta sampai 30 Juni 2027.")
    assert "1 Juli 2025" in found[2021].sentence


def test_reminds_a_last_time_thirty_days_before_the_end(book: NumberBook) -> None:
    found = years(book, child(date(2010, 3, 1)), event_on=date(2021, 11, 1), today=date(2025, 5, 20))

    assert found[2021].next_reminder_on == date(2025, 5, 31)


def test_the_expected_level_follows_what_was_awarded(book: NumberBook) -> None:
    ahead = years(
        book, child(date(2012, 3, 1)), Award(2024, "smp", 1), Award(2025, "smp", 1), event_on=date(2023, 8, 1)
    )
    used_up = years(
        book,
        child(date(2012, 3, 1)),
        *(Award(year, "smp", 1) for year in (2023, 2024, 2025)),
        event_on=date(2023, 8, 1),
    )

    assert (ahead[2026].level, ahead[2023].level) == ("smp", "sd")
    assert used_up[2026].level == "sma"


def test_marriage_and_work_end_what_is_still_to_come(book: NumberBook) -> None:
    found = years(book, child(date(2008, 3, 1), married=True), event_on=date(2025, 8, 1))

    assert [found[year].status for year in (2025, 2026, 2027)] == ["arrears", "ended", "ended"]
    assert "menikah" in found[2026].sentence


def test_a_calendar_needs_the_day_of_birth(book: NumberBook) -> None:
    with pytest.raises(MissingInput, match="tanggal lahir anak"):
        years(book, child(None))


def test_too_old_on_the_day_of_the_event(book: NumberBook) -> None:
    assert years(book, child(date(2000, 1, 1))) == {}


@given(
    born_on=st.dates(date(2000, 1, 1), date(2027, 1, 1)), today=st.dates(date(2026, 1, 1), date(2050, 1, 1))
)
def test_every_year_is_there_once_and_reminds_in_its_time(
    book: NumberBook, born_on: date, today: date
) -> None:
    found = list(years(book, child(born_on), event_on=date(2025, 9, 10), today=today).values())

    assert [year.school_year for year in found] == sorted({year.school_year for year in found})
    assert all(year.school_year >= 2025 for year in found)
    for year in found:
        assert year.opens_on <= year.last_day
        assert year.sentence
        if year.next_reminder_on is not None:
            assert max(today, year.opens_on) <= year.next_reminder_on <= year.last_day
        if year.status == "open":
            assert first_day_of(year.school_year) <= today < first_day_of(year.school_year + 1)


def test_the_family_chooses_when_there_are_more_than_two(book: NumberBook) -> None:
    found = two_children(
        [
            child(date(2015, 1, 1), "c"),
            child(date(2010, 1, 1), "b"),
            child(date(2020, 1, 1), "d"),
            child(date(2003, 11, 22), "a"),
            child(date(2005, 1, 1), "e", married=True),
            child(date(2006, 1, 1), "f", employment="pu_longer"),
            child(date(2007, 1, 1), "g", employment="bpu"),
        ],
        TODAY,
        book,
    )

    assert found.can_be_chosen == ("g", "b", "c", "d")
    assert (found.must_choose, found.most, found.missing) == (True, 2, ())
    assert [other.ref for other in found.cannot] == ["a", "e", "f"]
    assert "Sudah berumur 23 tahun" in found.cannot[0].sentence
    assert "memilih paling banyak 2 anak" in found.sentence


def test_two_or_fewer_still_leave_the_choice_to_the_family(book: NumberBook) -> None:
    found = two_children([child(date(2010, 1, 1), "a"), child(None, "b")], TODAY, book)

    assert (found.can_be_chosen, found.must_choose) == (("a",), False)
    assert found.missing == ("tanggal lahir anak (b)",)
    assert "menyatakan siapa yang diajukan" in found.sentence
    assert "Belum ada anak" in two_children([], TODAY, book).sentence
    with pytest.raises(ValueError, match="share a ref"):
        two_children([child(TODAY, "a"), child(TODAY, "a")], TODAY, book)
