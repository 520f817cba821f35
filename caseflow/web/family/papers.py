"""The list of papers and sending one of them, as plain forms."""

from collections.abc import Sequence
from pathlib import Path

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import FileStorage
from wtforms import FileField, MultipleFileField

from caseflow.claims import consents
from caseflow.claims.models import Claim
from caseflow.claims.operations import papers_arrived
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.documents import queries as papers
from caseflow.documents import upload_progress
from caseflow.documents.catalogue import catalogue
from caseflow.documents.intake import Place, Receipt, receive
from caseflow.documents.refusals import MEGABYTE, refusal
from caseflow.documents.review import get_requirement
from caseflow.documents.scan import open_scanner
from caseflow.errors import CaseflowError, NotFound, NotPermitted
from caseflow.extensions import db
from caseflow.formats import megabytes
from caseflow.web import here
from caseflow.web.family import family
from caseflow.web.family.accident import is_in_care
from caseflow.web.family.asked import help_notes
from caseflow.web.family.pages import own_claim
from caseflow.web.family.wording import is_close, name_of, paper_honorific
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires

REQUEST_BYTES = 40 * MEGABYTE


class UploadForm(BaseForm):
    """Two doors for the same paper: the camera, or what is already on the phone."""

    camera = FileField("Ambil foto")
    gallery = MultipleFileField("Pilih dari HP")


@family.get("/dokumen")
@requires("family.read")
def documents() -> ResponseReturnValue:
    """What is still needed, what was sent, what may follow."""
    claim = own_claim()
    rows = papers.requirement_list(here.session(), claim.id)
    return render_template(
        "family/documents.html",
        claim=claim,
        name=name_of(claim),
        rows=rows,
        words={row.code: catalogue().papers[row.code].words(paper_honorific(claim)) for row in rows},
        progress=papers.progress(rows),
        before_payment=papers.wanted_before_payment(rows),
        is_open=claim.state in OPEN_FOR_PAPERS,
        in_care=is_in_care(claim),
        taken_back=consents.taken_back(here.session(), claim.id) is not None
        and is_close(here.session(), claim, by=here.actor()),
        help_notes=help_notes(here.session(), claim.id),
        upload_script=_upload_script(),
    )


@family.get("/dokumen/<code>")
@requires("family.read")
def document(code: str) -> ResponseReturnValue:
    """One paper: what it is, why, from whom, and the two doors."""
    return _document_page(own_claim(), code, UploadForm())


@family.post("/dokumen/<code>")
@requires("family.upload", max_bytes=REQUEST_BYTES)
def send_document(code: str) -> ResponseReturnValue:
    """Take one or several pictures of a paper. Each is kept whole or not at all."""
    claim = own_claim()
    requirement = get_requirement(here.session(), claim.id, code)
    casefile_id, requirement_id = claim.id, requirement.id
    db.session.rollback()  # no connection is held while bytes travel
    kept: list[Receipt] = []
    try:
        for number, file in enumerate(_files()):
            place = Place(
                casefile_id=casefile_id,
                requirement_id=requirement_id,
                idempotency_key=f"{request.form.get('request_key', '')[:80]}.{number}",
                file_name=file.filename,
            )
            kept.append(
                receive(
                    sessions(),
                    here.store(),
                    file.stream,  # type: ignore[arg-type]  # werkzeug's stream is a binary file
                    place,
                    by=here.actor(),
                    open_in=OPEN_FOR_PAPERS,
                    scanner=open_scanner(here.settings().clamd_address),
                )
            )
    except CaseflowError as refused:
        return _partly(code, kept, refused)
    claim = own_claim()
    papers_arrived(here.session(), claim, now=here.now())
    for receipt in kept:
        flash(
            f"Sudah diterima: {receipt.display_name} ({megabytes(receipt.size_bytes)}), tanda {receipt.digest}."
        )
        for hint in receipt.hints:
            flash(hint, "info")
    return redirect(url_for("family.documents"), 303)


def _files() -> Sequence[FileStorage]:
    """Return what was chosen; both doors may be used at once."""
    if set(request.files) - {"camera", "gallery"}:
        raise refusal("file_missing")
    chosen = [file for name in ("camera", "gallery") for file in request.files.getlist(name) if file.filename]
    if not chosen:
        raise refusal("file_missing")
    return chosen


def _partly(code: str, kept: Sequence[Receipt], refused: CaseflowError) -> ResponseReturnValue:
    """Say what was kept before the file that was not."""
    db.session.rollback()
    claim = own_claim()
    if kept:
        papers_arrived(here.session(), claim, now=here.now())
        db.session.commit()
    if isinstance(refused, NotPermitted):
        raise refused  # closed meanwhile: this phone reads no page of the case any more
    sentence = refused.sentence
    if kept:
        sentence = f"{len(kept)} berkas pertama sudah diterima. Berkas berikutnya belum: {sentence}"
    return _document_page(own_claim(), code, UploadForm(), errors=[("gallery", sentence)]), refused.status


def _document_page(claim: Claim, code: str, form: UploadForm, errors: Sequence[tuple[str, str]] = ()) -> str:
    requirement = get_requirement(here.session(), claim.id, code)
    paper = catalogue().papers.get(code)
    if paper is None:
        raise NotFound
    return render_template(
        "family/document.html",
        claim=claim,
        form=form,
        words=paper.words(paper_honorific(claim)),
        requirement=requirement,
        sent=papers.sent_files(here.session(), claim.id, code),
        is_open=claim.state in OPEN_FOR_PAPERS,
        errors=list(errors),
        unfinished=len(upload_progress.unfinished(here.session(), claim.id, requirement.id, by=here.actor())),
        upload_script=_upload_script(),
    )


def _upload_script() -> str | None:
    """Return the address of the library that sends in pieces; without it the page is a plain form."""
    name = "vendor/tus.min.js"
    there = Path(current_app.static_folder or "", name).is_file()
    return url_for("static", filename=name) if there else None


def sessions() -> sessionmaker[Session]:
    """Return sessions of their own for verbs that commit each step."""
    return sessionmaker(db.engine)
