"""Who prepares a claim holds the duty ``verify`` on it, and so can never decide or pay it."""

from datetime import datetime

from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.people.actor import Actor
from caseflow.workflow.fire import take_duty


def take_verify_duty(session: Session, claim: Claim, *, by: Actor, now: datetime) -> None:
    """Note that this person prepares the claim; the key of the table refuses a second duty."""
    take_duty(session, claim, "verify", by=by, now=now)
