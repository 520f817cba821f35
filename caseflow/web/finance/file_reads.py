"""What the screens of batches and statements read besides the queries of payments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from caseflow.errors import NotFound
from caseflow.payments.models import BankStatement, Batch, StatementLine, StatementMatch
from caseflow.people.models import Person, RoleGrant


@dataclass(frozen=True)
class BatchKey:
    """A batch as verbs and stale pages name it."""

    id: int
    version: int
    maker_person_id: int


@dataclass(frozen=True)
class LoadedFile:
    """A statement file of the bank."""

    id: int
    file_name: str
    loaded_at: datetime
    loaded_by: str
    line_count: int


@dataclass(frozen=True)
class FileResult:
    """What a file brought.

    :ivar new_lines: lines it brought for the first time; :ivar open_lines: those that explain nothing yet;
    :ivar first_line_id: key of its first line, to begin matching there.
    """

    file: LoadedFile
    new_lines: int
    open_lines: int
    first_line_id: int


def batch_key(session: Session, number: str, branch_code: str | None) -> BatchKey:
    """Return how a batch is named, its version included.

    :raises NotFound: no batch of this number in this branch.
    """
    row = session.execute(
        select(Batch.id, Batch.version, Batch.maker_person_id).where(
            Batch.number == number.strip().upper()[:20], _by_branch(Batch.maker_person_id, branch_code)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("Berkas bayar ini tidak ditemukan. Periksa lagi nomornya.")
    return BatchKey(row.id, row.version, row.maker_person_id)


def own_batches(session: Session, ids: Iterable[int], branch_code: str | None) -> set[int]:
    """Return those of the batches that somebody of this branch made."""
    return set(
        session.scalars(
            select(Batch.id).where(Batch.id.in_(set(ids)), _by_branch(Batch.maker_person_id, branch_code))
        )
    )


def loaded_files(session: Session, branch_code: str | None, *, limit: int = 20) -> list[LoadedFile]:
    """Return statement files that somebody of this branch loaded, newest first."""
    query = _files(branch_code).order_by(BankStatement.id.desc()).limit(limit)
    return [LoadedFile(**row) for row in session.execute(query).mappings()]


def file_result(session: Session, statement_id: int, branch_code: str | None) -> FileResult:
    """Return one file and what it brought.

    :raises NotFound: no such file in this branch.
    """
    row = (
        session.execute(_files(branch_code).where(BankStatement.id == statement_id)).mappings().one_or_none()
    )
    if row is None:
        raise NotFound("Rekening koran ini tidak ditemukan.")
    lines = session.execute(
        select(func.count(), func.count(StatementMatch.statement_line_id), func.min(StatementLine.id))
        .select_from(StatementLine)
        .outerjoin(StatementMatch, StatementMatch.statement_line_id == StatementLine.id)
        .where(StatementLine.statement_id == statement_id)
    ).one()
    return FileResult(LoadedFile(**row), lines[0], lines[0] - lines[1], lines[2] or 0)


def _files(branch_code: str | None) -> Select[*tuple[Any, ...]]:
    return (
        select(
            BankStatement.id,
            BankStatement.file_name,
            BankStatement.loaded_at,
            Person.full_name.label("loaded_by"),
            BankStatement.line_count,
        )
        .join(Person, Person.id == BankStatement.loaded_by_person_id)
        .where(_by_branch(BankStatement.loaded_by_person_id, branch_code))
    )


def _by_branch(person_id: Any, branch_code: str | None) -> ColumnElement[bool]:
    """Say that a person works or worked for the branch: batches and statements name no branch themselves."""
    return (
        select(RoleGrant.id)
        .where(
            RoleGrant.person_id == person_id,
            RoleGrant.scope_kind == "branch",
            RoleGrant.scope_code == (branch_code or ""),
        )
        .exists()
    )
