"""The second factor: one code, once, from a phone whose clock is nearly right (A12)."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.people import accounts, totp
from caseflow.people.actor import Actor
from caseflow.people.models import StaffUser
from tests.conftest import FreshDatabase

from .conftest import PEPPER

NOW = datetime(2026, 11, 20, 3, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=totp.STEP_SECONDS)


def enrolled(session: Session, user_id: int) -> str:
    secret = totp.new_secret()
    first = pyotp.TOTP(secret).at(NOW - 10 * STEP)
    assert totp.enrol(session, user_id, secret, first, at=NOW - 10 * STEP, pepper=PEPPER)
    return secret


def spent(session: Session, user_id: int, code: str, at: datetime = NOW) -> bool:
    return totp.spend(session, accounts.get_facts(session, user_id), code, at=at, pepper=PEPPER)


@pytest.fixture
def user_id(staff: Mapping[str, Actor]) -> int:
    found = staff["dedi"].user_id
    assert found is not None
    return found


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_counts_one_step_around_now(session: Session, user_id: int, steps: int, taken: bool) -> None:
    secret = enrolled(session, user_id)
    assert spent(session, user_id, pyotp.TOTP(secret).at(NOW + steps * STEP)) is taken


def test_a_code_is_taken_once(session: Session, user_id: int) -> None:
    code = pyotp.TOTP(enrolled(session, user_id)).at(NOW)
    assert spent(session, user_id, f"{code[:3]} {code[3:]}")
    assert not spent(session, user_id, code)


def test_an_older_code_does_not_follow_a_newer_one(session: Session, user_id: int) -> None:
    made = pyotp.TOTP(enrolled(session, user_id))
    assert spent(session, user_id, made.at(NOW))
    assert not spent(session, user_id, made.at(NOW - STEP))
    assert spent(session, user_id, made.at(NOW + STEP))


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "١٢٣٤٥٦", "0" * 500])
def test_nonsense_is_refused(session: Session, user_id: int, code: str) -> None:
    enrolled(session, user_id)
    assert not spent(session, user_id, code)


def test_without_a_phone_no_code_fits(session: Session, user_id: int) -> None:
    assert not spent(session, user_id, "123456")


def test_a_phone_is_bound_only_with_its_first_code(session: Session, user_id: int) -> None:
    assert not totp.enrol(session, user_id, totp.new_secret(), "000000", at=NOW, pepper=PEPPER)
    assert accounts.get_facts(session, user_id).totp_secret is None


def test_the_secret_is_not_readable_in_the_database(session: Session, user_id: int) -> None:
    secret = enrolled(session, user_id)
    stored = session.scalar(select(StaffUser.totp_secret).where(StaffUser.id == user_id))
    assert stored is not None
    assert secret not in stored


def test_the_same_code_in_many_tabs_opens_one(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor]
) -> None:
    user_id = staff["dedi"].user_id
    assert user_id is not None
    with Session(fresh_database.engine) as session:
        code = pyotp.TOTP(enrolled(session, user_id)).at(NOW)
        session.commit()

    def one(_: int) -> bool:
        with Session(fresh_database.engine) as session:
            won = spent(session, user_id, code)
            session.commit()
            return won

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(16))) == 1


def test_the_address_for_the_phone_names_service_and_account() -> None:
    secret = totp.new_secret()
    assert totp.address(secret, "dedi").startswith(f"otpauth://totp/caseflow:dedi?secret={secret}")
