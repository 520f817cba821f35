"""The papers that a case calls for once more is known of it; the family reads each paper's own reason."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.claims.owing import owe
from caseflow.claims.states import PREPARING
from caseflow.documents import review
from caseflow.documents.catalogue import Facts, RequirementPlan, catalogue, freeze
from caseflow.documents.models import Requirement
from caseflow.people.actor import Actor

_NOT_THERE = frozenset({"missing", "returned"})


def ask_for_missing(session: Session, claim: Claim, facts: Facts, *, by: Actor) -> list[str]:
    """Add what these facts call for beyond what every family of the programme is asked for; return the codes.

    What was asked for before stays as it is. While the case is examined nothing else tells the family, so it is owed
    a message; of several papers on one day once.
    """
    asked = _asked(session, claim)
    codes = [
        paper.code
        for paper in catalogue().papers.values()
        if paper.code not in asked and paper.when and paper.called_for(claim.program, facts)
    ]
    for code in codes:
        why = catalogue().papers[code].words(claim.honorific)["why"]
        review.ask_for(session, claim.id, code, why, by=by)
    if claim.state in PREPARING and any(catalogue().papers[code].need != "optional" for code in codes):
        now = clock.now()
        owe(session, claim, "paper_added", occasion=f"asked-{clock.local(now).date()}", now=now)
    return codes


def ask_for_program(session: Session, claim: Claim, facts: Facts) -> None:
    """Freeze what the programme that a case has moved to asks for besides; papers that are there stay.

    What only the former programme needs, and nobody has sent, may be left out from now on; should the case move
    back, it is needed again.
    """
    plans = {plan.code: plan for plan in catalogue().derive(facts, claim.program)}
    for row in session.scalars(select(Requirement).where(Requirement.casefile_id == claim.id)):
        if row.code in plans:
            row.need = plans[row.code].need
        elif row.status in _NOT_THERE and claim.program not in catalogue().papers[row.code].programs:
            row.need = "optional"
    freeze(session, claim.id, asked_besides(session, claim, facts, claim.program), now=clock.now())
    session.flush()


def asked_besides(session: Session, claim: Claim, facts: Facts, program: str) -> list[RequirementPlan]:
    """Return what a programme asks for that this case was not asked for yet."""
    asked = _asked(session, claim)
    return [plan for plan in catalogue().derive(facts, program) if plan.code not in asked]


def _asked(session: Session, claim: Claim) -> set[str]:
    return set(session.scalars(select(Requirement.code).where(Requirement.casefile_id == claim.id)))
