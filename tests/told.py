"""What a family told at a visit, for tests of what is made of it: written over from paper, as it comes in."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from caseflow import clock
from caseflow.monitoring import offers, referrals
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.offers import OfferFacts
from caseflow.monitoring.referrals import Asked
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


def helped(stage: Stage) -> dict[str, tuple[str, ...]]:
    """An offer, and a followed family sent on to it; what stands in addresses, by name."""
    session, now = stage.session, clock.now()
    facts = OfferFacts(kind="training", title="Pelatihan", provider="Balai Latihan", region_code="13.03")
    offer = offers.add_offer(session, facts, by=stage.staff["siska"], now=now)
    plan = session.scalars(select(Plan).order_by(Plan.id.desc()).limit(1)).one()
    asked = Asked(
        kind="training", for_whom="Elmita", to_whom="Pelatihan", words="", offer=offer,
        answer_by_on=clock.today() + referrals.USUAL_WAIT,
    )  # fmt: skip
    sent = referrals.send_on(session, plan, asked, by=visitor(stage, plan), now=now)
    return {"offer_id": (offer.public_id,), "referral_id": (sent.public_id,)}
