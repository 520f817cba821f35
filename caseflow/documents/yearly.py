"""Papers that a long-lived case brings anew each school year; those of the year before are filed, never lost."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow.documents.catalogue import catalogue
from caseflow.documents.models import Document, Requirement


def ask_again(session: Session, casefile_id: int, *, now: datetime) -> None:
    """Ask for the yearly papers of a case as if nothing had been sent; their files stay with the record."""
    codes = [code for code, paper in catalogue().papers.items() if paper.yearly]
    rows = session.scalars(
        select(Requirement).where(Requirement.casefile_id == casefile_id, Requirement.code.in_(codes))
    ).all()
    session.execute(
        update(Document)
        .where(Document.requirement_id.in_([row.id for row in rows]), Document.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    for row in rows:
        row.status, row.status_at, row.asked_at = "missing", None, now
        row.return_reason = row.return_sentence = None
        row.original_seen = False
    session.flush()
