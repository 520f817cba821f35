"""Consent to visits: which word counts, whoever records it when; refusing costs nothing and needs no reason."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from caseflow import clock
from caseflow.claims import consents as data_consents
from caseflow.claims.models import Claim
from caseflow.errors import NotFound, NotPermitted
from caseflow.monitoring import consents, opening
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.people.actor import Actor
from caseflow.workflow.models import History
from tests.families import FIRDAUS, SYAFRIL
from tests.scholarship_story import paid_claim
from tests.story import Stage, phone_of
from tests.visit_story import followed


@pytest.fixture
def plan(stage: Stage) -> Plan:
    """Firdaus's family."""
    return followed(stage, FIRDAUS)


def phone(stage: Stage, plan: Plan) -> Actor:
    """The family's own phone."""
    return phone_of(stage, stage.session.get_one(Claim, plan.claim_id))


def test_every_text_can_be_read_by_everybody() -> None:
    for one in consents.texts():
        assert all(len(sentence.split()) <= 15 for sentence in one.text)
    assert consents.text_on(date(2020, 1, 1)) is consents.texts()[0]
    with pytest.raises(NotFound):
        consents.get_text("kunjungan-1999")


def test_the_family_refuses_and_allows_again(stage: Stage, plan: Plan) -> None:
    family = phone(stage, plan)
    claim = stage.session.get_one(Claim, plan.claim_id)
    state, version = claim.state, claim.version
    consents.withdraw(stage.session, plan, said_by="Yusra", by=family, now=clock.now())
    assert plan.state == "paused"
    due = stage.session.scalars(select(PlannedVisit.state).where(PlannedVisit.plan_id == plan.id)).all()
    assert set(due) == {"due"}  # nothing is cancelled
    consents.give(stage.session, plan, said_by="Yusra", by=family, now=clock.now() + timedelta(seconds=1))
    assert plan.state == "following"
    moves = stage.session.execute(
        select(History.action, History.actor_kind)
        .where(History.casefile_id == plan.id)
        .order_by(History.version)
    ).all()
    assert [tuple(row) for row in moves] == [("open", "system"), ("pause", "family"), ("resume", "family")]
    stage.session.refresh(claim)
    assert (claim.state, claim.version) == (state, version)  # the money knows nothing of it


def test_another_familys_phone_finds_nothing(stage: Stage, plan: Plan) -> None:
    stranger = phone(stage, followed(stage, SYAFRIL))
    with pytest.raises(NotFound):
        consents.withdraw(stage.session, plan, said_by="Orang lain", by=stranger, now=clock.now())
    assert plan.state == "following"


def test_a_helper_refuses_nothing_for_the_family(stage: Stage, plan: Plan) -> None:
    helper = Actor(**{**vars(phone(stage, plan)), "helper_relation": "tetangga"})
    with pytest.raises(NotPermitted):
        consents.withdraw(stage.session, plan, said_by="Tetangga", by=helper, now=clock.now())


def test_officers_and_nagari_have_no_word_in_it(stage: Stage, plan: Plan) -> None:
    for name in ("dedi", "fitri", "bram"):
        with pytest.raises(NotPermitted):
            consents.withdraw(stage.session, plan, said_by="Elmita", by=stage.staff[name], now=clock.now())


def test_which_withdrawal_forbids_keeping_a_visit(stage: Stage, plan: Plan) -> None:
    siska, now = stage.staff["siska"], clock.now()
    morning, noon, evening = (now - timedelta(hours=hours) for hours in (9, 6, 3))
    assert consents.withdrawn_after(stage.session, plan.id, morning) is None
    refused = consents.withdraw(stage.session, plan, said_by="Elmita", by=siska, now=now, said_at=noon)
    # standing: it forbids whatever was visited, before and after
    assert consents.withdrawn_after(stage.session, plan.id, morning) is refused
    assert consents.withdrawn_after(stage.session, plan.id, evening) is refused
    consents.give(stage.session, plan, said_by="Elmita", by=siska, now=now, said_at=evening)
    # given again: a visit older than the withdrawal is still not kept, a later one is
    assert consents.withdrawn_after(stage.session, plan.id, morning) is refused
    assert consents.withdrawn_after(stage.session, plan.id, now) is None


def test_who_takes_back_the_use_of_data_is_visited_no_more_until_visits_are_allowed(
    stage: Stage, plan: Plan
) -> None:
    family, claim = phone(stage, plan), stage.session.get_one(Claim, plan.claim_id)
    data_consents.take_back(stage.session, claim, by=family, now=clock.now())
    opening.stop_visits(stage.session, claim, by=family, now=clock.now())
    assert plan.state == "paused"
    assert consents.withdrawn_after(stage.session, plan.id, clock.now()) is not None
    data_consents.give_again(stage.session, claim, by=family, now=clock.now())
    assert plan.state == "paused"  # being visited is asked about by itself
    consents.give(stage.session, plan, said_by="Yusra", by=family, now=clock.now())
    assert plan.state == "following"


def test_a_plan_begins_paused_when_the_use_of_data_was_taken_back_before_the_money_came(stage: Stage) -> None:
    claim = paid_claim(stage, FIRDAUS)
    data_consents.take_back(stage.session, claim, by=phone_of(stage, claim), now=clock.now())
    assert opening.open_if_due(stage.session, claim.id, now=clock.now())
    plan = opening.find_plan(stage.session, claim.id)
    assert plan is not None
    assert plan.state == "paused"
    word = consents.standing(stage.session, plan.id)
    assert word is not None
    assert (word.given, word.said_by) == (False, "Yusra")
