"""Phones prepared for visits without signal: preparing, what each says of itself, and taking one back.

A phone that was taken back is told to forget what it holds, and says later that it did. Not here: phones of families.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import CaseflowError, Invalid, NotFound, NotPossible
from caseflow.monitoring import answers
from caseflow.monitoring.envelope_parts import UUID
from caseflow.monitoring.models import FieldDevice
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.people.models import Person, RoleGrant, StaffUser

LONGEST_NAME = 60
MOST_WAITING = 10_000
REASON = range(10, 501)  # letters
_NOT_PREPARED = (
    "HP ini belum disiapkan untuk akun ini. Belum ada yang tersimpan di server; yang ada di HP tetap ada. "
    "Buka “Siapkan perangkat”."
)
_REVOKED = (
    "HP ini sudah dicabut penyelia, jadi tidak ada yang diterima darinya. Data keluarga di HP ini dihapus. "
    "Hubungi penyelia Anda."
)
_UNREADABLE = "HP ini tidak dikenali. Belum ada yang tersimpan. Perbarui aplikasi, lalu coba lagi."


class Revoked(CaseflowError):
    """The phone was taken back: nothing is received from it, and it forgets what it holds."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_REVOKED)


@dataclass(frozen=True)
class Phone:
    """A phone in a list."""

    public_id: str
    name: str
    owner: str
    user_id: int
    prepared_at: datetime
    last_seen_at: datetime
    pack_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    revoked_at: datetime | None
    revoked_why: str | None
    forgotten_at: datetime | None


def prepare(
    session: Session, public_id: str, name: object, *, by: Actor, now: datetime
) -> tuple[FieldDevice, bool]:
    """Write down a phone, or give it another name; return it and whether it is new.

    :raises Invalid: no such name. :raises NotFound: it is somebody else's. :raises Revoked: it was taken back.
    """
    policy.require(by, "visit.record")
    if not UUID.fullmatch(public_id) or by.user_id is None:
        raise Invalid(_UNREADABLE)
    called = _name(name)
    made = session.scalar(
        insert(FieldDevice)
        .values(
            public_id=public_id, user_id=by.user_id, name=called, prepared_at=now, last_seen_at=now,
            last_sequence=0, waiting=0,
        )
        .on_conflict_do_nothing(index_elements=["public_id"])
        .returning(FieldDevice.id)
    )  # fmt: skip
    device = get_device(session, public_id, by=by, lock=True)
    if made is not None:
        record(session, "device.prepared", by=by, subject=f"device:{public_id}")
    device.name, device.last_seen_at = called, now
    return device, made is not None


def get_device(session: Session, public_id: str | None, *, by: Actor, lock: bool = False) -> FieldDevice:
    """Return somebody's own phone.

    :param lock: hold it: what comes from one phone is taken in one after the other.
    :raises NotFound: not prepared, or somebody else's. :raises Revoked: it was taken back.
    """
    device = find_own(session, public_id, by=by, lock=lock)
    if device is None:
        raise NotFound(_NOT_PREPARED)
    if device.revoked_at is not None:
        raise Revoked
    return device


def find_own(session: Session, public_id: str | None, *, by: Actor, lock: bool = False) -> FieldDevice | None:
    """Return somebody's own phone, also one that was taken back."""
    query = select(FieldDevice).where(
        FieldDevice.public_id == (public_id or ""), FieldDevice.user_id == by.user_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def seen(
    session: Session, device: FieldDevice, waiting: object, oldest_at: datetime | None, *, now: datetime
) -> None:
    """Write down what a phone says of the visits that wait on it.

    :raises Invalid: no such number.
    """
    if type(waiting) is not int or not 0 <= waiting <= MOST_WAITING:
        raise Invalid({"waiting": "Jumlah kunjungan yang menunggu tidak terbaca. Tidak ada yang berubah."})
    session.refresh(device, with_for_update=True)
    device.last_seen_at, device.waiting = now, waiting
    # a clock that is wrong never makes a phone wait from tomorrow on, nor since before it was prepared
    since = max(oldest_at or device.waiting_since or now, device.prepared_at)
    device.waiting_since = min(since, now) if waiting else None


def forgot(session: Session, device: FieldDevice, *, by: Actor, now: datetime) -> None:
    """Write down that a phone holds nothing any more."""
    session.refresh(device, with_for_update=True)
    device.last_seen_at, device.waiting, device.waiting_since = now, 0, None
    if device.forgotten_at is None:
        device.forgotten_at = now
        record(session, "device.forgot", by=by, subject=f"device:{device.public_id}")


def revoke(session: Session, public_id: str, why: str, *, by: Actor, now: datetime) -> FieldDevice:
    """Take a phone back: one's own, or as a supervisor one of the area.

    :raises NotFound: not there, or not in reach. :raises NotPossible: it was taken back before.
    :raises Invalid: no reason.
    """
    if len(why.strip()) not in REASON:
        raise Invalid({"why": "Tulis alasannya, 10 sampai 500 huruf. HP belum dicabut."})
    device = session.scalar(
        select(FieldDevice)
        .where(FieldDevice.public_id == public_id, _in_reach(by))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if device is None:
        raise NotFound("HP ini tidak ditemukan di daftar Anda.")
    if device.revoked_at is not None:
        raise NotPossible("HP ini sudah dicabut. Tidak ada yang berubah.")
    device.revoked_at, device.revoked_by_user_id, device.revoked_why = now, by.user_id, why.strip()
    record(session, "device.revoked", by=by, subject=f"device:{public_id}")
    return device


def phones(session: Session, *, by: Actor) -> Sequence[Phone]:
    """Return one's own phones, or as a supervisor those of the area; what needs looking at first."""
    rows = session.execute(
        select(FieldDevice, Person.full_name)
        .join(StaffUser, StaffUser.id == FieldDevice.user_id)
        .join(Person, Person.id == StaffUser.person_id)
        .where(_in_reach(by))
        .order_by(
            FieldDevice.revoked_at.is_not(None),
            FieldDevice.waiting_since.asc().nulls_last(),
            FieldDevice.id.desc(),
        )
        .limit(200)
    )
    columns = [name for name in Phone.__dataclass_fields__ if name != "owner"]
    return [
        Phone(owner=owner, **{column: getattr(device, column) for column in columns})
        for device, owner in rows
    ]


def _in_reach(by: Actor) -> ColumnElement[bool]:
    policy.require(by, "visit.device")
    own = FieldDevice.user_id == by.user_id
    if policy.mark(by, "visit.device") != "full":
        return own
    codes = sorted(by.region_codes)
    of_area: ColumnElement[bool] = true()
    if codes:
        of_area = or_(
            *(
                or_(
                    RoleGrant.scope_code == code, RoleGrant.scope_code.startswith(f"{code}.", autoescape=True)
                )
                for code in codes
            )
        )
    visitors = (
        select(StaffUser.id)
        .join(RoleGrant, RoleGrant.person_id == StaffUser.person_id)
        .where(RoleGrant.role_family == "social", of_area)
    )
    return or_(own, FieldDevice.user_id.in_(visitors))


def _name(name: object) -> str:
    try:
        called = answers.line(name, longest=LONGEST_NAME)
    except answers.Wrong as wrong:
        raise Invalid({"name": str(wrong)}) from None
    if not called:
        raise Invalid({"name": "Beri HP ini nama, misalnya “HP Rina”."})
    return called
