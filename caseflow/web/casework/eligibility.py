"""The fixed questions: what the system would answer, what an officer answered, and the months behind it."""

from dataclasses import dataclass

from flask import url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from caseflow.claims import eligibility
from caseflow.claims.cover import cover_of, numbers, paid_months
from caseflow.claims.eligibility import ANSWERING_STATES
from caseflow.claims.models import Claim, EligibilityCheck
from caseflow.claims.proposed_answers import Proposal, proposals
from caseflow.claims.questions import QUESTIONS, Question, questions_of
from caseflow.errors import NotFound
from caseflow.formats import instant_wib, long_date
from caseflow.law.cover import CoverAnswer, grid
from caseflow.law.ledger import Cell
from caseflow.law.numbers import NoNumber, Number
from caseflow.registry import queries as registry
from caseflow.registry.owed import owed_for
from caseflow.registry.rates import FUNDING_LABELS
from caseflow.web import here
from caseflow.web.casework import casework, reads, words
from caseflow.web.casework.frame import Refusal, fetch, may, render
from caseflow.web.casework.submit import submit
from caseflow.web.dues_words import spans
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.security import requires

_TAB = "casework.eligibility_page"
_KNOWN = frozenset(question.code for questions in QUESTIONS.values() for question in questions)
_GRID_STATES = {"before_registration": "before"}
# which number of law stands behind a question
_NUMBERS = {
    "active_on_event": "grace_months",
    "three_months": "jkm_min_consecutive_months",
}
_NUMBERS_OF_A_DEATH = {**_NUMBERS, "scholarship": "jkm_scholarship_min_months"}


class AnswerForm(BaseForm):
    """An officer's answer; whether a reason is needed is judged by the verb."""

    answer = RadioField(
        "Jawaban Anda", choices=list(words.ANSWERS.items()), validators=[InputRequired("Pilih jawaban.")]
    )
    source = StringField("Sumber", [Length(max=200)])
    note = LongTextField("Catatan")


@dataclass(frozen=True)
class Asked:
    """One question as the page shows it."""

    question: Question
    proposal: Proposal | None
    check: EligibilityCheck | None
    checked_by: str
    number: Number | None
    form: AnswerForm
    open: bool

    @property
    def answer(self) -> str:
        """The officer's answer; without one nothing is known."""
        return self.check.answer if self.check else "unknown"

    @property
    def differs(self) -> bool:
        """Whether the officer answered against the system."""
        known = self.proposal is not None and self.proposal.answer != "unknown"
        return bool(known and self.check and self.proposal and self.check.answer != self.proposal.answer)

    @property
    def quick(self) -> str | None:
        """The system's answer, where an officer may simply take it."""
        if self.check is not None or self.proposal is None or self.proposal.answer == "unknown":
            return None
        return self.proposal.answer

    @property
    def sentiment(self) -> str:
        """The colour of the answer; a question that decides nothing is never red."""
        if self.answer == "unknown":
            return "waiting" if self.question.needed else "neutral"
        if self.answer == self.question.good:
            return "positive"
        return "danger" if self.question.needed else "neutral"


@casework.get("/kasus/<number>/kelayakan")
@requires("claim.read")
def eligibility_page(number: str) -> ResponseReturnValue:
    """Show the questions, the months paid, and both counts of the three-month rule."""
    return _page(fetch(number), None)


@casework.post("/kasus/<number>/kelayakan/<code>")
@requires("eligibility.answer")
def eligibility_post(number: str, code: str) -> ResponseReturnValue:
    """Record an answer."""
    if code not in _KNOWN:
        raise NotFound
    form = AnswerForm(prefix=code)

    def work(claim: Claim) -> str:
        eligibility.answer_check(
            here.session(),
            claim,
            code,
            form.answer.data,
            source=form.source.data or "",
            note=form.note.data or "",
            by=here.actor(),
            now=here.now(),
        )
        return "Jawaban tersimpan."

    return submit(
        number,
        form,
        work,
        lambda claim, refusal: _page(claim, refusal, code=code, form=form),
        to=url_for(_TAB, number=number, _anchor=code),
        watching=("claim.check_answered", "claim.event_corrected", "claim.worker_linked"),
    )


def _page(
    claim: Claim, refusal: Refusal | None, *, code: str | None = None, form: AnswerForm | None = None
) -> str:
    # held, so that the verbs below find it in the session and not in the database again
    _worker = registry.get_worker(here.session(), claim.worker_id) if claim.worker_id else None
    cover = cover_of(here.session(), claim)
    editable = may("eligibility.answer") and claim.state in ANSWERING_STATES
    return render(
        claim,
        _TAB,
        "eligibility.html",
        refusal=refusal,
        form=form,
        asked=asked_of(claim, code=code, form=form, editable=editable),
        editable=editable,
        cover=cover,
        months=month_cells(claim) if cover else [],
        event=event_month(claim),
        cover_lines=cover_lines(claim, cover),
        owed=_owed_words(claim),
        may_link=may("claim.intake"),
        said_by=said_by,
    )


def _owed_words(claim: Claim) -> list[str]:
    """Say which months are unpaid up to the event, who is asked to pay, since when, and what is on its way."""
    owed = owed_for(here.session(), claim.worker_id, claim.event_on) if claim.worker_id else None
    if owed is None:
        return []
    payer = FUNDING_LABELS[owed.funding_source]
    found = [
        (
            f"Iuran {spans(owed.months)} belum dibayar, sejak {long_date(owed.since)}. Sebelumnya dibayar {payer}; "
            "tanyakan ke pembayar itu, keluarga tidak perlu bolak-balik."
        )
    ]
    if owed.ended_on is not None:
        found.append(
            f"Kepesertaan berhenti mulai {long_date(owed.ended_on)}. Bulan sesudahnya tidak ditagih; "
            "untuk dijamin lagi harus didaftarkan dari awal."
        )
    found += [
        f"Pembayaran {one.receipt_number} untuk {spans(one.months)}, dibayar {long_date(one.paid_on)}, sudah dicatat "
        "dan menunggu dipastikan di meja iuran."
        for one in owed.waiting
    ]
    return found


def asked_of(
    claim: Claim, *, code: str | None = None, form: AnswerForm | None = None, editable: bool = False
) -> list[Asked]:
    """Return every question with proposal, answer and form; ``form`` is the one that was just sent."""
    session = here.session()
    checks = eligibility.current_checks(session, claim.id)
    proposed = proposals(session, claim)
    names = reads.person_names(session, [check.checked_by_person_id for check in checks.values()])
    asked = []
    for question in questions_of(claim):
        check, proposal = checks.get(question.code), proposed.get(question.code)
        sent = form if form is not None and question.code == code else None
        asked.append(
            Asked(
                question=question,
                proposal=proposal,
                check=check,
                checked_by=names.get(check.checked_by_person_id, "") if check else "",
                number=_number(claim, question.code),
                form=sent or _form_of(question.code, check, proposal),
                open=sent is not None,
            )
        )
    return asked


def _form_of(code: str, check: EligibilityCheck | None, proposal: Proposal | None) -> AnswerForm:
    """Begin with the last answer; else with the system's proposal where it has one."""
    if check is not None:
        return AnswerForm(
            formdata=None,
            prefix=code,
            data={"answer": check.answer, "source": check.source, "note": check.note},
        )
    proposed = proposal.answer if proposal and proposal.answer != "unknown" else None
    source = "kisi iuran" if code in {"active_on_event", "three_months"} and proposed else ""
    return AnswerForm(formdata=None, prefix=code, data={"answer": proposed, "source": source})


def _number(claim: Claim, code: str) -> Number | None:
    name = (_NUMBERS_OF_A_DEATH if claim.program == "jkm" else _NUMBERS).get(code)
    if name is None:
        return None
    try:
        return numbers().on(name, claim.event_on)
    except NoNumber:
        return None


def month_cells(claim: Claim) -> list[dict[str, object]]:
    """Return the last 24 months up to the event for the grid."""
    session = here.session()
    if claim.worker_id is None:
        return []
    worker = registry.get_worker(session, claim.worker_id)
    cells = grid(
        paid_months(session, claim.worker_id),
        claim.event_on,
        registered_on=worker.registered_on,
        grace_months=numbers().on("grace_months", claim.event_on).value,
    )
    return [
        {
            "year": cell.month.year,
            "month": cell.month.month,
            "state": _GRID_STATES.get(cell.status, cell.status),
            "note": _cell_note(claim, cell),
        }
        for cell in cells
    ]


def event_month(claim: Claim) -> dict[str, object]:
    """Return the mark of the month of death, or of the accident."""
    label = "bulan meninggal" if claim.program == "jkm" else "bulan kejadian"
    return {"year": claim.event_on.year, "month": claim.event_on.month, "label": label}


def cover_lines(claim: Claim, cover: CoverAnswer | None) -> list[dict[str, object]]:
    """Return every way of counting the three months of a death claim, with its verdict and article."""
    if cover is None or claim.program != "jkm":
        return []
    return [
        {
            "sentence": count.sentence,
            "met": count.met,
            "article": count.article,
            "sure": words.is_sure(count.certainty),
            "certainty": words.certainty(count.certainty),
        }
        for count in cover.counts
    ]


def said_by(asked: Asked) -> str:
    """Return who answered and when."""
    return f"{asked.checked_by}, {instant_wib(asked.check.checked_at)}" if asked.check else ""


def _cell_note(claim: Claim, cell: Cell) -> str:
    if cell.paid_on is None:
        return ""
    paid = (
        f"dibayar {long_date(cell.paid_on)} ({words.FUNDING.get(cell.funding_source, cell.funding_source)})"
    )
    event = "meninggal" if claim.program == "jkm" else "kejadian"
    return f"{paid}, sesudah {event}" if cell.after_event else paid
