"""Tables of money: instruction, batch, bank statement. The database refuses to pay anything twice.

An instruction exists, with its bank reference, before anything leaves the house. "Sent" is not "paid":
only a line of a bank statement settles. A lost answer is a state of its own (``unknown``).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk, sha256_hex

INSTRUCTION_STATES = "'queued', 'batched', 'sent', 'settled', 'failed', 'unknown', 'cancelled'"


class AccountCheck(Base):
    """Finance typed the account again and asked the bank for its owner. Append-only."""

    __tablename__ = "account_check"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    holder_name_found: Mapped[str]
    name_match: Mapped[str]
    checked_at: Mapped[datetime]
    checked_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name_note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint(
            "name_match = 'same' OR (name_match = 'similar' AND length(name_note) >= 10)",
            name="holder_is_payee",
        ),
        Index("ix_account_check_account_id", "account_id"),
        {"info": {"append_only": True}},
    )


class Instruction(Base):
    """An order to pay one heir for one claim. At most one is alive per claim and component: one account a decision."""

    __tablename__ = "payment_instruction"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    member_id: Mapped[int]
    component: Mapped[str]
    amount_idr: Mapped[int]
    account_id: Mapped[int]
    account_check_id: Mapped[int] = mapped_column(ForeignKey("account_check.id"))
    decision_id: Mapped[int]
    content_sha256: Mapped[sha256_hex]
    reference: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=0)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("payment_instruction.id"), default=None)
    follows_id: Mapped[int | None] = mapped_column(default=None)  # the settled one of an earlier decision

    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("casefile_id", "id"),
        ForeignKeyConstraint(
            ["casefile_id", "follows_id"], ["payment_instruction.casefile_id", "payment_instruction.id"]
        ),
        CheckConstraint("(component = 'benefit') = (follows_id IS NULL)", name="first_or_follows"),
        # a decision pays once, and what was paid is followed once
        Index(
            "uq_payment_instruction_one_live_a_decision",
            "decision_id",
            unique=True,
            postgresql_where=text("state NOT IN ('failed', 'cancelled')"),
        ),
        Index(
            "uq_payment_instruction_one_live_follower",
            "follows_id",
            unique=True,
            postgresql_where=text("state NOT IN ('failed', 'cancelled')"),
        ),
        UniqueConstraint("replaces_id"),
        UniqueConstraint("id", "casefile_id", "amount_idr"),
        CheckConstraint("amount_idr > 0 AND amount_idr <= 10000000000", name="amount_in_bounds"),
        CheckConstraint(f"state IN ({INSTRUCTION_STATES})", name="state_known"),
        Index(
            "uq_payment_instruction_one_live",
            "casefile_id",
            "component",
            unique=True,
            postgresql_where=text("state NOT IN ('failed', 'cancelled')"),
        ),
        Index("ix_payment_instruction_queue", "id", postgresql_where=text("state = 'queued'")),
        Index("ix_payment_instruction_casefile_id", "casefile_id"),
        ForeignKeyConstraint(["casefile_id", "member_id"], ["family_member.casefile_id", "family_member.id"]),
        ForeignKeyConstraint(["casefile_id", "account_id"], ["bank_account.casefile_id", "bank_account.id"]),
        ForeignKeyConstraint(
            ["casefile_id", "decision_id", "content_sha256", "amount_idr"],
            ["decision.casefile_id", "decision.id", "decision.content_sha256", "decision.total_idr"],
            name="fk_payment_instruction_is_what_was_approved",
        ),
        ForeignKeyConstraint(
            ["id", "version", "state"],
            ["payment_event.instruction_id", "payment_event.version", "payment_event.state"],
            name="fk_payment_instruction_state_has_event",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
    )


class PaymentEvent(Base):
    """What happened to an instruction, one row a step. Append-only."""

    __tablename__ = "payment_event"

    instruction_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    at: Mapped[datetime]
    actor_name: Mapped[str]
    prev_version: Mapped[int | None] = mapped_column(default=None)
    from_state: Mapped[str | None] = mapped_column(default=None)
    actor_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    details: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)

    __table_args__ = (
        UniqueConstraint("instruction_id", "version", "state"),
        ForeignKeyConstraint(
            ["instruction_id"], ["payment_instruction.id"], deferrable=True, initially="DEFERRED"
        ),
        ForeignKeyConstraint(
            ["instruction_id", "prev_version", "from_state"],
            ["payment_event.instruction_id", "payment_event.version", "payment_event.state"],
            name="fk_payment_event_follows_the_row_before",
        ),
        CheckConstraint(
            "(version = 0 AND from_state IS NULL AND prev_version IS NULL AND state = 'queued')"
            " OR (version > 0 AND prev_version = version - 1 AND (from_state, state) IN ("
            "('queued', 'batched'), ('queued', 'cancelled'), ('batched', 'queued'), ('batched', 'cancelled'),"
            " ('batched', 'sent'), ('sent', 'settled'), ('sent', 'failed'), ('sent', 'unknown'),"
            " ('unknown', 'settled'), ('unknown', 'failed'), ('settled', 'failed')))",
            name="known_step",
        ),
        {"info": {"append_only": True}},
    )


class Batch(Base):
    """Instructions that leave together in one file. Made by one person, released by another."""

    __tablename__ = "payment_batch"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    number: Mapped[str]
    state: Mapped[str]  # open | locked | released; voided: locked, then never handed out
    made_at: Mapped[datetime]
    maker_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=0)
    line_count: Mapped[int | None] = mapped_column(default=None)
    total_idr: Mapped[int | None] = mapped_column(default=None)
    file_bytes: Mapped[bytes | None] = mapped_column(
        LargeBinary, default=None
    )  # the same bytes at every download
    file_sha256: Mapped[sha256_hex | None] = mapped_column(default=None)
    locked_at: Mapped[datetime | None] = mapped_column(default=None)
    released_at: Mapped[datetime | None] = mapped_column(default=None)
    releaser_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)

    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("state IN ('open', 'locked', 'released', 'voided')", name="state_known"),
        CheckConstraint(
            "releaser_person_id IS NULL OR releaser_person_id <> maker_person_id", name="released_by_another"
        ),
        CheckConstraint(
            "state = 'open' OR (file_sha256 IS NOT NULL AND line_count > 0 AND total_idr > 0"
            " AND locked_at IS NOT NULL)",
            name="locked_is_whole",
        ),
        CheckConstraint(
            "(state = 'released') = (releaser_person_id IS NOT NULL AND released_at IS NOT NULL)",
            name="released_names_who",
        ),
    )


class BatchLine(Base):
    """One instruction in one batch; an instruction travels at most once."""

    __tablename__ = "payment_batch_line"

    batch_id: Mapped[int] = mapped_column(ForeignKey("payment_batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    instruction_id: Mapped[int] = mapped_column(ForeignKey("payment_instruction.id"))

    __table_args__ = (UniqueConstraint("instruction_id"), {"info": {"deletable": True}})


class BankStatement(Base):
    """A statement file from the bank, loaded once. Append-only."""

    __tablename__ = "bank_statement"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    file_name: Mapped[str]
    file_sha256: Mapped[sha256_hex]
    line_count: Mapped[int]
    loaded_at: Mapped[datetime]
    loaded_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (UniqueConstraint("file_sha256"), {"info": {"append_only": True}})


class StatementLine(Base):
    """One line of a statement. The same line in two files is one line; it settles at most one instruction."""

    __tablename__ = "statement_line"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"))
    line_number: Mapped[int]
    value_on: Mapped[date]
    kind: Mapped[str]  # debit: money left; credit: money came back
    amount_idr: Mapped[int]
    bank_reference: Mapped[str]  # the bank's own number of the booking
    description: Mapped[str]
    line_sha256: Mapped[sha256_hex]

    __table_args__ = (
        UniqueConstraint("line_sha256"),
        UniqueConstraint("id", "kind", "amount_idr"),
        Index("ix_statement_line_bank_reference", "bank_reference"),
        Index("ix_statement_line_statement_id", "statement_id"),
        CheckConstraint("kind IN ('debit', 'credit')", name="kind_known"),
        CheckConstraint("amount_idr > 0", name="amount_positive"),
        {"info": {"append_only": True}},
    )


class StatementMatch(Base):
    """A statement line explains an instruction: settled by a debit, returned by a credit, to the rupiah.

    Append-only; the amounts are tied by foreign keys on both sides.
    """

    __tablename__ = "statement_match"

    statement_line_id: Mapped[int] = mapped_column(primary_key=True)
    instruction_id: Mapped[int]
    casefile_id: Mapped[int]
    kind: Mapped[str]
    amount_idr: Mapped[int]
    person_id: Mapped[int]
    duty: Mapped[str]
    matched_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("instruction_id", "kind"),
        ForeignKeyConstraint(
            ["statement_line_id", "kind", "amount_idr"],
            ["statement_line.id", "statement_line.kind", "statement_line.amount_idr"],
        ),
        ForeignKeyConstraint(
            ["instruction_id", "casefile_id", "amount_idr"],
            ["payment_instruction.id", "payment_instruction.casefile_id", "payment_instruction.amount_idr"],
        ),
        ForeignKeyConstraint(
            ["casefile_id", "person_id", "duty"],
            ["casefile_duty.casefile_id", "casefile_duty.person_id", "casefile_duty.duty"],
            name="fk_statement_match_duty_is_held",
        ),
        CheckConstraint("duty = 'reconcile'", name="duty_is_reconcile"),
        {"info": {"append_only": True}},
    )
