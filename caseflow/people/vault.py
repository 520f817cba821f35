"""Seals what the server must read back (second-factor secrets), so that a copy of the database is not enough."""

import base64

from Crypto.Cipher import AES
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF

_VERSION = "v1"
_TAG = 16


class SealBroken(ValueError):
    """The sealed text was changed, belongs to another row, or was sealed with another key."""


def seal(plain: str, *, about: str, pepper: str) -> str:
    """Return ``v1:…`` (AES-256-GCM); ``about`` binds it to its row and must be given again to open it."""
    cipher = AES.new(_key(pepper), AES.MODE_GCM, nonce=None, mac_len=_TAG)
    cipher.update(about.encode())
    body, tag = cipher.encrypt_and_digest(plain.encode())
    nonce = bytes(cipher.nonce)
    packed = bytes([len(nonce)]) + nonce + tag + body
    return f"{_VERSION}:{base64.b64encode(packed).decode()}"


def unseal(sealed: str, *, about: str, pepper: str) -> str:
    """Return what was sealed.

    :raises SealBroken: see there.
    """
    version, _, text = sealed.partition(":")
    if version != _VERSION:
        raise SealBroken("unknown version of seal")
    try:
        packed = base64.b64decode(text, validate=True)
        size = packed[0]
        nonce, tag, body = packed[1 : 1 + size], packed[1 + size : 1 + size + _TAG], packed[1 + size + _TAG :]
        cipher = AES.new(_key(pepper), AES.MODE_GCM, nonce=nonce, mac_len=_TAG)
        cipher.update(about.encode())
        return cipher.decrypt_and_verify(body, tag).decode()
    except (ValueError, IndexError) as error:
        raise SealBroken("seal does not open") from error


def _key(pepper: str) -> bytes:
    key = HKDF(pepper.encode(), 32, b"caseflow", SHA256, context=b"second-factor")
    assert isinstance(key, bytes)  # noqa: S101 (one key asked, one key given)
    return key
