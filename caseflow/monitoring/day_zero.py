"""Day zero of a plan: the day on which the money that stayed was moved, and a later one where it was paid again.

A transfer that came back moved nothing. A sum that was paid on top of the first one changes no day.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import states
from caseflow.claims.models import Claim
from caseflow.formats import long_date
from caseflow.monitoring import days, opening, plans, steps
from caseflow.monitoring.models import MILESTONES, Plan, PlannedVisit
from caseflow.payments.models import Instruction, PaymentEvent
from caseflow.people.actor import SYSTEM
from caseflow.registry import queries as registry


def claims_paid_again(session: Session) -> Sequence[int]:
    """Return the claims of plans that go on, of which one transfer came back and one stayed, oldest first."""
    back = aliased(Instruction)
    settled_once = select(PaymentEvent.instruction_id).where(
        PaymentEvent.instruction_id == back.id, PaymentEvent.state == "settled"
    )
    return session.scalars(
        select(Plan.claim_id)
        .join(Instruction, Instruction.casefile_id == Plan.claim_id)
        .join(back, back.casefile_id == Plan.claim_id)
        .where(
            Plan.closed_at.is_(None),
            Instruction.state == "settled",
            back.state == "failed",
            settled_once.exists(),
        )
        .distinct()
        .order_by(Plan.claim_id)
    ).all()


def count_anew(session: Session, claim_id: int, *, now: datetime) -> bool:
    """Count the months of a plan from the day of the money that stayed; return whether that is another day.

    Visits not made yet go along, unless the family itself chose a later day. Livelihood may be asked about from the
    day on which it might before.
    """
    claim = session.get_one(Claim, claim_id)
    states.lock(session, claim)
    plan, on = opening.find_plan(session, claim_id), opening.paid_on(session, claim)
    if plan is None or on is None:
        return False
    steps.lock(session, plan)
    if plan.closed_at is not None or on == plan.paid_on:
        return False
    former, plan.paid_on = plan.paid_on, on
    _move_visits(session, plan, on, now=now)
    details = {"from": former.isoformat(), "to": on.isoformat()}
    record(session, "visit.days_anew", by=SYSTEM, casefile_id=plan.id, subject=plan.number, details=details)
    return True


def _move_visits(session: Session, plan: Plan, on: date, *, now: datetime) -> None:
    calendar = registry.calendar(session, clock.local(now).date())
    wanted = {one.kind: one for one in days.milestones(on, plan.livelihood_from_on, calendar)}
    why = f"Santunan dibayar lagi {long_date(on)}. Bulannya dihitung dari hari itu."
    for visit in session.scalars(
        select(PlannedVisit)
        .where(
            PlannedVisit.plan_id == plan.id, PlannedVisit.state == "due", PlannedVisit.kind.in_(MILESTONES)
        )
        .order_by(PlannedVisit.id)
    ):
        asked = wanted[visit.kind]
        if asked.due_on > visit.due_on:
            visit.asks_livelihood = asked.asks_livelihood
            plans.move_day(session, visit, asked.due_on, why, by=SYSTEM, now=now)
