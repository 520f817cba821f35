"""Months are counted from the day on which the money that stayed was moved; paid again, the visits to come move along."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.monitoring import day_zero, opening, receipt_told
from caseflow.monitoring.models import DayChange, Plan, PlannedVisit
from caseflow.payments.models import Instruction
from caseflow.payments.queries import moved_on
from tests import accident_story
from tests.accident_story import MARZUKI, bring_back, press, sent, settle
from tests.story import Stage
from tests.told import told
from tests.visit_story import days_pass, settled, visit_of


@pytest.fixture
def claim(stage: Stage) -> Claim:
    """Marzuki's claim, paid on 20 November 2026 and followed since."""
    return accident_story.paid(stage)


def followed(stage: Stage, claim: Claim) -> Plan:
    assert opening.open_if_due(stage.session, claim.id, now=clock.now())
    return stage.session.scalars(select(Plan)).one()


def returned(stage: Stage, claim: Claim) -> None:
    """The bank sends the money back."""
    order = stage.session.scalars(select(Instruction).where(Instruction.casefile_id == claim.id)).one()
    bring_back(stage, order, "account_dormant")


def paid_again(stage: Stage, claim: Claim) -> None:
    press(stage, claim, "reissue_payment", by=stage.staff["mega"])
    settle(stage, sent(stage, claim, MARZUKI.account))
    assert claim.state == "paid"


def due(stage: Stage, plan: Plan) -> dict[str, date]:
    rows = stage.session.execute(
        select(PlannedVisit.kind, PlannedVisit.due_on)
        .where(PlannedVisit.plan_id == plan.id, PlannedVisit.state == "due")
        .order_by(PlannedVisit.due_on)
    )
    return {row.kind: row.due_on for row in rows}


def look(stage: Stage) -> list[bool]:
    keys = day_zero.claims_paid_again(stage.session)
    return [day_zero.count_anew(stage.session, key, now=clock.now()) for key in keys]


def test_paid_again_the_visits_to_come_move_along_and_say_why(stage: Stage, claim: Claim) -> None:
    plan = followed(stage, claim)
    days_pass(31)
    settled(stage, visit_of(stage, plan, "m1"), "met", by=stage.staff["rina"])
    returned(stage, claim)
    assert look(stage) == []  # nothing stayed yet
    days_pass(9)
    paid_again(stage, claim)  # on 30 December
    assert look(stage) == [True]
    assert plan.paid_on == date(2026, 12, 30)
    assert due(stage, plan) == {
        "m3": date(2027, 3, 30),
        "m6": date(2027, 6, 30),
        "m12": date(2027, 12, 30),
        "m24": date(2028, 12, 30),
    }
    assert visit_of(stage, plan, "m1").done_on == date(2026, 12, 21)
    reasons = set(stage.session.scalars(select(DayChange.reason)))
    assert reasons == {"Santunan dibayar lagi 30 Desember 2026. Bulannya dihitung dari hari itu."}
    assert look(stage) == [False]
    assert len(stage.session.scalars(select(DayChange)).all()) == 4


def test_a_later_day_that_the_family_chose_stays(stage: Stage, claim: Claim) -> None:
    plan = followed(stage, claim)
    chosen = visit_of(stage, plan, "m3")
    chosen.due_on = date(2027, 4, 20)
    returned(stage, claim)
    days_pass(9)
    paid_again(stage, claim)
    assert look(stage) == [True]
    assert due(stage, plan)["m3"] == date(2027, 4, 20)
    assert due(stage, plan)["m6"] == date(2027, 5, 29)


def test_money_that_came_back_and_was_not_paid_again_moves_nothing(stage: Stage, claim: Claim) -> None:
    plan = followed(stage, claim)
    before = due(stage, plan)
    returned(stage, claim)
    assert day_zero.count_anew(stage.session, claim.id, now=clock.now()) is False
    assert (plan.paid_on, due(stage, plan)) == (date(2026, 11, 20), before)


def test_a_plan_counts_from_the_day_of_the_bank_and_not_of_the_confirmation(stage: Stage) -> None:
    """The statement is matched five days after the transfer."""
    claim = accident_story.approved(stage)
    order = sent(stage, claim, MARZUKI.account)
    booked = clock.today()
    days_pass(5)
    accident_story.settle(stage, order, on=booked)
    assert moved_on(stage.session, claim.id) == [booked]
    assert followed(stage, claim).paid_on == booked


def test_what_was_told_of_money_that_came_back_says_nothing_of_the_next(stage: Stage, claim: Claim) -> None:
    plan = followed(stage, claim)
    told(stage, visit_of(stage, plan, "m1"), clock.now() + timedelta(days=31), received_in_full="not_yet")
    assert receipt_told.received(stage.session, plan).mismatch is not None
    returned(stage, claim)
    days_pass(9)
    paid_again(stage, claim)
    assert look(stage) == [True]
    again = receipt_told.received(stage.session, plan)
    assert (again.mismatch, again.may_pass_on) == (None, False)
