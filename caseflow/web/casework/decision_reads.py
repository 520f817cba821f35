"""What screens read of the decision and the money of a case: columns only, one statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, Select, and_, func, select, tuple_
from sqlalchemy.orm import Session

from caseflow.audit.models import AuditEvent
from caseflow.claims.models import (
    AdjustmentWord,
    Assessment,
    BankAccount,
    Claim,
    Decision,
    FamilyMember,
    HeirDecision,
    LineAdjustment,
)
from caseflow.claims.states import COMPUTING
from caseflow.payments.models import Instruction, PaymentEvent
from caseflow.people.models import Person
from caseflow.registry.models import Bank, Region
from caseflow.workflow.models import CaseFile, History

MOST_ADJUSTMENTS = 50


@dataclass(frozen=True)
class AccountFacts:
    """The newest version of the account, masked: only its last four digits leave the database."""

    bank: str
    tail: str
    holder_name: str
    held_by: str
    name_match: str
    name_note: str
    entered_at: datetime
    entered_by: str
    member_id: int


@dataclass(frozen=True)
class PayeeFacts:
    """Who is paid, by which rule, decided by whom."""

    member_id: int
    full_name: str
    relation: str
    guardian_name: str | None
    guardian_basis: str | None
    sentence: str
    agreement: str
    note: str
    decided_at: datetime
    decided_by: str


@dataclass(frozen=True)
class OldAssessment:
    """A computation in the list of earlier ones."""

    id: int
    outcome: str
    total_idr: int
    rule_version: str
    computed_at: datetime
    computed_by: str


@dataclass(frozen=True)
class PaymentStep:
    """One step of an order to pay."""

    instruction_id: int
    state: str
    at: datetime
    actor_name: str


@dataclass(frozen=True)
class ApprovalRow:
    """One request in the approver's or the medical adviser's queue."""

    id: int
    number: str
    subject: str
    program: str
    honorific: str
    region: str
    due_on: date | None
    sort_on: date
    action: str
    asked_by: str
    asked_by_person_id: int | None
    asked_at: datetime
    total_idr: int | None


@dataclass(frozen=True)
class WaitingAdjustment:
    """One adjustment that waits for a second person."""

    id: int
    number: str
    subject: str
    program: str
    honorific: str
    line_code: str
    computed_idr: int
    amount_idr: int
    proposed_at: datetime
    proposed_by_person_id: int
    proposed_by: str


def assessments(session: Session, casefile_id: int) -> Sequence[OldAssessment]:
    """Return all computations of a claim, newest first."""
    rows = session.execute(
        select(
            Assessment.id,
            Assessment.outcome,
            Assessment.total_idr,
            Assessment.rule_version,
            Assessment.computed_at,
            Person.full_name.label("computed_by"),
        )
        .join(Person, Person.id == Assessment.computed_by_person_id)
        .where(Assessment.casefile_id == casefile_id)
        .order_by(Assessment.id.desc())
    )
    return [OldAssessment(**row._asdict()) for row in rows]


def account_facts(session: Session, casefile_id: int) -> AccountFacts | None:
    """Return the account that counts."""
    row = session.execute(
        select(
            Bank.name.label("bank"),
            func.right(BankAccount.account_number, 4).label("tail"),
            BankAccount.holder_name,
            BankAccount.held_by,
            BankAccount.name_match,
            BankAccount.name_note,
            BankAccount.entered_at,
            Person.full_name.label("entered_by"),
            BankAccount.member_id,
        )
        .join(Bank, Bank.code == BankAccount.bank_code)
        .join(Person, Person.id == BankAccount.entered_by_person_id)
        .where(BankAccount.casefile_id == casefile_id)
        .order_by(BankAccount.id.desc())
        .limit(1)
    ).one_or_none()
    return AccountFacts(**row._asdict()) if row else None


def payee_facts(session: Session, casefile_id: int) -> PayeeFacts | None:
    """Return the newest decision on who is paid."""
    row = session.execute(
        select(
            FamilyMember.id.label("member_id"),
            FamilyMember.full_name,
            FamilyMember.relation,
            FamilyMember.guardian_name,
            FamilyMember.guardian_basis,
            HeirDecision.sentence,
            HeirDecision.agreement,
            HeirDecision.note,
            HeirDecision.decided_at,
            Person.full_name.label("decided_by"),
        )
        .join(FamilyMember, FamilyMember.id == HeirDecision.payee_member_id)
        .join(Person, Person.id == HeirDecision.decided_by_person_id)
        .where(HeirDecision.casefile_id == casefile_id)
        .order_by(HeirDecision.id.desc())
        .limit(1)
    ).one_or_none()
    return PayeeFacts(**row._asdict()) if row else None


def payment_steps(session: Session, casefile_id: int) -> Sequence[PaymentStep]:
    """Return the steps of all orders of a claim, by order, newest first."""
    rows = session.execute(
        select(PaymentEvent.instruction_id, PaymentEvent.state, PaymentEvent.at, PaymentEvent.actor_name)
        .join(Instruction, Instruction.id == PaymentEvent.instruction_id)
        .where(Instruction.casefile_id == casefile_id)
        .order_by(PaymentEvent.instruction_id, PaymentEvent.version.desc())
    )
    return [PaymentStep(**row._asdict()) for row in rows]


def waiting_queue(
    session: Session, branch_code: str, state: str, *, after: tuple[date, int] | None, limit: int
) -> Sequence[ApprovalRow]:
    """Return the cases of a branch that wait in a state, due soonest first, with who asked; one statement.

    :param state: ``awaiting_approval`` or ``medical_review``.

    The page is cut out of the index of open cases first; only its rows are joined to their words.
    """
    keys = select(CaseFile.id).where(
        CaseFile.closed_at.is_(None),
        CaseFile.branch_code == branch_code,
        CaseFile.state == state,
    )
    if after is not None:
        keys = keys.where(tuple_(CaseFile.sort_on, CaseFile.id) > after)
    page = keys.order_by(CaseFile.sort_on, CaseFile.id).limit(limit).cte("page")
    statement = _approval_columns(page.prefix_with("MATERIALIZED"))
    rows = session.execute(statement.order_by(CaseFile.sort_on, CaseFile.id))
    return [ApprovalRow(**row._asdict()) for row in rows]


def waiting_adjustments(session: Session, branch_code: str) -> Sequence[WaitingAdjustment]:
    """Return the adjustments of a branch that a second person has not answered, oldest first."""
    rows = session.execute(
        select(
            LineAdjustment.id,
            CaseFile.number,
            CaseFile.subject,
            Claim.__table__.c.program,
            Claim.__table__.c.honorific,
            LineAdjustment.line_code,
            LineAdjustment.computed_idr,
            LineAdjustment.amount_idr,
            LineAdjustment.proposed_at,
            LineAdjustment.proposed_by_person_id,
            Person.full_name.label("proposed_by"),
        )
        .join(CaseFile.__table__, CaseFile.id == LineAdjustment.casefile_id)
        .join(Claim.__table__, Claim.__table__.c.id == CaseFile.id)
        .join(Person, Person.id == LineAdjustment.proposed_by_person_id)
        .outerjoin(AdjustmentWord, AdjustmentWord.adjustment_id == LineAdjustment.id)
        .where(
            AdjustmentWord.adjustment_id.is_(None),
            CaseFile.branch_code == branch_code,
            CaseFile.state.in_(COMPUTING),
        )
        .order_by(LineAdjustment.id)
        .limit(MOST_ADJUSTMENTS)
    )
    return [WaitingAdjustment(**row._asdict()) for row in rows]


def opened_by(session: Session, casefile_id: int, person_id: int | None, since: datetime) -> set[str]:
    """Return public ids of the papers that a person opened on a case since an instant."""
    rows = session.scalars(
        select(AuditEvent.subject).where(
            AuditEvent.casefile_id == casefile_id,
            AuditEvent.action == "document.opened",
            AuditEvent.actor_person_id == person_id,
            AuditEvent.at >= since,
        )
    )
    return {subject.removeprefix("document:") for subject in rows}


def newest_decision_content(
    session: Session, casefile_id: int
) -> tuple[str, datetime, dict[str, Any]] | None:
    """Return outcome, instant and content of the newest decision."""
    row = session.execute(
        select(Decision.outcome, Decision.decided_at, Decision.content)
        .where(Decision.casefile_id == casefile_id)
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()
    return (row.outcome, row.decided_at, row.content) if row else None


def _approval_columns(page: CTE) -> Select[Any]:
    """Return what the queue shows of the cases of a page."""
    newest = (
        select(Assessment.total_idr)
        .where(Assessment.casefile_id == CaseFile.id)
        .order_by(Assessment.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    claim = Claim.__table__
    return (
        select(
            CaseFile.id,
            CaseFile.number,
            CaseFile.subject,
            claim.c.program,
            claim.c.honorific,
            Region.name.label("region"),
            CaseFile.due_on,
            CaseFile.sort_on,
            History.action,
            History.actor_name.label("asked_by"),
            History.actor_person_id.label("asked_by_person_id"),
            History.at.label("asked_at"),
            newest.label("total_idr"),
        )
        .select_from(page)
        .join(CaseFile.__table__, CaseFile.id == page.c.id)
        .join(claim, claim.c.id == CaseFile.id)
        .join(Region, Region.code == CaseFile.region_code)
        .join(History, and_(History.casefile_id == CaseFile.id, History.version == CaseFile.version))
    )
