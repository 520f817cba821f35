"""A death is told once, frees the place, and is put right by a second person of the branch only."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.db_refusals import refusal_of
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people.actor import Actor
from caseflow.registry import life
from caseflow.registry.life import mark_deceased
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Quota
from caseflow.registry.people_models import Household, HouseholdMember, LifeEvent
from caseflow.registry.queries import find_worker
from tests.registry.registered import household_of, nominee_of

DIED = date(2026, 11, 17)
SAMSIR, ZULBAHRI = "1303991209760001", "1303991107720003"


def samsir(session: Session) -> Worker:
    worker = find_worker(session, SAMSIR)
    assert worker is not None
    return worker


def test_a_death_is_a_row_and_the_worker_follows(session: Session, staff: Mapping[str, Actor]) -> None:
    worker = samsir(session)
    event = mark_deceased(
        session, worker, died_on=DIED, told_by=" Yusra,  anaknya ", by=staff["fitri"], now=clock.now()
    )
    assert (worker.died_on, worker.version) == (DIED, 1)
    assert (event.kind, event.told_by, event.recorded_by_user_id) == (
        "died",
        "Yusra, anaknya",
        staff["fitri"].user_id,
    )
    assert life.is_dead(session, SAMSIR) == DIED
    assert life.is_dead(session, ZULBAHRI) is None
    assert life.is_dead(session, None) is None


def test_a_death_frees_the_place_of_the_quota(session: Session, staff: Mapping[str, Actor]) -> None:
    worker = samsir(session)
    nominee = nominee_of(session, worker, by=staff["desi"])
    taken = select(Quota.taken).where(Quota.id == nominee.quota_id)
    assert session.scalar(taken) == 1
    mark_deceased(session, worker, died_on=DIED, told_by="Yusra", by=staff["fitri"], now=clock.now())
    assert (nominee.state, nominee.left_on, nominee.reason) == ("left", DIED, "Meninggal dunia")
    assert session.scalar(taken) == 0


def test_a_list_that_had_ended_before_stays_as_it_was(session: Session, staff: Mapping[str, Actor]) -> None:
    worker = samsir(session)
    nominee = nominee_of(session, worker, by=staff["desi"], year=2025)
    mark_deceased(session, worker, died_on=DIED, told_by="Yusra", by=staff["fitri"], now=clock.now())
    assert nominee.state == "enrolled"


def test_the_head_of_a_household_who_died_heads_no_more(session: Session, staff: Mapping[str, Actor]) -> None:
    worker = samsir(session)
    household, head = household_of(session, worker, by=staff["fitri"])
    mark_deceased(session, worker, died_on=DIED, told_by="Yusra", by=staff["fitri"], now=clock.now())
    assert household.head_member_id is None
    assert head.died_on == DIED


@pytest.mark.parametrize("column", ["head_member_id", "died_on"])
def test_the_database_refuses_a_dead_head(session: Session, staff: Mapping[str, Actor], column: str) -> None:
    """Both ways: naming a dead person, and letting the head die without naming another."""
    household, head = household_of(session, samsir(session), by=staff["fitri"])
    if column == "head_member_id":
        session.execute(update(Household).values(head_member_id=None))
        session.execute(update(HouseholdMember).values(died_on=DIED))
        change = update(Household).where(Household.id == household.id).values(head_member_id=head.id)
    else:
        change = update(HouseholdMember).where(HouseholdMember.id == head.id).values(died_on=DIED)
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.execute(change)
    assert "masih hidup" in refusal_of(refused.value).sentence


@pytest.mark.parametrize(
    ("died_on", "told_by", "sentence"),
    [
        (date(2026, 11, 21), "Yusra", "setelah hari ini"),
        (date(1976, 9, 12), "Yusra", "sesudah hari lahir"),
        (date(2025, 8, 31), "Yusra", "sebelum hari terdaftar"),
        (DIED, " ", "siapa yang memberi tahu"),
        (DIED, "Y" * 121, "siapa yang memberi tahu"),
    ],
)
def test_a_day_that_cannot_be_is_refused(  # F11, F15
    session: Session, staff: Mapping[str, Actor], died_on: date, told_by: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        mark_deceased(
            session, samsir(session), died_on=died_on, told_by=told_by, by=staff["fitri"], now=clock.now()
        )
    assert session.scalar(select(LifeEvent.id)) is None


@pytest.mark.parametrize(
    ("instant", "accepted"),
    [
        ("2026-11-20T16:59:00+00:00", False),  # 23.59 WIB: the 21st has not begun
        ("2026-11-20T17:01:00+00:00", True),  # 00.01 WIB on the 21st
    ],
)
def test_the_day_turns_at_midnight_in_sijunjung(  # F13
    session: Session, staff: Mapping[str, Actor], instant: str, accepted: bool
) -> None:
    worker, now = samsir(session), datetime.fromisoformat(instant)
    if not accepted:
        with pytest.raises(Invalid):
            mark_deceased(
                session, worker, died_on=date(2026, 11, 21), told_by="Yusra", by=staff["fitri"], now=now
            )
        return
    mark_deceased(session, worker, died_on=date(2026, 11, 21), told_by="Yusra", by=staff["fitri"], now=now)
    assert worker.died_on == date(2026, 11, 21)


def test_the_branch_may_record_a_death_before_registration(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    worker = samsir(session)
    day = worker.registered_on - timedelta(days=1)
    mark_deceased(session, worker, died_on=day, told_by="Dukcapil", by=staff["dedi"], now=clock.now())
    assert worker.died_on == day


def test_who_is_dead_dies_once(session: Session, staff: Mapping[str, Actor]) -> None:
    worker = samsir(session)
    mark_deceased(session, worker, died_on=DIED, told_by="Yusra", by=staff["fitri"], now=clock.now())
    with pytest.raises(NotPossible, match="sudah tercatat meninggal pada 17 November 2026"):
        mark_deceased(session, worker, died_on=DIED, told_by="Jon", by=staff["jon"], now=clock.now())


def test_a_worker_of_another_nagari_is_not_there(session: Session, staff: Mapping[str, Actor]) -> None:
    other = find_worker(session, ZULBAHRI)
    assert other is not None
    with pytest.raises(NotFound):
        mark_deceased(session, other, died_on=DIED, told_by="Yusra", by=staff["fitri"], now=clock.now())


@pytest.mark.parametrize("username", ["desi", "rosa", "nina", "rina", "admin"])
def test_others_may_not(session: Session, staff: Mapping[str, Actor], username: str) -> None:
    with pytest.raises(NotPermitted):
        mark_deceased(
            session, samsir(session), died_on=DIED, told_by="Yusra", by=staff[username], now=clock.now()
        )


def test_a_living_person_is_put_right_by_the_branch(session: Session, staff: Mapping[str, Actor]) -> None:
    """T4: the correction is a row; the word of death stays."""
    worker = samsir(session)
    household_of(session, worker, by=staff["fitri"])
    event = mark_deceased(session, worker, died_on=DIED, told_by="Yusra", by=staff["fitri"], now=clock.now())
    with pytest.raises(NotPermitted):
        correct(session, event, staff["jon"])
    correction = correct(session, event, staff["dedi"])
    assert worker.died_on is None
    assert life.is_dead(session, SAMSIR) is None
    assert [one.kind for one in life.events_of(session, worker.id)] == ["alive", "died"]
    assert (correction.corrects_id, life.standing_death(session, worker.id)) == (event.id, None)
    with pytest.raises(NotPossible, match="sudah dibetulkan"):
        correct(session, event, staff["mega"])


def test_nobody_corrects_their_own_word(session: Session, staff: Mapping[str, Actor]) -> None:
    worker = samsir(session)
    event = mark_deceased(session, worker, died_on=DIED, told_by="Yusra", by=staff["dedi"], now=clock.now())
    with pytest.raises(NotPossible, match="orang kedua"):
        correct(session, event, staff["dedi"])
    with pytest.raises(Invalid, match="10 huruf"):
        correct(session, event, staff["sari"], reason="salah")
    correct(session, event, staff["sari"])
    again = mark_deceased(session, worker, died_on=DIED, told_by="Yusra", by=staff["dedi"], now=clock.now())
    assert life.standing_death(session, worker.id) == again


def test_the_database_refuses_a_correction_by_the_same_person(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    worker = samsir(session)
    event = mark_deceased(session, worker, died_on=DIED, told_by="Yusra", by=staff["dedi"], now=clock.now())
    same = LifeEvent(
        kind="alive",
        told_by="Samsir",
        reason="Ia datang sendiri ke kantor.",
        recorded_at=clock.now(),
        recorded_by_user_id=event.recorded_by_user_id,
        worker_id=worker.id,
        corrects_id=event.id,
        corrected_user_id=event.recorded_by_user_id,
    )
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.add(same)
    assert "orang kedua" in refusal_of(refused.value).sentence


def correct(
    session: Session, event: LifeEvent, by: Actor, reason: str = "Ia datang sendiri ke kantor."
) -> LifeEvent:
    return life.correct_life(session, event, told_by="Samsir", reason=reason, by=by, now=clock.now())
