"""A case that changed its workflow is told in the words of the file each step stood in."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.workflows import book
from caseflow.people.actor import Actor
from caseflow.workflow.diagram import svg
from caseflow.workflow.fire import fire
from caseflow.workflow.journey import journey, stays, trails
from caseflow.workflow.models import CaseFile, History
from tests.workflow.world import CALENDAR, World


def moved_to_jkk(world: World) -> CaseFile:
    """A death that turns out to be a work accident."""
    case = world.at("verifying")
    fire(
        world.session,
        case,
        "move_to_jkk",
        by=world.staff["dedi"],
        expected_version=case.version,
        definition=world.definition,
        calendar=CALENDAR,
        now=clock.now() + timedelta(days=2),
        rules=world.rules,
        reason_text="Ternyata kecelakaan kerja.",
        destination=book().latest("jkk"),
    )
    return case


def rows_of(session: Session, case: CaseFile) -> list[History]:
    query = select(History).where(History.casefile_id == case.id).order_by(History.version)
    return list(session.scalars(query))


def test_labels_come_from_the_file_of_each_row(session: Session, staff: Mapping[str, Actor]) -> None:
    world = World(session, staff)
    case = moved_to_jkk(world)
    steps = journey(rows_of(session, case), case, book())
    assert (steps[0].title, steps[0].state_label) == ("Kasus dibuka", "Draf")
    assert (steps[-1].title, steps[-1].state_label) == (
        "Dipindahkan ke alur kecelakaan kerja",
        "Menunggu tahap II dan dokumen",
    )
    assert [stay.until is None for stay in stays(steps)] == [*[False] * (len(steps) - 1), True]


def test_each_workflow_has_its_part_of_the_way(session: Session, staff: Mapping[str, Actor]) -> None:
    case = moved_to_jkk(World(session, staff))
    (first, before), (second, after) = trails(journey(rows_of(session, case), case, book()))
    assert (first.name, before.current) == ("jkm", None)
    assert before.moves[-1] == ("verifying", "move_to_jkk")
    assert (second.name, after.current, list(after.moves)) == ("jkk", "documents_pending", [])
    assert "kasus ini di sini" not in svg(first, trail=before)
    assert "kasus ini di sini" in svg(second, trail=after)


def test_a_file_that_is_gone_leaves_the_names(session: Session, staff: Mapping[str, Actor]) -> None:
    case = World(session, staff).at("reported")
    rows = rows_of(session, case)
    session.expunge_all()
    for row in rows:
        row.workflow_version = 77
    case.workflow_version = 77
    steps = journey(rows, case, book())
    assert (steps[-1].title, steps[-1].state_label, trails(steps)) == ("report", "reported", [])
