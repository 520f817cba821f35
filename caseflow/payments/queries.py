"""What the finance screens read: only the columns shown, page by page on a key, within one branch."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from caseflow.claims.models import BankAccount, Claim, Decision
from caseflow.payments.models import (
    Batch,
    BatchLine,
    Instruction,
    PaymentEvent,
    StatementLine,
    StatementMatch,
)
from caseflow.payments.rules import DEAD_STATES, PAYABLE_STATES
from caseflow.people.models import Person
from caseflow.registry.models import Bank

PAGE = 50


@dataclass(frozen=True)
class WaitingClaim:
    """An approved claim without a living instruction."""

    id: int
    number: str
    subject: str
    honorific: str
    state: str
    version: int
    entered_at: datetime
    due_on: date | None
    total_idr: int


@dataclass(frozen=True)
class InstructionRow:
    """One order to pay; the account shows its bank and last four digits only."""

    id: int
    claim_number: str
    subject: str
    honorific: str
    reference: str
    state: str
    amount_idr: int
    bank_name: str
    account_tail: str
    holder_name: str
    created_at: datetime


@dataclass(frozen=True)
class BatchRow:
    """A batch; an open one counts its lines as they are now."""

    id: int
    number: str
    state: str
    made_at: datetime
    maker_name: str
    releaser_name: str | None
    locked_at: datetime | None
    released_at: datetime | None
    line_count: int
    total_idr: int
    file_sha256: str | None


def waiting_claims(
    session: Session, branch_code: str, *, after: tuple[datetime, int] | None = None, limit: int = PAGE
) -> list[WaitingClaim]:
    """Return approved claims that wait for an instruction, longest waiting first.

    :param after: ``(entered_at, id)`` of the last row of the page before.
    """
    newest = (
        select(Decision.total_idr)
        .where(Decision.casefile_id == Claim.id)
        .order_by(Decision.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    alive = select(Instruction.id).where(
        Instruction.casefile_id == Claim.id, Instruction.state.not_in(DEAD_STATES | {"settled"})
    )
    query = (
        select(
            Claim.id,
            Claim.number,
            Claim.subject,
            Claim.honorific,
            Claim.state,
            Claim.version,
            Claim.entered_at,
            Claim.due_on,
            newest.label("total_idr"),
        )
        .where(
            Claim.state.in_(PAYABLE_STATES),
            Claim.closed_at.is_(None),
            Claim.branch_code == branch_code,
            ~alive.exists(),
        )
        .order_by(Claim.entered_at, Claim.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(Claim.entered_at, Claim.id) > after)
    return [WaitingClaim(**row) for row in session.execute(query).mappings()]


def queued_instructions(
    session: Session, branch_code: str, *, after_id: int = 0, limit: int = PAGE
) -> list[InstructionRow]:
    """Return instructions that wait to be put into a batch, oldest first."""
    query = (
        _instructions()
        .where(Claim.branch_code == branch_code, Instruction.state == "queued", Instruction.id > after_id)
        .order_by(Instruction.id)
        .limit(limit)
    )
    return [InstructionRow(**row) for row in session.execute(query).mappings()]


def instructions_of_claim(session: Session, claim_id: int) -> list[InstructionRow]:
    """Return every instruction of a claim, first one first: replaced ones stay visible."""
    query = _instructions().where(Instruction.casefile_id == claim_id).order_by(Instruction.id)
    return [InstructionRow(**row) for row in session.execute(query).mappings()]


def batch_lines(session: Session, batch_id: int, branch_code: str) -> list[InstructionRow]:
    """Return the lines of a batch in the order of its file (at most 200)."""
    query = (
        _instructions()
        .join(BatchLine, BatchLine.instruction_id == Instruction.id)
        .where(BatchLine.batch_id == batch_id, Claim.branch_code == branch_code)
        .order_by(BatchLine.position)
    )
    return [InstructionRow(**row) for row in session.execute(query).mappings()]


def batches(session: Session, *, before_id: int | None = None, limit: int = PAGE) -> list[BatchRow]:
    """Return batches, newest first."""
    query = _batches().order_by(Batch.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(Batch.id < before_id)
    return [BatchRow(**row) for row in session.execute(query).mappings()]


def find_batch(session: Session, batch_id: int) -> BatchRow | None:
    """Return one batch without its file."""
    row = session.execute(_batches().where(Batch.id == batch_id)).mappings().one_or_none()
    return BatchRow(**row) if row is not None else None


def payment_steps(session: Session, instruction_id: int) -> list[Row[Any]]:
    """Return the steps of an instruction: ``state, at, actor_name, details``."""
    return list(
        session.execute(
            select(PaymentEvent.state, PaymentEvent.at, PaymentEvent.actor_name, PaymentEvent.details)
            .where(PaymentEvent.instruction_id == instruction_id)
            .order_by(PaymentEvent.version)
        )
    )


def paid_on(session: Session, casefile_id: int) -> date | None:
    """Return the day the money of a case left for good, or ``None`` while none has.

    The value date of the bank's booking; where only a letter of the bank settled it, the date of the letter.
    A transfer that came back does not count.
    """
    row = session.execute(_settled(casefile_id).limit(1)).one_or_none()
    if row is None or row.value_on is not None:
        return row.value_on if row is not None else None
    return date.fromisoformat(row.letter_on) if row.letter_on else None


def moved_on(session: Session, casefile_id: int) -> list[date]:
    """Return the days on which the bank moved money of a case, by value date or letter; what came back is left out."""
    rows = session.execute(_settled(casefile_id))
    return [
        row.value_on or date.fromisoformat(row.letter_on) for row in rows if row.value_on or row.letter_on
    ]


def _settled(casefile_id: int) -> Select[Any]:
    return (
        select(StatementLine.value_on, PaymentEvent.details["letter_on"].as_string().label("letter_on"))
        .select_from(Instruction)
        .join(
            PaymentEvent,
            (PaymentEvent.instruction_id == Instruction.id) & (PaymentEvent.state == "settled"),
        )
        .outerjoin(
            StatementMatch,
            (StatementMatch.instruction_id == Instruction.id) & (StatementMatch.kind == "debit"),
        )
        .outerjoin(StatementLine, StatementLine.id == StatementMatch.statement_line_id)
        .where(Instruction.casefile_id == casefile_id, Instruction.state == "settled")
        .order_by(Instruction.id.desc())
    )


def _instructions() -> Select[Any]:
    return (
        select(
            Instruction.id,
            Claim.number.label("claim_number"),
            Claim.subject,
            Claim.honorific,
            Instruction.reference,
            Instruction.state,
            Instruction.amount_idr,
            Bank.name.label("bank_name"),
            func.right(BankAccount.account_number, 4).label("account_tail"),
            BankAccount.holder_name,
            Instruction.created_at,
        )
        .join(Claim, Claim.id == Instruction.casefile_id)
        .join(BankAccount, BankAccount.id == Instruction.account_id)
        .join(Bank, Bank.code == BankAccount.bank_code)
    )


def _batches() -> Select[*tuple[Any, ...]]:
    maker, releaser = aliased(Person), aliased(Person)
    now_in_it = (
        select(func.count(), func.coalesce(func.sum(Instruction.amount_idr), 0))
        .select_from(BatchLine)
        .join(Instruction, Instruction.id == BatchLine.instruction_id)
        .where(BatchLine.batch_id == Batch.id)
    )
    count = now_in_it.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()
    total = now_in_it.with_only_columns(
        func.coalesce(func.sum(Instruction.amount_idr), 0), maintain_column_froms=True
    ).scalar_subquery()
    return (
        select(
            Batch.id,
            Batch.number,
            Batch.state,
            Batch.made_at,
            maker.full_name.label("maker_name"),
            releaser.full_name.label("releaser_name"),
            Batch.locked_at,
            Batch.released_at,
            func.coalesce(Batch.line_count, count).label("line_count"),
            func.coalesce(Batch.total_idr, total).label("total_idr"),
            Batch.file_sha256,
        )
        .join(maker, maker.id == Batch.maker_person_id)
        .outerjoin(releaser, releaser.id == Batch.releaser_person_id)
    )
