"""Pictures and originals of papers, streamed from the store. Every opening leaves a row in the audit."""

from flask import Response

from caseflow.claims import queries
from caseflow.claims.models import Claim
from caseflow.documents import queries as documents
from caseflow.documents.queries import OpenedDocument, open_document
from caseflow.errors import NotFound, NotPermitted
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.frame import only_as_adviser, reaches
from caseflow.web.casework.opinion import ADVISER_PAPERS
from caseflow.web.casework.papers import may_open
from caseflow.web.security import requires
from caseflow.web.streaming import streamed


@casework.get("/kasus/<number>/dokumen/<public_id>/hal/<int:page>")
@requires("document.read")
def page_image(number: str, public_id: str, page: int) -> Response:
    """Stream one page of the preview."""
    return streamed(_opened(number, public_id, page))


@casework.get("/kasus/<number>/dokumen/<public_id>/asli")
@requires("document.read")
def original(number: str, public_id: str) -> Response:
    """Stream the original, to be saved and not shown."""
    return streamed(_opened(number, public_id, None))


def _opened(number: str, public_id: str, page: int | None) -> OpenedDocument:
    claim = queries.get_claim(here.session(), number, by=here.actor())
    if not may_open(claim):
        if not reaches(claim, "claim.read"):
            raise NotFound
        raise NotPermitted(
            "Dokumen hanya dibuka oleh petugas yang menangani kasus ini. Ambil dulu kasusnya di Ringkasan."
        )
    if only_as_adviser(claim) and _code_of(claim, public_id) not in ADVISER_PAPERS:
        raise NotPermitted("Dokter penasihat hanya membuka surat dan foto medis. Tidak ada yang dibuka.")
    return open_document(here.session(), here.store(), claim.id, public_id, by=here.actor(), page=page)


def _code_of(claim: Claim, public_id: str) -> str | None:
    files = documents.document_files(here.session(), claim.id)
    return next((file.code for file in files if file.public_id == public_id), None)
