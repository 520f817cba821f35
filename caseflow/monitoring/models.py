"""Tables of the plan that begins when money was paid: the family followed, its visits, their days, its consent.

A plan is a case file of its own kind; its steps are ``workflows/monitoring.yaml``. What a visit found is in
``visit_models``. Nothing here refers to a decision, an amount or an account.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk
from caseflow.workflow.models import CaseFile

# months after the money; a call may be all of the first
MILESTONES = ("m1", "m3", "m6", "m12", "m24")
VISIT_KINDS = (*MILESTONES, "extra", "revisit")
# outcomes of a visit; all but "met" are answers too, not failures
OUTCOMES = ("met", "another_day", "declined", "moved", "not_found")
VISIT_STATES = ("due", "done", "cancelled")
_KINDS = ", ".join(f"'{one}'" for one in VISIT_KINDS)
_OUTCOMES = ", ".join(f"'{one}'" for one in OUTCOMES)


class Plan(CaseFile, kw_only=True):
    """Following one family after one claim was paid. ``region_code`` is the nagari where the family lives.

    :ivar livelihood_from_on: the first day on which livelihood may be asked about: the 41st day (day of death = day 0).
    :ivar landmark: how the house is found (patokan), as people say it.
    """

    __tablename__ = "monitoring_plan"

    id: Mapped[int] = mapped_column(ForeignKey("casefile.id"), primary_key=True, init=False)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    paid_on: Mapped[date]
    livelihood_from_on: Mapped[date]
    contact_name: Mapped[str]  # of the payee, or who keeps the money for a minor
    contact_phone: Mapped[str | None] = mapped_column(default=None)  # E.164
    jorong: Mapped[str] = mapped_column(default="")
    landmark: Mapped[str] = mapped_column(default="")
    visitor_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    public_id: Mapped[str]

    __mapper_args__ = {"polymorphic_identity": "monitoring"}
    __table_args__ = (  # type: ignore[assignment]
        UniqueConstraint("claim_id"),
        UniqueConstraint("public_id"),
        CheckConstraint("length(landmark) <= 200", name="landmark_in_bounds"),
        Index("ix_monitoring_plan_visitor_user_id", "visitor_user_id"),
    )


class PlannedVisit(Base):
    """One visit (or call) that a plan asks for. Written by verbs of ``monitoring``; days change only with a reason.

    :ivar proposed_on: a day that the family proposed and that could not be taken over, with why not
        (``proposed_days.WHY_NOT``); forgotten when the visit is moved.
    """

    __tablename__ = "planned_visit"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    plan_id: Mapped[int] = mapped_column(ForeignKey("monitoring_plan.id"))
    kind: Mapped[str]
    state: Mapped[str]
    due_on: Mapped[date]
    asks_livelihood: Mapped[bool]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    visitor_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    outcome: Mapped[str | None] = mapped_column(default=None)  # of the last visit made for it
    done_on: Mapped[date | None] = mapped_column(default=None)
    cancelled_why: Mapped[str | None] = mapped_column(default=None)
    checks_visit_id: Mapped[int | None] = mapped_column(
        ForeignKey("planned_visit.id"), default=None
    )  # of a re-visit
    version: Mapped[int] = mapped_column(default=0)
    proposed_on: Mapped[date | None] = mapped_column(default=None)
    proposed_why_not: Mapped[str | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("plan_id", "id"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint("state IN ('due', 'done', 'cancelled')", name="state_known"),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_known"),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_has_a_day"),
        CheckConstraint("state <> 'done' OR outcome IN ('met', 'declined', 'moved', 'not_found')", name="done_says_how"),
        CheckConstraint("(state = 'cancelled') = (cancelled_why IS NOT NULL)", name="cancelled_says_why"),
        CheckConstraint("(kind = 'revisit') = (checks_visit_id IS NOT NULL)", name="revisit_checks_one"),
        CheckConstraint("(proposed_on IS NULL) = (proposed_why_not IS NULL)", name="proposal_says_why_not"),
        CheckConstraint(
            "proposed_why_not IN ('past', 'free_day', 'mourning', 'handed_over', 'refused')", name="why_not_known"
        ),
        Index(
            "uq_planned_visit_one_a_milestone", "plan_id", "kind", unique=True,
            postgresql_where=text("kind IN ('m1', 'm3', 'm6', 'm12', 'm24')"),
        ),
        Index("uq_planned_visit_checked_once", "checks_visit_id", unique=True),
        Index(
            "ix_planned_visit_due_by_visitor", "visitor_user_id", "due_on", "id",
            postgresql_where=text("state = 'due'"),
        ),
        Index("ix_planned_visit_due", "due_on", "id", postgresql_where=text("state = 'due'")),
        Index("ix_planned_visit_done_on", "done_on", postgresql_where=text("state = 'done'")),
    )  # fmt: skip


class DayChange(Base):
    """A visit moved to another day, with the reason. Append-only."""

    __tablename__ = "planned_visit_day_change"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    planned_visit_id: Mapped[int] = mapped_column(ForeignKey("planned_visit.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_user.id"), default=None
    )  # None: the family, or a visit

    __table_args__ = (
        CheckConstraint("length(reason) >= 10", name="says_why"),
        CheckConstraint("from_on <> to_on", name="another_day"),
        Index("ix_planned_visit_day_change_planned_visit_id", "planned_visit_id", "id"),
        {"info": {"append_only": True}},
    )


class VisitConsent(Base):
    """What a family said of being visited: yes, or no more, with the version of the text read to it. Append-only."""

    __tablename__ = "visit_consent"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    plan_id: Mapped[int] = mapped_column(ForeignKey("monitoring_plan.id"))
    version: Mapped[str]  # entry of workflows/visit_consent.yaml
    given: Mapped[bool]  # false: withdrawn, or declined
    said_by: Mapped[str]
    said_at: Mapped[datetime]  # corrected for a clock of a phone that is wrong
    recorded_at: Mapped[datetime]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("family_device.id"), default=None)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index("ix_visit_consent_plan_id", "plan_id", "id"),
        {"info": {"append_only": True}},
    )


class FieldDevice(Base):
    """A phone prepared for visits without signal, of one person. Revoked, it is told to forget what it holds.

    ``last_sequence`` is the number of the last visit received from it; counts of what waits on it are its own word.
    """

    __tablename__ = "field_device"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]  # made by the phone: a UUID
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    name: Mapped[str]
    prepared_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    last_sequence: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)  # visits not sent yet, as it said last
    waiting_since: Mapped[datetime | None] = mapped_column(default=None)
    pack_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    revoked_why: Mapped[str | None] = mapped_column(default=None)
    forgotten_at: Mapped[datetime | None] = mapped_column(default=None)  # it said that it forgot everything

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("user_id", "id"),
        CheckConstraint("length(name) BETWEEN 1 AND 60", name="named"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_why IS NULL)", name="revoked_says_why"),
        CheckConstraint("(waiting = 0) = (waiting_since IS NULL)", name="waiting_since_when"),
        Index("ix_field_device_user_id", "user_id", "id"),
    )


class VisitOrder(Base):
    """A letter of duty (surat tugas, L6) for one visitor and one family; checked by anybody on /periksa."""

    __tablename__ = "visit_order"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    plan_id: Mapped[int] = mapped_column(ForeignKey("monitoring_plan.id"))
    visitor_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    letter_id: Mapped[int] = mapped_column(ForeignKey("registry_letter.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))

    __table_args__ = (
        UniqueConstraint("letter_id"),
        CheckConstraint("starts_on < ends_on", name="ends_after_start"),
        Index("ix_visit_order_plan_id", "plan_id", "id"),
        {"info": {"append_only": True}},
    )
