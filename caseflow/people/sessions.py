"""Signed-in browsers of staff, one row each. A revoked row ends the session on every process at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, bindparam, select, update
from sqlalchemy.orm import Session

from caseflow.identifiers import random_token, token_digest
from caseflow.people import accounts
from caseflow.people.actor import Actor
from caseflow.people.models import StaffSession, StaffUser

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
HALF_OPEN = timedelta(minutes=10)  # passphrase given, second factor still to come
STEP_UP = timedelta(minutes=5)
_TOUCH_EVERY = timedelta(minutes=1)
_SHORT = 16


@dataclass(frozen=True)
class BrowserSession:
    """One signed-in browser.

    :ivar second_factor_at: when the second factor (in training without one: the passphrase) was last
        given; ``None``: sign-in is not finished and opens nothing yet.
    """

    token_sha256: str
    user_id: int
    created_at: datetime
    seen_at: datetime
    second_factor_at: datetime | None
    address: str
    browser: str

    @property
    def short_id(self) -> str:
        """Names the session on the owner's own page; worthless to anybody else."""
        return self.token_sha256[:_SHORT]


def open_session(
    session: Session,
    user_id: int,
    *,
    now: datetime,
    second_factor_at: datetime | None,
    address: str = "",
    browser: str = "",
) -> str:
    """Begin a session and return its token, which is kept nowhere else. Always new: nobody can plant one."""
    token = random_token()
    session.add(
        StaffSession(
            token_sha256=token_digest(token),
            user_id=user_id,
            created_at=now,
            seen_at=now,
            expires_at=now + (LONGEST if second_factor_at else HALF_OPEN),
            second_factor_at=second_factor_at,
            address=address,
            browser=browser[:200],
        )
    )
    session.flush()
    return token


def find_session(session: Session, token: str, *, now: datetime) -> BrowserSession | None:
    """Return the living session of a token: not revoked, not idle for 30 minutes, not older than 12 hours."""
    row = session.execute(
        select(*_COLUMNS).where(
            StaffSession.token_sha256 == token_digest(token),
            StaffSession.revoked_at.is_(None),
            StaffSession.expires_at > now,
            StaffSession.seen_at > now - IDLE,
        )
    ).one_or_none()
    return BrowserSession(*row) if row else None


def find_signed_in(session: Session, token: str, *, now: datetime) -> tuple[BrowserSession, Actor] | None:
    """Return the living session of a token and who it is, in one statement: every page of staff asks this.

    ``None`` also while the second factor is missing, and for a closed account.
    """
    values = {"digest": token_digest(token), "now": now, "idle_since": now - IDLE}
    rows = session.execute(_signed_in(), values).all()
    if not rows:
        return None
    return BrowserSession(*rows[0][len(accounts.ACTOR_COLUMNS) :]), accounts.actor_from(rows)


def touch(session: Session, found: BrowserSession, *, now: datetime) -> bool:
    """Put the idle time back to zero, at most once a minute; return whether a row was written."""
    if now - found.seen_at < _TOUCH_EVERY:
        return False
    session.execute(_of(found.token_sha256).values(seen_at=now))
    return True


def confirm(session: Session, found: BrowserSession, *, now: datetime) -> None:
    """Note that the second factor was given just now."""
    session.execute(_of(found.token_sha256).values(second_factor_at=now))


def needs_step_up(found: BrowserSession, *, now: datetime) -> bool:
    """Return whether a sensitive act must ask for the second factor again (older than five minutes)."""
    return found.second_factor_at is None or now - found.second_factor_at > STEP_UP


def list_sessions(session: Session, user_id: int, *, now: datetime) -> list[BrowserSession]:
    """Return the living sessions of an account, latest first."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(
            StaffSession.user_id == user_id,
            StaffSession.revoked_at.is_(None),
            StaffSession.expires_at > now,
            StaffSession.seen_at > now - IDLE,
        )
        .order_by(StaffSession.seen_at.desc())
    )
    return [BrowserSession(*row) for row in rows]


def revoke(session: Session, user_id: int, short_id: str, *, now: datetime) -> int:
    """End one of a person's own sessions; return how many ended (0 when it was not theirs)."""
    if len(short_id) != _SHORT:
        return 0
    return _end(
        session,
        StaffSession.user_id == user_id,
        StaffSession.token_sha256.startswith(short_id, autoescape=True),
        now=now,
    )


def revoke_all(session: Session, user_id: int, *, now: datetime, but: str | None = None) -> int:
    """End every session of an account, except the one with digest ``but``; return how many ended."""
    return _end(session, StaffSession.user_id == user_id, StaffSession.token_sha256 != (but or ""), now=now)


_COLUMNS = (
    StaffSession.token_sha256,
    StaffSession.user_id,
    StaffSession.created_at,
    StaffSession.seen_at,
    StaffSession.second_factor_at,
    StaffSession.address,
    StaffSession.browser,
)


@cache
def _signed_in() -> Select[*tuple[Any, ...]]:
    """Return the statement of :func:`find_signed_in`, built once."""
    moment = StaffSession.seen_at.type
    statement = select(*accounts.ACTOR_COLUMNS, *_COLUMNS).join_from(
        StaffSession, StaffUser, StaffUser.id == StaffSession.user_id
    )
    return accounts.with_roles(statement).where(
        StaffSession.token_sha256 == bindparam("digest", type_=StaffSession.token_sha256.type),
        StaffSession.revoked_at.is_(None),
        StaffSession.expires_at > bindparam("now", type_=moment),
        StaffSession.seen_at > bindparam("idle_since", type_=moment),
        StaffSession.second_factor_at.is_not(None),
    )


def _of(token_sha256: str) -> Update:
    statement = update(StaffSession).where(StaffSession.token_sha256 == token_sha256)
    return statement.execution_options(synchronize_session=False)


def _end(session: Session, *which: ColumnElement[bool], now: datetime) -> int:
    ended = session.scalars(
        update(StaffSession)
        .where(*which, StaffSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(StaffSession.token_sha256)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())
