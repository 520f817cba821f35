"""The medical adviser's door: cases that wait for an opinion, the certificate with its papers, and the word on it.

An adviser reads what is medical, not the rest of the case.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from caseflow import clock
from caseflow.audit.operations import note_look
from caseflow.claims import medical, operations, queries
from caseflow.claims.models import Claim
from caseflow.documents import queries as documents
from caseflow.errors import NotFound
from caseflow.law.accident import COST_LABELS, MODE_LABELS
from caseflow.web import here
from caseflow.web.casework import accident_words, casework, decision_reads, words
from caseflow.web.casework.accident_reads import established
from caseflow.web.casework.due import Due, due_words
from caseflow.web.casework.frame import MEDICAL_REVIEW, Refusal, calendar, head_of, reaches
from caseflow.web.casework.moves import done
from caseflow.web.casework.papers import label_of, pages_of
from caseflow.web.casework.submit import seen_version, submit
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.security import requires

PAGE = 50
# what an adviser looks at: letters of doctors, pictures of the body, prescriptions
ADVISER_PAPERS = frozenset(
    {
        "doctor_certificate",
        "disability_photo",
        "forensic_report",
        "medical_letter",
        "device_prescription",
        "treatment_receipts",
    }
)


class OpinionForm(BaseForm):
    """What an adviser says of a certificate; whether a reason is given is judged by the verb."""

    verdict = RadioField(
        "Tentang surat dokter ini", choices=list(accident_words.OPINIONS.items()), validate_choice=False
    )
    reason = LongTextField("Alasan medis")


@dataclass(frozen=True)
class Request:
    """One case in the queue, in words."""

    number: str
    name: str
    region: str
    due: Due
    asked_by: str
    asked_at: datetime


@casework.get("/pendapat-medis/")
@requires("opinion.give")
def opinion_queue() -> ResponseReturnValue:
    """Show what waits for a medical opinion."""
    today, days = clock.today(), calendar()
    rows = decision_reads.waiting_queue(
        here.session(),
        here.actor().branch_code or "",
        MEDICAL_REVIEW,
        after=queries.read_key(request.args.get("setelah")),
        limit=PAGE + 1,
    )
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    requests = [
        Request(
            number=row.number,
            name=words.deceased(row.subject, row.honorific),
            region=row.region,
            due=due_words(row.due_on, today=today, calendar=days),
            asked_by=row.asked_by,
            asked_at=row.asked_at,
        )
        for row in rows[:PAGE]
    ]
    next_href = (
        url_for("casework.opinion_queue", setelah=f"{last.sort_on.isoformat()}.{last.id}") if last else None
    )
    return render_template("casework/opinions.html", requests=requests, next_href=next_href)


@casework.get("/pendapat-medis/<number>")
@requires("opinion.give")
def opinion_page(number: str) -> ResponseReturnValue:
    """Show the certificate, its papers, and ask for the word on it."""
    claim = _of_branch(number)
    if not reaches(claim, "opinion.give"):
        raise NotFound("Kasus ini tidak sedang menunggu pendapat medis.")
    return _page(claim, OpinionForm(formdata=None), None)


@casework.post("/pendapat-medis/<number>")
@requires("opinion.give")
def opinion_post(number: str) -> ResponseReturnValue:
    """Record the opinion and give the case back to its officer."""
    form = OpinionForm()

    def work(claim: Claim) -> str:
        session, by, now = here.session(), here.actor(), here.now()
        medical.give_opinion(session, claim, form.verdict.data or "", form.reason.data or "", by=by, now=now)
        operations.act(
            session, claim, "finish_medical_review", by=by, expected_version=seen_version(), now=now
        )
        return f"Pendapat medis tersimpan. Kasus {claim.number} kembali ke petugas."

    return submit(
        number,
        form,
        work,
        lambda claim, refusal: _page(claim, form, refusal),
        to=url_for("casework.opinion_queue"),
        watching=("claim.certificate_recorded",),
        fetching=_of_branch,
    )


def _of_branch(number: str) -> Claim:
    """Return the case; what of it is shown is another question."""
    return queries.get_claim(here.session(), number, by=here.actor())


def _page(claim: Claim, form: OpinionForm, refusal: Refusal | None) -> str:
    """Render the page; of a case that no longer waits only what was typed."""
    reached = reaches(claim, "opinion.give")
    if not reached:
        return render_template(
            "casework/opinion_over.html", number=claim.number, form=form, kk=accident_words
        )
    session = here.session()
    note_look(session, claim.id, by=here.actor())
    rows = documents.requirement_list(session, claim.id)
    files = [file for file in documents.document_files(session, claim.id) if file.withdrawn_at is None]
    return render_template(
        "casework/opinion.html",
        claim=claim,
        head=head_of(claim, ""),
        form=form,
        refusal=refusal,
        found=established(session, claim),
        kk=accident_words,
        cost_labels=COST_LABELS,
        mode_labels=MODE_LABELS,
        papers=[
            (label_of(row.code), pages_of(claim, row.code, [file for file in files if file.code == row.code]))
            for row in rows
            if row.code in ADVISER_PAPERS and row.files
        ],
        act_words=words.act,
        move_words=done,
        recording=False,
    )
