"""Three people wrote one answer: whoever chooses second chooses beside what holds by then."""

from sqlalchemy import select

from caseflow import clock
from caseflow.monitoring import clashes
from caseflow.monitoring.visit_models import FieldClash, VisitRecord
from tests.monitoring.visiting import made, phone, send
from tests.story import Stage
from tests.visit_story import days_pass, followed, visit_of

WHY = "Sudah ditanyakan lagi lewat telepon."


def test_the_second_choice_is_between_what_holds_now_and_the_other(stage: Stage) -> None:
    plan = followed(stage)
    visit = visit_of(stage, plan, "m3")
    days_pass(95)
    for name, change in (("rina", "same"), ("yoga", "heavier"), ("siska", "lighter")):
        by = stage.staff[name]
        plan.visitor_user_id = visit.visitor_user_id = by.user_id
        said = made(visit, answers={"household_change": change})
        assert send(stage.session, phone(stage.session, by, f"HP {name}"), said, by=by).refusal is None
    yogas, siskas = stage.session.scalars(select(FieldClash.public_id).order_by(FieldClash.id)).all()
    siska = stage.staff["siska"]
    clashes.choose(stage.session, yogas, "contested", WHY, by=siska, now=clock.now())
    shown = clashes.get_clash(stage.session, siskas, by=siska)
    assert (shown.standing.value, shown.contested.value) == ("heavier", "lighter")
    clashes.choose(stage.session, siskas, "standing", WHY, by=siska, now=clock.now())
    assert stage.session.get_one(VisitRecord, visit.id).household_change == "heavier"
    settled = clashes.get_clash(stage.session, yogas, by=siska)
    assert (settled.standing.value, settled.contested.value) == ("same", "heavier")
