"""What a code from the slip does on a phone: it opens it, or unlocks one that is open."""

from datetime import datetime

from caseflow import clock
from caseflow.extensions import db
from caseflow.people import hashing, pins, slip_codes
from caseflow.people.devices import Device
from caseflow.web import here
from caseflow.web.identity import address, browser_label


def open_phone(number: str, code: str, *, borrowed: bool = False) -> str:
    """Spend a code and return the token for the phone's cookie (``identity.give_family_cookie``).

    :raises Invalid: mistyped or unknown. :raises NotPossible: used up, too old, or a fourth phone.
    :raises TooMany: too many wrong tries at this case.
    """
    now = clock.now()
    found, try_id = _matched(number, code, now)
    return slip_codes.spend(
        here.session(), found, try_id=try_id, label=browser_label(), now=now, borrowed=borrowed
    )


def unlock_with_code(device: Device, number: str, code: str) -> datetime:
    """Spend a code of the holder's own slip on their open phone; return until when it is unlocked.

    :raises Invalid: mistyped, unknown, or another person's. :raises NotPossible: used up or too old.
    :raises TooMany: too many wrong tries at this case.
    """
    now = clock.now()
    pins.require_own(device)
    found, try_id = _matched(number, code, now)
    slip_codes.spend_to_unlock(here.session(), found, try_id=try_id, by=here.actor(), now=now)
    return pins.unlock(here.session(), device, by=here.actor(), now=now)


def unlock_with_pin(device: Device, typed: str) -> datetime:
    """Compare the PIN of an open phone; return until when it is unlocked.

    :raises Invalid: not six digits, or wrong. :raises NotPossible: void after too many wrong ones.
    :raises TooMany: the next try must wait.
    """
    now = clock.now()
    pins.require_own(device)
    pin = pins.read_pin(typed)
    try_id = pins.begin_try(here.session(), device, address(), now=now)
    db.session.commit()
    stored = pins.pin_hash_of(here.session(), device)
    db.session.commit()
    pins.check(stored, pin, device, pepper=here.settings().pepper)
    return pins.unlock(here.session(), device, by=here.actor(), now=now, try_id=try_id)


def hashed_pin(device: Device, pin: str) -> str:
    """Return the slow hash of a new PIN, made while no transaction is open."""
    db.session.commit()
    return hashing.hash_pin(pin, device.device_id, pepper=here.settings().pepper)


def _matched(number: str, code: str, now: datetime) -> tuple[slip_codes.StoredCode, int]:
    """Match a typed code. The try is committed before it is checked; no transaction is open meanwhile."""
    number, code = slip_codes.read_typed(number, code)
    try_id = slip_codes.begin_try(here.session(), number, address(), now=now)
    db.session.commit()
    codes = slip_codes.codes_of(here.session(), number)
    db.session.commit()
    return slip_codes.match(codes, code, now=now, pepper=here.settings().pepper), try_id
