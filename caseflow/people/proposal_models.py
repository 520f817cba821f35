"""Table of proposals for accounts and roles: an administrator writes them, a branch head answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk
from caseflow.sealing import SealedText


class StaffProposal(Base):
    """A role for somebody, with an account where they have none; nothing of it holds before a second person says so.

    ``user_id``: who would get the role; empty for somebody without an account, who is told in the other columns.
    """

    __tablename__ = "staff_proposal"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    role: Mapped[str]
    scope_kind: Mapped[str]
    scope_code: Mapped[str]
    reason: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    username: Mapped[str | None] = mapped_column(default=None)
    full_name: Mapped[str | None] = mapped_column(default=None)
    title: Mapped[str] = mapped_column(default="")
    national_id: Mapped[str | None] = mapped_column(SealedText("staff_proposal.national_id"), default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    accepted: Mapped[bool | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint("(user_id IS NULL) = (username IS NOT NULL)", name="about_somebody"),
        CheckConstraint("(username IS NULL) = (full_name IS NULL)", name="new_account_is_named"),
        CheckConstraint("length(reason) >= 10", name="reason_given"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by_user_id IS NULL)"
            " AND (answered_at IS NULL) = (accepted IS NULL)",
            name="answer_is_whole",
        ),
        CheckConstraint("answered_by_user_id <> proposed_by_user_id", name="answered_by_a_second_person"),
        CheckConstraint("scope_kind IN ('branch', 'nagari', 'regency')", name="scope_kind_known"),
        Index(
            "uq_staff_proposal_open_username",
            "username",
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index(
            "uq_staff_proposal_open_role",
            "user_id",
            "role",
            "scope_code",
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
        ),
    )
