"""Slows down guessing. Kept in the database, so that all processes count together; nobody is locked out for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from caseflow import formats
from caseflow.errors import TooMany
from caseflow.people.models import SignInTry

_MEMORY = timedelta(hours=24)
_ADDRESS_WINDOW = timedelta(minutes=10)
_ADDRESS_KNOWN = timedelta(days=30)
_CLOCK_SKEW = timedelta(seconds=60)


@dataclass(frozen=True)
class Limit:
    """How much guessing is borne.

    :ivar free: wrong tries in a row before waiting begins.
    :ivar first_wait: doubles with each further wrong try, up to ``longest_wait``.
    :ivar per_address: wrong tries from one address in ten minutes, whatever was guessed at.
    :ivar trusts_known_address: tries from elsewhere do not slow down an address that got in before.
    """

    free: int = 5
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=15)
    per_address: int = 30
    trusts_known_address: bool = False


LIMITS = {
    "staff": Limit(trusts_known_address=True),
    "totp": Limit(first_wait=timedelta(minutes=1)),
    # who holds a real letter never waits; only codes that no letter carries are counted, by address
    "letter": Limit(free=20),
    # a whole nagari may share one address: the case counts first, the address late
    "slip": Limit(first_wait=timedelta(minutes=1), longest_wait=timedelta(hours=1), per_address=60),
    "pin": Limit(first_wait=timedelta(minutes=1), longest_wait=timedelta(hours=1), per_address=60),
    "complaint": Limit(first_wait=timedelta(minutes=1), longest_wait=timedelta(hours=1)),
}


def begin(session: Session, kind: str, key: str, address: str, *, now: datetime) -> int:
    """Put down a try before it is checked, so that a hundred at once count as a hundred; return its id.

    The door commits, checks outside the transaction, and calls :func:`succeed` if it was right.

    :raises TooMany: with the time of the next try; a refused try is not counted.
    """
    limit = LIMITS[kind]
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{kind}:{key}", 0))))
    wait = max(
        _wait_for_key(session, kind, key, address, limit, now),
        _wait_for_address(session, kind, address, limit, now),
    )
    if wait > timedelta():
        again = formats.time_wib(now + wait + timedelta(seconds=59))
        raise TooMany(
            f"Terlalu sering dicoba. Coba lagi {again}. Tidak ada yang berubah.",
            retry_after=ceil(wait.total_seconds()),
        )
    row = SignInTry(kind=kind, key=key, address=address, at=now, succeeded=False)
    session.add(row)
    session.flush()
    return row.id


def succeed(session: Session, try_id: int) -> None:
    """Mark a try as right; counting begins anew."""
    session.execute(update(SignInTry).where(SignInTry.id == try_id).values(succeeded=True))


def forgive(session: Session, kind: str, key: str, *, now: datetime) -> None:
    """Let counting begin anew after a stronger proof was given than the one that is guessed at."""
    session.add(SignInTry(kind=kind, key=key, address="", at=now, succeeded=True))


def wrong_in_a_row(session: Session, kind: str, key: str, *, now: datetime) -> int:
    """Return how many wrong tries followed the last right one, however long ago."""
    return _wrong(session, _about(kind, key, now))[0]


def _wait_for_key(
    session: Session, kind: str, key: str, address: str, limit: Limit, now: datetime
) -> timedelta:
    about = [*_about(kind, key, now), SignInTry.at > now - _MEMORY]
    if limit.trusts_known_address and _got_in_from(session, kind, key, address, now):
        about.append(SignInTry.address == address)
    wrong, last = _wrong(session, about)
    if wrong < limit.free or last is None:
        return timedelta()
    doubled: timedelta = limit.first_wait * 2 ** min(wrong - limit.free, 16)
    return last + min(doubled, limit.longest_wait) - now


def _wrong(session: Session, about: list[ColumnElement[bool]]) -> tuple[int, datetime | None]:
    """Return how many tries were wrong since the last right one, and when the last of them was."""
    last_right = select(func.max(SignInTry.at)).where(*about, SignInTry.succeeded).scalar_subquery()
    counted = session.execute(
        select(func.count(), func.max(SignInTry.at)).where(
            *about, ~SignInTry.succeeded, or_(last_right.is_(None), SignInTry.at > last_right)
        )
    ).one()
    return counted[0], counted[1]


def _wait_for_address(session: Session, kind: str, address: str, limit: Limit, now: datetime) -> timedelta:
    tries = session.scalars(
        select(SignInTry.at)
        .where(
            SignInTry.kind == kind,
            SignInTry.address == address,
            ~SignInTry.succeeded,
            SignInTry.at.between(now - _ADDRESS_WINDOW, now + _CLOCK_SKEW),
        )
        .order_by(SignInTry.at.desc())
        .limit(limit.per_address)
    ).all()
    if len(tries) < limit.per_address:
        return timedelta()
    return tries[-1] + _ADDRESS_WINDOW - now


def _got_in_from(session: Session, kind: str, key: str, address: str, now: datetime) -> bool:
    found = session.scalar(
        select(SignInTry.id)
        .where(
            *_about(kind, key, now),
            SignInTry.address == address,
            SignInTry.succeeded,
            SignInTry.at > now - _ADDRESS_KNOWN,
        )
        .limit(1)
    )
    return found is not None


def _about(kind: str, key: str, now: datetime) -> list[ColumnElement[bool]]:
    # rows from the future (a clock that was set back) must not make anybody wait
    return [and_(SignInTry.kind == kind, SignInTry.key == key, SignInTry.at <= now + _CLOCK_SKEW)]
