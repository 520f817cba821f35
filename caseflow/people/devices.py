"""Phones of families: what is open on them, for how long, and how to close them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import NotFound
from caseflow.identifiers import random_token, token_digest
from caseflow.people import mandates, policy
from caseflow.people.actor import Actor
from caseflow.people.models import FamilyDevice, HelperMandate

ROLLING = timedelta(days=30)
LONGEST = timedelta(days=180)
_TOUCH_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Device:
    """An open phone, as the family sees it in its list.

    :ivar mandate_id: of a helper's phone what allows it to act; :ivar helper_relation: of the helper to the worker.
    """

    device_id: int
    casefile_id: int
    holder_name: str
    label: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    mandate_id: int | None = None
    helper_relation: str | None = None

    @property
    def actor(self) -> Actor:
        """Who acts with this phone: level 1, one case."""
        return actor_for(
            self.device_id,
            self.casefile_id,
            self.holder_name,
            mandate_id=self.mandate_id,
            helper_relation=self.helper_relation,
        )


def actor_for(
    device_id: int,
    casefile_id: int,
    holder_name: str,
    *,
    mandate_id: int | None = None,
    helper_relation: str | None = None,
) -> Actor:
    """Return the actor of a phone."""
    return Actor(
        kind="family",
        name=holder_name,
        roles=frozenset({"family"}),
        device_id=device_id,
        casefile_id=casefile_id,
        mandate_id=mandate_id,
        helper_relation=helper_relation,
    )


def device_for_reporter(
    session: Session, casefile_id: int, holder_name: str, *, now: datetime, label: str = ""
) -> str:
    """Open the phone from which a report was just sent; return the token for its cookie.

    When the reporter is a helper, the phone stands and falls with the mandate, also with one that is over.
    """
    given = [one for one in mandates.every(session, casefile_id) if one.helper_name == holder_name]
    helps = given[-1] if given else None
    token = random_token()
    device = FamilyDevice(
        token_sha256=token_digest(token),
        casefile_id=casefile_id,
        holder_name=holder_name,
        created_at=now,
        seen_at=now,
        expires_at=first_expiry(now),
        label=label,
        mandate_id=helps.id if helps else None,
    )
    session.add(device)
    session.flush()
    by = actor_for(
        device.id,
        casefile_id,
        holder_name,
        mandate_id=helps.id if helps else None,
        helper_relation=helps.helper_relation if helps else None,
    )
    record(session, "device.opened", by=by, casefile_id=casefile_id, subject=f"device:{device.id}")
    return token


def first_expiry(now: datetime) -> datetime:
    """Return when a phone closes that is not used again."""
    return now + ROLLING


def find_device(session: Session, token: str, *, now: datetime) -> Device | None:
    """Return the open phone of a token: not closed, used within 30 days, opened within 180.

    A helper's phone opens nothing from the minute in which the mandate ended.
    """
    row = session.execute(
        select(*_COLUMNS)
        .outerjoin(HelperMandate, HelperMandate.id == FamilyDevice.mandate_id)
        .where(FamilyDevice.token_sha256 == token_digest(token), *_open(now))
    ).one_or_none()
    return Device(*row) if row else None


def touch(session: Session, device: Device, *, now: datetime) -> bool:
    """Let the 30 days begin anew, at most once an hour; return whether a row was written."""
    if now - device.seen_at < _TOUCH_EVERY:
        return False
    until = min(now + ROLLING, device.created_at + LONGEST)
    statement = update(FamilyDevice).where(FamilyDevice.id == device.device_id)
    session.execute(statement.values(seen_at=now, expires_at=until))
    return True


def list_devices(
    session: Session, casefile_id: int, *, now: datetime, holder_name: str | None = None
) -> list[Device]:
    """Return the open phones of a case, oldest first; of one holder when named (what a family may see)."""
    holder = () if holder_name is None else (FamilyDevice.holder_name == holder_name,)
    rows = session.execute(
        select(*_COLUMNS)
        .outerjoin(HelperMandate, HelperMandate.id == FamilyDevice.mandate_id)
        .where(FamilyDevice.casefile_id == casefile_id, *_open(now), *holder)
        .order_by(FamilyDevice.created_at, FamilyDevice.id)
    )
    return [Device(*row) for row in rows]


def was_closed(session: Session, casefile_id: int) -> bool:
    """Return whether a phone that opened the case by its report was closed: nothing opens it so again."""
    closed = select(FamilyDevice.id).where(
        FamilyDevice.casefile_id == casefile_id,
        FamilyDevice.slip_id.is_(None),
        FamilyDevice.revoked_at.is_not(None),
    )
    return session.scalar(closed.limit(1)) is not None


def revoke_device(session: Session, casefile_id: int, device_id: int, *, by: Actor, now: datetime) -> None:
    """Close one phone of a case. A family closes only phones of the same holder and case.

    :raises NotFound: not an open phone of this case, or not this holder's.
    :raises NotPermitted: staff who may not close phones.
    """
    which = [FamilyDevice.id == device_id, FamilyDevice.casefile_id == casefile_id]
    if by.kind == "family":
        which += [FamilyDevice.holder_name == by.name, FamilyDevice.casefile_id == by.casefile_id]
    else:
        policy.require(by, "slip.revoke")
    if not _close(session, *which, now=now):
        raise NotFound("HP ini sudah tidak terdaftar.")
    record(session, "device.revoked", by=by, casefile_id=casefile_id, subject=f"device:{device_id}")


def revoke_of_slip(session: Session, slip_id: int, *, now: datetime) -> int:
    """Close every phone that was opened with a slip; return how many."""
    return _close(session, FamilyDevice.slip_id == slip_id, now=now)


_COLUMNS = (
    FamilyDevice.id,
    FamilyDevice.casefile_id,
    FamilyDevice.holder_name,
    FamilyDevice.label,
    FamilyDevice.created_at,
    FamilyDevice.seen_at,
    FamilyDevice.expires_at,
    FamilyDevice.mandate_id,
    HelperMandate.helper_relation,
)


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Not closed, not too old, and of a helper: still allowed."""
    return (
        FamilyDevice.revoked_at.is_(None),
        FamilyDevice.expires_at > now,
        FamilyDevice.mandate_id.is_(None) | mandates.in_force(now),
    )


def _close(session: Session, *which: ColumnElement[bool], now: datetime) -> int:
    closed = session.execute(
        update(FamilyDevice)
        .where(*which, FamilyDevice.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(FamilyDevice.id)
        .execution_options(synchronize_session=False)
    )
    return len(closed.all())
