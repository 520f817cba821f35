"""Slow hashes: argon2id for what people remember or read from paper. A bounded number run at a time."""

import hmac
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

# Each hash takes 64 MB for a tenth of a second: a crowd signing in must not starve everybody else.
_ROOM = BoundedSemaphore(2)
_PASSPHRASES = PasswordHasher()
# Twelve digits with a pepper, spent once, at most a hundred tries: about 20 ms is enough.
_CODES = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_passphrase(passphrase: str) -> str:
    """Return an argon2id hash at the library's defaults."""
    with _ROOM:
        return _PASSPHRASES.hash(passphrase)


def passphrase_matches(stored: str | None, passphrase: str) -> bool:
    """Compare; ``stored=None`` (no such user) costs the same time and never matches."""
    return _matches(_PASSPHRASES, stored or _nobody(), passphrase) and stored is not None


def needs_rehash(stored: str) -> bool:
    """Return whether the library has grown stronger defaults since."""
    return _PASSPHRASES.check_needs_rehash(stored)


def hash_code(code: str, casefile_id: int, *, pepper: str) -> str:
    """Return the argon2id hash of a slip code, bound to its case and to the pepper outside the database."""
    with _ROOM:
        return _CODES.hash(_peppered("slip", casefile_id, code, pepper))


def code_matches(stored: str | None, code: str, casefile_id: int, *, pepper: str) -> bool:
    """Compare a slip code; ``stored=None`` costs the same time and never matches."""
    return (
        _matches(_CODES, stored or _no_code(), _peppered("slip", casefile_id, code, pepper))
        and stored is not None
    )


def hash_pin(pin: str, device_id: int, *, pepper: str) -> str:
    """Return the argon2id hash of a PIN, bound to its phone and to the pepper outside the database."""
    with _ROOM:
        return _CODES.hash(_peppered("pin", device_id, pin, pepper))


def pin_matches(stored: str | None, pin: str, device_id: int, *, pepper: str) -> bool:
    """Compare a PIN; ``stored=None`` costs the same time and never matches."""
    return (
        _matches(_CODES, stored or _no_code(), _peppered("pin", device_id, pin, pepper))
        and stored is not None
    )


def _peppered(what: str, bound_to: int, secret: str, pepper: str) -> str:
    return hmac.digest(pepper.encode(), f"{what}:{bound_to}:{secret}".encode(), "sha256").hex()


def _matches(hasher: PasswordHasher, stored: str, secret: str) -> bool:
    with _ROOM:
        try:
            return hasher.verify(stored, secret)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    return _PASSPHRASES.hash("nobody has this passphrase")


@cache
def _no_code() -> str:
    return _CODES.hash("no slip has this code")
