"""The computed benefit: every line with its sum, what is still open, what lateness would cost, what was before."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims import benefit
from caseflow.claims.cover import numbers
from caseflow.claims.models import Assessment, Claim
from caseflow.claims.states import COMPUTING
from caseflow.errors import NotPossible
from caseflow.formats import rupiah
from caseflow.law.lateness import LateExposure, late_exposure
from caseflow.law.numbers import NoNumber
from caseflow.law.statement import Line, Statement
from caseflow.web import here
from caseflow.web.casework import casework, decision_reads, words
from caseflow.web.casework.frame import Refusal, calendar, fetch, may, render
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires

_TAB = "casework.benefit_page"
_DONE = frozenset({"paid", "accompanying", "closed", "refused", "withdrawn"})


class ComputeForm(BaseForm):
    """Computing asks nothing: every fact is established elsewhere."""


@casework.get("/kasus/<number>/perhitungan")
@requires("claim.read")
def benefit_page(number: str) -> ResponseReturnValue:
    """Show the newest computation and the earlier ones."""
    return _page(fetch(number), None)


@casework.post("/kasus/<number>/perhitungan")
@requires("benefit.compute")
def benefit_post(number: str) -> ResponseReturnValue:
    """Compute the benefit for today's facts."""

    def work(claim: Claim) -> str:
        made = benefit.compute_benefit(here.session(), claim, by=here.actor(), now=here.now())
        return f"Manfaat dihitung: {rupiah(made.total_idr)}."

    return submit(number, ComputeForm(), work, _page, to=url_for(_TAB, number=number))


def _page(claim: Claim, refusal: Refusal | None) -> str:
    assessment = benefit.current_assessment(here.session(), claim.id)
    computing = claim.state in COMPUTING
    digest, missing = _of_today(claim) if computing else (None, [])
    return render(
        claim,
        _TAB,
        "benefit.html",
        refusal=refusal,
        may_compute=may("benefit.compute") and computing,
        computing=computing,
        missing=missing,
        outdated=assessment is not None and computing and digest != assessment.statement_sha256,
        earlier=decision_reads.assessments(here.session(), claim.id)[1:],
        **shown(claim, assessment),
    )


def shown(claim: Claim, assessment: Assessment | None) -> dict[str, Any]:
    """Return a computation ready for the page, also for the approver's."""
    if assessment is None:
        return {"statement": None, "assessment": None, "lines": [], "exposure": None}
    statement = Statement.from_document(assessment.statement)
    return {
        "statement": statement,
        "assessment": assessment,
        "lines": [line_words(line) for line in statement.lines],
        "exposure": _exposure(claim, assessment.total_idr),
    }


def line_words(line: Line) -> dict[str, object]:
    """Return one line for the calculation table."""
    return {
        "label": line.label,
        "formula": line.formula,
        "amount": rupiah(line.amount_idr),
        "article": line.article,
        "rule_version": line.rule_version,
        "certainty": "sure" if words.is_sure(line.certainty) else "unverified",
        "inputs": [{"name": one.label, "value": one.value, "source": one.source} for one in line.inputs],
    }


def _of_today(claim: Claim) -> tuple[str | None, list[str]]:
    """Return the digest of what the law gives for today's facts, or what it lacks."""
    try:
        return benefit.statement_of(here.session(), claim, now=here.now()).digest(), []
    except NotPossible as refusal:
        return None, list(refusal.sentences)


def _exposure(claim: Claim, total_idr: int) -> LateExposure | None:
    """Return what lateness costs so far; nothing once it is decided or while the clock does not run."""
    if claim.clock_started_on is None or claim.state in _DONE or not total_idr:
        return None
    try:
        return late_exposure(
            total_idr,
            complete_on=claim.clock_started_on,
            as_of=clock.today(),
            calendar=calendar(),
            book=numbers(),
        )
    except NoNumber:
        return None
