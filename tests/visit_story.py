"""Stories of the time after the money, for tests: a claim is paid, its plan opens, its visits come due.

plan = followed(stage)                      # Firdaus; the money has reached Elmita today
visit = visit_of(stage, plan, "m3")
settled(stage, visit, "met", by=staff["rina"])
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from caseflow import clock
from caseflow.monitoring import opening
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.outcomes import Outcome, settle
from caseflow.people.actor import Actor
from tests.families import FIRDAUS, Person
from tests.scholarship_story import paid_claim
from tests.story import Stage


def followed(stage: Stage, person: Person = FIRDAUS) -> Plan:
    """A family whose claim was paid today, and whose plan was opened."""
    claim = paid_claim(stage, person)
    assert opening.open_if_due(stage.session, claim.id, now=clock.now())
    plan = opening.find_plan(stage.session, claim.id)
    assert plan is not None
    return plan


def visit_of(stage: Stage, plan: Plan, kind: str) -> PlannedVisit:
    """One of the visits of a plan."""
    return stage.session.scalars(
        select(PlannedVisit).where(PlannedVisit.plan_id == plan.id, PlannedVisit.kind == kind)
    ).one()


def settled(
    stage: Stage, visit: PlannedVisit, outcome: str, *, by: Actor, at: datetime | None = None, **told: object
) -> PlannedVisit:
    """The visit ended so."""
    said = Outcome(outcome=outcome, at=at or clock.now(), **told)  # type: ignore[arg-type]
    settle(stage.session, visit, said, by=by, now=clock.now())
    return visit


def days_pass(days: int) -> None:
    """Let days pass."""
    clock.set_start(clock.now() + timedelta(days=days))
