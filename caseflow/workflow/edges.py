"""Files against rows: the moves the database lets into history, and the open cases that run on them."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow.workflow.definition import Workflow, WorkflowBook
from caseflow.workflow.loader import WorkflowRefused
from caseflow.workflow.models import CaseFile, WorkflowEdge

Edge = tuple[str, str, str]  # action, state it leaves, state it reaches


def sync_edges(session: Session, book: WorkflowBook) -> int:
    """Write the moves of every version that the database does not know yet; return how many were written.

    Run by the owner of the schema whenever it is set up; the application itself may only read them.
    The caller commits.

    :raises WorkflowRefused: a version already written says something else now; nothing is written.
    """
    written = _written(session)
    problems = [problem for definition in book for problem in _changed(definition, written)]
    if problems:
        raise WorkflowRefused(problems)
    new = [
        {
            "workflow": definition.name,
            "workflow_version": definition.version,
            "action": action,
            "from_state": source,
            "to_state": target,
        }
        for definition in book
        if (definition.name, definition.version) not in written
        for action, source, target in sorted(_edges(definition))
    ]
    if new:
        session.execute(insert(WorkflowEdge).on_conflict_do_nothing(), new)
    return len(new)


def check_rows(session: Session, book: WorkflowBook) -> list[str]:
    """Return what is wrong between files and rows, one sentence each; nothing wrong is an empty list."""
    written = _written(session)
    problems = [problem for definition in book for problem in _changed(definition, written)]
    problems.extend(
        f"{definition.name} versi {definition.version}: langkah-langkahnya belum tercatat di basis data. "
        "Jalankan: flask init-db."
        for definition in book
        if (definition.name, definition.version) not in written
    )
    rows = session.execute(
        select(CaseFile.workflow, CaseFile.workflow_version, CaseFile.state, func.count().label("cases"))
        .where(CaseFile.closed_at.is_(None))
        .group_by(CaseFile.workflow, CaseFile.workflow_version, CaseFile.state)
        .order_by(CaseFile.workflow, CaseFile.workflow_version, CaseFile.state)
    )
    for row in rows:
        definition = book.find(row.workflow, row.workflow_version)
        run = f"{row.cases} kasus terbuka berjalan pada {row.workflow} versi {row.workflow_version}"
        if definition is None:
            file = f"archive/{row.workflow}-{row.workflow_version}.yaml"
            problems.append(f"{run}, tetapi berkasnya tidak ada. Kembalikan {file}.")
        elif row.state not in definition.states:
            problems.append(
                f'{run} dalam keadaan "{row.state}", yang tidak ada di berkasnya. Kembalikan keadaan itu.'
            )
    return problems


def _written(session: Session) -> dict[tuple[str, int], set[Edge]]:
    written: dict[tuple[str, int], set[Edge]] = {}
    for row in session.scalars(select(WorkflowEdge)):
        key = row.workflow, row.workflow_version
        written.setdefault(key, set()).add((row.action, row.from_state, row.to_state))
    return written


def _edges(definition: Workflow) -> set[Edge]:
    every = (*definition.moves(), *definition.departures())
    return {(action.name, source, target) for action, source, target in every}


def _changed(definition: Workflow, written: dict[tuple[str, int], set[Edge]]) -> list[str]:
    """A version that cases may run on never changes its moves; words, roles and rules may."""
    there = written.get((definition.name, definition.version))
    now = _edges(definition)
    if there is None or there == now:
        return []
    changes = [*_named("baru", now - there), *_named("hilang", there - now)]
    name, version = definition.name, definition.version
    sentence = (
        f"{name}.yaml: versi {version} sudah dipakai dengan langkah lain ({'; '.join(changes)}). "
        f"Simpan berkas lama sebagai archive/{name}-{version}.yaml dan naikkan version menjadi {version + 1}."
    )
    return [sentence]


def _named(what: str, edges: Iterable[Edge]) -> list[str]:
    return [f"{what}: {action} dari {source} ke {target}" for action, source, target in sorted(edges)]
