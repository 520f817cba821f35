"""Phones of families: what is open on them, for how long, and how to close them.

Not here: how a phone proves more than being open (``pins``), the paper that opens it (``slips``).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import NotFound, NotPossible
from caseflow.identifiers import random_token, token_digest
from caseflow.people import mandates, policy
from caseflow.people.actor import Actor
from caseflow.people.models import FamilyDevice, HelperMandate, Slip

ROLLING = timedelta(days=30)
LONGEST = timedelta(days=180)
BORROWED = timedelta(minutes=60)  # without use; then a borrowed phone closes by itself
MOST_OPEN = 3  # phones of one person
_TOUCH_EVERY = timedelta(hours=1)
_TOUCH_BORROWED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Device:
    """An open phone, as the family sees it in its list.

    :ivar slip_ordinal: the code that opened it; ``None``: the report was sent from it.
    :ivar unlocked_until: until when it may do what level 2 allows.
    :ivar mandate_id: of a helper's phone what allows it to act; :ivar helper_relation: of the helper to the worker.
    :ivar member_id: whose part it stands for, where the holder of its slip is a recorded relative.
    """

    device_id: int
    casefile_id: int
    holder_name: str
    label: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    slip_ordinal: int | None = None
    borrowed: bool = False
    has_pin: bool = False
    unlocked_until: datetime | None = None
    mandate_id: int | None = None
    helper_relation: str | None = None
    member_id: int | None = None

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

    def is_unlocked(self, now: datetime) -> bool:
        """Whether it may do what level 2 allows. The phone of a helper never may."""
        return self.mandate_id is None and self.unlocked_until is not None and now < self.unlocked_until


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
    helps = mandate_of(session, casefile_id, holder_name)
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


def mandate_of(session: Session, casefile_id: int, holder_name: str) -> HelperMandate | None:
    """Return the last mandate of a case under which this person helps, also one that is over."""
    given = [one for one in mandates.every(session, casefile_id) if one.helper_name == holder_name]
    return given[-1] if given else None


def first_expiry(now: datetime, *, borrowed: bool = False) -> datetime:
    """Return when a phone closes that is not used again."""
    return now + (BORROWED if borrowed else ROLLING)


def require_room(session: Session, casefile_id: int, holder_name: str, *, now: datetime) -> None:
    """Refuse a fourth phone of one person.

    :raises NotPossible: naming what to close first.
    """
    opened = list_devices(session, casefile_id, now=now, holder_name=holder_name)
    if len(opened) >= MOST_OPEN:
        raise NotPossible(
            f"Sudah ada {MOST_OPEN} HP yang membuka laporan ini, jadi HP ini belum dibuka. Kodenya belum terpakai. "
            "Cabut dulu satu HP dari daftar HP, atau telepon kantor. Petugas melihat daftarnya."
        )


def member_of(session: Session, device_id: int) -> int | None:
    """Return whose part a phone stands for: the relative on record to whom, or for whom, its slip was given.

    ``None`` for the phone of a report, and for a holder who is not on the list of the family.
    """
    return session.scalar(
        select(Slip.member_id)
        .join(FamilyDevice, FamilyDevice.slip_id == Slip.id)
        .where(FamilyDevice.id == device_id)
    )


def find_device(session: Session, token: str, *, now: datetime) -> Device | None:
    """Return the open phone of a token: not closed, used within 30 days (borrowed: an hour), opened within 180.

    A helper's phone opens nothing from the minute in which the mandate ended.
    """
    row = session.execute(
        _listed().where(FamilyDevice.token_sha256 == token_digest(token), *_open(now))
    ).one_or_none()
    return Device(*row) if row else None


def is_open(session: Session, device_id: int, *, now: datetime) -> bool:
    """Whether a phone is still open, as :func:`find_device` asks: for work that outlasts the request's beginning."""
    found = (
        select(FamilyDevice.id)
        .outerjoin(HelperMandate, HelperMandate.id == FamilyDevice.mandate_id)
        .where(FamilyDevice.id == device_id, *_open(now))
    )
    return session.scalar(found) is not None


def touch(session: Session, device: Device, *, now: datetime) -> bool:
    """Let the 30 days (borrowed: the hour) begin anew, not at every step; return whether a row was written."""
    if now - device.seen_at < (_TOUCH_BORROWED_EVERY if device.borrowed else _TOUCH_EVERY):
        return False
    until = min(now + (BORROWED if device.borrowed else ROLLING), device.created_at + LONGEST)
    statement = update(FamilyDevice).where(FamilyDevice.id == device.device_id)
    session.execute(statement.values(seen_at=now, expires_at=until))
    return True


def list_devices(
    session: Session, casefile_id: int, *, now: datetime, holder_name: str | None = None
) -> list[Device]:
    """Return the open phones of a case, oldest first; of one holder when named (what a family may see)."""
    holder = () if holder_name is None else (FamilyDevice.holder_name == holder_name,)
    rows = session.execute(
        _listed()
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


def lend(session: Session, device: Device, *, by: Actor, now: datetime) -> None:
    """Remember that this phone is borrowed: from now on it closes an hour after its last use."""
    session.execute(
        update(FamilyDevice)
        .where(FamilyDevice.id == device.device_id)
        .values(borrowed=True, seen_at=now, expires_at=min(now + BORROWED, device.created_at + LONGEST))
    )
    subject = f"device:{device.device_id}"
    record(session, "device.borrowed", by=by, casefile_id=device.casefile_id, subject=subject)


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
    FamilyDevice.slip_ordinal,
    FamilyDevice.borrowed,
    FamilyDevice.pin_hash.is_not(None),
    FamilyDevice.unlocked_until,
    FamilyDevice.mandate_id,
    HelperMandate.helper_relation,
    Slip.member_id,
)


def _listed() -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .outerjoin(Slip, Slip.id == FamilyDevice.slip_id)
        .outerjoin(HelperMandate, HelperMandate.id == FamilyDevice.mandate_id)
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
