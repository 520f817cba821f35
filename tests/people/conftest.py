"""A case that slips and phones can belong to, without the story of a claim around it."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.identifiers import case_number
from caseflow.workflow.models import FAR_AWAY, CaseFile, History

PEPPER = "p" * 40


def new_casefile(session: Session, serial: int = 4242) -> CaseFile:
    """Add a bare case file with its first history row."""
    now = clock.now()
    casefile = CaseFile(
        kind="casefile",
        number=case_number("SJJ", 2026, serial),
        workflow="jkm",
        workflow_version=1,
        state="reported",
        subject="Samsir",
        region_code="13.03.99.2001",
        branch_code="solok",
        opened_at=now,
        entered_at=now,
        sort_on=FAR_AWAY,
        follow_up_on=date(2026, 12, 31),
    )
    session.add(casefile)
    session.flush()
    session.add(
        History(
            casefile_id=casefile.id,
            version=0,
            state="reported",
            action="report",
            workflow="jkm",
            workflow_version=1,
            at=now,
            actor_kind="system",
            actor_name="Sistem",
        )
    )
    session.flush()
    return casefile


@pytest.fixture
def casefile(session: Session) -> CaseFile:
    """One case, rolled back with the test."""
    return new_casefile(session)


@pytest.fixture
def other_casefile(session: Session) -> CaseFile:
    """Another case."""
    return new_casefile(session, 4343)
