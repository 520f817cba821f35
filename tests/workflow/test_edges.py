"""Files against rows: moves are written once, and a version never changes its moves."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from caseflow.workflow.definition import Workflow, WorkflowBook
from caseflow.workflow.edges import check_rows, sync_edges
from caseflow.workflow.loader import WorkflowRefused
from caseflow.workflow.models import CaseFile, WorkflowEdge
from tests.workflow.world import World, jkm, jkm_book


def without_close(definition: Workflow, version: int) -> Workflow:
    actions = {name: action for name, action in definition.actions.items() if name != "close"}
    return Workflow(
        name=definition.name,
        title=definition.title,
        law=definition.law,
        version=version,
        initial=definition.initial,
        states=definition.states,
        actions=actions,
    )


def others() -> list[Workflow]:
    """Every file but the death claim's: cases of theirs may be open, too."""
    return [one for one in jkm_book() if one.name != "jkm"]


def every_move(definition: Workflow) -> int:
    """Moves inside a workflow and out of it."""
    return len([*definition.moves(), *definition.departures()])


def test_moves_are_written_once(owner: Session) -> None:
    new = without_close(jkm(), version=9)
    book = WorkflowBook([*jkm_book(), new])
    moves = every_move(new)
    assert [sync_edges(owner, book), sync_edges(owner, book)] == [moves, 0]
    count = select(func.count()).select_from(WorkflowEdge).where(WorkflowEdge.workflow_version == 9)
    assert owner.scalar(count) == moves
    assert check_rows(owner, book) == []


def test_a_version_in_use_never_changes_its_moves(owner: Session) -> None:
    sync_edges(owner, jkm_book())
    changed = WorkflowBook([*others(), without_close(jkm(), version=2)])
    with pytest.raises(WorkflowRefused) as refusal:
        sync_edges(owner, changed)
    sentence = (
        "jkm.yaml: versi 2 sudah dipakai dengan langkah lain "
        "(hilang: close dari paid ke closed; hilang: close dari refused ke closed). "
        "Simpan berkas lama sebagai archive/jkm-2.yaml dan naikkan version menjadi 3."
    )
    assert refusal.value.problems == [sentence]
    assert check_rows(owner, changed) == [sentence]


def test_words_may_change_without_a_new_version(owner: Session) -> None:
    definition = jkm()
    sync_edges(owner, WorkflowBook([definition]))
    renamed = {**definition.states, "paid": replace(definition.states["paid"], label="Lunas")}
    again = replace(definition, states=renamed)
    assert sync_edges(owner, WorkflowBook([again])) == 0


def test_a_new_version_stands_beside_the_old_one(owner: Session) -> None:
    old = jkm()
    sync_edges(owner, WorkflowBook([old]))
    book = WorkflowBook([old, without_close(old, version=9)])
    assert sync_edges(owner, book) == every_move(old) - 2
    assert book.latest("jkm").version == 9
    assert book.get("jkm", 2) is old


def test_open_cases_without_a_file_are_found(world: World) -> None:
    book = jkm_book()
    assert check_rows(world.session, book) == []
    first = world.opened()
    second = world.at("reported")
    # what a careless hand in the database, or a lost file, would leave behind
    world.session.execute(update(CaseFile).where(CaseFile.id == first.id).values(workflow_version=7))
    world.session.execute(update(CaseFile).where(CaseFile.id == second.id).values(state="dilaporkan"))
    found = check_rows(world.session, book)
    gone = "1 kasus terbuka berjalan pada jkm versi 7, tetapi berkasnya tidak ada. Kembalikan archive/jkm-7.yaml."
    unknown = (
        '1 kasus terbuka berjalan pada jkm versi 2 dalam keadaan "dilaporkan", yang tidak ada di berkasnya. '
        "Kembalikan keadaan itu."
    )
    assert found == [unknown, gone]
    world.session.rollback()


def test_moves_not_yet_written_are_found(world: World) -> None:
    definition = without_close(world.definition, version=3)
    assert check_rows(world.session, WorkflowBook([*others(), world.definition, definition])) == [
        "jkm versi 3: langkah-langkahnya belum tercatat di basis data. Jalankan: flask init-db."
    ]
