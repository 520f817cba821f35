"""The PIN of a family's phone, and what it unlocks for a quarter of an hour (level 2).

A PIN is never needed: another code of the slip unlocks, too. Comparing is slow; the door counts the try and
commits, compares without a transaction, then unlocks. Not here: opening a phone (``slips``).
"""

import itertools
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotPermitted, NotPossible
from caseflow.identifiers import ascii_digits
from caseflow.people import hashing, throttle
from caseflow.people.actor import Actor
from caseflow.people.devices import Device
from caseflow.people.models import FamilyDevice

UNLOCKED_FOR = timedelta(minutes=15)
FREE_TO_SET = timedelta(minutes=30)  # after the phone was opened; later it takes the PIN or a code
MOST_WRONG = 10  # in a row; then the PIN is void and a code of the slip is needed
DIGITS = 6
WRONG = "PIN tidak cocok. Periksa angkanya, lalu coba lagi."
VOID = (
    "PIN sudah terlalu sering salah, jadi tidak berlaku lagi. "
    "Buka dengan kode slip yang belum dipakai. Slip habis? Telepon kantor."
)
_NOT_SIX = "PIN harus 6 angka. PIN belum tersimpan."
# one sentence for both: which of the two it was would tell a birthday
_EASY = (
    "PIN ini terlalu mudah ditebak, atau seperti tanggal di keluarga. "
    "Pilih 6 angka lain. PIN belum tersimpan."
)


def read_pin(text: str) -> str:
    """Return the six digits as meant.

    :raises Invalid: ``pin``.
    """
    digits = ascii_digits(text)
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits):
        raise Invalid({"pin": _NOT_SIX})
    return digits


def check_strength(pin: str, days: Iterable[date]) -> None:
    """Refuse what anybody would try first: one digit, a staircase, a pattern, or a day of this family.

    :param days: birthdays and other days that relatives know.
    :raises Invalid: ``pin``.
    """
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    if len(steps) == 1 or len(set(pin)) <= 2 or pin[:3] == pin[3:]:
        raise Invalid({"pin": _EASY})
    if any(
        f"{day:{shape}}" == pin for day in days for shape in ("%d%m%y", "%m%d%y", "%y%m%d", "%m%Y", "%Y%m")
    ):
        raise Invalid({"pin": _EASY})


def begin_try(session: Session, device: Device, address: str, *, now: datetime) -> int:
    """Count a try at the PIN of a phone before it is checked; commit after this.

    After ten wrong ones in a row the PIN is void.

    :raises TooMany: the next try must wait.
    """
    if was_voided(session, device, now=now):
        _write(session, device, pin_hash=None, unlocked_until=None)
    return throttle.begin(session, "pin", _key(device), address, now=now)


def was_voided(session: Session, device: Device, *, now: datetime) -> bool:
    """Whether the PIN was guessed at too often since the phone was last unlocked."""
    return throttle.wrong_in_a_row(session, "pin", _key(device), now=now) >= MOST_WRONG


def pin_hash_of(session: Session, device: Device) -> str | None:
    """Return what the database keeps of the PIN."""
    return session.scalar(select(FamilyDevice.pin_hash).where(FamilyDevice.id == device.device_id))


def check(stored: str | None, pin: str, device: Device, *, pepper: str) -> None:
    """Compare. Slow, and needs no database: hold no transaction meanwhile.

    :raises Invalid: ``pin``; :raises NotPossible: there is none (any more).
    """
    if stored is None:
        raise NotPossible(VOID)
    if not hashing.pin_matches(stored, pin, device.device_id, pepper=pepper):
        raise Invalid({"pin": WRONG})


def unlock(
    session: Session, device: Device, *, by: Actor, now: datetime, try_id: int | None = None
) -> datetime:
    """Let the phone do what level 2 allows, for a quarter of an hour; return until when.

    :param try_id: of :func:`begin_try`; without it a code of the slip was spent (``slips.spend_to_unlock``).
    """
    require_own(device)
    if try_id is None:
        throttle.forgive(session, "pin", _key(device), now=now)
    else:
        throttle.succeed(session, try_id)
    until = now + UNLOCKED_FOR
    _write(session, device, unlocked_until=until)
    _record(session, "device.unlocked", device, by)
    return until


def lock(session: Session, device: Device, *, by: Actor) -> None:
    """End level 2 now."""
    _write(session, device, unlocked_until=None)
    _record(session, "device.locked", device, by)


def may_set(session: Session, device: Device, *, now: datetime) -> bool:
    """Whether a PIN may be set without a further proof: just opened and none yet, or unlocked."""
    if device.mandate_id is not None:
        return False
    if device.is_unlocked(now):
        return True
    fresh = now - device.created_at < FREE_TO_SET and not device.has_pin
    return fresh and not was_voided(session, device, now=now)


def require_may_set(session: Session, device: Device, *, now: datetime) -> None:
    """Refuse before anything is said about a new PIN: what is refused as a date tells a birthday.

    :raises NotPermitted: a helper's phone. :raises NotPossible: neither just opened nor unlocked. Nothing is saved.
    """
    require_own(device)
    if not may_set(session, device, now=now):
        raise NotPossible("Buka kunci dulu, baru PIN bisa dibuat atau diganti. PIN belum tersimpan.")


def set_pin(session: Session, device: Device, pin_hash: str, *, by: Actor, now: datetime) -> None:
    """Keep a new PIN and unlock the phone with it.

    :raises NotPossible: neither just opened nor unlocked. Nothing is saved.
    """
    require_may_set(session, device, now=now)
    _write(session, device, pin_hash=pin_hash, unlocked_until=now + UNLOCKED_FOR)
    _record(session, "device.pin_set", device, by)


def remove_pin(session: Session, device: Device, *, by: Actor, now: datetime) -> None:
    """Do without a PIN from now on.

    :raises NotPossible: the phone is locked. Nothing changes.
    """
    if not device.is_unlocked(now):
        raise NotPossible("Buka kunci dulu, baru PIN bisa dihapus. PIN masih berlaku.")
    _write(session, device, pin_hash=None, unlocked_until=None)
    _record(session, "device.pin_removed", device, by)


def require_own(device: Device) -> None:
    """Refuse the phone of somebody who only helps: it never goes beyond level 1.

    :raises NotPermitted: with whose it is.
    """
    if device.mandate_id is not None:
        raise NotPermitted("Bagian ini hanya untuk HP keluarga sendiri. Tidak ada yang berubah.")


def _key(device: Device) -> str:
    return str(device.device_id)


def _write(session: Session, device: Device, **values: object) -> None:
    session.execute(update(FamilyDevice).where(FamilyDevice.id == device.device_id).values(**values))


def _record(session: Session, action: str, device: Device, by: Actor) -> None:
    subject = f"device:{device.device_id}"
    record(session, action, by=by, casefile_id=device.casefile_id, subject=subject)
