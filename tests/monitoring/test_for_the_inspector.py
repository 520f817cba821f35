"""What was told of money asked for: kept always, read again by the inspector alone, and nobody's to choose."""

import importlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, func, select, text
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.complaint_models import Complaint
from caseflow.claims.complaint_queries import reading
from caseflow.documents.storage import open_store
from caseflow.errors import NotFound
from caseflow.identifiers import public_id
from caseflow.monitoring import clashes, pack, records
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.visit_models import FieldClash, VisitField, VisitRecord
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.monitoring.visiting import made, phone, send
from tests.story import Stage
from tests.visit_story import days_pass, followed, visit_of

STORY = "Orang berbaju hijau meminta bagian."


@pytest.fixture
def plan(stage: Stage) -> Plan:
    """Firdaus's family at its third month."""
    found = followed(stage)
    days_pass(95)
    return found


def said(stage: Stage, plan: Plan, name: str, levy: bool | None, **answers: object) -> PlannedVisit:
    """Somebody visited with a phone of their own, and knew nothing of the others."""
    by, visit = stage.staff[name], visit_of(stage, plan, "m3")
    plan.visitor_user_id = visit.visitor_user_id = by.user_id
    levies = {} if levy is None else {"levy_reported": levy}
    arrived = send(
        stage.session,
        phone(stage.session, by, f"HP {name}"),
        made(visit, answers={**levies, **answers}),
        by=by,
    )
    assert arrived.refusal is None
    assert list(arrived.clashes) == []
    return visit


def told_to_inspector(stage: Stage, plan: Plan) -> list[Complaint]:
    reading(stage.session)
    return list(
        stage.session.scalars(
            select(Complaint).where(Complaint.about_casefile_id == plan.claim_id).order_by(Complaint.id)
        )
    )


@pytest.mark.parametrize("levy", [None, False])
def test_a_story_without_its_yes_reaches_the_inspector(stage: Stage, plan: Plan, levy: bool | None) -> None:
    said(stage, plan, "yoga", levy, levy_words=STORY)
    (complaint,) = told_to_inspector(stage, plan)
    assert STORY in complaint.words
    assert (complaint.desk, complaint.category) == ("inspector", "levy")
    assert complaint.helped_by_user_id == stage.staff["yoga"].user_id


def test_no_phone_takes_the_answer_along(stage: Stage, plan: Plan) -> None:
    said(stage, plan, "rina", True, note="Warung buka.")
    rina = stage.staff["rina"]
    found = pack.pack_of(stage.session, phone(stage.session, rina, "HP lain"), by=rina, today=clock.today())
    (family,) = found["families"]
    fields = [name for visit in family["visits"] for name in visit["fields"]]
    assert "note" in fields
    assert "levy_reported" not in fields


@pytest.mark.parametrize("order", [(True, False), (False, True)])
def test_two_words_are_no_choice_for_others_and_a_yes_holds(
    stage: Stage, plan: Plan, order: tuple[bool, bool]
) -> None:
    for name, levy in zip(("rina", "yoga"), order, strict=True):
        visit = said(stage, plan, name, levy)
    assert stage.session.scalar(select(func.count()).select_from(FieldClash)) == 0
    assert stage.session.get_one(VisitRecord, visit.id).levy_reported is True
    rows = stage.session.scalars(select(VisitField.value).where(VisitField.field == "levy_reported")).all()
    assert sorted(row["is"] for row in rows) == [False, True]
    assert len(told_to_inspector(stage, plan)) == 1
    assert records.drift(stage.session) == []


def _choice(stage: Stage, visit: PlannedVisit, held: bool, came: bool) -> str:
    """A choice as it was opened once."""
    session = stage.session
    standing = session.scalars(select(VisitField).where(VisitField.field == "levy_reported")).one()
    assert standing.value["is"] is held
    contested = VisitField(
        plan_id=standing.plan_id, planned_visit_id=visit.id, field="levy_reported", value={"is": came},
        base_version=0, standing="contested", visit_id=standing.visit_id, written_at=clock.now(),
    )  # fmt: skip
    session.add(contested)
    session.flush()
    number = public_id()
    session.add(
        FieldClash(
            public_id=number, plan_id=standing.plan_id, standing_field_id=standing.id,
            contested_field_id=contested.id, opened_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    return number


def test_a_choice_that_was_open_is_shown_to_nobody(stage: Stage, plan: Plan) -> None:
    number = _choice(stage, said(stage, plan, "rina", False), held=False, came=True)
    for name in ("rina", "siska"):
        assert list(clashes.open_clashes(stage.session, by=stage.staff[name])) == []
        with pytest.raises(NotFound):
            clashes.get_clash(stage.session, number, by=stage.staff[name])


@pytest.mark.parametrize("held", [True, False])
def test_choices_that_were_open_are_settled_and_both_words_stay(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path, held: bool
) -> None:
    with Session(fresh_database.engine) as session:
        stage = Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff)
        plan = followed(stage)
        days_pass(95)
        _choice(stage, said(stage, plan, "rina", held), held=held, came=not held)
        session.commit()
    module = importlib.import_module("caseflow.migrations.versions.0038_a_levy_is_nobodys_to_choose")
    with create_engine(fresh_database.owner_url, poolclass=NullPool).begin() as connection:
        for statement in module.SETTLED:
            connection.execute(text(statement))
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(func.count()).select_from(FieldClash)) == 0
        rows = session.scalars(select(VisitField).where(VisitField.field == "levy_reported")).all()
        assert {(row.value["is"], row.standing) for row in rows} == (
            {(True, "current"), (False, "put_aside" if held else "superseded")}
        )
        assert session.scalars(select(VisitRecord.levy_reported)).one() is True
        assert records.drift(session) == []
