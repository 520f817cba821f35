"""Looking again at one visit in twenty, by somebody else, within thirty days: drawn by a secret, not by a person.

Whoever visits cannot foresee which visit is drawn, and a second look at the same visits draws the same ones.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock, identifiers
from caseflow.audit.operations import record
from caseflow.monitoring import days, steps, visitors
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.people.actor import SYSTEM
from caseflow.registry import queries as registry

PERMILLE = 50
_WITHIN = timedelta(days=30)
_AFTER = timedelta(days=14)


def is_drawn(public_id: str, salt: str) -> bool:
    """Whether a visit is looked at again; the same answer for ever, and nobody knows it without the salt."""
    drawn = hmac.new(salt.encode(), f"revisit:{public_id}".encode(), hashlib.sha256).digest()
    return int.from_bytes(drawn[:8]) % 1000 < PERMILLE


def undrawn(session: Session, salt: str, *, now: datetime) -> Sequence[int]:
    """Return the visits of the last thirty days that are drawn and have no second visit yet."""
    today = clock.local(now).date()
    rows = session.execute(
        select(PlannedVisit.id, PlannedVisit.public_id)
        .join(Plan, Plan.id == PlannedVisit.plan_id)
        .where(
            PlannedVisit.state == "done",
            PlannedVisit.outcome == "met",
            PlannedVisit.kind.not_in(("m1", "revisit")),
            PlannedVisit.done_on > today - _WITHIN,
            Plan.state == "following",
        )
        .order_by(PlannedVisit.id)
    ).all()
    drawn = [row.id for row in rows if is_drawn(row.public_id, salt)]
    known = set(
        session.scalars(select(PlannedVisit.checks_visit_id).where(PlannedVisit.checks_visit_id.in_(drawn)))
    )
    return [key for key in drawn if key not in known]


def plan_revisit(session: Session, visit_id: int, *, now: datetime) -> bool:
    """Plan the second visit, by another visitor if there is one; return whether it was planned now."""
    visit = session.get_one(PlannedVisit, visit_id)
    plan = session.get_one(Plan, visit.plan_id)
    steps.lock(session, plan)
    today = clock.local(now).date()
    calendar = registry.calendar(session, today)
    made = visit.done_on or today
    due_on = days.visiting_day(max(made + _AFTER, today), calendar)
    visitor = visitors.choose(session, visit.region_code, but=(visit.visitor_user_id,))
    if due_on > made + _WITHIN or plan.state != "following" or visitor is None:
        return False
    written = session.scalar(
        insert(PlannedVisit)
        .values(
            public_id=identifiers.public_id(),
            plan_id=plan.id,
            kind="revisit",
            state="due",
            due_on=due_on,
            asks_livelihood=visit.asks_livelihood,
            region_code=visit.region_code,
            visitor_user_id=visitor,
            checks_visit_id=visit.id,
            version=0,
        )
        .on_conflict_do_nothing()
        .returning(PlannedVisit.id)
    )
    if written is None:
        return False
    details = {"visit": written, "checks": visit.id}
    record(session, "visit.drawn_again", by=SYSTEM, casefile_id=plan.id, subject=plan.number, details=details)
    return True
