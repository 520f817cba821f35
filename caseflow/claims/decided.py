"""What a second person approved last, with the statement exactly as it was when it was approved."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import Assessment, Claim, Decision
from caseflow.law.statement import Statement


def approved_statement(session: Session, claim: Claim) -> tuple[Decision, Statement] | None:
    """Return the newest decision and its statement, if that decision approved something; else ``None``."""
    decision = session.scalar(
        select(Decision).where(Decision.casefile_id == claim.id).order_by(Decision.id.desc()).limit(1)
    )
    if decision is None or decision.outcome != "approved":
        return None
    assessment = session.get(Assessment, decision.assessment_id)
    return (decision, Statement.from_document(assessment.statement)) if assessment else None
