"""Opened documents on their way to a browser, piece by piece, where they can do nothing."""

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from flask import Response

from caseflow.documents.queries import OpenedDocument
from caseflow.documents.storage import CHUNK

# whatever an original contains, it can do nothing in a browser
_SANDBOX = "default-src 'none'; sandbox"


def streamed(opened: OpenedDocument) -> Response:
    """Return the answer that sends a document and closes it."""
    response = Response(chunks(opened.body), mimetype=opened.media_type)
    response.call_on_close(opened.body.close)
    response.headers["Content-Security-Policy"] = _SANDBOX
    kind = "attachment" if opened.attachment else "inline"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(opened.file_name, safe='')}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def chunks(body: BinaryIO) -> Iterator[bytes]:
    """Give a body piece by piece."""
    while chunk := body.read(CHUNK):
        yield chunk
