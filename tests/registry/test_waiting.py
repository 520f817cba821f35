"""The waiting list: its order, promotion into a free place, whose place it was; and forty lists at once."""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.errors import CaseflowError, NotPossible
from caseflow.people.actor import Actor
from caseflow.registry import waiting
from caseflow.registry.nomination_models import HOLDING, Nomination, Nominee, Quota
from tests.registry.lists import Lists

if TYPE_CHECKING:
    from tests.conftest import FreshDatabase

PLACES, NAGARI = 10, 40


@pytest.fixture
def lists(session: Session, staff: Mapping[str, Actor]) -> Lists:
    return Lists(session, staff)


def promote(lists: Lists, quota: Quota) -> Nominee:
    return waiting.promote_next(lists.session, quota, by=lists.staff["fitri"], now=clock.now())


def leave(lists: Lists, nominee: Nominee) -> None:
    """As the registry does when somebody dies or moves."""
    nominee.state, nominee.reason, nominee.left_on = "left", "Pindah nagari", date(2026, 11, 18)
    lists.session.flush()


def test_the_first_in_line_takes_over_a_place_that_became_free(lists: Lists) -> None:
    quota = lists.quota(slots=2)
    enrolled = lists.accepted(quota, 2)
    gone, stays = lists.rows(enrolled)
    lists.enrol(gone)
    lists.enrol(stays)
    spare = lists.draft(quota, 2)
    for row in lists.rows(spare):
        waiting.put_on_waiting_list(
            lists.session, row, expected_version=0, by=lists.staff["fitri"], now=clock.now()
        )
    first, second = waiting.waiting_list(lists.session, quota, by=lists.staff["desi"])
    with pytest.raises(NotPossible, match="masih penuh"):
        promote(lists, quota)
    leave(lists, gone)
    assert [one.full_name for one in waiting.freed_places(lists.session, quota, by=lists.staff["fitri"])] == [
        gone.full_name
    ]
    assert promote(lists, quota) is first
    assert (first.state, first.replaces_nominee_id, first.waiting_place) == ("proposed", gone.id, None)
    nomination = lists.session.get_one(Nomination, first.nomination_id)
    assert (nomination.state, nomination.meeting_id) == ("submitted", spare.meeting_id)
    assert not waiting.freed_places(lists.session, quota, by=lists.staff["fitri"])
    assert waiting.waiting_list(lists.session, quota, by=lists.staff["fitri"]) == [second]
    leave(lists, stays)
    assert promote(lists, quota).nomination_id == nomination.id


def test_nobody_waits(lists: Lists) -> None:
    with pytest.raises(NotPossible, match="Tidak ada orang di daftar tunggu"):
        promote(lists, lists.quota())


def test_of_forty_lists_at_once_ten_get_the_ten_places(
    fresh_database: "FreshDatabase", staff: Mapping[str, Actor]
) -> None:
    with Session(fresh_database.engine) as session:
        lists = Lists(session, staff)
        quota_id = lists.quota(slots=PLACES).id
        quota = session.get_one(Quota, quota_id)
        drafts = [lists.draft(quota, 1).id for _ in range(NAGARI)]
        session.commit()
    barrier = Barrier(NAGARI)

    def submit(nomination_id: int) -> str:
        with Session(fresh_database.engine) as own:
            nomination = own.get_one(Nomination, nomination_id)
            barrier.wait()
            try:
                done = Lists(own, staff).submit(nomination)
                own.commit()
            except CaseflowError as refusal:
                own.rollback()
                return refusal.sentence[:25]
            return f"{done.placed}"

    with ThreadPoolExecutor(NAGARI) as pool:
        told = Counter(pool.map(submit, drafts))
    assert told == {"1": PLACES, "Kuota 10 orang sudah penuh"[:25]: NAGARI - PLACES}
    with Session(fresh_database.engine) as session:
        assert session.get_one(Quota, quota_id).taken == PLACES
        held = select(func.count()).where(Nominee.quota_id == quota_id, Nominee.state.in_(HOLDING))
        assert session.scalar(held) == PLACES


def test_of_many_who_promote_at_once_one_gets_the_place(
    fresh_database: "FreshDatabase", staff: Mapping[str, Actor]
) -> None:
    with Session(fresh_database.engine) as session:
        lists = Lists(session, staff)
        quota_id = lists.quota(slots=1).id
        nomination = lists.draft(session.get_one(Quota, quota_id), 4)
        lists.submit(nomination, overflow="waiting")
        row = lists.rows(nomination)[0]
        lists.review(row, "return", "desi", "Nama belum sesuai KTP")
        session.commit()
    barrier = Barrier(8)

    def act(_each: int) -> bool:
        with Session(fresh_database.engine) as own:
            quota = own.get_one(Quota, quota_id)
            barrier.wait()
            try:
                promote(Lists(own, staff), quota)
                own.commit()
            except CaseflowError:
                own.rollback()
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(act, range(8))) == 1
