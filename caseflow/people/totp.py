"""The second factor of staff: six digits from a phone, taken once."""

import hmac
from datetime import datetime

import pyotp
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from caseflow.people import vault
from caseflow.people.accounts import SignInFacts
from caseflow.people.models import StaffUser

STEP_SECONDS = 30
ISSUER = "caseflow"


def new_secret() -> str:
    """Return 160 random bits in the letters authenticator apps read."""
    return pyotp.random_base32()


def address(secret: str, username: str) -> str:
    """Return the ``otpauth://`` address a phone reads from the QR picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(secret: str, code: str, *, at: datetime) -> int | None:
    """Return the step a code belongs to: now, the one before or the one after; ``None`` when none.

    :param at: real time. The phone knows no other, not even when the training clock is set.
    """
    now = int(at.timestamp()) // STEP_SECONDS
    made = pyotp.TOTP(secret)
    digits = "".join(code.split())
    found = None
    for step in (now - 1, now, now + 1):  # all three every time: how long it takes tells nothing
        if hmac.compare_digest(made.at(step * STEP_SECONDS).encode(), digits.encode()):
            found = step
    return found


def spend(session: Session, facts: SignInFacts, code: str, *, at: datetime, pepper: str) -> bool:
    """Take a code. A code that was taken before, or an older one, is not taken again."""
    if facts.totp_secret is None:
        return False
    secret = vault.unseal(facts.totp_secret, about=_row(facts.user_id), pepper=pepper)
    step = step_of(secret, code, at=at)
    return step is not None and _move_on(session, facts.user_id, step)


def enrol(session: Session, user_id: int, secret: str, code: str, *, at: datetime, pepper: str) -> bool:
    """Bind a phone to the account, if its first code is right."""
    step = step_of(secret, code, at=at)
    if step is None:
        return False
    sealed = vault.seal(secret, about=_row(user_id), pepper=pepper)
    session.execute(
        update(StaffUser).where(StaffUser.id == user_id).values(totp_secret=sealed, totp_last_step=step)
    )
    return True


def _row(user_id: int) -> str:
    return f"staff_user:{user_id}"


def _move_on(session: Session, user_id: int, step: int) -> bool:
    """Let one of any number of equal codes win."""
    won = session.execute(
        update(StaffUser)
        .where(
            StaffUser.id == user_id,
            or_(StaffUser.totp_last_step.is_(None), StaffUser.totp_last_step < step),
        )
        .values(totp_last_step=step)
        .returning(StaffUser.id)
        .execution_options(synchronize_session=False)
    )
    return won.scalar_one_or_none() is not None
