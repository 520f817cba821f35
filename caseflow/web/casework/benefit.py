"""The computed benefit: every line with its sum, what is still open, what lateness would cost, what was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims import adjustments, benefit
from caseflow.claims.adjustments import Adjusted
from caseflow.claims.cover import numbers
from caseflow.claims.decided import approved_statement
from caseflow.claims.models import Assessment, Claim
from caseflow.claims.states import COMPUTING
from caseflow.errors import NotFound, NotPossible
from caseflow.formats import rupiah
from caseflow.law.lateness import LateExposure, late_exposure
from caseflow.law.numbers import NoNumber
from caseflow.law.statement import Line, MissingInput, Statement
from caseflow.web import here
from caseflow.web.casework import casework, decision_reads, words
from caseflow.web.casework.frame import Refusal, calendar, fetch, may, render
from caseflow.web.casework.missing import Missing, where
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires

TAB = "casework.benefit_page"
_DONE = frozenset({"paid", "accompanying", "closed", "refused", "withdrawn"})
_LATE_LINE = "late_compensation"
_CLOCKED = frozenset({"jkm", "jkk"})
_ANSWERS = {
    "confirmed": ("disetujui", "positive"),
    "refused": ("ditolak", "danger"),
    "withdrawn": ("ditarik pengusul", "neutral"),
}


class ComputeForm(BaseForm):
    """Computing asks nothing: every fact is established elsewhere."""


@dataclass(frozen=True)
class AdjustmentWords:
    """One adjustment as the list shows it. ``withdrawable``: by this person; ``answerable``: by this person."""

    id: int
    label: str
    before: str
    after: str
    reason: str
    proposed: str
    proposed_at: datetime
    state: str
    sentiment: str
    said: str
    withdrawable: bool
    answerable: bool


@casework.get("/kasus/<number>/perhitungan")
@requires("claim.read")
def benefit_page(number: str) -> ResponseReturnValue:
    """Show the newest computation and the earlier ones."""
    return show_benefit(fetch(number), None)


@casework.get("/kasus/<number>/perhitungan.json")
@requires("claim.read")
def benefit_json(number: str) -> ResponseReturnValue:
    """Hand out the newest statement as it was signed: the very bytes that its digest stands for."""
    claim = fetch(number)
    assessment = benefit.current_assessment(here.session(), claim.id)
    if assessment is None:
        raise NotFound("Manfaat kasus ini belum dihitung, jadi belum ada rincian yang bisa diunduh.")
    body = Statement.from_document(assessment.statement).canonical_bytes()
    answer = Response(body, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="perhitungan-{claim.number}.json"'
    return answer


@casework.post("/kasus/<number>/perhitungan")
@requires("benefit.compute")
def benefit_post(number: str) -> ResponseReturnValue:
    """Compute the benefit for today's facts."""

    def work(claim: Claim) -> str:
        made = benefit.compute_benefit(here.session(), claim, by=here.actor(), now=here.now())
        return f"Manfaat dihitung: {rupiah(made.total_idr)}."

    return submit(number, ComputeForm(), work, show_benefit, to=url_for(TAB, number=number))


def show_benefit(claim: Claim, refusal: Refusal | None) -> str:
    """Render the section."""
    assessment = benefit.current_assessment(here.session(), claim.id)
    computing = claim.state in COMPUTING
    given, missing = _of_today(claim, assessment) if computing else (None, [])
    return render(
        claim,
        TAB,
        "benefit.html",
        refusal=refusal,
        may_compute=may("benefit.compute") and computing,
        may_propose=may("adjustment.propose") and computing and given is not None and bool(given.lines),
        computing=computing,
        missing=missing,
        outdated=assessment is not None
        and computing
        and (given is None or given.digest() != assessment.statement_sha256),
        earlier=decision_reads.assessments(here.session(), claim.id)[1:],
        approved=not computing and approved_statement(here.session(), claim) is not None,
        adjusted=_adjusted(claim, [given, _kept(assessment)]),
        **shown(claim, assessment),
    )


def shown(claim: Claim, assessment: Assessment | None) -> dict[str, Any]:
    """Return a computation ready for the page, also for the approver's."""
    statement = _kept(assessment)
    if assessment is None or statement is None:
        return {"statement": None, "assessment": None, "lines": [], "exposure": None, "unverified": []}
    lines = [line_words(line) for line in statement.lines]
    return {
        "statement": statement,
        "assessment": assessment,
        "lines": lines,
        "exposure": _exposure(claim, statement),
        "unverified": [line["label"] for line in lines if line["certainty"] == "unverified"],
    }


def line_words(line: Line) -> dict[str, object]:
    """Return one line for the calculation table."""
    return {
        "label": line.label,
        "formula": line.formula,
        "amount": rupiah(line.amount_idr),
        "before": rupiah(line.original_idr) if line.original_idr is not None else None,
        "adjustment": line.adjustment,
        "article": line.article,
        "rule_version": line.rule_version,
        "certainty": "sure" if words.is_sure(line.certainty) else "unverified",
        "inputs": [{"name": one.label, "value": one.value, "source": one.source} for one in line.inputs],
    }


def _kept(assessment: Assessment | None) -> Statement | None:
    return Statement.from_document(assessment.statement) if assessment is not None else None


def _of_today(claim: Claim, assessment: Assessment | None) -> tuple[Statement | None, list[Missing]]:
    """Return what the law gives for today's facts, or what it lacks.

    Lateness counts up to the day of the computation: waiting for the second person makes no other statement.
    """
    late_on = clock.local(assessment.computed_at).date() if assessment is not None else None
    try:
        return benefit.statement_of(here.session(), claim, now=here.now(), late_on=late_on), []
    except MissingInput as refusal:
        return None, [where(claim, name) for name in refusal.names]
    except NotPossible as refusal:
        return None, [Missing(sentence) for sentence in refusal.sentences]


def _adjusted(claim: Claim, statements: Sequence[Statement | None]) -> list[AdjustmentWords]:
    """Return every adjustment of the claim, also refused ones and those taken back."""
    by, computing = here.actor(), claim.state in COMPUTING
    labels = {line.code: line.label for one in statements if one is not None for line in one.lines}
    rows = []
    for one in adjustments.adjustments(here.session(), claim.id):
        own, waiting = one.proposed_by_person_id == by.person_id, one.verdict is None and computing
        state, sentiment = _ANSWERS.get(one.verdict or "", ("menunggu pejabat kedua", "waiting"))
        rows.append(
            AdjustmentWords(
                id=one.id,
                label=labels.get(one.line_code, one.line_code),
                before=rupiah(one.computed_idr),
                after=rupiah(one.amount_idr),
                reason=one.reason,
                proposed=one.proposed_by,
                proposed_at=one.proposed_at,
                state=state,
                sentiment=sentiment,
                said=_said(one),
                withdrawable=own and waiting and may("adjustment.propose"),
                answerable=not own and waiting and may("adjustment.answer"),
            )
        )
    return rows


def _said(one: Adjusted) -> str:
    if one.said_by is None or one.verdict == "withdrawn":
        return ""
    return f"{one.said_by}: {one.word}" if one.word else one.said_by


def _exposure(claim: Claim, statement: Statement) -> LateExposure | None:
    """Return what lateness costs so far; nothing once it is decided or while the clock does not run.

    A line of the statement that is itself owed for lateness does not count again.
    """
    owed_idr = sum(line.amount_idr for line in statement.lines if line.code != _LATE_LINE)
    running = claim.clock_started_on is not None and claim.state not in _DONE
    if claim.clock_started_on is None or not running or not owed_idr or claim.program not in _CLOCKED:
        return None
    try:
        return late_exposure(
            owed_idr,
            complete_on=claim.clock_started_on,
            as_of=clock.today(),
            calendar=calendar(),
            book=numbers(),
            program=cast(Literal["jkm", "jkk"], claim.program),
        )
    except NoNumber:
        return None
