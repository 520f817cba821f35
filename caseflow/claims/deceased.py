"""A worker who died of the accident: the day, and how the dead are spoken of."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim, Report
from caseflow.claims.opening import honorific_of


def note_death(session: Session, claim: Claim, died_on: date | None) -> None:
    """Set the day of death of a work accident claim; the honorific follows, and goes again when the worker lives."""
    claim.died_on = died_on
    if died_on is None:
        claim.honorific = ""
    elif not claim.honorific:
        told = session.scalar(select(Report.national_id).where(Report.casefile_id == claim.id))
        claim.honorific = honorific_of(told)
