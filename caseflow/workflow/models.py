"""Tables of the engine: the case file, its history, duties, outbox, and the edges that may occur."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk

FAR_AWAY = date(9999, 12, 31)


class CaseFile(Base, kw_only=True):
    """Anything that a workflow moves. A claim is one; so will be a nomination or a complaint.

    ``(id, version, state)`` points at its own history row: no state without history, no stale write.
    ``state`` and ``version`` are written by ``workflow.fire`` alone.
    """

    __tablename__ = "casefile"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    kind: Mapped[str]
    number: Mapped[str]
    workflow: Mapped[str]
    workflow_version: Mapped[int]
    state: Mapped[str]
    subject: Mapped[str]  # the name a worklist shows
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    branch_code: Mapped[str]
    opened_at: Mapped[datetime]
    entered_at: Mapped[datetime]  # when the present state began
    sort_on: Mapped[date]  # due_on, or FAR_AWAY: one ascending column to page by
    version: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date | None] = mapped_column(default=None)
    follow_up_on: Mapped[date | None] = mapped_column(default=None)  # while no deadline runs
    clock_started_on: Mapped[date | None] = mapped_column(
        default=None
    )  # the day the requirements were complete
    reported_on: Mapped[date | None] = mapped_column(
        default=None
    )  # the day limits "from the report" count from
    assignee_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "casefile"}
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("version >= 0", name="version_not_negative"),
        # a case that nobody would ever look at again cannot be written
        CheckConstraint(
            "closed_at IS NOT NULL OR due_on IS NOT NULL OR follow_up_on IS NOT NULL", name="open_has_a_day"
        ),
        # no list of a branch's claims can hold a complaint, a nomination or a plan of visits: they lie in areas of
        # their own ("solok/inspector", "solok/nomination", "solok/monitoring")
        CheckConstraint(
            "(kind IN ('complaint', 'nomination', 'monitoring')) = (branch_code LIKE '%/%')",
            name="others_lie_apart",
        ),
        ForeignKeyConstraint(
            ["id", "version", "state"],
            ["history.casefile_id", "history.version", "history.state"],
            name="fk_casefile_state_has_history",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        Index(
            "ix_casefile_open_by_due",
            "branch_code",
            "sort_on",
            "id",
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_casefile_open_by_assignee",
            "branch_code",
            "assignee_user_id",
            "sort_on",
            "id",
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_casefile_open_by_state", "state", "entered_at", postgresql_where=text("closed_at IS NULL")),
        Index("ix_casefile_region_code", "region_code"),
        # search by part of a name within a branch; needs pg_trgm and btree_gin, which the migration creates
        Index(
            "ix_casefile_branch_subject",
            "branch_code",
            "subject",
            postgresql_using="gin",
            postgresql_ops={"subject": "gin_trgm_ops"},
        ),
    )


class WorkflowEdge(Base):
    """One move that a version of a workflow allows; history can hold no other."""

    __tablename__ = "workflow_edge"

    workflow: Mapped[str] = mapped_column(primary_key=True)
    workflow_version: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(primary_key=True)
    from_state: Mapped[str] = mapped_column(primary_key=True)
    to_state: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = ({"info": {"reference": True}},)


class History(Base):
    """What happened to a case, one row a move. Append-only; it is timeline and evidence at once."""

    __tablename__ = "history"

    casefile_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    action: Mapped[str]
    workflow: Mapped[str]
    workflow_version: Mapped[int]
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_name: Mapped[str]
    prev_version: Mapped[int | None] = mapped_column(default=None)
    from_state: Mapped[str | None] = mapped_column(default=None)
    actor_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    actor_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    duty: Mapped[str | None] = mapped_column(default=None)
    reason_code: Mapped[str | None] = mapped_column(default=None)
    reason_text: Mapped[str | None] = mapped_column(default=None)
    note: Mapped[str | None] = mapped_column(default=None)
    due_on: Mapped[date | None] = mapped_column(default=None)
    details: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)

    __table_args__ = (
        UniqueConstraint("casefile_id", "version", "state"),
        ForeignKeyConstraint(
            ["casefile_id"],
            ["casefile.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["casefile_id", "prev_version", "from_state"],
            ["history.casefile_id", "history.version", "history.state"],
            name="fk_history_follows_the_row_before",
        ),
        ForeignKeyConstraint(
            ["workflow", "workflow_version", "action", "from_state", "state"],
            [
                "workflow_edge.workflow",
                "workflow_edge.workflow_version",
                "workflow_edge.action",
                "workflow_edge.from_state",
                "workflow_edge.to_state",
            ],
            name="fk_history_only_known_edges",
        ),
        ForeignKeyConstraint(
            ["casefile_id", "actor_person_id", "duty"],
            ["casefile_duty.casefile_id", "casefile_duty.person_id", "casefile_duty.duty"],
            name="fk_history_duty_is_held",
        ),
        CheckConstraint(
            "(version = 0 AND prev_version IS NULL AND from_state IS NULL)"
            " OR (version > 0 AND prev_version = version - 1 AND from_state IS NOT NULL)",
            name="no_gap",
        ),
        CheckConstraint("actor_kind IN ('staff', 'family', 'system')", name="actor_kind_known"),
        CheckConstraint("actor_kind <> 'staff' OR actor_person_id IS NOT NULL", name="staff_has_person"),
        CheckConstraint("duty IS NULL OR actor_person_id IS NOT NULL", name="duty_has_person"),
        {"info": {"append_only": True}},
    )


class Duty(Base):
    """One person holds at most one duty on a case, for ever: the primary key says so."""

    __tablename__ = "casefile_duty"

    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    duty: Mapped[str]
    taken_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("casefile_id", "person_id", "duty"),
        CheckConstraint(
            "duty IN ('verify', 'medical', 'approve', 'make_batch', 'release', 'reconcile')",
            name="duty_known",
        ),
        {"info": {"append_only": True}},
    )


class Outbox(Base):
    """A message that a move owes somebody; written with the move, delivered later.

    A long-lived case owes some because a day has come: ``occasion`` names it, and it is owed once.
    """

    __tablename__ = "outbox"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int]
    history_version: Mapped[int]
    notice: Mapped[str]
    created_at: Mapped[datetime]
    values: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    delivered_how: Mapped[str | None] = mapped_column(default=None)
    delivered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    occasion: Mapped[str] = mapped_column(default="", server_default="")  # of a move itself: empty
    planned_at: Mapped[datetime | None] = mapped_column(default=None)  # when its deliveries were written

    __table_args__ = (
        ForeignKeyConstraint(["casefile_id", "history_version"], ["history.casefile_id", "history.version"]),
        UniqueConstraint("casefile_id", "history_version", "notice", "occasion"),
        Index(
            "uq_outbox_one_an_occasion",
            "casefile_id",
            "notice",
            "occasion",
            unique=True,
            postgresql_where=text("occasion <> ''"),
        ),
        Index("ix_outbox_waiting", "id", postgresql_where=text("delivered_at IS NULL")),
        Index("ix_outbox_unplanned", "id", postgresql_where=text("planned_at IS NULL")),
    )
