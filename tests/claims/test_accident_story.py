"""Three accidents from the notice to the money, and two deaths that change their programme on the way."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.audit.checks import run_checks
from caseflow.claims.models import Assessment, AssessmentLine
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from tests.accident_story import (
    ERMAWATI,
    MARZUKI,
    SYAFRIL_HURT,
    Injured,
    moved_to_jkk,
    moved_to_jkm,
    paid,
    with_opinion,
)
from tests.accidents import ERMAWATI_IDR, MARZUKI_IDR, SYAFRIL_IDR
from tests.story import Stage


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


@pytest.mark.parametrize(
    ("person", "lines", "total_idr"),
    [
        (MARZUKI, {"transport_land": 150_000, "stmb_full": 100_000}, MARZUKI_IDR),
        (SYAFRIL_HURT, {"disability_1": 12_000_000}, SYAFRIL_IDR),
        (
            ERMAWATI,
            {"death_grant": 48_000_000, "periodic_benefit": 12_000_000, "funeral_cost": 10_000_000},
            ERMAWATI_IDR,
        ),
    ],
    ids=["recovered", "thumb", "died"],
)
def test_an_accident_is_paid_to_the_rupiah(
    stage: Stage, person: Injured, lines: dict[str, int], total_idr: int
) -> None:
    """From the first word to the bank's statement; every checker is satisfied."""
    claim = paid(stage, person)
    rows = stage.session.execute(
        select(AssessmentLine.code, AssessmentLine.amount_idr, Assessment.total_idr)
        .join(Assessment)
        .where(Assessment.casefile_id == claim.id)
    ).all()
    assert claim.state == "paid"
    assert {row.code: row.amount_idr for row in rows} == lines
    assert {row.total_idr for row in rows} == {total_idr}
    assert run_checks(stage.session.connection()) == {}


def test_a_death_goes_on_as_an_accident_and_an_accident_as_a_death(stage: Stage) -> None:
    fallen, not_work = moved_to_jkk(stage), moved_to_jkm(stage)
    assert (fallen.program, fallen.workflow) == ("jkk", "jkk")
    assert (not_work.program, not_work.workflow) == ("jkm", "jkm")
    assert run_checks(stage.session.connection()) == {}


def test_the_adviser_comes_between(stage: Stage) -> None:
    assert with_opinion(stage, SYAFRIL_HURT).state == "verifying"
