"""What a second person approved last, with the statement exactly as it was when it was approved."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import Assessment, Claim, Decision
from caseflow.claims.workflows import definition_of
from caseflow.law.statement import Statement

_STANDING = frozenset({"payment", "after", "ended"})


def approved_statement(session: Session, claim: Claim) -> tuple[Decision, Statement] | None:
    """Return the newest decision and its statement while it stands: approved, and not void or looked at again."""
    if definition_of(claim).states[claim.state].stage not in _STANDING:
        return None
    decision = session.scalar(
        select(Decision).where(Decision.casefile_id == claim.id).order_by(Decision.id.desc()).limit(1)
    )
    if decision is None or decision.outcome != "approved":
        return None
    assessment = session.get(Assessment, decision.assessment_id)
    return (decision, Statement.from_document(assessment.statement)) if assessment else None
