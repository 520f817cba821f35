"""Cover and its grid, beyond the situations of tests/cases/jkm.yaml."""

from datetime import date

import pytest

from caseflow.errors import NotPossible
from caseflow.law.cover import CoverAnswer, CoverChoice, assess_cover, grid, settle
from caseflow.law.ledger import PaidMonth, first_of, month_number
from caseflow.law.numbers import NumberBook
from caseflow.law.statement import MissingInput

DIED = date(2026, 11, 10)


def months(first: str, last: str, paid_on: date | None = None, *, dated: bool = True) -> list[PaidMonth]:
    numbers = range(
        month_number(date.fromisoformat(f"{first}-01")), month_number(date.fromisoformat(f"{last}-01")) + 1
    )
    return [
        PaidMonth(first_of(n), (paid_on or first_of(n)) if dated else None, "APBD Kabupaten") for n in numbers
    ]


def answer(paid: list[PaidMonth], book: NumberBook, registered_on: date = date(2025, 9, 1)) -> CoverAnswer:
    return assess_cover(paid, registered_on=registered_on, died_on=DIED, book=book)


def test_shows_the_whole_reasoning(book: NumberBook) -> None:
    found = answer(months("2025-09", "2026-11"), book)

    assert found.active == "yes"
    assert found.outcome == "full"
    assert found.possible == ("full",)
    assert (found.first_paid_month, found.last_paid_month) == (date(2025, 9, 1), date(2026, 11, 1))
    assert (found.consecutive_months, found.unpaid_months, found.restarted_on) == (15, 0, None)
    assert [(count.code, count.met) for count in found.counts] == [("months", True), ("days", True)]
    assert found.counts_agree
    assert found.questions == ()


def test_counts_from_the_registration_inside_the_first_paid_month(book: NumberBook) -> None:
    found = answer(months("2026-08", "2026-11"), book, registered_on=date(2026, 8, 13))

    assert found.counts[1].counted == (DIED - date(2026, 8, 13)).days == 89
    assert not found.counts_agree
    assert found.possible == ("full", "funeral_only")


def test_counts_from_the_first_contribution_when_it_came_later_than_the_registration(
    book: NumberBook,
) -> None:
    found = answer(months("2026-10", "2026-11"), book, registered_on=date(2026, 1, 5))

    assert found.counts[1].counted == (DIED - date(2026, 10, 1)).days
    assert found.outcome == "funeral_only"


def test_an_earlier_membership_that_lapsed_does_not_count(book: NumberBook) -> None:
    found = answer(months("2024-01", "2025-12") + months("2026-10", "2026-11"), book, date(2026, 10, 1))

    assert found.restarted_on == date(2026, 10, 1)
    assert found.outcome == "funeral_only"
    assert found.scholarship.paid_months == 26


def test_arrears_paid_after_death_are_shown_and_left_to_the_officer(book: NumberBook) -> None:
    found = answer(months("2025-09", "2026-08") + months("2026-09", "2026-11", date(2026, 11, 20)), book)

    assert found.active == "officer_decides"
    assert [entry.month.month for entry in found.paid_after_death] == [9, 10, 11]
    assert found.last_paid_month == date(2026, 8, 1)
    assert found.unpaid_months == 2


def test_a_lapsed_membership_with_arrears_paid_after_death_says_both(book: NumberBook) -> None:
    found = answer(months("2025-09", "2026-03") + months("2026-04", "2026-11", date(2026, 11, 20)), book)

    assert found.outcome == "officer_decides"
    assert "kepesertaan berhenti" in found.active_sentence
    assert "petugas yang memutuskan" in found.active_sentence


def test_months_without_a_day_of_payment_never_decide_alone(book: NumberBook) -> None:
    found = answer(months("2025-09", "2026-11", dated=False), book)

    assert len(found.undated) == 15
    assert found.possible == ("full", "not_payable")


def test_a_month_paid_twice_stands_with_its_earliest_day(book: NumberBook) -> None:
    late = [PaidMonth(date(2026, 11, 1), date(2026, 11, 25), "mandiri")]
    found = answer(months("2025-09", "2026-11") + late, book)

    assert found.outcome == "full"
    assert found.paid_after_death == ()
    assert "November 2026 tercatat dibayar dua kali" in found.notes[0]


def test_a_recorded_day_stands_before_an_unrecorded_one(book: NumberBook) -> None:
    undated = [PaidMonth(date(2026, 11, 1), None, "mandiri")]

    assert answer(months("2025-09", "2026-11") + undated, book).undated == ()


def test_asks_for_the_registration(book: NumberBook) -> None:
    with pytest.raises(MissingInput) as refusal:
        assess_cover([], registered_on=None, died_on=DIED, book=book)
    assert refusal.value.names == ("tanggal pendaftaran peserta",)


def test_a_choice_is_needed_exactly_where_the_law_is_silent(book: NumberBook) -> None:
    clear = answer(months("2025-09", "2026-11"), book)
    silent = answer(months("2025-09", "2026-08"), book)
    full = CoverChoice("full", "Bukti setor nagari", "Dedi")

    assert settle(clear, None) == settle(clear, full) == settle(silent, full) == "full"
    with pytest.raises(MissingInput):
        settle(silent, None)
    with pytest.raises(MissingInput, match="nama petugas"):
        settle(silent, CoverChoice("full", "Bukti setor nagari", ""))
    with pytest.raises(NotPossible, match="hanya mendukung manfaat penuh"):
        settle(clear, CoverChoice("not_payable", "x", "Dedi"))


def test_a_month_is_named_by_its_first_day() -> None:
    with pytest.raises(ValueError, match="first day"):
        PaidMonth(date(2026, 11, 2), None, "mandiri")


def test_the_grid_tells_every_month_in_words() -> None:
    paid = [
        *months("2025-09", "2025-10"),
        PaidMonth(date(2025, 11, 1), date(2026, 1, 7), "APB Nagari"),
        PaidMonth(date(2026, 6, 1), None, "mandiri"),
        PaidMonth(date(2026, 11, 1), date(2026, 11, 20), "APB Nagari"),
    ]
    cells = grid(paid, DIED, registered_on=date(2025, 9, 1), grace_months=3)

    assert len(cells) == 24
    assert (cells[0].month, cells[-1].month) == (date(2024, 12, 1), date(2026, 11, 1))
    assert (
        "".join(cell.status[0] for cell in cells)
        == "bbbbbbbbb" + "ppl" + "ggg" + "uuu" + "p" + "ggg" + "u" + "p"
    )
    assert cells[11].sentence == "November 2025: terlambat, dibayar 7 Januari 2026 (APB Nagari)."
    assert cells[18].sentence == "Juni 2026: lunas, tanggal bayar tidak tercatat (mandiri)."
    assert cells[23].after_event
    assert (
        cells[23].sentence == "November 2026: dibayar 20 November 2026, sesudah hari meninggal (APB Nagari)."
    )
    assert cells[12].sentence == "Desember 2025: belum dibayar, masih dalam masa tenggang."
    assert cells[0].sentence == "Desember 2024: belum terdaftar."


@pytest.mark.parametrize("last", ["2026-11", "2026-10", "2026-08", "2026-02"])
def test_of_an_accident_nobody_is_called_dead(book: NumberBook, last: str) -> None:
    """The ledger is read the same way; the sentence is read by a family whose worker lives."""
    paid = months("2025-09", last)
    told = assess_cover(
        paid, registered_on=date(2025, 9, 1), died_on=DIED, book=book, event="accident"
    ).active_sentence
    assert "meninggal" not in told
    assert "kematian" not in told
