"""What the phone of a visitor speaks with: JSON, one visit at a time, photos in pieces; never a page.

Every answer that is no success has a ``sentence``: what happened, whether anything was saved, what to do. Nothing is
redirected: a phone that is signed out keeps what waits on it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from flask import Blueprint, Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from caseflow import clock
from caseflow.db_refusals import refusal_of
from caseflow.documents.scan import open_scanner
from caseflow.errors import CaseflowError, Invalid, Stale, TooMany, Unavailable, UnsupportedType
from caseflow.extensions import db
from caseflow.monitoring import arrival, devices, pack, photos, questions
from caseflow.monitoring.arrival import Arrival, Arrived
from caseflow.monitoring.envelope_parts import MOST_PHOTO_BYTES
from caseflow.monitoring.models import FieldDevice
from caseflow.monitoring.refused import Refused
from caseflow.monitoring.wire import read_object
from caseflow.web import here
from caseflow.web.family.papers import sessions
from caseflow.web.identity import NotSignedIn
from caseflow.web.security import requires

api = Blueprint("api", __name__, url_prefix="/api")

DEVICE = "X-Caseflow-Device"
_JSON = ("application/json",)
_BODY = "application/offset+octet-stream"
_MOST_JSON = 128 * 1024
_SIGNED_OUT = "Akun ini belum masuk di perangkat ini. Belum ada yang tersimpan di server; yang ada di HP tetap ada. Masuk lagi."
_EXPIRED = (
    "Kunci halaman sudah lama, jadi belum ada yang tersimpan. Yang ada di HP tetap ada; coba sekali lagi."
)
_FAILED = "Ada gangguan di sistem kami. Belum pasti tersimpan; yang ada di HP tetap ada. Coba lagi nanti."
_BUSY = "Layanan sedang sangat ramai. Belum ada yang tersimpan; yang ada di HP tetap ada. Coba lagi sebentar lagi."
_ERRORS = {
    400: "bad_request", 401: "signed_out", 403: "not_permitted", 404: "not_found", 405: "bad_request", 409: "conflict",
    410: "gone", 413: "too_large", 415: "bad_request", 422: "invalid", 429: "too_many", 503: "unavailable",
}  # fmt: skip
_log = structlog.get_logger("caseflow.web")


@api.get("/awal")
@requires("visit.record")
def begin() -> ResponseReturnValue:
    """Who is signed in, and what a phone needs before it sends."""
    return jsonify(
        user={"name": here.actor().name},
        csrf=generate_csrf(),
        now=here.now().isoformat(),
        questions_version=questions.VERSION,
        server="caseflow",
    )


@api.put("/perangkat/<uuid>")
@requires("visit.record", max_bytes=_MOST_JSON, body_types=_JSON)
def prepare(uuid: str) -> ResponseReturnValue:
    """Write down a phone of one's own."""
    said = read_object(request.get_data())
    device, new = devices.prepare(here.session(), uuid, said.get("name"), by=here.actor(), now=here.now())
    return jsonify(device=device.public_id, name=device.name), 201 if new else 200


@api.get("/paket")
@requires("visit.record")
def take_pack() -> ResponseReturnValue:
    """What a phone takes along; the same again is only said to be the same."""
    device = _device()
    found = pack.pack_of(here.session(), device, by=here.actor(), today=clock.local(here.now()).date())
    etag = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:32]
    told = pack.stamped(here.session(), device, found, by=here.actor(), now=here.now())
    response = make_response("", 304) if request.if_none_match.contains_weak(etag) else jsonify(told)
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "no-store"
    return response


@api.put("/kunjungan/<uuid>")
@requires("visit.record", max_bytes=_MOST_JSON, body_types=_JSON)
def receive_visit(uuid: str) -> ResponseReturnValue:
    """Take a visit in."""
    said = read_object(request.get_data())
    try:
        device = _device()
    except devices.Revoked as revoked:
        arrival.note_revoked(here.session(), uuid, revoked, by=here.actor(), now=here.now())
        db.session.commit()
        raise
    content = Arrived(uuid, said, device)
    found = arrival.receive(here.session(), content, by=here.actor(), now=here.now())
    if found.refusal is not None:
        db.session.commit()  # that it came is kept, though it is not
        return _refused(found.refusal)
    return jsonify(_told(found)), 200 if found.again else 201


@api.get("/foto/<uuid>")
@requires("visit.record")
def photo_state(uuid: str) -> ResponseReturnValue:
    """How much of a photo is safe; a HEAD request asks the same."""
    _device()
    photo = photos.get_photo(here.session(), uuid, by=here.actor())
    return _at(photos.offset_of(here.session(), photo), 200)


@api.patch("/foto/<uuid>")
@requires("visit.record", max_bytes=MOST_PHOTO_BYTES, body_types=(_BODY,))
def append_to_photo(uuid: str) -> ResponseReturnValue:
    """Take the next bytes of a photo; with the last one it is checked and stored."""
    if request.mimetype != _BODY:
        raise UnsupportedType("Jenis kiriman ini tidak dikenal. Belum ada yang tersimpan. Perbarui aplikasi.")
    _device()
    db.session.rollback()  # no connection is held while bytes travel
    at = request.headers.get("Upload-Offset", "")
    if not (at.isascii() and at.isdigit() and len(at) < 10):
        raise Invalid(
            "Bagian foto ini tidak jelas letaknya. Belum tersimpan; foto di HP tetap ada. Kirim lagi."
        )
    offset = photos.append(
        sessions(), here.store(), uuid, request.get_data(), at=int(at), by=here.actor(), now=here.now(),
        scanner=open_scanner(here.settings().clamd_address),
    )  # fmt: skip
    return _at(offset, 204)


@api.post("/antrean")
@requires("visit.record", max_bytes=_MOST_JSON, body_types=_JSON)
def queue_told() -> ResponseReturnValue:
    """Write down what a phone says of the visits that wait on it, or that it forgot everything."""
    said = read_object(request.get_data())
    if said.get("forgot") is True:
        device = devices.find_own(here.session(), request.headers.get(DEVICE), by=here.actor())
        if device is not None:
            devices.forgot(here.session(), device, by=here.actor(), now=here.now())
        return "", 204
    devices.seen(
        here.session(), _device(), said.get("waiting"), _instant(said.get("oldest_at")), now=here.now()
    )
    return "", 204


@api.errorhandler(CaseflowError)
def _refused(refused: CaseflowError) -> Response:
    db.session.rollback()
    told: dict[str, Any] = {"error": _error_of(refused), "sentence": refused.sentence}
    if isinstance(refused, (Invalid, Refused)) and refused.fields:
        told["fields"] = {name: sentence for name, sentence in refused.fields.items() if name}
    if isinstance(refused, Refused) and refused.reason == "too_early":
        told["wait_for"] = refused.wait_for
    response = _answer(told, refused.status)
    if isinstance(refused, TooMany):
        response.headers["Retry-After"] = str(refused.retry_after)
    if isinstance(refused, photos.OffsetDiffers):
        response.headers["Upload-Offset"] = str(refused.offset)
    return response


@api.errorhandler(NotSignedIn)
def _signed_out(_error: NotSignedIn) -> Response:
    return _answer({"error": "signed_out", "sentence": _SIGNED_OUT}, 401)


@api.errorhandler(CSRFError)
def _page_expired(_error: CSRFError) -> Response:
    return _answer({"error": "expired", "sentence": _EXPIRED}, 403)


@api.errorhandler(DBAPIError)
def _database_refused(error: DBAPIError) -> Response:
    if isinstance(error, DataError):
        return _refused(Invalid("Ada huruf atau angka yang tidak bisa disimpan. Belum ada yang tersimpan."))
    refusal = refusal_of(error)
    # two of the same at once: nothing a person has to look at, so the phone tries again
    if isinstance(refusal, Stale):
        refusal = Unavailable(_BUSY)
    _log.error("database_refused", endpoint=request.endpoint, kind=type(error).__name__)
    return _refused(refusal)


@api.errorhandler(PoolTimeoutError)
def _database_busy(_error: PoolTimeoutError) -> Response:
    return _refused(Unavailable(_BUSY))


@api.errorhandler(HTTPException)
def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    if status >= 500:
        _log.error(
            "request_failed", endpoint=request.endpoint, exc_info=getattr(error, "original_exception", None)
        )
    said = (
        "Kiriman ini terlalu besar. Belum ada yang tersimpan; yang ada di HP tetap ada."
        if status == 413
        else _FAILED
    )
    return _answer({"error": _ERRORS.get(status, "failed"), "sentence": said}, status)


def _device() -> FieldDevice:
    return devices.get_device(here.session(), request.headers.get(DEVICE), by=here.actor())


def _error_of(refused: CaseflowError) -> str:
    if isinstance(refused, Refused):
        return refused.reason
    return "revoked" if isinstance(refused, devices.Revoked) else _ERRORS.get(refused.status, "failed")


def _told(found: Arrival) -> Mapping[str, Any]:
    return {
        "received_at": found.received_at.isoformat(),
        "clashes": list(found.clashes),
        "photos_wanted": list(found.photos_wanted),
        "record_version": found.record_version,
    }


def _instant(said: object) -> datetime | None:
    if not isinstance(said, str):
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _at(offset: int, status: int) -> Response:
    response = make_response("", status)
    response.headers["Upload-Offset"] = str(offset)
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(told: Mapping[str, Any], status: int) -> Response:
    response = make_response(jsonify(told), status)
    response.headers["Cache-Control"] = "no-store"
    return response
