"""Numbers of people that the database must not give away: sealed at rest, and found again by a blind index.

A copy of the database holds ciphertext (AES-256-GCM under a data key) and keyed digests (HMAC-SHA-256 under the pepper);
neither key lies in the database. Who starts the service calls :func:`configure` once.
Not here: second-factor secrets (``people.vault``), documents (``documents``).
"""

import base64
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from Crypto.Cipher import AES
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF
from sqlalchemy import Dialect, Text, TypeDecorator

from caseflow.errors import Invalid

# what a sealed number of sixteen digits looks like, for CHECK constraints: nobody writes one in the clear
NUMBER_FORM = "^[^:]+:[A-Za-z0-9+/]{59}=$"
_NONCE, _TAG = 12, 16
_NUMBER = re.compile(r"[0-9]{16}")


class SealBroken(ValueError):
    """A sealed value was changed, stands in another column, or its key is not here."""


class NotConfigured(RuntimeError):
    """Something sealed was touched before :func:`configure`."""


@dataclass(frozen=True)
class Keys:
    """The keys of this process. ``current`` seals; all of ``data`` open."""

    current: str
    data: Mapping[str, bytes]
    index: bytes


_held: list[Keys] = []  # one entry from the first configure on


def configure(data_keys: Mapping[str, str], *, pepper: str) -> None:
    """Take the keys of this installation; the first of ``data_keys`` (name → secret) seals from now on.

    :raises ValueError: no key, or a name with a colon.
    """
    if not data_keys or any(":" in name or not name for name in data_keys):
        raise ValueError("data keys: a name without a colon and a secret for each")
    keys = {name: _derived(secret, b"sealed-numbers") for name, secret in data_keys.items()}
    _held[:] = [Keys(next(iter(keys)), MappingProxyType(keys), _derived(pepper, b"blind-index"))]


def seal(plain: str, *, about: str) -> str:
    """Return ``key-name:base64``; ``about`` (the column) must be given again to open it."""
    keys = _keys()
    nonce = secrets.token_bytes(_NONCE)
    cipher = AES.new(keys.data[keys.current], AES.MODE_GCM, nonce=nonce, mac_len=_TAG)
    cipher.update(about.encode())
    body, tag = cipher.encrypt_and_digest(plain.encode())
    return f"{keys.current}:{base64.b64encode(nonce + tag + body).decode()}"


def unseal(sealed: str, *, about: str) -> str:
    """Return what was sealed.

    :raises SealBroken: see there.
    """
    name, _, packed_text = sealed.partition(":")
    key = _keys().data.get(name)
    if key is None:
        raise SealBroken(f"no data key named {name!r}")
    try:
        packed = base64.b64decode(packed_text, validate=True)
        nonce, tag, body = packed[:_NONCE], packed[_NONCE : _NONCE + _TAG], packed[_NONCE + _TAG :]
        cipher = AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=_TAG)
        cipher.update(about.encode())
        return cipher.decrypt_and_verify(body, tag).decode()
    except ValueError as error:
        raise SealBroken("seal does not open") from error


def reseal(sealed: str, *, about: str) -> str:
    """Return the same value under the current key.

    :raises SealBroken: see there.
    """
    return seal(unseal(sealed, about=about), about=about)


def key_names() -> tuple[str, ...]:
    """Return the names of the keys that open here, the one that seals first."""
    return tuple(_keys().data)


def blind(value: str) -> str:
    """Return the keyed digest (64 hex digits) by which an equal value is found; capitals and spaces count."""
    return hmac.digest(_keys().index, value.encode(), "sha256").hex()


def number_index(number: str) -> str:
    """Return the blind index of a NIK or a KK number.

    :raises Invalid: not sixteen digits; what cannot be such a number is never stored.
    """
    if _NUMBER.fullmatch(number) is None:
        raise Invalid("NIK dan nomor KK terdiri dari 16 angka. Tidak ada yang tersimpan; periksa angkanya.")
    return blind(number)


class SealedText(TypeDecorator[str]):
    """A text column that the database sees only sealed. Compare its blind index, never the column."""

    impl = Text
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal on the way in."""
        return None if value is None else seal(value, about=self.about)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open on the way out."""
        return None if value is None else unseal(value, about=self.about)

    class comparator_factory(TypeDecorator.Comparator[str]):  # noqa: N801 (SQLAlchemy's name)
        """Refuses comparisons: two seals of one value are never equal."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            """Allow only the question whether there is a value."""
            if op.__name__ not in {"is_", "is_not"}:
                raise TypeError("a sealed column cannot be compared; compare its index with sealing.blind(…)")
            return super().operate(op, *other, **kwargs)


class SealedDocument(TypeDecorator[dict[str, Any]]):
    """A small document that the database sees only sealed; nothing in it can be asked for."""

    impl = Text
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        """Seal on the way in."""
        return None if value is None else seal(json.dumps(value, ensure_ascii=False), about=self.about)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        """Open on the way out."""
        if value is None:
            return None
        opened: dict[str, Any] = json.loads(unseal(value, about=self.about))
        return opened


def _keys() -> Keys:
    if not _held:
        raise NotConfigured("sealing.configure was not called")
    return _held[0]


def _derived(secret: str, context: bytes) -> bytes:
    key = HKDF(secret.encode(), 32, b"caseflow", SHA256, context=context)
    assert isinstance(key, bytes)  # noqa: S101 (one key asked, one key given)
    return key
