"""Tables of what a family says to us besides its papers: consent given and taken back, and requests for help."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk


class Consent(Base):
    """Consent to the use of data, with the version of the text that was read. Append-only: taking back is a row."""

    __tablename__ = "consent"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    version: Mapped[str]  # entry of workflows/consent.yaml, whose texts are kept for ever
    given: Mapped[bool]  # false: taken back
    said_by: Mapped[str]
    at: Mapped[datetime]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("family_device.id"), default=None)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index("ix_consent_casefile_id", "casefile_id", "id"),
        {"info": {"append_only": True}},
    )


class FamilyRequest(Base):
    """Something a family asks of us: help with a paper, a reminder, taking the report back, an answer.

    Open until an officer (or, for a reminder, the day) has answered it; one open request a paper and kind.
    """

    __tablename__ = "family_request"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    kind: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    requirement_id: Mapped[int | None] = mapped_column(default=None)
    stuck_at: Mapped[str | None] = mapped_column(default=None)
    words: Mapped[str] = mapped_column(default="")
    remind_on: Mapped[date | None] = mapped_column(default=None)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("family_device.id"), default=None)
    helped_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    answer: Mapped[str | None] = mapped_column(default=None)  # what the family reads
    taken_back: Mapped[bool] = mapped_column(default=False, server_default=text("false"))  # by the family

    __table_args__ = (
        ForeignKeyConstraint(
            ["casefile_id", "requirement_id"], ["requirement.casefile_id", "requirement.id"]
        ),
        UniqueConstraint("casefile_id", "id"),
        CheckConstraint(
            "kind IN ('help_find', 'help_obtain', 'not_applicable', 'remind', 'withdraw', 'correct', 'question')",
            name="kind_known",
        ),
        CheckConstraint(
            "(kind IN ('help_find', 'help_obtain', 'not_applicable', 'remind')) = (requirement_id IS NOT NULL)",
            name="papers_have_a_paper",
        ),
        CheckConstraint(
            "stuck_at IN ('nagari', 'district', 'civil_registry', 'hospital', 'bank', 'relatives', 'other')",
            name="stuck_at_known",
        ),
        CheckConstraint("(kind = 'help_obtain') = (stuck_at IS NOT NULL)", name="stuck_somewhere"),
        CheckConstraint("(kind = 'remind') = (remind_on IS NOT NULL)", name="reminder_has_day"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answer_in_words"),
        CheckConstraint("NOT taken_back OR answered_at IS NOT NULL", name="taken_back_is_over"),
        Index(
            "uq_family_request_one_open",
            "casefile_id",
            "requirement_id",
            "kind",
            unique=True,
            postgresql_where=text("answered_at IS NULL AND requirement_id IS NOT NULL"),
        ),
        Index("ix_family_request_open", "casefile_id", postgresql_where=text("answered_at IS NULL")),
        Index("ix_family_request_casefile_id", "casefile_id", "id"),
        Index(
            "ix_family_request_waiting",
            "id",
            postgresql_where=text("answered_at IS NULL AND kind <> 'remind'"),
        ),
        Index(
            "ix_family_request_remind_on",
            "remind_on",
            postgresql_where=text("answered_at IS NULL AND kind = 'remind'"),
        ),
    )
