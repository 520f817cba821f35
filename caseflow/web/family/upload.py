"""Sending one file in pieces: the public protocol tus 1.0 (core, creation, expiration, termination), in Indonesian.

The page sends with it where the phone runs scripts; without, it sends the plain form of ``papers``.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from functools import wraps
from typing import Any, BinaryIO, cast

import structlog
from flask import Response, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import ClientDisconnected, MethodNotAllowed

from caseflow.claims.operations import papers_arrived
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.documents import upload_progress, uploads
from caseflow.documents.intake import Place
from caseflow.documents.refusals import MAX_FILE_BYTES, OffsetDiffers, refusal
from caseflow.documents.review import get_requirement
from caseflow.documents.scan import open_scanner
from caseflow.documents.upload_progress import Progress
from caseflow.errors import CaseflowError, Unavailable, UnsupportedType
from caseflow.extensions import db
from caseflow.formats import megabytes
from caseflow.identifiers import random_token
from caseflow.web import here
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.family.papers import sessions
from caseflow.web.security import requires

VERSION = "1.0.0"
_EXTENSIONS = "creation,expiration,termination"
_BODY = "application/offset+octet-stream"
_NUMBER = re.compile(r"[0-9]{1,18}")
_LONGEST_METADATA = 4000
_SERVER_ERROR = 500
_BUSY = "Layanan sedang ramai, jadi berkas belum pasti tersimpan. Kiriman dicoba lagi sebentar lagi."
_log = structlog.get_logger("caseflow.web")
View = Callable[..., ResponseReturnValue]


class BadRequest(CaseflowError):
    """A header that the protocol needs is missing or unreadable."""

    status = 400


class OtherVersion(CaseflowError):
    """The sender speaks another version of the protocol."""

    status = 412


def speaks_tus(view: View) -> View:
    """Answer in the protocol: its version on every answer, refusals as one sentence in JSON.

    What the database refuses for now, as a lock that was waited for too long, is a line that broke: again later.
    """

    @wraps(view)
    def answer(**parts: str) -> ResponseReturnValue:
        try:
            if request.method != "GET" and request.headers.get("Tus-Resumable") != VERSION:
                raise OtherVersion(
                    "Cara kirim ini tidak dikenal. Belum ada yang tersimpan. Muat ulang halaman."
                )
            response = make_response(view(**parts))
        except CaseflowError as refused:
            db.session.rollback()
            response = _refused(refused)
        except (DBAPIError, PoolTimeoutError) as error:
            if isinstance(error, DataError):
                raise
            db.session.rollback()
            _log.error("upload_database_busy", endpoint=request.endpoint, kind=type(error).__name__)
            response = _refused(Unavailable(_BUSY))
        response.headers["Tus-Resumable"] = VERSION
        return response

    return cast(View, answer)


@family.route("/dokumen/<code>/kiriman", methods=["OPTIONS"])
@requires("family.upload")
def upload_options(code: str) -> ResponseReturnValue:
    """What this server can do."""
    get_requirement(here.session(), own_claim().id, code)
    response = make_response("", 204)
    response.headers.update(
        {
            "Tus-Resumable": VERSION,
            "Tus-Version": VERSION,
            "Tus-Extension": _EXTENSIONS,
            "Tus-Max-Size": str(MAX_FILE_BYTES),
        }
    )
    return response


@family.get("/dokumen/<code>/kiriman")
@speaks_tus
@requires("family.upload")
def unfinished_uploads(code: str) -> ResponseReturnValue:
    """What is still on its way for this paper, so that a phone can go on with it."""
    claim = own_claim()
    requirement = get_requirement(here.session(), claim.id, code)
    found = upload_progress.unfinished(here.session(), claim.id, requirement.id, by=here.actor())
    return jsonify([_told(code, one) for one in found])


@family.post("/dokumen/<code>/kiriman")
@speaks_tus
@requires("family.upload")
def open_upload(code: str) -> ResponseReturnValue:
    """Announce a file; the same key again names the same upload."""
    claim = own_claim()
    requirement = get_requirement(here.session(), claim.id, code)
    told = _metadata()
    place = Place(claim.id, requirement.id, told.get("key") or random_token(), told.get("filename"))
    upload = uploads.open_upload(
        here.session(),
        place,
        _number("Upload-Length"),
        by=here.actor(),
        open_in=OPEN_FOR_PAPERS,
        sha256=told.get("sha256"),
    )
    response = make_response("", 201)
    response.headers["Location"] = url_for("family.upload_state", code=code, upload_id=upload.public_id)
    return _with_offset(response, upload)


@family.get("/dokumen/<code>/kiriman/<upload_id>")
@speaks_tus
@requires("family.upload")
def upload_state(code: str, upload_id: str) -> ResponseReturnValue:
    """How far an upload is; a HEAD request asks the same."""
    upload = _own_upload(code, upload_id)
    return _with_offset(jsonify(_told(code, upload)), upload)


@family.patch("/dokumen/<code>/kiriman/<upload_id>")
@speaks_tus
@requires("family.upload", max_bytes=MAX_FILE_BYTES, body_types=(_BODY,))
def append_to_upload(code: str, upload_id: str) -> ResponseReturnValue:
    """Take the next bytes. With the last one the file is checked and stored, and only then it counts."""
    if request.mimetype != _BODY:
        raise UnsupportedType(
            "Jenis kiriman ini tidak dikenal. Belum ada yang tersimpan. Muat ulang halaman."
        )
    upload = _own_upload(code, upload_id)
    at = _number("Upload-Offset")
    uploads.require_open(here.session(), upload, by=here.actor(), open_in=OPEN_FOR_PAPERS)
    db.session.rollback()  # no connection is held while bytes travel
    if at != upload.offset:
        raise refusal("offset_differs")
    if upload.receipt is None:
        if (request.content_length or 0) > upload.length - at:
            raise refusal("longer_than_announced")
        arrived = uploads.append(
            sessions(), here.store(), upload, cast(BinaryIO, _Body(request.stream)), at=at, by=here.actor()
        )
        if arrived == upload.length:
            _take_in(upload)
    return _with_offset(make_response("", 204), _own_upload(code, upload_id))


@family.post("/dokumen/<code>/kiriman/<upload_id>")
@requires("family.upload", max_bytes=MAX_FILE_BYTES, body_types=(_BODY,))
def overridden(code: str, upload_id: str) -> ResponseReturnValue:
    """Do what the header names, for networks that let only GET and POST through."""
    meant = {"PATCH": append_to_upload, "DELETE": stop_upload}
    view = meant.get(request.headers.get("X-HTTP-Method-Override", ""))
    if view is None:
        raise MethodNotAllowed(["GET", "HEAD", "PATCH", "DELETE"])
    return view(code=code, upload_id=upload_id)


@family.delete("/dokumen/<code>/kiriman/<upload_id>")
@speaks_tus
@requires("family.upload")
def stop_upload(code: str, upload_id: str) -> ResponseReturnValue:
    """Forget what arrived of a file that nobody wants to send any more."""
    uploads.stop(here.session(), _own_upload(code, upload_id), by=here.actor())
    return "", 204


def _own_upload(code: str, upload_id: str) -> Progress:
    claim = own_claim()
    requirement = get_requirement(here.session(), claim.id, code)
    return upload_progress.get_upload(here.session(), claim.id, requirement.id, upload_id, by=here.actor())


def _take_in(upload: Progress) -> None:
    receipt = uploads.finish(
        sessions(),
        here.store(),
        upload,
        by=here.actor(),
        open_in=OPEN_FOR_PAPERS,
        scanner=open_scanner(here.settings().clamd_address),
    )
    papers_arrived(here.session(), own_claim(), now=here.now())
    uploads.mark_stored(here.session(), upload, receipt)


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not _NUMBER.fullmatch(text):
        raise BadRequest(
            "Kiriman ini tidak lengkap, jadi belum tersimpan. Muat ulang halaman, lalu kirim lagi."
        )
    return int(text)


def _metadata() -> Mapping[str, str]:
    """Read ``Upload-Metadata``: pairs of a name and base64, parted by commas."""
    raw = request.headers.get("Upload-Metadata", "")[:_LONGEST_METADATA]
    try:
        pairs = [pair.strip().partition(" ") for pair in raw.split(",") if pair.strip()]
        return {name: base64.b64decode(value, validate=True).decode() for name, _, value in pairs}
    except (ValueError, binascii.Error) as error:
        raise BadRequest(
            "Nama berkas tidak terbaca, jadi belum tersimpan. Muat ulang halaman, lalu kirim lagi."
        ) from error


def _with_offset(response: Response, upload: Progress) -> Response:
    response.headers["Upload-Offset"] = str(upload.offset)
    response.headers["Upload-Length"] = str(upload.length)
    response.headers["Cache-Control"] = "no-store"
    if upload.receipt is None:
        response.headers["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
    return response


def _told(code: str, upload: Progress) -> dict[str, Any]:
    """What the page needs to know of an upload; never a byte of the file."""
    receipt = upload.receipt
    return {
        "address": url_for("family.upload_state", code=code, upload_id=upload.public_id),
        "name": upload.name,
        "length": upload.length,
        "offset": upload.offset,
        "sha256": upload.sha256,
        "stored": receipt is not None,
        "sentence": (
            f"Sudah diterima: {receipt.display_name} ({megabytes(receipt.size_bytes)}), tanda {receipt.digest}."
            if receipt
            else "Belum semua bagian sampai."
        ),
        "hints": list(receipt.hints) if receipt else [],
    }


def _refused(refused: CaseflowError) -> Response:
    """One sentence, and whether the same bytes may be tried again."""
    again = refused.status >= _SERVER_ERROR or isinstance(refused, OffsetDiffers)
    response = make_response(jsonify(sentence=refused.sentence, again=again), refused.status)
    response.headers["Cache-Control"] = "no-store"
    if isinstance(refused, OtherVersion):
        response.headers["Tus-Version"] = VERSION
    return response


class _Body:
    """The body of the request; a sender who went away reads as a broken line."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, most: int) -> bytes:
        """Return at most ``most`` bytes."""
        try:
            return cast(bytes, self._stream.read(most))
        except ClientDisconnected as error:
            raise ConnectionError from error
