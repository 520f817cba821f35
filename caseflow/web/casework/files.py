"""Pictures and originals of papers, streamed from the store. Every opening leaves a row in the audit."""

from flask import Response

from caseflow.claims.models import Claim
from caseflow.documents.queries import OpenedDocument, open_document
from caseflow.errors import NotPermitted
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.frame import fetch
from caseflow.web.casework.papers import may_open
from caseflow.web.security import requires
from caseflow.web.streaming import streamed


@casework.get("/kasus/<number>/dokumen/<public_id>/hal/<int:page>")
@requires("document.read")
def page_image(number: str, public_id: str, page: int) -> Response:
    """Stream one page of the preview."""
    return streamed(_opened(fetch(number), public_id, page))


@casework.get("/kasus/<number>/dokumen/<public_id>/asli")
@requires("document.read")
def original(number: str, public_id: str) -> Response:
    """Stream the original, to be saved and not shown."""
    return streamed(_opened(fetch(number), public_id, None))


def _opened(claim: Claim, public_id: str, page: int | None) -> OpenedDocument:
    if not may_open(claim):
        raise NotPermitted(
            "Dokumen hanya dibuka oleh petugas yang menangani kasus ini. Ambil dulu kasusnya di Ringkasan."
        )
    return open_document(here.session(), here.store(), claim.id, public_id, by=here.actor(), page=page)
