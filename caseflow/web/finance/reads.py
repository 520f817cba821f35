"""What the money screens read besides the queries of payments: columns only, always within one branch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from caseflow.claims.models import AssessmentLine, BankAccount, Claim, Decision, FamilyMember
from caseflow.errors import NotFound
from caseflow.identifiers import read_case_number
from caseflow.payments.models import Batch, BatchLine, Instruction, PaymentEvent
from caseflow.people.models import Person
from caseflow.registry.models import Bank
from caseflow.workflow.models import Duty

# claims whose money is still on its way; few at any time, whatever the years before hold
ON_THE_WAY = ("approved", "payment_in_process", "payment_failed")
_ALIVE = ("queued", "batched", "sent", "unknown", "settled")


@dataclass(frozen=True)
class ClaimToPay:
    """What was approved for a claim; of the account only bank, owner and the last four digits."""

    id: int
    number: str
    subject: str
    honorific: str
    state: str
    version: int
    outcome: str
    total_idr: int
    decided_at: datetime
    decided_by: str
    payee: str | None
    bank_name: str | None
    holder_name: str | None
    account_tail: str | None
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Order:
    """One order to pay with its neighbours: batch, the order it replaces, the order that replaces it."""

    id: int
    casefile_id: int
    version: int
    state: str
    reference: str
    amount_idr: int
    created_at: datetime
    claim_number: str
    subject: str
    honorific: str
    claim_state: str
    bank_name: str
    holder_name: str
    account_tail: str
    batch_number: str | None
    released_at: datetime | None
    replaces: str | None
    replaced_by: str | None


@dataclass(frozen=True)
class Sum:
    """How many and how much (rupiah)."""

    count: int = 0
    amount_idr: int = 0


@dataclass(frozen=True)
class FailedTransfer:
    """A claim whose last transfer failed, and the bank's reason."""

    claim_number: str
    subject: str
    honorific: str
    reference: str
    amount_idr: int
    failed_at: datetime
    reason_code: str | None


def claim_to_pay(session: Session, number: str, branch_code: str | None) -> ClaimToPay:
    """Return an approved claim, or one that was approved once; the account is the approved one.

    :raises NotFound: no such claim in this branch, or nothing of it was ever to be paid.
    """
    decided = aliased(Decision)
    newest = select(func.max(decided.id)).where(decided.casefile_id == Claim.id).scalar_subquery()
    ordered = select(Instruction.id).where(Instruction.casefile_id == Claim.id)
    row = session.execute(
        select(
            Claim.id, Claim.number, Claim.subject, Claim.honorific, Claim.state, Claim.version,
            Decision.outcome, Decision.total_idr, Decision.decided_at, Decision.assessment_id,
            Person.full_name.label("decided_by"),
            FamilyMember.full_name.label("payee"),
            Bank.name.label("bank_name"),
            BankAccount.holder_name,
            func.right(BankAccount.account_number, 4).label("account_tail"),
        )
        .select_from(Claim)
        .join(Decision, Decision.id == newest)
        .join(Person, Person.id == Decision.person_id)
        .outerjoin(BankAccount, BankAccount.id == Decision.content["account"][0].as_integer())
        .outerjoin(Bank, Bank.code == BankAccount.bank_code)
        .outerjoin(FamilyMember, FamilyMember.id == BankAccount.member_id)
        .where(
            Claim.number == (read_case_number(number) or ""),
            Claim.branch_code == (branch_code or ""),
            (Decision.outcome == "approved") | ordered.exists(),
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound("Kasus ini tidak ditemukan di antara yang akan dibayar. Periksa lagi nomornya.")
    facts = row._asdict()
    lines = session.execute(
        select(AssessmentLine.code, AssessmentLine.amount_idr)
        .where(AssessmentLine.assessment_id == facts.pop("assessment_id"))
        .order_by(AssessmentLine.position)
    )
    return ClaimToPay(**facts, lines=tuple((line.code, line.amount_idr) for line in lines))


def order(session: Session, reference: str, branch_code: str | None) -> Order:
    """Return one order to pay.

    :raises NotFound: none of this reference in this branch.
    """
    row = (
        session.execute(_orders(branch_code).where(Instruction.reference == reference.strip().upper()[:20]))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("Perintah bayar ini tidak ditemukan. Periksa lagi referensinya.")
    return Order(**row)


def orders_by_id(session: Session, ids: Iterable[int], branch_code: str | None) -> dict[int, Order]:
    """Return orders by key; those of another branch are left out."""
    rows = session.execute(_orders(branch_code).where(Instruction.id.in_(set(ids)))).mappings()
    return {row["id"]: Order(**row) for row in rows}


def order_ids(session: Session, references: Iterable[str], branch_code: str | None) -> dict[str, int]:
    """Return the keys of orders by reference."""
    rows = session.execute(
        select(Instruction.reference, Instruction.id)
        .join(Claim, Claim.id == Instruction.casefile_id)
        .where(Instruction.reference.in_(set(references)), Claim.branch_code == (branch_code or ""))
    )
    return {row.reference: row.id for row in rows}


def transfers(
    session: Session,
    branch_code: str | None,
    states: Iterable[str],
    *,
    amount_idr: int | None = None,
    after_id: int = 0,
    limit: int = 50,
) -> list[Order]:
    """Return transfers of unpaid claims in one of the states, oldest first.

    :param amount_idr: only transfers of exactly this amount (rupiah).
    """
    query = _orders(branch_code).where(
        Claim.state == "payment_in_process", Instruction.state.in_(set(states)), Instruction.id > after_id
    )
    if amount_idr is not None:
        query = query.where(Instruction.amount_idr == amount_idr)
    rows = session.execute(query.order_by(Instruction.id).limit(limit)).mappings()
    return [Order(**row) for row in rows]


def waiting_sum(session: Session, branch_code: str | None) -> Sum:
    """Return count and total of the approved claims without a living order."""
    decided = aliased(Decision)
    newest = select(func.max(decided.id)).where(decided.casefile_id == Claim.id).scalar_subquery()
    alive = select(Instruction.id).where(Instruction.casefile_id == Claim.id, Instruction.state.in_(_ALIVE))
    row = session.execute(
        select(func.count(), func.coalesce(func.sum(Decision.total_idr), 0))
        .select_from(Claim)
        .join(Decision, Decision.id == newest)
        .where(_of_branch(branch_code), Claim.state == "approved", Claim.closed_at.is_(None), ~alive.exists())
    ).one()
    return Sum(row[0], int(row[1]))


def sums_by_state(session: Session, branch_code: str | None) -> dict[str, Sum]:
    """Return count and total of the orders whose claims are not paid yet, by state."""
    rows = session.execute(
        select(Instruction.state, func.count(), func.sum(Instruction.amount_idr))
        .join(Claim, Claim.id == Instruction.casefile_id)
        .where(_of_branch(branch_code), Claim.state.in_(ON_THE_WAY), Claim.closed_at.is_(None))
        .group_by(Instruction.state)
    )
    return {state: Sum(count, int(amount)) for state, count, amount in rows}


def failed_transfers(session: Session, branch_code: str | None, *, limit: int = 50) -> list[FailedTransfer]:
    """Return claims that stand at a failed transfer, the longest waiting first."""
    other = aliased(Instruction)
    newest = select(func.max(other.id)).where(other.casefile_id == Claim.id).scalar_subquery()
    rows = session.execute(
        select(
            Claim.number.label("claim_number"),
            Claim.subject,
            Claim.honorific,
            Instruction.reference,
            Instruction.amount_idr,
            PaymentEvent.at.label("failed_at"),
            PaymentEvent.details["reason_code"].as_string().label("reason_code"),
        )
        .select_from(Claim)
        .join(Instruction, Instruction.id == newest)
        .join(
            PaymentEvent,
            (PaymentEvent.instruction_id == Instruction.id) & (PaymentEvent.version == Instruction.version),
        )
        .where(_of_branch(branch_code), Claim.state == "payment_failed", Claim.closed_at.is_(None))
        .order_by(Claim.entered_at, Claim.id)
        .limit(limit)
    ).mappings()
    return [FailedTransfer(**row) for row in rows]


def held_duties(session: Session, person_id: int | None, numbers: Iterable[str]) -> dict[str, str]:
    """Return which duty this person holds on each of the cases, by case number."""
    rows = session.execute(
        select(Claim.number, Duty.duty)
        .select_from(Claim)
        .join(Duty, Duty.casefile_id == Claim.id)
        .where(Claim.number.in_(set(numbers)), Duty.person_id == person_id)
    )
    return {row.number: row.duty for row in rows}


def _of_branch(branch_code: str | None) -> ColumnElement[bool]:
    return Claim.branch_code == (branch_code or "")


def _orders(branch_code: str | None) -> Select[*tuple[Any, ...]]:
    before, after = aliased(Instruction), aliased(Instruction)
    return (
        select(
            Instruction.id, Instruction.casefile_id, Instruction.version, Instruction.state, Instruction.reference,
            Instruction.amount_idr, Instruction.created_at,
            Claim.number.label("claim_number"), Claim.subject, Claim.honorific, Claim.state.label("claim_state"),
            Bank.name.label("bank_name"), BankAccount.holder_name,
            func.right(BankAccount.account_number, 4).label("account_tail"),
            Batch.number.label("batch_number"), Batch.released_at,
            before.reference.label("replaces"), after.reference.label("replaced_by"),
        )
        .select_from(Instruction)
        .join(Claim, Claim.id == Instruction.casefile_id)
        .join(BankAccount, BankAccount.id == Instruction.account_id)
        .join(Bank, Bank.code == BankAccount.bank_code)
        .outerjoin(BatchLine, BatchLine.instruction_id == Instruction.id)
        .outerjoin(Batch, Batch.id == BatchLine.batch_id)
        .outerjoin(before, before.id == Instruction.replaces_id)
        .outerjoin(after, after.replaces_id == Instruction.id)
        .where(_of_branch(branch_code))
    )  # fmt: skip
