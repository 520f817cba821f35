"""The family's slip: a sheet with three one-time codes and two words by which they know us.

A code opens one phone (``devices``). Codes are printed once and kept only as hashes; the hash is slow, so
the steps are apart: the door counts the try and commits, matches without a transaction, then spends.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, column, func, select, table, update
from sqlalchemy.orm import Session

from caseflow import formats
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.identifiers import random_token, read_case_number, read_slip_code, slip_code, token_digest
from caseflow.people import devices, hashing, policy, throttle, words
from caseflow.people.actor import Actor
from caseflow.people.models import FamilyDevice, Slip, SlipCode

CODES_LAST = timedelta(days=30)
MOST_WRONG = 100  # in a row; then the slip is void and the family gets a new one at the counter
CODES = 3
UNKNOWN = (
    "Nomor atau kode tidak cocok. Periksa angka di slip, lalu coba lagi. "
    "Bila tetap tidak bisa, telepon atau datang ke kantor untuk slip baru."
)
TYPING_SLIP_NUMBER = "Nomor laporan salah ketik. Periksa angkanya di slip."
TYPING_SLIP_CODE = "Kode salah ketik. Kode ada 12 angka, tertulis 4-4-4 di slip. Periksa angkanya."

# a name, not an import: case files stand above people
_casefile = table("casefile", column("id"), column("number"))


@dataclass(frozen=True)
class PrintedSlip:
    """What the paper shows. The codes exist nowhere else in readable form.

    :ivar codes: twelve digits each, for phone 1, 2 and 3.
    """

    slip_id: int
    casefile_id: int
    holder_name: str
    codes: tuple[str, ...]
    phrase: str
    issued_at: datetime
    codes_expire_at: datetime


@dataclass(frozen=True)
class StoredCode:
    """A code as the database knows it."""

    slip_id: int
    ordinal: int
    casefile_id: int
    holder_name: str
    code_hash: str
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class LiveSlip:
    """A slip in force, for staff and for checking our own two words."""

    slip_id: int
    holder_name: str
    phrase: str
    issued_at: datetime
    codes_used: int


def issue_slip(
    session: Session, casefile_id: int, holder_name: str, *, by: Actor, now: datetime, pepper: str
) -> PrintedSlip:
    """Make a slip for one person. A former slip of theirs is void, with the codes not yet used on it.

    Phones that were already opened stay open; :func:`revoke_slip` closes those too.

    :raises NotPermitted: not the actor's to print.
    """
    policy.require(by, "slip.issue")
    codes = tuple(slip_code() for _ in range(CODES))
    hashes = [hashing.hash_code(code, casefile_id, pepper=pepper) for code in codes]
    _void(
        session, Slip.casefile_id == casefile_id, Slip.holder_name == holder_name, why="cetak ulang", now=now
    )
    slip = Slip(
        casefile_id=casefile_id,
        holder_name=holder_name,
        phrase=words.phrase(),
        issued_at=now,
        issued_by_user_id=by.user_id,
    )
    session.add(slip)
    session.flush()
    expires_at = now + CODES_LAST
    session.add_all(
        SlipCode(slip_id=slip.id, ordinal=ordinal, code_hash=hashed, expires_at=expires_at)
        for ordinal, hashed in enumerate(hashes, start=1)
    )
    session.flush()
    record(session, "slip.issued", by=by, casefile_id=casefile_id, subject=f"slip:{slip.id}")
    return PrintedSlip(slip.id, casefile_id, holder_name, codes, slip.phrase, now, expires_at)


def revoke_slip(session: Session, slip_id: int, *, by: Actor, why: str, now: datetime) -> None:
    """Void a lost or stolen slip and close every phone that was opened with it. Needs no proof.

    :raises NotFound: already void, or never there.
    """
    policy.require(by, "slip.revoke")
    voided = _void(session, Slip.id == slip_id, why=why, now=now)
    if not voided:
        raise NotFound("Slip ini sudah tidak berlaku.")
    devices.revoke_of_slip(session, slip_id, now=now)
    record(session, "slip.revoked", by=by, casefile_id=voided[0], subject=f"slip:{slip_id}")


def live_slips(session: Session, casefile_id: int) -> list[LiveSlip]:
    """Return the slips in force of a case, oldest first."""
    used = func.count(SlipCode.used_at)
    rows = session.execute(
        select(Slip.id, Slip.holder_name, Slip.phrase, Slip.issued_at, used)
        .join(SlipCode, SlipCode.slip_id == Slip.id)
        .where(Slip.casefile_id == casefile_id, Slip.revoked_at.is_(None))
        .group_by(Slip.id)
        .order_by(Slip.issued_at)
    )
    return [LiveSlip(*row) for row in rows]


def read_typed(number: str, code: str) -> tuple[str, str]:
    """Return case number and code as meant, or refuse a slip of the finger. This is never counted as a try.

    :raises Invalid: ``number`` or ``code``.
    """
    meant_number, meant_code = read_case_number(number), read_slip_code(code)
    wrong = {}
    if meant_number is None:
        wrong["number"] = TYPING_SLIP_NUMBER
    if meant_code is None:
        wrong["code"] = TYPING_SLIP_CODE
    if meant_number is None or meant_code is None:
        raise Invalid(wrong)
    return meant_number, meant_code


def begin_try(session: Session, number: str, address: str, *, now: datetime) -> int:
    """Count a try at a case before it is checked; commit after this.

    After a hundred wrong ones in a row every slip of the case is void.

    :raises TooMany: the next try must wait.
    """
    try_id = throttle.begin(session, "slip", number, address, now=now)
    if throttle.wrong_in_a_row(session, "slip", number, now=now) > MOST_WRONG:
        found = select(_casefile.c.id).where(_casefile.c.number == number).scalar_subquery()
        _void(session, Slip.casefile_id == found, why="terlalu banyak kode salah", now=now)
    return try_id


def codes_of(session: Session, number: str) -> list[StoredCode]:
    """Return the codes on the slips in force of a case; none for a number that does not exist."""
    rows = session.execute(
        select(
            SlipCode.slip_id,
            SlipCode.ordinal,
            Slip.casefile_id,
            Slip.holder_name,
            SlipCode.code_hash,
            SlipCode.expires_at,
            SlipCode.used_at,
        )
        .join(Slip, Slip.id == SlipCode.slip_id)
        .join(_casefile, _casefile.c.id == Slip.casefile_id)
        .where(_casefile.c.number == number, Slip.revoked_at.is_(None))
        .order_by(SlipCode.slip_id, SlipCode.ordinal)
    )
    return [StoredCode(*row) for row in rows]


def match(codes: list[StoredCode], code: str, *, now: datetime, pepper: str) -> StoredCode:
    """Return the stored code that was typed. Slow, and needs no database: hold no transaction meanwhile.

    An unknown number costs as much time as a known one.

    :raises Invalid: no such number or code. :raises NotPossible: the code is right but used up or too old.
    """
    found = None
    for stored in codes:
        if hashing.code_matches(stored.code_hash, code, stored.casefile_id, pepper=pepper):
            found = stored
    for _ in range(CODES - len(codes)):
        hashing.code_matches(None, code, 0, pepper=pepper)
    if found is None:
        raise Invalid(UNKNOWN)
    if found.used_at is not None:
        raise _already_used(found.ordinal, found.used_at)
    if found.expires_at <= now:
        raise NotPossible("Kode ini sudah lewat 30 hari. Telepon atau datang ke kantor untuk slip baru.")
    return found


def spend(session: Session, stored: StoredCode, *, try_id: int, label: str, now: datetime) -> str:
    """Use a code up and open a phone with it; return the token for its cookie.

    :raises NotPossible: another phone was faster, or the slip was voided meanwhile.
    """
    live = select(Slip.id).where(Slip.id == stored.slip_id, Slip.revoked_at.is_(None)).exists()
    spent = session.execute(
        update(SlipCode)
        .where(
            SlipCode.slip_id == stored.slip_id,
            SlipCode.ordinal == stored.ordinal,
            SlipCode.used_at.is_(None),
            live,
        )
        .values(used_at=now)
        .returning(SlipCode.ordinal)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if spent is None:
        raise _already_used(stored.ordinal, now)
    throttle.succeed(session, try_id)
    token = random_token()
    device = FamilyDevice(
        token_sha256=token_digest(token),
        casefile_id=stored.casefile_id,
        holder_name=stored.holder_name,
        created_at=now,
        seen_at=now,
        expires_at=devices.first_expiry(now),
        slip_id=stored.slip_id,
        slip_ordinal=stored.ordinal,
        label=label,
    )
    session.add(device)
    session.flush()
    record(
        session,
        "slip.code_spent",
        by=devices.actor_for(device.id, stored.casefile_id, stored.holder_name),
        casefile_id=stored.casefile_id,
        subject=f"slip:{stored.slip_id}",
        details={"ordinal": stored.ordinal},
    )
    return token


def _already_used(ordinal: int, used_at: datetime) -> NotPossible:
    return NotPossible(
        f"Kode HP {ordinal} sudah dipakai {formats.instant_wib(used_at)}. Bila bukan keluarga Ibu/Bapak yang memakainya, "
        "segera telepon kantor supaya slip dicabut. Bila perlu HP lain, pakai kode HP berikutnya di slip."
    )


def _void(session: Session, *which: ColumnElement[bool], why: str, now: datetime) -> list[int]:
    """Void the slips in force among these; return the ids of their cases."""
    voided = session.scalars(
        update(Slip)
        .where(*which, Slip.revoked_at.is_(None))
        .values(revoked_at=now, revoked_why=why)
        .returning(Slip.casefile_id)
        .execution_options(synchronize_session=False)
    )
    return list(voided.all())
