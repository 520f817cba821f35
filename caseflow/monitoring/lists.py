"""What the visitor's and the family's pages read: visits to come by their days, one family's visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, true, tuple_
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.monitoring import plans
from caseflow.monitoring.models import DayChange, Plan, PlannedVisit
from caseflow.monitoring.titles import OUTCOMES, VISITS
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser
from caseflow.registry.models import Region

PAGE = 200
_PERMISSION = "visit.plan"
# only what is the claim's own: its case file would be a second one beside the plan's
_CLAIM_TABLE = Claim.__table__
_CLAIM = _CLAIM_TABLE.c


@dataclass(frozen=True)
class DueVisit:
    """A visit to come, as lists show it. ``tried``: how it ended before, in words."""

    public_id: str
    kind: str
    due_on: date
    family: str
    plan: str
    contact_name: str
    contact_phone: str | None
    jorong: str
    nagari: str
    landmark: str
    visitor: str | None
    tried: str | None

    @property
    def title(self) -> str:
        """Which visit it is."""
        return VISITS[self.kind]


@dataclass(frozen=True)
class VisitLine:
    """One visit of a family, with the reason of its last change of day."""

    visit: PlannedVisit
    visitor: str | None
    moved_why: str | None

    @property
    def title(self) -> str:
        """Which visit it is."""
        return VISITS[self.visit.kind]

    @property
    def ended(self) -> str | None:
        """How it ended so far, in words."""
        return OUTCOMES[self.visit.outcome] if self.visit.outcome else None


def due_visits(
    session: Session, *, by: Actor, until: date | None = None, after: str | None = None
) -> Sequence[DueVisit]:
    """Return the visits to come of families that are followed, by day, at most ``PAGE`` and one more.

    A social worker's are those in their own hands. ``until``: the last day that is wanted. ``after``: public id of the
    last visit of the page before; unknown: the first page.
    """
    query = (
        _due()
        .where(_mine(by), plans.reachable(by, _PERMISSION))
        .where(PlannedVisit.state == "due", Plan.state == "following", Plan.closed_at.is_(None))
        .order_by(PlannedVisit.due_on, PlannedVisit.id)
        .limit(PAGE + 1)
    )
    if until is not None:
        query = query.where(PlannedVisit.due_on <= until)
    last = session.execute(
        select(PlannedVisit.due_on, PlannedVisit.id).where(PlannedVisit.public_id == (after or ""))
    ).one_or_none()
    if last is not None:
        query = query.where(tuple_(PlannedVisit.due_on, PlannedVisit.id) > tuple_(*last))
    return [_due_visit(row) for row in session.execute(query)]


def visits_of(session: Session, plan: Plan) -> Sequence[VisitLine]:
    """Return all visits of a plan that was fetched, by day."""
    why = (
        select(DayChange.reason)
        .where(DayChange.planned_visit_id == PlannedVisit.id)
        .order_by(DayChange.id.desc())
        .limit(1)
        .correlate(PlannedVisit)
        .scalar_subquery()
    )
    rows = session.execute(
        select(PlannedVisit, Person.full_name, why)
        .outerjoin(StaffUser, StaffUser.id == PlannedVisit.visitor_user_id)
        .outerjoin(Person, Person.id == StaffUser.person_id)
        .where(PlannedVisit.plan_id == plan.id)
        .order_by(PlannedVisit.due_on, PlannedVisit.id)
    )
    return [VisitLine(row[0], row[1], row[2]) for row in rows]


def name_of(honorific: str, subject: str) -> str:
    """Return the worker's name with the honorific of the dead."""
    return f"{honorific.capitalize()} {subject}" if honorific else subject


def _mine(by: Actor) -> ColumnElement[bool]:
    own = policy.mark(by, _PERMISSION) == "own"
    return PlannedVisit.visitor_user_id == by.user_id if own else true()


def _due() -> Select[*tuple[Any, ...]]:
    return (
        select(
            PlannedVisit.public_id,
            PlannedVisit.kind,
            PlannedVisit.due_on,
            PlannedVisit.outcome,
            Plan.public_id.label("plan"),
            Plan.subject,
            Plan.contact_name,
            Plan.contact_phone,
            Plan.jorong,
            Plan.landmark,
            _CLAIM.honorific,
            Region.name.label("nagari"),
            Person.full_name.label("visitor"),
        )
        .join(Plan, Plan.id == PlannedVisit.plan_id)
        .join(_CLAIM_TABLE, _CLAIM.id == Plan.claim_id)
        .join(Region, Region.code == Plan.region_code)
        .outerjoin(StaffUser, StaffUser.id == PlannedVisit.visitor_user_id)
        .outerjoin(Person, Person.id == StaffUser.person_id)
    )


def _due_visit(row: Row[Any]) -> DueVisit:
    return DueVisit(
        public_id=row.public_id,
        kind=row.kind,
        due_on=row.due_on,
        family=name_of(row.honorific, row.subject),
        plan=row.plan,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        jorong=row.jorong,
        nagari=row.nagari,
        landmark=row.landmark,
        visitor=row.visitor,
        tried=OUTCOMES[row.outcome] if row.outcome else None,
    )
