"""Families whom a nagari helps: stage, since when, names of papers still owed. No amount, no picture, no reason."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from caseflow.claims import workflows
from caseflow.claims.models import Claim
from caseflow.documents.models import Requirement
from caseflow.people import mandates
from caseflow.people.actor import Actor
from caseflow.people.models import HelperMandate
from caseflow.registry import reach
from caseflow.registry.models import Region
from caseflow.workflow.definition import STAGE_LABELS
from caseflow.workflow.models import CaseFile

READ = "nagari.read"
_NAGARI = "nagari"
_OWED = ("missing", "returned")
_NEEDED = ("required", "before_payment")


@dataclass(frozen=True)
class HelpedFamily:
    """One open case. ``owed``: codes of papers; ``until``: last day on which the nagari may help."""

    number: str
    subject: str
    honorific: str
    program: str
    region: str
    stage: str
    since: datetime
    reported_on: date
    owed: list[str]
    until: date


def helped_families(
    session: Session, *, by: Actor, now: datetime, after: int = 0, limit: int = 51
) -> list[tuple[int, HelpedFamily]]:
    """Return the open cases in which this nagari helps under a mandate in force, oldest first, with their keys.

    Whoever of the nagari wrote the mandate: helping goes on when a colleague leaves.
    """
    cases, claims = CaseFile.__table__, Claim.__table__
    owed = (
        select(func.array_agg(aggregate_order_by(Requirement.code, Requirement.id)))
        .where(
            Requirement.casefile_id == cases.c.id,
            Requirement.need.in_(_NEEDED),
            Requirement.status.in_(_OWED),
        )
        .correlate(cases)
        .scalar_subquery()
    )
    until = (
        select(func.max(HelperMandate.ends_on))
        .where(
            HelperMandate.casefile_id == cases.c.id,
            HelperMandate.helper_relation == _NAGARI,
            HelperMandate.helped_by_user_id.is_not(None),
            mandates.in_force(now),
        )
        .correlate(cases)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            cases.c.id, cases.c.number, cases.c.subject, claims.c.honorific, claims.c.program, Region.name,
            cases.c.workflow, cases.c.workflow_version, cases.c.state, cases.c.entered_at, cases.c.reported_on,
            owed, until,
        )
        .select_from(cases.join(claims, claims.c.id == cases.c.id))
        .join(Region, Region.code == cases.c.region_code)
        .where(
            reach.within(CaseFile.region_code, by, READ),
            cases.c.closed_at.is_(None),
            cases.c.id > after,
            until.is_not(None),
        )
        .order_by(cases.c.id)
        .limit(limit)
    )  # fmt: skip
    return [
        (
            row[0],
            HelpedFamily(
                number=row[1],
                subject=row[2],
                honorific=row[3],
                program=row[4],
                region=row[5],
                stage=STAGE_LABELS[workflows.book().get(row[6], row[7]).states[row[8]].stage],
                since=row[9],
                reported_on=row[10],
                owed=row[11] or [],
                until=row[12],
            ),
        )
        for row in rows
    ]
