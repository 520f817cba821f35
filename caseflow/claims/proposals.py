"""What an officer laid before the approver: the last submission, read from history."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.workflow.models import History

_SUBMISSIONS = ("submit", "propose_refusal")


def last_submission(session: Session, claim: Claim) -> History | None:
    """Return the newest submission of the case."""
    return session.scalar(
        select(History)
        .where(History.casefile_id == claim.id, History.action.in_(_SUBMISSIONS))
        .order_by(History.version.desc())
        .limit(1)
    )


def proposed_outcome(session: Session, claim: Claim) -> str | None:
    """Return ``submit`` or ``propose_refusal``."""
    row = last_submission(session, claim)
    return row.action if row else None


def submitted_digest(session: Session, claim: Claim) -> str | None:
    """Return the digest of the contents at submission."""
    row = last_submission(session, claim)
    return row.details.get("content_sha256") if row else None
