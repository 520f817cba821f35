"""What a family told at a visit, for tests of what is made of it: written over from paper, as it comes in."""

from datetime import datetime, timedelta
from typing import Any

from caseflow import clock
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.visit_models import VisitRecord
from caseflow.people.actor import Actor
from tests.monitoring.visiting import made, send
from tests.story import Stage


def visitor(stage: Stage, plan: Plan) -> Actor:
    """The social worker who has the family."""
    return next(one for one in stage.staff.values() if one.user_id == plan.visitor_user_id)


def other(stage: Stage, plan: Plan) -> Actor:
    """The social worker who has it not."""
    return stage.staff["yoga" if visitor(stage, plan).name == "Rina Marlina" else "rina"]


def told(
    stage: Stage, visit: PlannedVisit, at: datetime | None = None, *, outcome: str = "met", **answers: Any
) -> VisitRecord:
    """The family was visited by its own visitor; the clock stands there from now on."""
    if at is not None:
        clock.set_start(at + timedelta(minutes=30))
    plan = stage.session.get_one(Plan, visit.plan_id)
    said = made(visit, sequence=None, outcome=outcome, at=at, answers=answers)
    arrived = send(stage.session, None, said, by=visitor(stage, plan))
    assert arrived.refusal is None, (arrived.refusal.sentence, arrived.refusal.fields)
    return stage.session.get_one(VisitRecord, visit.id)
