"""Adding to a visit that was made: only what differs arrives, with a reason, and the visit itself stays."""

import uuid
from typing import Any

import pytest
from sqlalchemy import func, select

from caseflow import clock
from caseflow.errors import NotPossible
from caseflow.monitoring import addenda, consents, fields, records
from caseflow.monitoring.models import Plan, PlannedVisit, VisitConsent
from caseflow.monitoring.visit_models import FieldClash, Visit, VisitRecord
from tests.monitoring.visiting import send
from tests.story import Stage
from tests.told import told, visitor
from tests.visit_story import days_pass, followed, visit_of

WHY = "Keluarga menelepon dan membetulkan jenis usahanya."


@pytest.fixture
def plan(stage: Stage) -> Plan:
    """A family that was met at its third month; a week later."""
    found = followed(stage)
    days_pass(95)
    told(
        stage, visit_of(stage, found, "m3"), livelihood_stage="running", livelihood_type="shop",
        needs=["training"], received_in_full="full",
    )  # fmt: skip
    days_pass(7)
    return found


def seen(stage: Stage, visit: PlannedVisit) -> tuple[dict[str, int], dict[str, Any]]:
    """What a page shows now: versions and values."""
    rows = {
        **fields.in_force(stage.session, visit.plan_id, None),
        **fields.in_force(stage.session, visit.plan_id, visit.id),
    }
    versions = {name: row.version or 0 for name, row in rows.items()}
    return versions, dict(addenda.values_at(stage.session, visit, versions))


def added(stage: Stage, plan: Plan, why: str = WHY, **changes: Any) -> Any:
    """Something is added to the visit of the third month; an answer that is ``None`` was cleared."""
    visit = visit_of(stage, plan, "m3")
    versions, shown = seen(stage, visit)
    written = {name: value for name, value in {**shown, **changes}.items() if value is not None}
    earlier = addenda.earlier_of(stage.session, visit)
    said = addenda.said(earlier, visit, why, written, shown, versions)
    return send(stage.session, None, said, by=visitor(stage, plan))


def test_only_what_differs_arrives_and_the_visit_itself_stays(stage: Stage, plan: Plan) -> None:
    visit = visit_of(stage, plan, "m3")
    before = stage.session.get_one(VisitRecord, visit.id)
    stood = (before.made_on, before.minutes, before.outcome, visit.done_on)
    assert added(stage, plan, livelihood_type="food", needs=None).refusal is None
    first, addendum = stage.session.scalars(select(Visit).order_by(Visit.id)).all()
    assert (addendum.after_id, addendum.after_why) == (first.id, WHY)
    assert set(addendum.content["answers"]) == {"livelihood_type", "needs"}
    record = stage.session.get_one(VisitRecord, visit.id)
    assert (record.livelihood_type, record.livelihood_stage) == ("food", "running")
    assert (record.made_on, record.minutes, record.outcome, visit.done_on) == stood
    assert record.visitor_user_id == first.visitor_user_id
    _, shown = seen(stage, visit)
    assert "needs" not in shown
    assert records.drift(stage.session) == []
    (told_of,) = addenda.addenda_of(stage.session, [visit.id])[visit.id]
    assert (told_of.why, told_of.at) == (WHY, addendum.received_at)
    # the consent was said at the visit, not again
    assert stage.session.scalar(select(func.count()).select_from(VisitConsent)) == 1


def test_an_answer_that_changed_meanwhile_waits_for_a_person_and_others_are_not_touched(
    stage: Stage, plan: Plan
) -> None:
    visit = visit_of(stage, plan, "m3")
    versions, shown = seen(stage, visit)  # a page that stays open
    assert added(stage, plan, livelihood_type="food", note="Warung pindah.").refusal is None
    earlier = addenda.earlier_of(stage.session, visit)
    said = addenda.said(earlier, visit, WHY, {**shown, "livelihood_type": "farm"}, shown, versions)
    assert list(send(stage.session, None, said, by=visitor(stage, plan)).clashes) == ["livelihood_type"]
    assert stage.session.scalar(select(func.count()).select_from(FieldClash)) == 1
    assert seen(stage, visit)[1]["note"] == "Warung pindah."


def test_nothing_is_added_without_a_change_a_reason_or_a_visit(stage: Stage, plan: Plan) -> None:
    with pytest.raises(NotPossible, match="Belum ada isian yang diubah"):
        added(stage, plan)
    short = added(stage, plan, "salah", note="Warung pindah.").refusal
    assert (short.reason, set(short.fields)) == ("invalid", {"why"})
    with pytest.raises(NotPossible, match="belum dijalani"):
        addenda.earlier_of(stage.session, visit_of(stage, plan, "m6"))
    versions, shown = seen(stage, visit_of(stage, plan, "m3"))
    said = addenda.said(
        addenda.earlier_of(stage.session, visit_of(stage, plan, "m3")),
        visit_of(stage, plan, "m6"), WHY, {**shown, "note": "Warung pindah."}, shown, versions,
    )  # fmt: skip
    stray = send(stage.session, None, said, by=visitor(stage, plan)).refusal
    assert stray is not None
    assert "tidak ditemukan" in stray.fields["why"]
    nobody = send(stage.session, None, {**said, "after": str(uuid.uuid4())}, by=visitor(stage, plan)).refusal
    assert nobody is not None
    assert stage.session.scalar(select(func.count()).select_from(Visit)) == 1


def test_after_the_familys_no_nothing_is_added(stage: Stage, plan: Plan) -> None:
    consents.withdraw(stage.session, plan, said_by="Elmita", by=stage.staff["siska"], now=clock.now())
    refused = added(stage, plan, note="Warung pindah.").refusal
    assert refused.reason == "consent_withdrawn"


def test_what_was_said_of_the_money_can_be_put_right(stage: Stage, plan: Plan) -> None:
    visit = visit_of(stage, plan, "m3")
    assert seen(stage, visit)[1]["received_in_full"] == "full"
    assert added(stage, plan, received_in_full="not_yet").refusal is None
    assert seen(stage, visit)[1]["received_in_full"] == "not_yet"
