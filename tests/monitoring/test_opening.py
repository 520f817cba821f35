"""Payment opens the plan: for whom, on which days, with which visitor; once, however many look at the same time."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock, jobs
from caseflow.documents.storage import open_store
from caseflow.errors import NotPermitted, NotPossible
from caseflow.monitoring import opening
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.people.actor import SYSTEM, Actor
from caseflow.workflow.models import History
from tests import accident_story, scholarship_story
from tests.claims.test_races import at_once
from tests.conftest import FreshDatabase, make_settings
from tests.families import FIRDAUS, SYAFRIL
from tests.scholarship_story import paid_claim
from tests.story import Stage, approved
from tests.visit_story import days_pass, followed


def visits(session: Session, plan: Plan) -> list[PlannedVisit]:
    """The visits of a plan in the order of their days."""
    return list(
        session.scalars(
            select(PlannedVisit).where(PlannedVisit.plan_id == plan.id).order_by(PlannedVisit.due_on)
        )
    )


def test_a_paid_death_claim_is_followed_from_the_day_of_payment(stage: Stage) -> None:
    claim = paid_claim(stage)
    assert opening.open_due_plans(stage.session, now=clock.now()) == 1
    plan = stage.session.scalars(select(Plan)).one()
    assert plan.claim_id == claim.id
    assert (plan.state, plan.region_code, plan.branch_code) == (
        "following",
        "13.03.99.2001",
        "solok/monitoring",
    )
    assert plan.number.startswith("DMP-26-")
    assert (plan.contact_name, plan.contact_phone, plan.jorong) == ("Elmita", "+6281267007777", "Koto Tangah")
    assert plan.paid_on == date(2026, 11, 20)
    assert plan.livelihood_from_on == date(2026, 12, 14)  # he died on 3 November
    assert [(one.kind, one.due_on, one.asks_livelihood) for one in visits(stage.session, plan)] == [
        ("m1", date(2026, 12, 21), True),  # the 20th is a Sunday
        ("m3", date(2027, 2, 20), True),
        ("m6", date(2027, 5, 21), True),  # the 20th is a holiday
        ("m12", date(2027, 11, 20), True),
        ("m24", date(2028, 11, 20), True),
    ]
    opened = stage.session.scalars(select(History).where(History.casefile_id == plan.id)).one()
    assert (opened.actor_name, opened.details) == ("Sistem", {"claim": claim.number})


def test_a_second_look_opens_nothing(stage: Stage) -> None:
    paid_claim(stage)
    assert opening.open_due_plans(stage.session, now=clock.now()) == 1
    assert opening.open_due_plans(stage.session, now=clock.now()) == 0
    assert stage.session.scalar(select(func.count()).select_from(Plan)) == 1


def test_the_guardian_keeps_the_money_of_a_child_and_is_visited(stage: Stage) -> None:
    assert followed(stage, SYAFRIL).contact_name == "Nofrizal"


def test_an_approved_claim_is_not_followed_before_its_money_arrived(stage: Stage) -> None:
    claim = approved(stage, FIRDAUS)
    assert opening.open_due_plans(stage.session, now=clock.now()) == 0
    with pytest.raises(NotPossible, match="sesudah santunan dibayar"):
        opening.open_plan(stage.session, claim, by=SYSTEM, now=clock.now())


def test_a_scholarship_opens_no_plan_of_its_own(stage: Stage) -> None:
    origin = paid_claim(stage)
    right = scholarship_story.opened(stage, origin, "Nadia")
    scholarship_story.year_approved(stage, right, 2026, level="sma")
    scholarship_story.pay(stage, right, holder="Nadia")
    assert opening.open_due_plans(stage.session, now=clock.now()) == 1
    assert stage.session.scalars(select(Plan.claim_id)).one() == origin.id


def test_an_injured_worker_who_lives_is_followed_without_days_of_mourning(stage: Stage) -> None:
    claim = accident_story.paid(stage)
    assert claim.died_on is None
    assert opening.open_due_plans(stage.session, now=clock.now()) == 1
    plan = stage.session.scalars(select(Plan)).one()
    assert plan.livelihood_from_on == plan.paid_on
    assert plan.contact_name == claim.subject
    assert all(one.asks_livelihood for one in visits(stage.session, plan))


def test_money_that_came_back_before_opens_nothing(stage: Stage) -> None:
    claim = accident_story.approved(stage)
    order = accident_story.sent(stage, claim, accident_story.MARZUKI.account)
    accident_story.settle(stage, order)
    accident_story.bring_back(stage, order)
    assert claim.state == "payment_failed"
    assert opening.open_due_plans(stage.session, now=clock.now()) == 0


def test_opened_late_it_does_not_ask_for_what_is_long_over(stage: Stage) -> None:
    claim = paid_claim(stage)
    days_pass(200)
    opening.open_plan(stage.session, claim, by=SYSTEM, now=clock.now())
    plan = stage.session.scalars(select(Plan)).one()
    # the call and the third month lie months behind; the sixth was a few days ago
    assert [one.kind for one in visits(stage.session, plan)] == ["m6", "m12", "m24"]


def test_nobody_but_the_system_and_the_supervisor_opens_one(stage: Stage) -> None:
    claim = paid_claim(stage)
    with pytest.raises(NotPermitted):
        opening.open_plan(stage.session, claim, by=stage.staff["rina"], now=clock.now())


def test_two_workers_at_once_open_one_plan(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    with Session(fresh_database.engine) as session:
        claim = paid_claim(Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff))
        session.commit()
        claim_id = claim.id

    def look() -> None:
        with Session(fresh_database.engine) as session:
            opening.open_if_due(session, claim_id, now=clock.now())
            session.commit()

    assert at_once(look, look) == ["done", "done"]
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 1
        assert session.scalar(select(func.count()).select_from(PlannedVisit)) == 5


def test_visitors_share_the_kecamatan_and_keep_their_nagari(stage: Stage) -> None:
    first = followed(stage, FIRDAUS)  # Koto Latihan
    second = followed(stage, SYAFRIL)  # Koto Contoh, the same kecamatan
    assert first.visitor_user_id != second.visitor_user_id
    both = {stage.staff["rina"].user_id, stage.staff["yoga"].user_id}
    assert {first.visitor_user_id, second.visitor_user_id} == both


def test_every_hour_the_worker_opens_what_is_due(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    store = open_store(f"folder://{tmp_path / 'objects'}")
    with Session(fresh_database.engine) as session:
        paid_claim(Stage(session, store, staff))
        session.commit()
    tools = jobs.Tools(
        sessionmaker(fresh_database.engine), store, make_settings(fresh_database.app_url, tmp_path)
    )
    for _ in range(2):
        jobs.build(tools).tasks["visits.open_plans"](timestamp=0)
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(Plan.paid_on)).all() == [date(2026, 11, 20)]
