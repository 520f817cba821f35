"""Looking again at one visit in twenty, by somebody else, within thirty days: drawn by a secret, not by a person.

Whoever visits cannot foresee which visit is drawn, and a second look at the same visits draws the same ones.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from caseflow import clock, identifiers
from caseflow.audit.operations import record
from caseflow.monitoring import days, steps, visitors
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.visit_models import Visit
from caseflow.people.actor import SYSTEM
from caseflow.registry import queries as registry

PERMILLE = 50
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
            steps.may_be_drawn(today),
            Plan.state == "following",
        )
        .order_by(PlannedVisit.id)
    ).all()
    drawn = [row.id for row in rows if is_drawn(row.public_id, salt)]
    known = set(
        session.scalars(select(PlannedVisit.checks_visit_id).where(PlannedVisit.checks_visit_id.in_(drawn)))
    )
    return [key for key in drawn if key not in known]


def made_by(session: Session, visit: PlannedVisit) -> Sequence[int | None]:
    """Return who made a visit: on paper it may be in other hands by now."""
    made = session.scalars(
        select(Visit.visitor_user_id).where(Visit.planned_visit_id == visit.id).distinct()
    ).all()
    return made or [visit.visitor_user_id]


def over(session: Session) -> Sequence[int]:
    """Return the plans that have no visit to come and wait for nobody's word: what the night may finish.

    A family that moved or was not found last is the supervisor's to decide.
    """
    one, last = aliased(PlannedVisit), aliased(PlannedVisit)
    ended = (
        select(last.outcome)
        .where(last.plan_id == Plan.id, last.state == "done", last.kind != "revisit")
        .order_by(last.done_on.desc(), last.id.desc())
        .limit(1)
        .correlate(Plan)
        .scalar_subquery()
    )
    return session.scalars(
        select(Plan.id)
        .where(
            Plan.state == "following",
            Plan.closed_at.is_(None),
            ~exists().where(one.plan_id == Plan.id, one.state == "due"),
            func.coalesce(ended, "").not_in(("moved", "not_found")),
        )
        .order_by(Plan.id)
    ).all()


def finish(session: Session, plan_id: int, salt: str, *, now: datetime) -> bool:
    """Finish a plan that is over, unless one of its visits is to be looked at again; return whether it was finished."""
    plan = session.get_one(Plan, plan_id)
    steps.lock(session, plan)
    if plan_id not in over(session):
        return False
    of_plan = select(PlannedVisit).where(
        PlannedVisit.plan_id == plan.id, steps.may_be_drawn(clock.local(now).date())
    )
    drawn = [visit for visit in session.scalars(of_plan) if is_drawn(visit.public_id, salt)]
    if sum(plan_revisit(session, visit.id, now=now) for visit in drawn):
        return False
    steps.step(session, plan, "finish", by=SYSTEM, now=now)
    return True


def plan_revisit(session: Session, visit_id: int, *, now: datetime) -> bool:
    """Plan the second visit, by another visitor if there is one; return whether it was planned now."""
    visit = session.get_one(PlannedVisit, visit_id)
    plan = session.get_one(Plan, visit.plan_id)
    steps.lock(session, plan)
    today = clock.local(now).date()
    calendar = registry.calendar(session, today)
    made = visit.done_on or today
    due_on = days.visiting_day(max(made + _AFTER, today), calendar)
    visitor = visitors.choose(session, visit.region_code, but=made_by(session, visit))
    if due_on > made + steps.LOOKED_AGAIN_WITHIN or plan.state != "following" or visitor is None:
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
