"""What an officer does with a paper: accept, return, do without, check again, ask for, scan in."""

from collections.abc import Callable
from typing import BinaryIO, cast

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import FileStorage

from caseflow.claims import papers
from caseflow.claims.models import Claim
from caseflow.claims.operations import papers_arrived
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.documents import review
from caseflow.documents.intake import Place, receive
from caseflow.documents.refusals import MAX_FILE_BYTES, MAX_FILES_PER_REQUEST, MEGABYTE, refusal
from caseflow.documents.scan import open_scanner
from caseflow.errors import CaseflowError, Invalid, NotPossible
from caseflow.extensions import db
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.compare import differences, has_been_compared
from caseflow.web.casework.frame import Refusal, fetch
from caseflow.web.casework.paper_forms import (
    ACCEPT,
    PHOTO_COMPARED,
    PHOTO_READ,
    REOPEN,
    RETURN,
    UPLOAD,
    WAIVE,
    AcceptForm,
    form_of,
    questions,
)
from caseflow.web.casework.papers import compared, may_open, show_papers
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires

_TAB = "casework.papers_page"
_MOST_BYTES = MAX_FILES_PER_REQUEST * MAX_FILE_BYTES + MEGABYTE


@casework.post("/kasus/<number>/dokumen/<code>/terima")
@requires("document.review")
def accept_paper(number: str, code: str) -> ResponseReturnValue:
    """Accept a paper; what was typed from it is compared once more."""

    def work(claim: Claim, form: BaseForm) -> str:
        _require_sight(claim)
        if isinstance(form, AcceptForm):
            found = differences(compared(claim, code, form))
            if found and not form.sure.data:
                named = " dan ".join(found)
                raise Invalid(
                    {
                        "sure": f"{named} berbeda. Pastikan dulu, lalu beri tanda di bawah ini, atau minta ganti."
                    }
                )
        data = form.data
        papers.accept_paper(
            here.session(),
            claim,
            code,
            method=_method(form),
            by=here.actor(),
            now=here.now(),
            seen=(data["files"] or "").split(),
        )
        papers_arrived(here.session(), claim, now=here.now())
        return "Dokumen diterima."

    return _answer(number, code, ACCEPT, work, stay=False)


@casework.post("/kasus/<number>/dokumen/<code>/ganti")
@requires("document.review")
def return_paper(number: str, code: str) -> ResponseReturnValue:
    """Send a paper back with the sentence that the family reads."""

    def work(claim: Claim, form: BaseForm) -> str:
        _require_sight(claim)
        data = form.data
        papers.return_paper(
            here.session(),
            claim,
            code,
            data["reason"] or "",
            by=here.actor(),
            now=here.now(),
            details={name: data[name] or "" for name, _ in questions()},
            extra=data["extra"] or "",
        )
        return "Keluarga diminta mengganti dokumen ini."

    return _answer(number, code, RETURN, work, stay=False)


@casework.post("/kasus/<number>/dokumen/<code>/tidak-perlu")
@requires("document.review")
def waive_paper(number: str, code: str) -> ResponseReturnValue:
    """Do without a paper."""

    def work(claim: Claim, form: BaseForm) -> str:
        papers.waive_paper(
            here.session(), claim, code, form.data["reason"] or "", by=here.actor(), now=here.now()
        )
        papers_arrived(here.session(), claim, now=here.now())
        return "Dokumen ditandai tidak diperlukan, dengan alasan Anda."

    return _answer(number, code, WAIVE, work, stay=False)


@casework.post("/kasus/<number>/dokumen/<code>/periksa-lagi")
@requires("document.review")
def reopen_paper(number: str, code: str) -> ResponseReturnValue:
    """Take an acceptance or a waiver back."""

    def work(claim: Claim, form: BaseForm) -> str:
        papers.reopen_paper(
            here.session(), claim, code, form.data["reason"] or "", by=here.actor(), now=here.now()
        )
        return "Dokumen ini diperiksa lagi."

    return _answer(number, code, REOPEN, work)


@casework.post("/kasus/<number>/dokumen/<code>/asli")
@requires("document.review")
def original_seen(number: str, code: str) -> ResponseReturnValue:
    """Note that the original was seen at the counter."""

    def work(claim: Claim, _form: BaseForm) -> str:
        requirement = review.get_requirement(here.session(), claim.id, code)
        review.mark_original_seen(here.session(), requirement, by=here.actor())
        return "Dicatat: dokumen asli sudah dilihat."

    return _answer(number, code, ACCEPT, work)


@casework.post("/kasus/<number>/dokumen/<code>/unggah")
@requires("document.upload_staff", max_bytes=_MOST_BYTES)
def scan_paper(number: str, code: str) -> ResponseReturnValue:
    """Take in files that were handed over at the counter; each is kept whole or not at all."""
    claim = fetch(number)
    requirement = review.get_requirement(here.session(), claim.id, code)
    casefile_id, requirement_id = claim.id, requirement.id
    by, key = here.actor(), request.form.get("request_key", "")[:80]
    here.session().rollback()  # no connection is held while bytes travel
    kept = 0
    problem: CaseflowError | None = None
    try:
        for place, file in enumerate(_chosen_files()):
            receive(
                sessionmaker(db.engine, class_=Session),
                here.store(),
                cast(BinaryIO, file.stream),
                Place(casefile_id, requirement_id, f"{key}.{place}", file.filename),
                by=by,
                open_in=OPEN_FOR_PAPERS,
                scanner=open_scanner(here.settings().clamd_address),
            )
            kept += 1
    except CaseflowError as refused:
        problem = refused
    return _after_scan(number, code, kept, problem)


def _after_scan(number: str, code: str, kept: int, problem: CaseflowError | None) -> ResponseReturnValue:
    claim = fetch(number)
    if kept:
        papers_arrived(here.session(), claim, now=here.now())
        here.session().commit()
    if problem is None:
        flash(f"{kept} berkas tersimpan. Pratinjaunya sedang dibuat.")
        return redirect(url_for(_TAB, number=number, d=code), 303)
    form = form_of(UPLOAD)
    before = f"{kept} berkas pertama sudah tersimpan. " if kept else ""
    form["scan"].errors = [f"{before}{problem.sentence}"]
    return make_response(show_papers(fetch(number), None, code=code, mode=UPLOAD, form=form), problem.status)


def _chosen_files() -> list[FileStorage]:
    files = [file for file in request.files.getlist("scan") if file.filename]
    if not files:
        raise refusal("file_missing")
    if len(files) > MAX_FILES_PER_REQUEST:
        raise refusal("too_many_at_once")
    return files


def _method(form: BaseForm) -> str:
    """Return how the paper was checked: a photo from which nothing was typed was read, not compared."""
    method = str(form.data["method"] or "")
    if method not in {PHOTO_READ, PHOTO_COMPARED} or not isinstance(form, AcceptForm):
        return method
    return PHOTO_COMPARED if has_been_compared(form) else PHOTO_READ


def _require_sight(claim: Claim) -> None:
    if not may_open(claim):
        raise NotPossible(
            "Dokumen diperiksa oleh petugas yang menangani kasus ini. Belum tersimpan. Ambil dulu kasusnya, lalu ulangi."
        )


def _answer(
    number: str, code: str, mode: str, work: Callable[[Claim, BaseForm], str], *, stay: bool = True
) -> ResponseReturnValue:
    """Answer a form about one paper; afterwards stay with it, or go on to the next that waits."""
    form = form_of(mode)

    def again(claim: Claim, refused: Refusal | None) -> str:
        return show_papers(claim, refused, code=code, mode=mode, form=form)

    to = url_for(_TAB, number=number, d=code) if stay else url_for(_TAB, number=number)
    return submit(number, form, lambda claim: work(claim, form), again, to=to)
