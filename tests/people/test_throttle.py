"""Guessing gets slow, honest people hardly notice, nobody is locked out for good (A03, A04)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.errors import TooMany
from caseflow.people import throttle
from tests.conftest import FreshDatabase

SECOND = timedelta(seconds=1)


def wrong(
    session: Session, times: int, *, kind: str = "staff", key: str = "dedi", address: str = "10.0.0.1"
) -> None:
    for _ in range(times):
        throttle.begin(session, kind, key, address, now=clock.now())


def wait(session: Session, kind: str = "staff", key: str = "dedi", address: str = "10.0.0.1") -> int:
    """Seconds until another try is allowed; tries none."""
    try:
        with session.begin_nested() as point:
            throttle.begin(session, kind, key, address, now=clock.now())
            point.rollback()
    except TooMany as refused:
        return refused.retry_after
    return 0


def test_five_are_free_then_each_costs_twice_as_much(session: Session) -> None:
    now, waits = clock.now(), []
    for _ in range(12):
        try:
            throttle.begin(session, "staff", "dedi", "10.0.0.1", now=now)
        except TooMany as refused:
            waits.append(refused.retry_after)
            now += timedelta(seconds=refused.retry_after)
            throttle.begin(session, "staff", "dedi", "10.0.0.1", now=now)
    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_the_sentence_says_when(session: Session) -> None:
    wrong(session, 5)
    with pytest.raises(TooMany, match=r"Coba lagi pukul 10\.01 WIB") as refused:
        wrong(session, 1)
    assert refused.value.retry_after == 30


def test_the_right_one_begins_anew(session: Session) -> None:
    wrong(session, 4)
    now = clock.now()
    throttle.succeed(session, throttle.begin(session, "staff", "dedi", "10.0.0.1", now=now))
    assert wait(session) == 0
    clock.set_start(now + SECOND)
    wrong(session, 4)
    assert wait(session) == 0


def test_a_refused_try_is_not_counted(session: Session) -> None:
    wrong(session, 5)
    for _ in range(20):
        with pytest.raises(TooMany):
            wrong(session, 1)
    assert throttle.wrong_in_a_row(session, "staff", "dedi", now=clock.now()) == 5


def test_strangers_elsewhere_do_not_slow_down_somebody_at_a_known_address(session: Session) -> None:
    throttle.succeed(session, throttle.begin(session, "staff", "dedi", "10.0.0.1", now=clock.now()))
    clock.set_start(clock.now() + SECOND)
    wrong(session, 5, address="203.0.113.9")
    assert wait(session, address="203.0.113.9") > 0
    assert wait(session, address="10.0.0.1") == 0
    assert wait(session, address="198.51.100.7") > 0


def test_one_address_cannot_try_everybody(session: Session) -> None:
    for number in range(30):
        throttle.begin(session, "staff", f"orang{number}", "203.0.113.9", now=clock.now())
    assert 0 < wait(session, key="siapa", address="203.0.113.9") <= 600
    assert wait(session, key="siapa", address="10.0.0.1") == 0
    clock.set_start(clock.now() + timedelta(minutes=11))
    assert wait(session, key="siapa", address="203.0.113.9") == 0


def test_after_a_day_all_is_forgotten(session: Session) -> None:
    wrong(session, 5)
    clock.set_start(clock.now() + timedelta(hours=25))
    wrong(session, 4)
    assert wait(session) == 0


def test_a_clock_that_was_set_back_makes_nobody_wait(session: Session) -> None:
    wrong(session, 5)
    clock.set_start(clock.now() - timedelta(hours=2))
    assert wait(session) == 0


def test_kinds_and_keys_do_not_meet(session: Session) -> None:
    wrong(session, 5)
    assert wait(session, key="mega") == 0
    assert wait(session, kind="totp") == 0


def test_a_hundred_at_once_count_as_a_hundred(fresh_database: FreshDatabase) -> None:
    def one(_: int) -> bool:
        with Session(fresh_database.engine) as session:
            try:
                throttle.begin(session, "slip", "SJJ-26-0042-7", "10.0.0.1", now=clock.now())
            except TooMany:
                return False
            session.commit()
            return True

    with ThreadPoolExecutor(24) as pool:
        allowed = sum(pool.map(one, range(48)))
    assert allowed == 5
