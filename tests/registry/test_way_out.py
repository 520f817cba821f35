"""Nobody on a list is stuck: who came back, who waits, who gets no number after all, whose NIK was put right."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.errors import NotPermitted, NotPossible, Stale
from caseflow.people.actor import Actor
from caseflow.registry import (
    changes,
    households,
    leaving,
    life,
    nomination_queries,
    nominees,
    returned,
    waiting,
)
from caseflow.registry.changes import Wish
from caseflow.registry.households import MemberFacts
from caseflow.registry.life import Told
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Nomination, Nominee, Quota
from tests.registry.dues import worker
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


def test_who_died_before_anybody_accepted_them_leaves_the_place(lists: Lists) -> None:
    """On a family card of the nagari; who was accepted is left to the branch, whose number may date from before."""
    quota = lists.quota()
    nomination = lists.draft(quota, 2)
    lists.submit(nomination)
    (dead, lives), fitri, now = lists.rows(nomination), lists.staff["fitri"], clock.now()
    husband = worker(lists.session, "Zulkifli", region_code=quota.region_code)
    household = households.open_household(
        lists.session, husband, "1303990101159990", relation="head", by=fitri, now=now
    )
    facts = MemberFacts(dead.full_name, "sibling", dead.sex, national_id=dead.national_id)
    member = households.add_member(lists.session, household, facts, by=fitri, now=now)
    life.mark_member_deceased(lists.session, member, Told(date(2026, 11, 18), "Zulkifli"), by=fitri, now=now)
    assert (dead.state, dead.reason, lives.state) == ("left", life.DEATH_REASON, "proposed")
    assert taken(lists, quota) == 1


def test_what_is_missing_is_counted_on_the_whole_list(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nomination_queries, "PAGE", 2)
    nomination = lists.draft(lists.quota(), 3)
    late = [lists.add(nomination, birth_place="") for _ in range(3)]
    number, first = nomination_queries.incomplete(lists.session, nomination)
    assert (number, first) == (3, late[:2])


def test_every_list_is_counted_and_can_be_turned_to(lists: Lists) -> None:
    """However many lists there are, none falls off the end."""
    desi, years = lists.staff["desi"], range(2028, 2031)
    before = nomination_queries.count_lists(lists.session, by=desi).get("draft", 0)
    numbers = {
        lists.empty(
            lists.quota(starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), funding_source="csr")
        ).number
        for year in years
    }
    counted = nomination_queries.count_lists(lists.session, by=desi)["draft"]
    assert counted == before + 3
    seen = [
        row.number
        for begin in range(0, counted, 2)
        for row in nomination_queries.lists(lists.session, by=desi, states=("draft",), limit=2, offset=begin)
    ]
    assert len(seen) == len(set(seen)) == counted
    assert numbers <= set(seen)
