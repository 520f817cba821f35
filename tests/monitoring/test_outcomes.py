"""Outcomes are answers, not failures: what each does to its plan."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock, jobs
from caseflow.documents.storage import open_store
from caseflow.monitoring import consents, plans, revisits
from caseflow.monitoring.models import DayChange, Plan, PlannedVisit, VisitConsent
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase, make_settings
from tests.story import Stage
from tests.visit_story import days_pass, followed, settled, visit_of

WHY = "Keluarga minta cukup sekali saja."


@pytest.fixture
def plan(stage: Stage) -> Plan:
    """Firdaus's family."""
    return followed(stage)


@pytest.fixture
def rina(stage: Stage, plan: Plan) -> Actor:
    """Whoever visits it."""
    return next(one for one in stage.staff.values() if one.user_id == plan.visitor_user_id)


def test_somebody_met_is_a_visit_made(stage: Stage, plan: Plan, rina: Actor) -> None:
    visit = settled(stage, visit_of(stage, plan, "m1"), "met", by=rina)
    assert (visit.state, visit.outcome, visit.done_on) == ("done", "met", date(2026, 11, 20))
    assert plan.state == "following"


def test_another_day_moves_the_visit_to_the_day_the_family_asked_for(
    stage: Stage, plan: Plan, rina: Actor
) -> None:
    visit = visit_of(stage, plan, "m3")
    sunday = date(2027, 2, 28)
    settled(stage, visit, "another_day", by=rina, another_day_on=sunday)
    assert (visit.state, visit.outcome, visit.due_on) == ("due", "another_day", sunday)
    assert stage.session.scalars(select(DayChange.reason)).one().startswith("Keluarga minta")


def test_another_day_is_never_before_livelihood_may_be_asked(stage: Stage, plan: Plan, rina: Actor) -> None:
    visit = visit_of(stage, plan, "m3")
    settled(stage, visit, "another_day", by=rina, another_day_on=date(2026, 12, 1))
    assert visit.due_on == plan.livelihood_from_on == date(2026, 12, 14)


def test_not_found_once_is_tried_again_and_twice_is_for_the_supervisor(
    stage: Stage, plan: Plan, rina: Actor
) -> None:
    days_pass(92)  # 20 February
    visit = visit_of(stage, plan, "m3")
    settled(stage, visit, "not_found", by=rina)
    assert (visit.state, visit.outcome, visit.due_on) == ("due", "not_found", date(2027, 2, 27))
    settled(stage, visit, "not_found", by=rina)
    assert (visit.state, visit.outcome, plan.state) == ("done", "not_found", "following")


def test_moved_away_is_done_and_the_plan_waits_for_the_supervisor(
    stage: Stage, plan: Plan, rina: Actor
) -> None:
    visit = settled(stage, visit_of(stage, plan, "m3"), "moved", by=rina)
    assert (visit.state, visit.outcome, plan.state) == ("done", "moved", "following")


def test_declined_withdraws_consent_and_pauses(stage: Stage, plan: Plan, rina: Actor) -> None:
    said_at = clock.now() - timedelta(hours=3)
    settled(stage, visit_of(stage, plan, "m1"), "declined", by=rina, at=said_at, said_by="Elmita")
    assert plan.state == "paused"
    word = stage.session.scalars(select(VisitConsent)).one()
    assert (word.given, word.said_by, word.said_at) == (False, "Elmita", said_at)
    assert consents.standing(stage.session, plan.id) is word


def test_a_refusal_that_arrives_late_does_not_undo_a_later_yes(stage: Stage, plan: Plan, rina: Actor) -> None:
    said_at = clock.now() - timedelta(hours=3)
    consents.give(stage.session, plan, said_by="Elmita", by=rina, now=clock.now())
    settled(stage, visit_of(stage, plan, "m1"), "declined", by=rina, at=said_at)
    assert plan.state == "following"
    last = consents.standing(stage.session, plan.id)
    assert last is not None
    assert last.given


def test_whoever_was_met_stays_met(stage: Stage, plan: Plan, rina: Actor) -> None:
    visit = settled(stage, visit_of(stage, plan, "m3"), "moved", by=rina)
    settled(stage, visit, "met", by=rina)
    assert visit.outcome == "met"
    settled(stage, visit, "not_found", by=rina)
    assert visit.outcome == "met"


def test_the_last_visit_ends_the_plan_once_the_night_has_chosen(
    stage: Stage, plan: Plan, rina: Actor
) -> None:
    for kind in ("m1", "m3", "m6", "m12", "m24"):
        assert revisits.over(stage.session) == []
        settled(stage, visit_of(stage, plan, kind), "met", by=rina)
    assert plan.state == "following"  # one of its visits may yet be looked at again
    assert revisits.over(stage.session) == [plan.id]
    drawn = [one.public_id for one in stage.session.scalars(select(PlannedVisit))]
    salt = next(
        salt
        for salt in (f"salt{number}" for number in range(1000))
        if not any(revisits.is_drawn(name, salt) for name in drawn)
    )
    assert revisits.finish(stage.session, plan.id, salt, now=clock.now())
    assert plan.state == "finished"
    assert not revisits.finish(stage.session, plan.id, salt, now=clock.now())


def test_the_call_of_the_first_month_ends_a_plan_at_once(stage: Stage, plan: Plan, rina: Actor) -> None:
    siska = stage.staff["siska"]
    for kind in ("m3", "m6", "m12", "m24"):
        plans.cancel(stage.session, visit_of(stage, plan, kind), WHY, by=siska, now=clock.now())
    assert plan.state == "following"
    settled(stage, visit_of(stage, plan, "m1"), "met", by=rina)
    assert plan.state == "finished"


def test_the_last_visit_cancelled_ends_the_plan_at_once(stage: Stage, plan: Plan, rina: Actor) -> None:
    siska = stage.staff["siska"]
    days_pass(92)
    settled(stage, visit_of(stage, plan, "m3"), "met", by=rina)
    days_pass(40)  # nothing of it is looked at again any more
    for kind in ("m1", "m6", "m12"):
        plans.cancel(stage.session, visit_of(stage, plan, kind), WHY, by=siska, now=clock.now())
    assert plan.state == "following"
    plans.cancel(stage.session, visit_of(stage, plan, "m24"), WHY, by=siska, now=clock.now())
    assert (plan.state, plan.closed_at is not None) == ("finished", True)


def test_a_family_not_found_last_stays_before_the_supervisor(stage: Stage, plan: Plan, rina: Actor) -> None:
    for kind in ("m1", "m3", "m6", "m12"):
        settled(stage, visit_of(stage, plan, kind), "met", by=rina)
    days_pass(740)
    settled(stage, visit_of(stage, plan, "m24"), "moved", by=rina)
    assert (plan.state, revisits.over(stage.session)) == ("following", [])


def test_an_older_plan_without_a_visit_to_come_is_finished_in_the_night(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    store = open_store(f"folder://{tmp_path / 'objects'}")
    with Session(fresh_database.engine) as session:
        plan = followed(Stage(session, store, staff))
        session.execute(
            update(PlannedVisit)
            .where(PlannedVisit.plan_id == plan.id)
            .values(state="cancelled", cancelled_why=WHY)
        )
        session.commit()
    tools = jobs.Tools(
        sessionmaker(fresh_database.engine), store, make_settings(fresh_database.app_url, tmp_path)
    )
    for _ in range(2):
        jobs.build(tools).tasks["visits.finish_plans"](timestamp=0)
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(Plan.state)).all() == ["finished"]


def test_who_is_met_after_all_was_met_on_that_day(stage: Stage, plan: Plan, rina: Actor) -> None:
    visit = visit_of(stage, plan, "m3")
    now = clock.now()
    for days in (0, 8):
        settled(stage, visit, "not_found", by=rina, at=now + timedelta(days=days))
    assert (visit.state, visit.done_on) == ("done", date(2026, 11, 28))
    settled(stage, visit, "met", by=rina, at=now + timedelta(days=10))
    assert (visit.outcome, visit.done_on) == ("met", date(2026, 11, 30))
    settled(stage, visit, "met", by=rina, at=now + timedelta(days=12))
    assert visit.done_on == date(2026, 11, 30)
