"""What the reconciling person reads: unexplained statement lines with suggestions, and totals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.clock import local
from caseflow.payments.models import Batch, BatchLine, Instruction, StatementLine, StatementMatch
from caseflow.payments.references import references_in
from caseflow.payments.rules import Booking, Standing, effect_of

PAGE = 50


@dataclass(frozen=True)
class UnmatchedLine:
    """A statement line that explains nothing yet, with what it seems to be.

    :ivar instruction_id: the instruction whose reference the description carries.
    :ivar fits: matching would be accepted; ``advice`` says what it does, or why not. A line that carries a
        reference of ours and does not fit is an alert.
    """

    id: int
    value_on: date
    kind: str
    amount_idr: int
    bank_reference: str
    description: str
    instruction_id: int | None
    reference: str | None
    claim_number: str | None
    fits: bool
    advice: str


@dataclass(frozen=True)
class Total:
    """Instructions in one state: how many and how much (rupiah)."""

    state: str
    count: int
    amount_idr: int


def suggest_matches(session: Session, *, after_id: int = 0, limit: int = PAGE) -> list[UnmatchedLine]:
    """Return unmatched statement lines, oldest first, each with the instruction its description names.

    Two queries a page. Nothing is matched by itself: a person says yes to each suggestion.
    """
    matched = select(StatementMatch.statement_line_id).where(
        StatementMatch.statement_line_id == StatementLine.id
    )
    lines = (
        session.execute(
            select(
                StatementLine.id,
                StatementLine.value_on,
                StatementLine.kind,
                StatementLine.amount_idr,
                StatementLine.bank_reference,
                StatementLine.description,
            )
            .where(~matched.exists(), StatementLine.id > after_id)
            .order_by(StatementLine.id)
            .limit(limit)
        )
        .mappings()
        .all()
    )
    carried = {line["id"]: references_in(line["description"]) for line in lines}
    found = _by_reference(session, {reference for some in carried.values() for reference in some})
    return [_suggestion(line, [found[ref] for ref in carried[line["id"]] if ref in found]) for line in lines]


def totals(session: Session, branch_code: str, *, since: datetime) -> list[Total]:
    """Return how many instructions and rupiah of the batches released since then stand in each state."""
    rows = session.execute(
        select(Instruction.state, func.count(), func.sum(Instruction.amount_idr))
        .join(Claim, Claim.id == Instruction.casefile_id)
        .join(BatchLine, BatchLine.instruction_id == Instruction.id)
        .join(Batch, Batch.id == BatchLine.batch_id)
        .where(Claim.branch_code == branch_code, Batch.released_at >= since)
        .group_by(Instruction.state)
        .order_by(Instruction.state)
    )
    return [Total(state, count, int(amount)) for state, count, amount in rows]


def batch_totals(session: Session, batch_id: int) -> list[Total]:
    """Return how many lines and rupiah of one batch are sent, settled, failed, unknown."""
    rows = session.execute(
        select(Instruction.state, func.count(), func.sum(Instruction.amount_idr))
        .join(BatchLine, BatchLine.instruction_id == Instruction.id)
        .where(BatchLine.batch_id == batch_id)
        .group_by(Instruction.state)
        .order_by(Instruction.state)
    )
    return [Total(state, count, int(amount)) for state, count, amount in rows]


def _by_reference(session: Session, references: Iterable[str]) -> dict[str, Row[Any]]:
    explained = (
        select(func.coalesce(func.array_agg(StatementMatch.kind), []))
        .where(StatementMatch.instruction_id == Instruction.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Instruction.id,
            Instruction.reference,
            Instruction.state,
            Instruction.amount_idr,
            Claim.number,
            Batch.released_at,
            explained.label("explained"),
        )
        .join(Claim, Claim.id == Instruction.casefile_id)
        .outerjoin(BatchLine, BatchLine.instruction_id == Instruction.id)
        .outerjoin(Batch, Batch.id == BatchLine.batch_id)
        .where(Instruction.reference.in_(references))
    )
    return {row.reference: row for row in rows}


def _suggestion(line: Mapping[Any, Any], candidates: list[Row[Any]]) -> UnmatchedLine:
    if not candidates:
        return UnmatchedLine(**line, **_nobody("Tidak memuat referensi perintah bayar."))
    if len(candidates) > 1:
        return UnmatchedLine(**line, **_nobody("Memuat lebih dari satu referensi. Pilih sendiri."))
    candidate = candidates[0]
    released = candidate.released_at
    standing = Standing(
        candidate.state,
        candidate.amount_idr,
        local(released).date() if released else None,
        frozenset(candidate.explained),
    )
    effect, advice = effect_of(Booking(line["kind"], line["amount_idr"], line["value_on"]), standing)
    return UnmatchedLine(
        **line,
        instruction_id=candidate.id,
        reference=candidate.reference,
        claim_number=candidate.number,
        fits=effect is not None,
        advice=advice,
    )


def _nobody(advice: str) -> dict[str, Any]:
    return {"instruction_id": None, "reference": None, "claim_number": None, "fits": False, "advice": advice}
