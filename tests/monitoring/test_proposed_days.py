"""The day a family proposes for its next visit: taken over with its reason, or kept beside the visit with why not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from caseflow import clock
from caseflow.monitoring import plans, proposed_days
from caseflow.monitoring.models import DayChange, Plan, PlannedVisit
from tests.monitoring.visiting import made, phone, send
from tests.story import Stage
from tests.told import other, told, visitor
from tests.visit_story import days_pass, followed, visit_of


@pytest.fixture
def plan(stage: Stage) -> Plan:
    """Firdaus's family at its third month."""
    found = followed(stage)
    days_pass(95)
    return found


def proposed(stage: Stage, plan: Plan, on: date, kind: str = "m3") -> PlannedVisit:
    """The family proposes a day at a visit; the visit that is due next."""
    told(stage, visit_of(stage, plan, "m1"))
    told(stage, visit_of(stage, plan, kind), next_due=on.isoformat())
    return visit_of(stage, plan, "m6")


def changes(stage: Stage, visit: PlannedVisit) -> list[tuple[date, str, int | None]]:
    rows = stage.session.scalars(select(DayChange).where(DayChange.planned_visit_id == visit.id))
    return [(row.to_on, row.reason, row.changed_by_user_id) for row in rows]


def test_a_good_day_moves_the_next_visit_with_its_reason(stage: Stage, plan: Plan) -> None:
    on = date(2027, 5, 5)
    following = proposed(stage, plan, on)
    assert (following.due_on, following.proposed_on, proposed_days.words(following)) == (on, None, None)
    assert changes(stage, following) == [
        (on, "Diusulkan keluarga saat kunjungan", visitor(stage, plan).user_id)
    ]


def test_the_day_that_is_planned_anyway_changes_nothing(stage: Stage, plan: Plan) -> None:
    following = visit_of(stage, plan, "m6")
    assert proposed(stage, plan, following.due_on).version == 0
    assert changes(stage, following) == []


@pytest.mark.parametrize(
    ("on", "why_not", "says"),
    [
        (date(2027, 5, 2), "free_day", "Keluarga mengusulkan 2 Mei 2027. Belum dipindah: itu hari Minggu"),
        (date(2027, 8, 17), "free_day", "hari libur"),
    ],
)
def test_a_day_that_cannot_be_is_told_and_the_visit_stays(
    stage: Stage, plan: Plan, on: date, why_not: str, says: str
) -> None:
    planned = visit_of(stage, plan, "m6").due_on
    following = proposed(stage, plan, on)
    assert (following.due_on, following.proposed_on, following.proposed_why_not) == (planned, on, why_not)
    assert says in (proposed_days.words(following) or "")
    assert changes(stage, following) == []
    plans.reschedule(
        stage.session, following, date(2027, 5, 5), "Keluarga memilih hari Rabu.",
        by=visitor(stage, plan), now=clock.now(),
    )  # fmt: skip
    assert proposed_days.words(following) is None


def test_a_visit_that_comes_late_proposes_no_day_behind_us(stage: Stage, plan: Plan) -> None:
    told(stage, visit_of(stage, plan, "m1"))
    by, made_at = visitor(stage, plan), clock.now()
    days_pass(20)
    said = made(
        visit_of(stage, plan, "m3"), at=made_at,
        answers={"next_due": (clock.today() - timedelta(days=5)).isoformat()},
    )  # fmt: skip
    assert send(stage.session, phone(stage.session, by), said, by=by).refusal is None
    following = visit_of(stage, plan, "m6")
    assert following.proposed_why_not == "past"
    assert "sudah lewat" in (proposed_days.words(following) or "")


def test_who_lost_the_family_moves_no_day_of_it(stage: Stage, plan: Plan) -> None:
    told(stage, visit_of(stage, plan, "m1"))
    by, made_at = visitor(stage, plan), clock.now()
    device = phone(stage.session, by)
    days_pass(1)
    plans.assign(
        stage.session, plan, other(stage, plan).user_id or 0,
        instead_of=by.user_id, by=stage.staff["siska"], now=clock.now(),
    )  # fmt: skip
    said = made(visit_of(stage, plan, "m3"), at=made_at, answers={"next_due": "2027-05-05"})
    assert send(stage.session, device, said, by=by).refusal is None
    assert visit_of(stage, plan, "m6").proposed_why_not == "handed_over"


def test_an_older_visit_that_arrives_later_moves_nothing(stage: Stage, plan: Plan) -> None:
    by, made_at = visitor(stage, plan), clock.now()
    device = phone(stage.session, by)
    days_pass(10)
    told(stage, visit_of(stage, plan, "m3"))
    said = made(visit_of(stage, plan, "m1"), at=made_at, answers={"next_due": "2027-05-05"})
    assert send(stage.session, device, said, by=by).refusal is None
    following = visit_of(stage, plan, "m6")
    assert (following.due_on == date(2027, 5, 5), following.proposed_on) == (False, None)
