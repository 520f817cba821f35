"""Sealed copies of a phone's queue: opened with the words that lock them, and brought in as if the phone had sent them.

The format is in docs/field-export.md; ``caseflow/static/field/export.js`` writes it. A copy can be brought in again, and
the phone may send the same visits later: each is one visit still.
"""

import base64
import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from Crypto.Cipher import AES
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound
from caseflow.monitoring import arrival
from caseflow.monitoring.arrival import Arrival, Arrived
from caseflow.monitoring.models import FieldDevice
from caseflow.monitoring.wire import read_object
from caseflow.people import accounts, policy
from caseflow.people.actor import Actor

FORMAT = "caseflow-visits-1"
LARGEST = 200_000_000  # bytes
_ROUNDS = range(310_000, 5_000_001)
_KEY, _NONCE, _TAG = 32, 12, 16
_NOT_ONE = "Berkas ini bukan salinan kunjungan dari HP. Tidak ada yang tersimpan."
_WRONG_WORDS = "Kata sandinya berbeda, atau berkasnya berubah di jalan. Tidak ada yang tersimpan. Coba lagi."
_MOST_SKEW = timedelta(days=3660)


@dataclass(frozen=True)
class CopiedVisit:
    """One visit of a copy: its own number, what the phone would have said, and its photos by their numbers."""

    client_id: str
    said: Mapping[str, Any]
    photos: Mapping[str, bytes]


@dataclass(frozen=True)
class PhoneCopy:
    """A copy that was opened. ``skew``: how far our clock was ahead of the phone's when it last heard from us."""

    device: str
    person: str
    made_at: str
    skew: timedelta
    visits: Sequence[CopiedVisit]


@dataclass(frozen=True)
class BroughtIn:
    """What became of one visit of ``visitor``, and the photos that may still have to be kept."""

    client_id: str
    visitor: Actor
    arrival: Arrival
    photos: Mapping[str, bytes]


def open_copy(content: bytes, passphrase: str) -> PhoneCopy:
    """Open a copy.

    :raises Invalid: no copy, other words, or changed on its way.
    """
    if len(content) > LARGEST:
        raise Invalid(_NOT_ONE)
    try:
        outside = _object(content)
        rounds, device = outside["rounds"], outside["device"]
        if outside["format"] != FORMAT or type(rounds) is not int or rounds not in _ROUNDS:
            raise Invalid(_NOT_ONE)
        salt, iv, body = (_bytes(outside[name]) for name in ("salt", "iv", "body"))
        if not isinstance(device, str) or len(iv) != _NONCE or len(body) < _TAG:
            raise Invalid(_NOT_ONE)
    except (KeyError, ValueError):
        raise Invalid(_NOT_ONE) from None
    words = unicodedata.normalize("NFC", passphrase).encode()
    key = hashlib.pbkdf2_hmac("sha256", words, salt, rounds, _KEY)
    cipher = AES.new(key, AES.MODE_GCM, nonce=iv, mac_len=_TAG)
    cipher.update(f"{FORMAT}:{device}".encode())
    try:
        inside = cipher.decrypt_and_verify(body[:-_TAG], body[-_TAG:])
    except ValueError:
        raise Invalid(_WRONG_WORDS) from None
    return _read(inside, device)


def bring_in(
    session: Session, copy: PhoneCopy, *, by: Actor, now: datetime, after_each: Callable[[BroughtIn], None]
) -> Sequence[BroughtIn]:
    """Take the visits of a copy in, in the phone's own order, as visits of who made them; who brings them is put down.

    :param after_each: what has to follow one visit before the next: the caller commits, and keeps its photos.
    :raises NotPermitted: who brings it supervises nobody. :raises NotFound: the phone was never prepared, or its owner
        left.
    """
    policy.require(by, "visit.supervise")
    device = session.scalar(select(FieldDevice).where(FieldDevice.public_id == copy.device))
    visitor = accounts.actor_of(session, device.user_id) if device is not None else None
    if device is None or visitor is None:
        raise NotFound(
            "HP dari salinan ini tidak dikenal, atau akun pemiliknya sudah ditutup. Tidak ada yang tersimpan."
        )
    record(
        session, "device.copy_brought_in", by=by, subject=f"device:{copy.device}",
        details={"made_at": copy.made_at, "visits": [one.client_id for one in copy.visits]},
    )  # fmt: skip
    brought = []
    for visit in copy.visits:
        # the clock is not read where the copy was made: what the phone knew of its own clock stands in for it;
        # all that waited on the phone is in the copy, so that nothing before is waited for
        said = {**visit.said, "first": True, "phone_now": (now - copy.skew).isoformat()}
        one = BroughtIn(
            visit.client_id,
            visitor,
            arrival.receive(session, Arrived(visit.client_id, said, device), by=visitor, now=now),
            visit.photos,
        )
        after_each(one)
        brought.append(one)
    return brought


def _read(inside: bytes, device: str) -> PhoneCopy:
    try:
        told = _object(inside)
        if told["device"] != device:
            raise Invalid(_NOT_ONE)
        return PhoneCopy(
            device,
            str(told["person"]),
            str(told["made_at"]),
            max(-_MOST_SKEW, min(_MOST_SKEW, timedelta(milliseconds=float(told["skew_ms"])))),
            [
                CopiedVisit(
                    str(one["id"]),
                    dict(one["body"]),
                    {str(photo["uuid"]): _bytes(photo["content"]) for photo in one["photos"]},
                )
                for one in told["visits"]
            ],
        )
    except (KeyError, TypeError, ValueError, OverflowError, json.JSONDecodeError):
        raise Invalid(_NOT_ONE) from None


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        return read_object(content)
    except Invalid:
        raise Invalid(_NOT_ONE) from None


def _bytes(written: object) -> bytes:
    return base64.b64decode(str(written), validate=True)
