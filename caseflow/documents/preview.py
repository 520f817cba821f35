"""Pictures to look at, made from the originals: upright, small, without place, camera or anything hidden.

Officers look at these and seldom at an original, so what is crafted in an original never reaches their screen.
They lie beside it as ``<object_key>.p1.jpg`` and on; the original is not touched.
"""

import io

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow.documents.models import Document
from caseflow.documents.sniff import KINDS, run_child
from caseflow.documents.spool import spool
from caseflow.documents.storage import ObjectMissing, ObjectStore

PREVIEW_TASK = "documents.preview"
MAX_PREVIEW_PAGES = 10
MAY_BE_OPENED = ("clean", "no_scanner")  # what the scanner must have said of a document
_EDGE = 1600  # pixels, the longest
_QUALITY = 80  # of JPEG


def preview_key(key: str, page: int) -> str:
    """Return the key of one page, counted from 1."""
    return f"{key}.p{page}.jpg"


def make_preview(store: ObjectStore, key: str, media_type: str, pages: int) -> int:
    """Make and store the pages, ten at most; return how many, or 0 when the file resists.

    :raises StoreUnavailable: nothing is known then; try again later.
    """
    try:
        original = store.open(key)
    except ObjectMissing:
        return 0
    with original, spool(original) as body:
        wanted = min(pages, MAX_PREVIEW_PAGES)
        for page in range(1, wanted + 1):
            drawn = run_child(body, "render", KINDS[media_type], str(page), str(_EDGE), str(_QUALITY))
            if drawn is None:
                return 0
            store.put(preview_key(key, page), io.BytesIO(drawn), len(drawn))
    return wanted


def run_preview(session: Session, store: ObjectStore, document_id: int) -> None:
    """Make the preview of a stored document that may be opened; harmless to repeat."""
    found = session.execute(
        select(Document.object_key, Document.media_type, Document.pages).where(
            Document.id == document_id,
            Document.status == "stored",
            Document.preview != "ready",
            Document.scan.in_(MAY_BE_OPENED),
        )
    ).one_or_none()
    if found is None or found.media_type is None:
        return
    made = make_preview(store, found.object_key, found.media_type, found.pages or 1)
    session.execute(
        update(Document)
        .where(Document.id == document_id)
        .values(preview="ready" if made else "failed", preview_pages=made)
    )
