"""The statement that moves a case: state, history, audit and message in one journey to the database.

Nothing is written unless the case still has the version that was read. Built once; a move only fills it.
"""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CTE, BindParameter, Column, Select, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

import caseflow.people.models  # noqa: F401 (keys of people take their types from there)
from caseflow.audit.models import AuditEvent
from caseflow.workflow.models import CaseFile, History, Outbox

_CASE = cast(Table, CaseFile.__table__)
_HISTORY = cast(Table, History.__table__)
_AUDIT = cast(Table, AuditEvent.__table__)
_OUTBOX = cast(Table, Outbox.__table__)
_OWED = ("casefile_id", "history_version", "notice", "created_at", "values")
_STATE = (
    "workflow", "workflow_version", "state", "version", "entered_at", "due_on", "sort_on", "follow_up_on",
    "closed_at",
)  # fmt: skip
_TOLD = tuple(column.name for column in _HISTORY.columns)
_AUDITED = tuple(column.name for column in _AUDIT.columns if column.name != "id")


def write_move(
    session: Session,
    case_id: int,
    before: int,
    *,
    state: Mapping[str, Any],
    history: Mapping[str, Any],
    audit: Mapping[str, Any],
    notice: str | None,
) -> bool:
    """Write a move; return whether the case was still at version ``before``.

    :param state: new values of the case; :param history: the row that proves it; :param audit: one event.
    :param notice: the message that somebody is owed; it is delivered after the commit.
    """
    owed = {
        "casefile_id": case_id,
        "history_version": history["version"],
        "notice": notice,
        "created_at": history["at"],
        "values": {},
    }
    values = {"case_id": case_id, "before": before}
    for table, row in ((_CASE, state), (_HISTORY, history), (_AUDIT, audit), (_OUTBOX, owed)):
        values |= {_name(table.columns[name]): value for name, value in row.items()}
    session.flush()
    return session.execute(_MOVE, values).one_or_none() is not None


def _name(column: Column[Any]) -> str:
    return f"{column.table.name}_{column.name}"


def _build() -> Select[Any]:
    moved = (
        update(_CASE)
        .where(_CASE.c.id == bindparam("case_id"), _CASE.c.version == bindparam("before"))
        .values({name: bindparam(_name(_CASE.columns[name])) for name in _STATE})
        .returning(_CASE.c.id)
        .cte("moved")
    )
    owed = _values(_OUTBOX, _OWED, moved).where(_given(_OUTBOX.c.notice).is_not(None))
    rows = (
        insert(_HISTORY).from_select(_TOLD, _values(_HISTORY, _TOLD, moved)),
        insert(_AUDIT).from_select(_AUDITED, _values(_AUDIT, _AUDITED, moved)),
        insert(_OUTBOX).from_select(_OWED, owed),
    )
    return select(moved.c.id).add_cte(*(row.cte(f"new_{row.table.name}") for row in rows))


def _values(table: Table, names: tuple[str, ...], moved: CTE) -> Select[Any]:
    """Return the values of a new row: one row if the case moved, otherwise none."""
    return select(*(_given(table.columns[name]) for name in names)).select_from(moved)


def _given(column: Column[Any]) -> BindParameter[Any]:
    return bindparam(_name(column), type_=column.type)


_MOVE = _build()
