"""A paper asked for after the list was frozen: proposed by the officer, answered by a second person."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from caseflow.claims import later_papers
from caseflow.claims.later_papers import Proposed
from caseflow.claims.models import Claim
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.documents import queries as documents
from caseflow.errors import NotFound
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.frame import Refusal, fetch, render
from caseflow.web.casework.paper_forms import ASK, form_of
from caseflow.web.casework.papers import label_of, paper_of, show_papers
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.security import requires

_TAB = "casework.papers_page"
_WATCHED = (
    "document.proposed",
    "document.proposal_confirmed",
    "document.proposal_refused",
    "document.proposal_withdrawn",
)


class AnswerPaperForm(BaseForm):
    """The second person's word; the note is for the staff."""

    verdict = RadioField(
        "Jawaban Anda",
        choices=[("confirmed", "Setuju, minta kepada keluarga"), ("refused", "Tolak, daftar tetap")],
        validate_choice=False,
    )
    note = LongTextField("Catatan")


class WithdrawPaperForm(BaseForm):
    """Taking one's own proposal back asks nothing."""


@casework.post("/kasus/<number>/dokumen/minta")
@requires("paper.propose")
def propose_paper(number: str) -> ResponseReturnValue:
    """Propose one more paper; the family's list stays as it is until a second person agrees."""
    form = form_of(ASK)

    def work(claim: Claim) -> str:
        data = form.data
        later_papers.propose(
            here.session(), claim, data["code"] or "", data["reason"] or "", by=here.actor(), now=here.now()
        )
        return "Usul tersimpan. Daftar keluarga berubah setelah pejabat kedua setuju."

    code = request.args.get("d") or request.form.get("code", "")

    def again(claim: Claim, refused: Refusal | None) -> str:
        return show_papers(claim, refused, code=code, mode=ASK, form=form)

    return submit(number, form, work, again, to=url_for(_TAB, number=number), watching=_WATCHED)


@casework.post("/kasus/<number>/dokumen/usul/<int:proposal_id>/tarik")
@requires("paper.propose")
def withdraw_paper(number: str, proposal_id: int) -> ResponseReturnValue:
    """Take one's own proposal back."""

    def work(claim: Claim) -> str:
        later_papers.withdraw(here.session(), claim, proposal_id, by=here.actor(), now=here.now())
        return "Usul dokumen ditarik. Daftar keluarga tetap seperti semula."

    to = url_for(_TAB, number=number)
    return submit(number, WithdrawPaperForm(), work, show_papers, to=to, watching=_WATCHED)


@casework.get("/kasus/<number>/dokumen/usul/<int:proposal_id>")
@requires("paper.answer")
def answer_paper_page(number: str, proposal_id: int) -> ResponseReturnValue:
    """Show the proposal beside what the family is asked for already."""
    return _page(fetch(number), proposal_id, AnswerPaperForm(formdata=None), None)


@casework.post("/kasus/<number>/dokumen/usul/<int:proposal_id>")
@requires("paper.answer")
def answer_paper(number: str, proposal_id: int) -> ResponseReturnValue:
    """Confirm or refuse somebody else's proposal."""
    form = AnswerPaperForm()

    def work(claim: Claim) -> str:
        word = later_papers.answer(
            here.session(),
            claim,
            proposal_id,
            form.verdict.data or "",
            form.note.data or "",
            by=here.actor(),
            now=here.now(),
        )
        if word.verdict == "confirmed":
            return "Disetujui. Dokumen ini sekarang ada di daftar keluarga, dengan alasannya."
        return "Ditolak, dengan catatan Anda. Daftar keluarga tetap seperti semula."

    to = url_for("casework.approval_queue")
    return submit(number, form, work, lambda c, r: _page(c, proposal_id, form, r), to=to, watching=_WATCHED)


def _page(claim: Claim, proposal_id: int, form: AnswerPaperForm, refusal: Refusal | None) -> str:
    one = _proposed(claim, proposal_id)
    paper = paper_of(one.code)
    rows = documents.requirement_list(here.session(), claim.id)
    return render(
        claim,
        _TAB,
        "paper_answer.html",
        refusal=refusal,
        one=one,
        label=label_of(one.code),
        paper=paper,
        paper_words=paper.words(claim.honorific) if paper else {},
        asked=[label_of(row.code) for row in rows if row.status != "not_applicable"],
        own=one.proposed_by_person_id == here.actor().person_id,
        open=one.verdict is None and claim.state in OPEN_FOR_PAPERS,
        form=form,
    )


def _proposed(claim: Claim, proposal_id: int) -> Proposed:
    found = later_papers.proposals(here.session(), claim.id)
    one = next((one for one in found if one.id == proposal_id), None)
    if one is None:
        raise NotFound("Usul dokumen ini tidak ada pada kasus ini.")
    return one
