"""The codes on a family's slip: typed, matched against slow hashes, and spent once to open or unlock a phone.

The steps are apart: the door counts the try and commits, matches without a transaction, then spends. Not here:
printing and revoking the paper (``slips``).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import column, select, table, update
from sqlalchemy.orm import Session

from caseflow import formats
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotPossible
from caseflow.identifiers import random_token, read_case_number, read_slip_code, token_digest
from caseflow.people import devices, hashing, throttle
from caseflow.people.actor import Actor
from caseflow.people.models import FamilyDevice, Slip, SlipCode
from caseflow.people.slips import CODES, void_slips

MOST_WRONG = 100  # in a row; then the slip is void and the family gets a new one at the counter
UNKNOWN = (
    "Nomor atau kode tidak cocok. Periksa angka di slip, lalu coba lagi. "
    "Bila tetap tidak bisa, telepon atau datang ke kantor untuk slip baru."
)
TYPING_SLIP_NUMBER = "Nomor laporan salah ketik. Periksa angkanya di slip."
TYPING_SLIP_CODE = "Kode salah ketik. Kode ada 12 angka, tertulis 4-4-4 di slip. Periksa angkanya."

# a name, not an import: case files stand above people
_casefile = table("casefile", column("id"), column("number"))


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
        void_slips(session, Slip.casefile_id == found, why="terlalu banyak kode salah", now=now)
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


def spend(
    session: Session, stored: StoredCode, *, try_id: int, label: str, now: datetime, borrowed: bool = False
) -> str:
    """Use a code up and open a phone with it; return the token for its cookie.

    A slip in the name of a helper opens a helper's phone; that of a recorded relative is always the family's.

    :param borrowed: the phone is somebody else's and closes soon after its last use.
    :raises NotPossible: another phone was faster, the slip was voided meanwhile, or the person has three phones.
    """
    member_id = session.scalar(select(Slip.member_id).where(Slip.id == stored.slip_id).with_for_update())
    devices.require_room(session, stored.casefile_id, stored.holder_name, now=now)
    _use_up(session, stored, now=now)
    throttle.succeed(session, try_id)
    helps = devices.mandate_of(session, stored.casefile_id, stored.holder_name) if member_id is None else None
    token = random_token()
    device = FamilyDevice(
        token_sha256=token_digest(token),
        casefile_id=stored.casefile_id,
        holder_name=stored.holder_name,
        created_at=now,
        seen_at=now,
        expires_at=devices.first_expiry(now, borrowed=borrowed),
        slip_id=stored.slip_id,
        slip_ordinal=stored.ordinal,
        label=label,
        borrowed=borrowed,
        mandate_id=helps.id if helps else None,
    )
    session.add(device)
    session.flush()
    by = devices.actor_for(
        device.id,
        stored.casefile_id,
        stored.holder_name,
        mandate_id=helps.id if helps else None,
        helper_relation=helps.helper_relation if helps else None,
    )
    _record_spent(session, stored, by=by)
    return token


def spend_to_unlock(session: Session, stored: StoredCode, *, try_id: int, by: Actor, now: datetime) -> None:
    """Use a code up on a phone that is already open, in place of its PIN (``pins.unlock``).

    :raises Invalid: ``code``: it is of another case or on another person's slip.
    :raises NotPossible: the code was used or the slip voided meanwhile.
    """
    if (stored.casefile_id, stored.holder_name) != (by.casefile_id, by.name):
        raise Invalid({"code": UNKNOWN})
    _use_up(session, stored, now=now)
    throttle.succeed(session, try_id)
    _record_spent(session, stored, by=by)


def _use_up(session: Session, stored: StoredCode, *, now: datetime) -> None:
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


def _record_spent(session: Session, stored: StoredCode, *, by: Actor) -> None:
    record(
        session,
        "slip.code_spent",
        by=by,
        casefile_id=stored.casefile_id,
        subject=f"slip:{stored.slip_id}",
        details={"ordinal": stored.ordinal},
    )


def _already_used(ordinal: int, used_at: datetime) -> NotPossible:
    return NotPossible(
        f"Kode HP {ordinal} sudah dipakai {formats.instant_wib(used_at)}. Bila bukan keluarga Ibu/Bapak yang memakainya, "
        "segera telepon kantor supaya slip dicabut. Bila perlu HP lain, pakai kode HP berikutnya di slip."
    )
