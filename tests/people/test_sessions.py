"""Signed-in browsers: short, revocable, and never planted (A09, A10)."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.people import sessions
from caseflow.people.actor import Actor
from caseflow.people.models import StaffSession, StaffUser

MINUTE = timedelta(minutes=1)


@pytest.fixture
def user_id(staff: Mapping[str, Actor]) -> int:
    found = staff["dedi"].user_id
    assert found is not None
    return found


def opened(session: Session, user_id: int, *, finished: bool = True) -> str:
    now = clock.now()
    return sessions.open_session(session, user_id, now=now, second_factor_at=now if finished else None)


def found(session: Session, token: str) -> sessions.BrowserSession | None:
    return sessions.find_session(session, token, now=clock.now())


def later(by: timedelta) -> None:
    clock.set_start(clock.now() + by)


def test_a_token_is_new_each_time_and_not_kept(session: Session, user_id: int) -> None:
    first, second = opened(session, user_id), opened(session, user_id)
    assert first != second
    assert len(first) >= 43
    stored = session.scalars(select(StaffSession.token_sha256).where(StaffSession.user_id == user_id)).all()
    assert first not in stored


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\x00" * 43])
def test_a_made_up_token_opens_nothing(session: Session, token: str) -> None:
    assert found(session, token) is None


def test_half_an_hour_without_a_request_ends_it(session: Session, user_id: int) -> None:
    token = opened(session, user_id)
    later(29 * MINUTE)
    alive = found(session, token)
    assert alive is not None
    assert sessions.touch(session, alive, now=clock.now())
    later(29 * MINUTE)
    assert found(session, token) is not None
    later(2 * MINUTE)
    assert found(session, token) is None


def test_twelve_hours_end_it_however_busy(session: Session, user_id: int) -> None:
    token = opened(session, user_id)
    for _ in range(24):
        later(29 * MINUTE)
        alive = found(session, token)
        assert alive is not None
        sessions.touch(session, alive, now=clock.now())
    later(25 * MINUTE)
    assert found(session, token) is None


def test_being_seen_is_written_once_a_minute(session: Session, user_id: int) -> None:
    token = opened(session, user_id)
    alive = found(session, token)
    assert alive is not None
    assert not sessions.touch(session, alive, now=clock.now() + timedelta(seconds=59))
    assert sessions.touch(session, alive, now=clock.now() + timedelta(seconds=61))


def test_a_half_open_door_closes_after_ten_minutes(session: Session, user_id: int) -> None:
    token = opened(session, user_id, finished=False)
    assert found(session, token) is not None
    later(11 * MINUTE)
    assert found(session, token) is None


def test_one_or_all_can_be_ended(session: Session, user_id: int) -> None:
    first, second, third = (opened(session, user_id) for _ in range(3))
    one = found(session, first)
    assert one is not None
    assert sessions.revoke(session, user_id, one.short_id, now=clock.now()) == 1
    assert found(session, first) is None
    two = found(session, second)
    assert two is not None
    assert sessions.revoke_all(session, user_id, now=clock.now(), but=two.token_sha256) == 1
    assert found(session, third) is None
    assert found(session, second) is not None
    assert [one.short_id for one in sessions.list_sessions(session, user_id, now=clock.now())] == [
        two.short_id
    ]


@pytest.mark.parametrize("short_id", ["", "%", "_" * 16, "%" * 16])
def test_only_ones_own_are_ended(
    session: Session, staff: Mapping[str, Actor], user_id: int, short_id: str
) -> None:
    token = opened(session, user_id)
    mine = found(session, token)
    assert mine is not None
    other = staff["mega"].user_id
    assert other is not None
    assert sessions.revoke(session, other, mine.short_id, now=clock.now()) == 0
    assert sessions.revoke(session, user_id, short_id, now=clock.now()) == 0
    assert found(session, token) is not None


def test_sensitive_acts_want_a_fresh_factor(session: Session, user_id: int) -> None:
    token = opened(session, user_id)
    alive = found(session, token)
    assert alive is not None
    assert not sessions.needs_step_up(alive, now=clock.now() + 5 * MINUTE - timedelta(seconds=2))
    assert sessions.needs_step_up(alive, now=clock.now() + 6 * MINUTE)
    later(6 * MINUTE)
    sessions.confirm(session, alive, now=clock.now())
    alive = found(session, token)
    assert alive is not None
    assert not sessions.needs_step_up(alive, now=clock.now())
    half = found(session, opened(session, user_id, finished=False))
    assert half is not None
    assert sessions.needs_step_up(half, now=clock.now())


def test_who_it_is_comes_with_the_session(session: Session, staff: Mapping[str, Actor], user_id: int) -> None:
    token = opened(session, user_id)
    signed_in = sessions.find_signed_in(session, token, now=clock.now())
    assert signed_in is not None
    assert signed_in == (found(session, token), staff["dedi"])
    session.execute(update(StaffUser).where(StaffUser.id == user_id).values(active=False))
    assert sessions.find_signed_in(session, token, now=clock.now()) is None


def test_nobody_is_signed_in_by_half_nor_too_long(session: Session, user_id: int) -> None:
    half, whole = opened(session, user_id, finished=False), opened(session, user_id)
    assert sessions.find_signed_in(session, half, now=clock.now()) is None
    assert sessions.find_signed_in(session, "x", now=clock.now()) is None
    later(31 * MINUTE)
    assert sessions.find_signed_in(session, whole, now=clock.now()) is None
    busy = opened(session, user_id)
    sessions.revoke_all(session, user_id, now=clock.now())
    assert sessions.find_signed_in(session, busy, now=clock.now()) is None
