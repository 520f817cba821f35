"""The papers of a case: the checklist, the picture, and what has to agree with it."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from caseflow.claims import later_papers, queries, request_queries
from caseflow.claims.letter_check_queries import checks_of
from caseflow.claims.models import Claim
from caseflow.claims.states import OPEN_FOR_PAPERS, PREPARING, REVIEWING
from caseflow.documents import queries as documents
from caseflow.documents.catalogue import Paper, catalogue
from caseflow.documents.queries import FileRow, RequirementRow
from caseflow.people import relations
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.casework import casework, words
from caseflow.web.casework.compare import Row, compare_rows
from caseflow.web.casework.frame import Refusal, fetch, may, reaches, render
from caseflow.web.casework.paper_forms import ACCEPT, RETURN, AcceptForm, form_of, questions
from caseflow.web.casework.request_words import shown_request
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires

_TAB = "casework.papers_page"
_CHECK_STATE = {"not_applicable": "waived"}
_SIGNS = {
    "trailing_data": "Ada data lain di belakang gambar.",
    "active_content": "PDF ini berisi bagian yang bisa bertindak sendiri. Lihat pratinjaunya saja.",
    "seen_elsewhere": "Berkas yang sama persis ada pada kasus lain. Tanyakan dari mana asalnya.",
    "dark": "Foto agak gelap.",
    "small": "Foto agak kecil.",
}


@dataclass(frozen=True)
class Item:
    """One line of the checklist."""

    code: str
    label: str
    state: str
    href: str
    current: bool
    note: str | None


@casework.get("/kasus/<number>/dokumen")
@requires("claim.read")
def papers_page(number: str) -> ResponseReturnValue:
    """Show the checklist and one paper, the first that has to be looked at unless one is named."""
    return show_papers(fetch(number), None)


def show_papers(
    claim: Claim,
    refusal: Refusal | None,
    *,
    code: str | None = None,
    mode: str | None = None,
    form: BaseForm | None = None,
) -> str:
    """Render the section around one paper.

    :param mode: what is about to be done with the paper; :param form: its form as it was sent.
    """
    rows = documents.requirement_list(here.session(), claim.id)
    chosen = _chosen(rows, code or request.args.get("d"))
    mode = mode or request.args.get("aksi", ACCEPT)
    files = _files(claim, chosen)
    context = _around(claim, rows, chosen)
    shown = form or form_of(mode, empty=True)
    if chosen is not None:
        context |= _of_paper(claim, chosen, files)
        context["rows"] = compared(claim, chosen.code, shown) if mode == ACCEPT else []
    return render(
        claim,
        _TAB,
        "papers.html",
        refusal=refusal,
        chosen=chosen,
        mode=mode,
        form=shown,
        files=files,
        relation=relations.words,
        may_read=may_open(claim),
        questions=questions() if mode == RETURN else [],
        **context,
    )


def may_open(claim: Claim) -> bool:
    """Whether this person may look at the papers: officers of cases given to them, approvers of what they decide."""
    return reaches(claim, "document.read")


def paper_of(code: str) -> Paper | None:
    """Return the words about a paper."""
    return catalogue().papers.get(code)


def label_of(code: str) -> str:
    """Return what officers call a paper; one that left the catalogue keeps its code."""
    paper = paper_of(code)
    return paper.label if paper else code


def signs_of(file: FileRow) -> list[str]:
    """Return what an officer should know about a file, in words."""
    return [_SIGNS.get(sign, sign) for sign in file.signs]


def _chosen(rows: list[RequirementRow], code: str | None) -> RequirementRow | None:
    named = next((row for row in rows if row.code == code), None)
    waiting = next((row for row in rows if row.status == "submitted"), None)
    return named or waiting or (rows[0] if rows else None)


def _around(claim: Claim, rows: list[RequirementRow], chosen: RequirementRow | None) -> dict[str, Any]:
    """Return the checklist, what the family asked, and what can be asked for besides."""
    requests = request_queries.requests_of(here.session(), claim.id)
    waiting = {one.code for one in requests if one.open and one.kind != "remind"}
    items = [
        Item(
            code=row.code,
            label=label_of(row.code),
            state=_check_state(row),
            href=url_for(_TAB, number=claim.number, d=row.code),
            current=chosen is not None and row.code == chosen.code,
            note=_note(row, waiting=row.code in waiting),
        )
        for row in rows
    ]
    at = next((place for place, item in enumerate(items) if item.current), 0)
    asked = {row.code for row in rows}
    return {
        "items": items,
        "requests": [
            shown_request(one) for one in requests if chosen is not None and one.code == chosen.code
        ],
        "may_answer": may("request.answer"),
        "previous": items[at - 1].href if items and at > 0 else None,
        "following": items[at + 1].href if at + 1 < len(items) else None,
        "progress": documents.progress(rows),
        "more_papers": [paper for code, paper in catalogue().papers.items() if code not in asked],
        "may_ask": may("paper.propose") and claim.state in OPEN_FOR_PAPERS,
        "letter_checks": checks_of(here.session(), claim.id),
        "proposed": later_papers.proposals(here.session(), claim.id),
        "paper_label": label_of,
        "me": here.actor().person_id,
        "may_answer_paper": may("paper.answer") and claim.state in OPEN_FOR_PAPERS,
    }


def _files(claim: Claim, chosen: RequirementRow | None) -> list[FileRow]:
    """Return the files of the chosen paper that count."""
    if chosen is None:
        return []
    found = documents.document_files(here.session(), claim.id, chosen.code)
    return [file for file in found if file.withdrawn_at is None]


def compared(claim: Claim, code: str, form: BaseForm) -> list[Row]:
    """Return what was read on a paper beside what the system knows."""
    session = here.session()
    worker = registry.get_worker(session, claim.worker_id) if claim.worker_id else None
    if not isinstance(form, AcceptForm):
        return []
    return compare_rows(form, code, worker, queries.get_report(session, claim.id), claim.died_on)


def _of_paper(claim: Claim, chosen: RequirementRow, files: list[FileRow]) -> dict[str, Any]:
    """Return everything about the chosen paper: pages, what was said of it, what can be said."""
    # nobody judges a paper without being able to look at it
    reviewer = may("document.review") and (may_open(claim) or not files)
    return {
        "paper": paper_of(chosen.code),
        "label": label_of(chosen.code),
        "pages": pages_of(claim, chosen.code, files),
        "page_at": _page_at(files),
        "viewer_state": _viewer_state(files),
        "signs": [sign for file in files for sign in signs_of(file)],
        "unscanned": [file for file in files if file.scan == "no_scanner"],
        "reviews": [one for one in documents.reviews(here.session(), claim.id) if one.code == chosen.code],
        "methods": catalogue().methods,
        "reasons": catalogue().return_reasons,
        "family_sentences": _sentences(claim, chosen.code),
        "may_accept": reviewer and chosen.status == "submitted" and claim.state in REVIEWING | PREPARING,
        "may_return": reviewer and chosen.status == "submitted" and claim.state in REVIEWING,
        "may_waive": reviewer and _waivable(chosen) and claim.state in REVIEWING | PREPARING,
        "may_reopen": reviewer
        and chosen.status in {"accepted", "not_applicable"}
        and claim.state in REVIEWING,
        "may_note_original": reviewer and not chosen.original_seen and claim.closed_at is None,
        "may_upload": may("document.upload_staff")
        and claim.state in OPEN_FOR_PAPERS
        and chosen.status != "accepted",
    }


def _sentences(claim: Claim, code: str) -> dict[str, str]:
    """Return what the family will read for each reason, with this paper's words put in."""
    paper = paper_of(code)
    named = paper.words(claim.honorific) if paper else {}
    values = {
        "{document}": named.get("name", "dokumen yang diminta"),
        "{example}": named.get("example", "dokumen yang diminta"),
        "{issuer}": named.get("issued_by", "penerbitnya"),
    }
    sentences = {}
    for reason_code, reason in catalogue().return_reasons.items():
        sentence = reason.family or ""
        for mark, value in values.items():
            sentence = sentence.replace(mark, value)
        sentences[reason_code] = words.without_values(sentence)
    return sentences


def _waivable(row: RequirementRow) -> bool:
    paper = paper_of(row.code)
    allowed = row.need == "optional" or (paper is not None and paper.waivable)
    return allowed and row.status in {"missing", "submitted", "returned"}


def _check_state(row: RequirementRow) -> str:
    if row.status == "missing" and row.need == "optional":
        return "optional"
    return _CHECK_STATE.get(row.status, row.status)


def _note(row: RequirementRow, *, waiting: bool) -> str | None:
    parts = ["keluarga minta bantuan"] if waiting else []
    reason = catalogue().return_reasons.get(row.return_reason or "")
    if row.status == "returned" and reason is not None:
        parts.append(reason.label.lower())
    if row.files > 1:
        parts.append(f"{row.files} berkas")
    if row.status == "missing" and row.need == "before_payment":
        parts.append("sebelum pembayaran")
    if row.original_seen:
        parts.append("asli dilihat")
    return ", ".join(parts) or None


def pages_of(claim: Claim, code: str, files: list[FileRow]) -> list[dict[str, str]]:
    """Return one entry for each page that can be looked at, or for each original when there is no picture."""
    pages: list[dict[str, str]] = []
    for file in files:
        original = url_for("casework.original", number=claim.number, public_id=file.public_id)
        for page in range(1, max(file.preview_pages, 1) + 1):
            pages.append(
                {
                    "src": url_for(
                        "casework.page_image", number=claim.number, public_id=file.public_id, page=page
                    ),
                    "alt": f"{label_of(code)}, {file.display_name}, halaman {page}",
                    "original_href": original,
                    "href": url_for(_TAB, number=claim.number, d=code, h=len(pages) + 1),
                    "state": file_state(file),
                    "key": f"{file.public_id}-{page}",
                }
            )
    return pages


def _page_at(files: list[FileRow]) -> int:
    """Return the page that was asked for, counted from 0 over all files."""
    pages = sum(max(file.preview_pages, 1) for file in files)
    asked = request.args.get("h", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    return min(max(number, 1), max(pages, 1)) - 1


def _viewer_state(files: list[FileRow]) -> str:
    pages = [file_state(file) for file in files for _ in range(max(file.preview_pages, 1))]
    return pages[_page_at(files)] if pages else "missing"


def file_state(file: FileRow) -> str:
    """Return what the viewer can show of a file."""
    if file.scan in {"waiting", "quarantined"}:
        return "unscanned"
    return {"ready": "ready", "waiting": "pending"}.get(file.preview, "failed")
