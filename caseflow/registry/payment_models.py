"""Tables of dues: transfers with their proof, the months they pay for, and the alarms before cover ends.

A nagari records; only the branch, another person, makes cover of it (``cover_month``). Not here: what a month costs
(``rate_models``), whether somebody is covered (``ledger``).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk, rupiah_amount
from caseflow.registry.nomination_models import FUNDING_SOURCES

PAYMENT_STATES = ("recorded", "confirmed", "refused", "reversed")
# of a payment or a line: the money stands, so nobody else may pay the same month again
LIVING = ("recorded", "confirmed")
MONTHS_AHEAD = 12
ALARM_DAYS = (60, 30, 7)
_STATES = ", ".join(f"'{one}'" for one in PAYMENT_STATES)
_LIVING = ", ".join(f"'{one}'" for one in LIVING)
_SOURCES = ", ".join(f"'{one}'" for one in FUNDING_SOURCES)


class ContributionPayment(Base):
    """One transfer of dues by one payer for one nagari: recorded, then confirmed or refused by the branch.

    What was confirmed is never changed; the branch may reverse it once, with a reason, and the row stays.
    """

    __tablename__ = "contribution_payment"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    funding_source: Mapped[str]
    sector: Mapped[str]
    first_month: Mapped[date]
    last_month: Mapped[date]
    paid_on: Mapped[date]
    receipt_number: Mapped[str]
    amount_idr: Mapped[rupiah_amount]
    expected_idr: Mapped[rupiah_amount]  # months × workers × rate on the day it was recorded
    headcount: Mapped[int]
    proof_file_id: Mapped[int] = mapped_column(ForeignKey("registry_file.id"))
    recorded_at: Mapped[datetime]
    recorded_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    recorded_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    difference_reason: Mapped[str | None] = mapped_column(default=None)
    quota_id: Mapped[int | None] = mapped_column(ForeignKey("quota.id"), default=None)
    state: Mapped[str] = mapped_column(default="recorded")
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    answered_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    answered_branch: Mapped[str | None] = mapped_column(default=None)
    answer_note: Mapped[str | None] = mapped_column(default=None)
    reversed_at: Mapped[datetime | None] = mapped_column(default=None)
    reversed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    reversed_why: Mapped[str | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(f"funding_source IN ({_SOURCES})", name="funding_source_known"),
        CheckConstraint("sector IN ('transport', 'other')", name="sector_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "extract(day FROM first_month) = 1 AND extract(day FROM last_month) = 1", name="whole_months"
        ),
        CheckConstraint("last_month >= first_month", name="months_in_order"),
        CheckConstraint(
            f"last_month <= (date_trunc('month', paid_on::timestamp) + interval '{MONTHS_AHEAD} months')::date",
            name="not_too_far_ahead",
        ),
        CheckConstraint("amount_idr > 0 AND expected_idr > 0", name="amount_positive"),
        CheckConstraint("headcount BETWEEN 1 AND 100000", name="headcount_in_bounds"),
        CheckConstraint("length(receipt_number) BETWEEN 3 AND 80", name="receipt_numbered"),
        CheckConstraint(
            "amount_idr = expected_idr OR (difference_reason IS NOT NULL AND length(difference_reason) >= 10)",
            name="difference_says_why",
        ),
        CheckConstraint(
            "(state = 'recorded') = (answered_at IS NULL)"
            " AND (answered_at IS NULL) = (answered_by_user_id IS NULL)"
            " AND (answered_at IS NULL) = (answered_by_person_id IS NULL)"
            " AND (answered_at IS NULL) = (answered_branch IS NULL)",
            name="answered_by_the_branch",
        ),
        CheckConstraint("answered_by_person_id <> recorded_by_person_id", name="by_a_second_person"),
        CheckConstraint(
            "state <> 'refused' OR (answer_note IS NOT NULL AND length(answer_note) >= 10)",
            name="refused_says_why",
        ),
        CheckConstraint(
            "(state = 'reversed') = (reversed_at IS NOT NULL)"
            " AND (reversed_at IS NULL) = (reversed_by_user_id IS NULL)"
            " AND (reversed_at IS NULL) = (reversed_why IS NULL)"
            " AND (reversed_why IS NULL OR length(reversed_why) >= 10)",
            name="reversed_says_why",
        ),
        Index(
            "uq_contribution_payment_receipt",
            "region_code",
            "funding_source",
            "receipt_number",
            unique=True,
            postgresql_where=text(f"state IN ({_LIVING})"),
        ),
        Index("ix_contribution_payment_region", "region_code", "last_month"),
        Index(
            "ix_contribution_payment_waiting",
            "recorded_at",
            postgresql_where=text("state = 'recorded'"),
        ),
    )


class PaymentLine(Base):
    """One month of one worker in a payment. Among living payments a month of a worker stands once."""

    __tablename__ = "payment_line"

    payment_id: Mapped[int] = mapped_column(ForeignKey("contribution_payment.id"), primary_key=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    amount_idr: Mapped[rupiah_amount]
    state: Mapped[str] = mapped_column(default="recorded")
    note: Mapped[str | None] = mapped_column(default=None)  # why the branch left it out

    __table_args__ = (
        CheckConstraint("extract(day FROM month) = 1", name="first_of_month"),
        CheckConstraint("amount_idr > 0", name="amount_positive"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "state <> 'refused' OR (note IS NOT NULL AND length(note) >= 10)", name="refused_says_why"
        ),
        Index(
            "uq_payment_line_month_once",
            "worker_id",
            "month",
            unique=True,
            postgresql_where=text(f"state IN ({_LIVING})"),
        ),
    )


class CoverAlarm(Base):
    """Somebody was to be told that cover of a nagari by a payer ends: once a block and step.

    ``last_month`` is the last paid month of the block, ``step`` the days left at most (60, 30, 7).
    """

    __tablename__ = "cover_alarm"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    funding_source: Mapped[str] = mapped_column(primary_key=True)
    last_month: Mapped[date] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    workers: Mapped[int]
    raised_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"funding_source IN ({_SOURCES})", name="funding_source_known"),
        CheckConstraint(f"step IN {ALARM_DAYS!r}", name="step_known"),
        CheckConstraint("extract(day FROM last_month) = 1", name="first_of_month"),
        CheckConstraint("workers > 0", name="somebody_is_at_risk"),
        {"info": {"append_only": True}},
    )
