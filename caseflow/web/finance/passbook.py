"""The picture of the payee's passbook, from which the maker of an order types the number. No other paper."""

from dataclasses import dataclass

from flask import Response, request, url_for

from caseflow.documents import queries as documents
from caseflow.documents.queries import FileRow
from caseflow.errors import NotFound
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.casework.papers import file_state
from caseflow.web.finance import finance, reads
from caseflow.web.finance.standing import standing_of
from caseflow.web.security import requires
from caseflow.web.streaming import streamed

PASSBOOK = "bank_book"


@dataclass(frozen=True)
class PassbookPage:
    """One page as the viewer shows it; there is no way from it to the original."""

    src: str
    alt: str
    href: str
    state: str
    key: str
    original_href: None = None


@finance.get("/perintah/<number>/buku-tabungan/<public_id>/hal/<page>")
@requires("passbook.read")
def passbook_image(number: str, public_id: str, page: str) -> Response:
    """Stream one page of the preview to whom the order's page shows it; leaves an audit row."""
    session, by = here.session(), here.actor()
    claim = reads.claim_to_pay(session, number, by.branch_code)
    shown = standing_of(claim).sees_passbook
    if not shown or public_id not in {file.public_id for file in _files(claim)}:
        raise NotFound
    opened = documents.open_document(
        session, here.store(), claim.id, public_id, by=by, page=whole_number(page, 0)
    )
    return streamed(opened)


def passbook_pages(claim: reads.ClaimToPay) -> list[PassbookPage]:
    """Return every page of the passbook; one that cannot be shown says why in its state."""
    pages: list[PassbookPage] = []
    for file in _files(claim):
        for page in range(1, max(file.preview_pages, 1) + 1):
            pages.append(
                PassbookPage(
                    src=url_for(
                        "finance.passbook_image", number=claim.number, public_id=file.public_id, page=page
                    ),
                    alt=f"Buku tabungan, {file.display_name}, halaman {page}",
                    href=url_for("finance.order_page", number=claim.number, h=len(pages) + 1),
                    state=file_state(file),
                    key=f"{file.public_id}-{page}",
                )
            )
    return pages


def page_at(pages: list[PassbookPage]) -> int:
    """Return which page was asked for, counted from 0."""
    return min(max(whole_number(request.args.get("h"), 1), 1), max(len(pages), 1)) - 1


def _files(claim: reads.ClaimToPay) -> list[FileRow]:
    """Return the files of the passbook that count."""
    found = documents.document_files(here.session(), claim.id, PASSBOOK)
    return [file for file in found if file.withdrawn_at is None]
