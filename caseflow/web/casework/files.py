"""Pictures and originals of papers, streamed from the store. Every opening leaves a row in the audit."""

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from flask import Response

from caseflow.claims.models import Claim
from caseflow.documents.queries import OpenedDocument, open_document
from caseflow.documents.storage import CHUNK
from caseflow.errors import NotPermitted
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.frame import fetch
from caseflow.web.casework.papers import may_open
from caseflow.web.security import requires

# whatever an original contains, it can do nothing in a browser
_SANDBOX = "default-src 'none'; sandbox"


@casework.get("/kasus/<number>/dokumen/<public_id>/hal/<int:page>")
@requires("document.read")
def page_image(number: str, public_id: str, page: int) -> Response:
    """Stream one page of the preview."""
    return _stream(_opened(fetch(number), public_id, page))


@casework.get("/kasus/<number>/dokumen/<public_id>/asli")
@requires("document.read")
def original(number: str, public_id: str) -> Response:
    """Stream the original, to be saved and not shown."""
    return _stream(_opened(fetch(number), public_id, None))


def _opened(claim: Claim, public_id: str, page: int | None) -> OpenedDocument:
    if not may_open(claim):
        raise NotPermitted(
            "Dokumen hanya dibuka oleh petugas yang menangani kasus ini. Ambil dulu kasusnya di Ringkasan."
        )
    return open_document(here.session(), here.store(), claim.id, public_id, by=here.actor(), page=page)


def _stream(opened: OpenedDocument) -> Response:
    response = Response(_chunks(opened.body), mimetype=opened.media_type)
    response.call_on_close(opened.body.close)
    response.headers["Content-Security-Policy"] = _SANDBOX
    kind = "attachment" if opened.attachment else "inline"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(opened.file_name, safe='')}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _chunks(body: BinaryIO) -> Iterator[bytes]:
    while chunk := body.read(CHUNK):
        yield chunk
