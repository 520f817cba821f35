"""A visitor's phone without a browser: what waits on it, and the way it sends over lines that drop answers."""

import hashlib
import http.client
import io
import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from PIL import Image

from bench.web import Answer, Browser
from caseflow import clock
from caseflow.monitoring.wire import digest_of
from caseflow.training.people import PASSPHRASE

PIECE = 64 * 1024  # as the app sends
DROPPED = 6  # each sixth answer of a phone is lost on its way
_PHOTO_BYTES = 150_000
_BODY = "application/offset+octet-stream"
_MOST_TRIES = 50
_REST_S = 5


@dataclass(frozen=True)
class Queued:
    """A finished visit with its photo. ``digest`` is computed from what is the visit's own."""

    number: str
    visit: str
    said: Mapping[str, Any]
    photo: bytes

    @property
    def digest(self) -> str:
        """Of the visit."""
        return digest_of(
            {
                key: value
                for key, value in self.said.items()
                if key not in {"sequence", "first", "after", "phone_now"}
            }
        )

    @property
    def photo_number(self) -> str:
        """Of the one photo."""
        return str(self.said["photos"][0]["uuid"])

    @property
    def photo_digest(self) -> str:
        """Of its bytes."""
        return hashlib.sha256(self.photo).hexdigest()


def queued_visit(visit: str, serial: int, consent: str) -> Queued:
    """Return a visit as somebody finished it an hour ago; its number in the queue is given when it is sent."""
    photo = _photo(serial)
    began = clock.now() - timedelta(minutes=60)
    shown = {
        "uuid": str(uuid.uuid4()), "position": 1, "shows": "business", "size": len(photo),
        "sha256": hashlib.sha256(photo).hexdigest(), "taken_at": began.isoformat(), "latitude": None, "longitude": None,
    }  # fmt: skip
    answers = {
        "respondents": [{"name": "Elmita", "relation": "istri"}],
        "uses": {"business_capital": 3, "daily_needs": 1},
        "livelihood_stage": "running",
        "household_change": "same",
        "note": f"Warung nomor {serial} sudah buka.",
    }
    said = {
        "visit": visit,
        "started_at": began.isoformat(),
        "finished_at": (began + timedelta(minutes=20)).isoformat(),
        "outcome": "met",
        "another_day_on": None,
        "consent": {"version": consent, "agreed": True, "said_by": "Elmita", "witness": None},
        "answers": {name: {"value": value, "base": 0} for name, value in answers.items()},
        "photos": [shown],
    }
    return Queued(str(uuid.uuid4()), visit, said, photo)


@dataclass
class FieldPhone:
    """One phone of one visitor. ``told`` counts what happened on its way, ``sent`` is what it believes to be there."""

    port: int
    owner: str
    queue: Sequence[Queued]
    device: str = field(default_factory=lambda: str(uuid.uuid4()))
    told: Counter[str] = field(default_factory=Counter)
    sent: list[Queued] = field(default_factory=list)

    def prepare(self) -> None:
        """Sign in on the ordinary page, and let the server know the phone."""
        self._browser = Browser(self.port)
        form = self._browser.get("/masuk").body.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        typed = urlencode({"csrf_token": form, "username": self.owner, "passphrase": PASSPHRASE})
        self._browser.send(
            "POST", "/masuk", typed.encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        begun = json.loads(self._browser.get("/pendamping/api/awal").body)
        self._csrf = begun["csrf"]
        self._want({200, 201}, "PUT", f"perangkat/{self.device}", _json({"name": "HP uji"}), {})

    def send_all(self, until: float) -> None:
        """Empty the queue in its order; begin none after a moment of the monotonic clock."""
        before = None
        for sequence, one in enumerate(self.queue, start=1):
            if time.monotonic() > until:
                break
            said = {
                **one.said, "sequence": sequence, "first": True, "after": before, "phone_now": clock.now().isoformat(),
            }  # fmt: skip
            answer = self._want({200, 201}, "PUT", f"kunjungan/{one.number}", _json(said), {})
            self.told["again"] += answer.status == http.client.OK
            self._send_photo(one)
            self.sent.append(one)
            before = one.number

    def _send_photo(self, one: Queued) -> None:
        """In pieces from where the server says; where another byte is waited for, from there."""
        path = f"foto/{one.photo_number}"
        at, stored = int(self._want({200}, "HEAD", path, b"", {}).headers["upload-offset"]), False
        while not stored:  # only the answer to the last piece, empty if need be, says that it is stored
            head = {"Content-Type": _BODY, "Upload-Offset": str(at)}
            answer = self._want({204, 409, 422}, "PATCH", path, one.photo[at : at + PIECE], head)
            if (
                answer.status == http.client.UNPROCESSABLE_ENTITY
            ):  # nobody had the time to look at it: once more
                self.told["anew"] += 1
                at = 0
                continue
            self.told["offset"] += answer.status == http.client.CONFLICT
            at = int(answer.headers["upload-offset"])
            stored = answer.status == http.client.NO_CONTENT and at == len(one.photo)

    def _want(self, good: set[int], method: str, path: str, body: bytes, head: Mapping[str, str]) -> Answer:
        """Ask until an answer comes; an answer is lost now and then, and the same is sent at once again."""
        sent = {"X-Caseflow-Device": self.device, "X-CSRFToken": self._csrf, **head}
        if body and "Content-Type" not in sent:
            sent["Content-Type"] = "application/json"
        for _ in range(_MOST_TRIES):
            self.told["asked"] += 1
            lost = self.told["asked"] % DROPPED == 0
            self.told["dropped"] += lost
            if lost and self.told["dropped"] % 2:  # the line breaks while the server still works
                self._browser.send_and_hang_up(method, f"/pendamping/api/{path}", body, sent)
                continue
            try:
                answer = self._browser.send(method, f"/pendamping/api/{path}", body, sent)
            except TimeoutError:  # thirty seconds, as the app waits
                self.told["late"] += 1
                self._browser.close()
                continue
            if answer.status == http.client.SERVICE_UNAVAILABLE:  # the app waits, and tries the same again
                self.told["busy"] += 1
                time.sleep(_REST_S)
                continue
            if answer.status not in good:
                raise RuntimeError(f"{method} {path}: {answer.status} {answer.body[:300]}")
            if not lost:
                return answer
        raise TimeoutError(path)


def _json(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said).encode()


def _photo(serial: int) -> bytes:
    """A picture of some 150 kB, different for every visit by the comment in it."""
    words = f"kunjungan {serial}".encode()
    whole = _picture()
    return whole[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2) + words + whole[2:]


@cache
def _picture() -> bytes:
    """Noise, coarse enough that the codec leaves as many bytes as a phone's photo has after shrinking."""
    width, height = 1280, 960
    small = Image.frombytes(
        "RGB", (width // 4, height // 4), random.Random(25).randbytes(width * height * 3 // 16)
    )
    image = small.resize((width, height), Image.Resampling.BICUBIC)
    for quality in range(20, 101, 5):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        if out.tell() >= _PHOTO_BYTES:
            break
    return out.getvalue()
