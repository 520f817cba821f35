"""Three people wrote one answer: whoever chooses second chooses beside what holds by then."""

import pytest
from sqlalchemy import select

from caseflow import clock
from caseflow.errors import Stale
from caseflow.monitoring import clashes, records
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.visit_models import FieldClash, VisitField, VisitRecord
from tests.monitoring.visiting import made, phone, send
from tests.story import Stage
from tests.visit_story import days_pass, followed, visit_of

WHY = "Sudah ditanyakan lagi lewat telepon."


def wrote(stage: Stage, plan: Plan, visit: PlannedVisit, name: str, change: str, base: int = 0) -> None:
    """Somebody wrote it on a phone of their own."""
    by = stage.staff[name]
    plan.visitor_user_id = visit.visitor_user_id = by.user_id
    said = made(visit, answers={"household_change": change}, base=base)
    assert send(stage.session, phone(stage.session, by, f"HP {name}"), said, by=by).refusal is None


def test_the_second_choice_is_between_what_holds_now_and_the_other(stage: Stage) -> None:
    plan = followed(stage)
    visit = visit_of(stage, plan, "m3")
    days_pass(95)
    for name, change in (("rina", "same"), ("yoga", "heavier"), ("siska", "lighter")):
        wrote(stage, plan, visit, name, change)
    yogas, siskas = stage.session.scalars(select(FieldClash.public_id).order_by(FieldClash.id)).all()
    siska = stage.staff["siska"]
    clashes.choose(stage.session, yogas, "contested", WHY, by=siska, now=clock.now())
    shown = clashes.get_clash(stage.session, siskas, by=siska)
    assert (shown.standing.value, shown.contested.value) == ("heavier", "lighter")
    clashes.choose(stage.session, siskas, "standing", WHY, by=siska, now=clock.now())
    assert stage.session.get_one(VisitRecord, visit.id).household_change == "heavier"
    settled = clashes.get_clash(stage.session, yogas, by=siska)
    assert (settled.standing.value, settled.contested.value) == ("same", "heavier")


def test_who_wrote_the_chosen_value_too_leaves_nothing_to_choose(stage: Stage) -> None:
    plan = followed(stage)
    visit = visit_of(stage, plan, "m3")
    days_pass(95)
    for name, change in (("rina", "same"), ("yoga", "heavier"), ("siska", "heavier")):
        wrote(stage, plan, visit, name, change)
    siska = stage.staff["siska"]
    first, second = stage.session.scalars(select(FieldClash).order_by(FieldClash.id)).all()
    clashes.choose(stage.session, first.public_id, "contested", WHY, by=siska, now=clock.now())
    assert list(clashes.open_clashes(stage.session, by=siska)) == []
    assert (second.chosen, second.chosen_why, second.chosen_by_user_id) == ("standing", WHY, siska.user_id)
    assert stage.session.get_one(VisitField, second.contested_field_id).standing == "put_aside"
    assert records.drift(stage.session) == []


def test_a_value_written_knowingly_as_the_other_had_it_leaves_nothing_to_choose(stage: Stage) -> None:
    plan = followed(stage)
    visit = visit_of(stage, plan, "m3")
    days_pass(95)
    wrote(stage, plan, visit, "rina", "same")
    wrote(stage, plan, visit, "yoga", "heavier")
    wrote(stage, plan, visit, "siska", "heavier", base=1)  # saw "same"
    assert list(clashes.open_clashes(stage.session, by=stage.staff["siska"])) == []
    assert stage.session.get_one(VisitRecord, visit.id).household_change == "heavier"
    assert records.drift(stage.session) == []


def test_a_choice_made_on_an_older_page_is_asked_again(stage: Stage) -> None:
    plan = followed(stage)
    visit = visit_of(stage, plan, "m3")
    days_pass(95)
    for name, change in (("rina", "same"), ("yoga", "heavier"), ("siska", "lighter")):
        wrote(stage, plan, visit, name, change)
    siska = stage.staff["siska"]
    yogas, siskas = clashes.open_clashes(stage.session, by=siska)
    clashes.choose(stage.session, yogas.public_id, "contested", WHY, by=siska, now=clock.now())
    with pytest.raises(Stale, match="berubah sejak halaman dibuka"):
        clashes.choose(
            stage.session, siskas.public_id, "standing", WHY, by=siska, now=clock.now(), seen=siskas.version
        )
    seen = clashes.get_clash(stage.session, siskas.public_id, by=siska).version
    clashes.choose(stage.session, siskas.public_id, "standing", WHY, by=siska, now=clock.now(), seen=seen)
    assert stage.session.get_one(VisitRecord, visit.id).household_change == "heavier"


@pytest.mark.parametrize(("later", "left"), [("same", []), ("lighter", ["lighter"])])
def test_a_later_word_of_the_same_phone_takes_its_earlier_one_back(
    stage: Stage, later: str, left: list[str]
) -> None:
    plan = followed(stage)
    visit = visit_of(stage, plan, "m3")
    days_pass(95)
    wrote(stage, plan, visit, "rina", "same")
    yoga = stage.staff["yoga"]
    plan.visitor_user_id = visit.visitor_user_id = yoga.user_id
    yogas = phone(stage.session, yoga, "HP Yoga")
    for sequence, change in enumerate(("heavier", later), start=1):
        said = made(visit, sequence=sequence, answers={"household_change": change})
        assert send(stage.session, yogas, said, by=yoga).refusal is None
    found = clashes.open_clashes(stage.session, by=stage.staff["siska"])
    assert [one.contested.value for one in found] == left
    assert stage.session.get_one(VisitRecord, visit.id).household_change == "same"
