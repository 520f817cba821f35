"""Nobody on a list is stuck: who came back, who waits, who gets no number after all, whose NIK was put right."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.errors import NotPermitted, NotPossible, Stale
from caseflow.people.actor import Actor
from caseflow.registry import changes, leaving, nominees, returned, waiting
from caseflow.registry.changes import Wish
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Nomination, Nominee, Quota
from tests.registry.lists import Lists, someone

WHY = "Nomor KK belum sesuai"


@pytest.fixture
def lists(session: Session, staff: Mapping[str, Actor]) -> Lists:
    return Lists(session, staff)


def taken(lists: Lists, quota: Quota) -> int:
    lists.session.refresh(quota)
    return quota.taken


def forwarded(lists: Lists, quota: Quota, *, back: int = 0, people: int = 2) -> Nomination:
    """A list at the branch; so many of its people came back on the way."""
    nomination = lists.draft(quota, people)
    lists.submit(nomination)
    for row in lists.rows(nomination)[:back]:
        lists.review(row, "return", "desi", WHY)
    lists.rest(nomination, "desi")
    lists.step(nomination, "forward", "desi")
    return nomination


def take_back(lists: Lists, nomination: Nomination, by: str = "fitri") -> Nomination:
    return returned.take_back(lists.session, nomination, by=lists.staff[by], now=clock.now())


def test_who_came_back_from_a_list_that_went_on_is_put_right_and_put_forward_again(lists: Lists) -> None:
    quota = lists.quota(slots=2)
    nomination = forwarded(lists, quota, back=1)
    row, other = lists.rows(nomination)
    draft = take_back(lists, nomination)
    assert lists.rows(nomination) == [other]
    assert (draft.state, draft.meeting_id, draft.decree_number) == (
        "draft", nomination.meeting_id, nomination.decree_number,
    )  # fmt: skip
    lists.session.refresh(row)
    assert (row.nomination_id, row.state, row.reason) == (draft.id, "returned", WHY)
    nominees.edit_nominee(
        lists.session, row, someone(national_id=row.national_id), expected_version=row.version,
        by=lists.staff["fitri"], now=clock.now(),
    )  # fmt: skip
    assert lists.submit(draft).placed == 1
    assert taken(lists, quota) == 2
    with pytest.raises(NotPossible, match="Tidak ada lagi orang yang dikembalikan"):
        take_back(lists, nomination)


def test_only_the_nagari_itself_takes_its_people_back(lists: Lists) -> None:
    nomination = forwarded(lists, lists.quota(), back=1)
    with pytest.raises(NotPermitted):
        take_back(lists, nomination, by="desi")
    draft = lists.draft(lists.quota(funding_source="csr"))
    with pytest.raises(NotPossible, match="masih bisa diubah"):
        take_back(lists, draft)


def test_who_waits_may_be_taken_off_and_the_others_move_up(lists: Lists) -> None:
    quota = lists.quota(slots=1)
    nomination = lists.draft(quota, 3)
    lists.submit(nomination, "waiting")
    first, second = waiting.waiting_list(lists.session, quota, by=lists.staff["fitri"])
    leave(lists, first)
    assert (first.state, first.left_on) == ("left", clock.local(clock.now()).date())
    assert waiting.waiting_list(lists.session, quota, by=lists.staff["fitri"]) == [second]
    again = someone(national_id=first.national_id)
    nominees.add_nominee(lists.session, lists.empty(quota), again, by=lists.staff["fitri"], now=clock.now())
    with pytest.raises(NotPossible, match="tidak lagi di daftar tunggu"):
        leave(lists, first)
    with pytest.raises(Stale):
        leave(lists, second, seen=second.version - 1)
    with pytest.raises(NotPermitted):
        waiting.leave_waiting_list(
            lists.session, second, expected_version=second.version, by=lists.staff["desi"], now=clock.now()
        )


def test_who_gets_no_number_after_all_leaves_the_place_and_the_list_ends(lists: Lists) -> None:
    """Dead, moved, or refused by BPJS: the place is free, and the list does not wait for ever."""
    quota = lists.quota(slots=3)
    nomination = lists.accepted(quota, 3)
    one, two, three = lists.rows(nomination)
    lists.enrol(one)
    with pytest.raises(NotPossible, match="tidak diputuskan di meja Anda"):
        lists.review(two, "refuse", "desi", WHY)
    lists.review(two, "return", "dedi", WHY)
    assert (nomination.state, taken(lists, quota)) == ("accepted", 2)
    lists.review(three, "refuse", "dedi", "Meninggal sebelum didaftarkan")
    lists.session.refresh(nomination)
    assert (nomination.state, taken(lists, quota)) == ("enrolled", 1)
    draft = take_back(lists, nomination)
    assert [row.full_name for row in lists.rows(draft)] == [two.full_name]


def test_an_accepted_list_is_not_waved_away_at_once(lists: Lists) -> None:
    nomination = lists.accepted(lists.quota())
    with pytest.raises(NotPossible, match="tidak diputuskan di meja Anda"):
        lists.rest(nomination, "dedi")


def test_a_list_whose_people_all_have_numbers_before_it_is_accepted_ends_by_accepting_it(
    lists: Lists,
) -> None:
    nomination = forwarded(lists, lists.quota())
    lists.rest(nomination, "dedi")
    for row in lists.rows(nomination):
        lists.enrol(row)
    lists.step(nomination, "accept", "dedi")
    lists.session.refresh(nomination)
    assert nomination.state == "enrolled"


def test_who_got_another_nik_is_not_put_forward_a_second_time(lists: Lists) -> None:
    quota = lists.quota()
    row = lists.rows(lists.accepted(quota, 1))[0]
    old, right = row.national_id, someone()
    worker = lists.enrol(row)
    put_right(lists, worker, right.national_id)
    assert row.national_id == right.national_id
    draft = lists.empty(quota)
    fitri, now = lists.staff["fitri"], clock.now()
    said = nominees.why_not(
        lists.session, right.national_id, region_code=quota.region_code,
        period=(quota.starts_on, quota.ends_on), by=fitri,
    )  # fmt: skip
    assert said is not None
    assert "sudah ada di usulan" in said
    # the number that was wrong may be somebody else's own
    nominees.add_nominee(lists.session, draft, someone(national_id=old), by=fitri, now=now)
    leaving.free(lists.session, worker, left_on=date(2026, 11, 20), reason="Pindah", by=fitri, now=now)
    assert (row.state, taken(lists, quota)) == ("left", 0)


def leave(lists: Lists, row: Nominee, seen: int | None = None) -> None:
    waiting.leave_waiting_list(
        lists.session, row, expected_version=row.version if seen is None else seen,
        by=lists.staff["fitri"], now=clock.now(),
    )  # fmt: skip


def put_right(lists: Lists, worker: Worker, national_id: str) -> None:
    """Another NIK, asked by the nagari and accepted by the branch."""
    fitri, now = lists.staff["fitri"], clock.now()
    proof = lists.paper("change_proof", worker.region_code, fitri)
    wish = Wish("national_id", national_id, "Salah ketik di daftar lama", proof)
    change = changes.ask_change(lists.session, worker, wish, by=fitri, now=now)
    changes.answer_change(lists.session, change, accept=True, note="", by=lists.staff["dedi"], now=now)
