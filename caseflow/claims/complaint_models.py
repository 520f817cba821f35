"""Tables of what a family says afterwards: complaints, whether the money came whole, how it was served.

A complaint is a case file of its own. Nothing of it is written at the claim it is about: not in its history,
not in its audit trail. What goes to the inspector is also hidden by the database (row policy of the migration):
a query that does not say it reads for the inspector finds nothing.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk, sha256_hex
from caseflow.workflow.models import CaseFile


class Complaint(CaseFile, kw_only=True):
    """What somebody complains of, about whom, and who reads it; steps and answers are the case file's history."""

    __tablename__ = "complaint"

    id: Mapped[int] = mapped_column(ForeignKey("casefile.id"), primary_key=True, init=False)
    category: Mapped[str]
    accused: Mapped[str]
    desk: Mapped[str]  # who reads it: inspector | branch_head
    words: Mapped[str]  # as told
    code_hash: Mapped[str]  # argon2id of the code on the complainant's paper
    key_sha256: Mapped[sha256_hex]  # of the form's random key: sent twice, it is one complaint
    about_casefile_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), default=None)
    contact_name: Mapped[str | None] = mapped_column(default=None)
    contact_phone: Mapped[str | None] = mapped_column(default=None)  # E.164
    shown_on_device_id: Mapped[int | None] = mapped_column(ForeignKey("family_device.id"), default=None)
    helped_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)

    __mapper_args__ = {"polymorphic_identity": "complaint"}  # noqa: RUF012 (SQLAlchemy reads it from the class)
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint(
            "category IN ('levy', 'slow', 'rude', 'wrong_data', 'wrong_decision', 'other')",
            name="category_known",
        ),
        CheckConstraint(
            "accused IN ('nagari', 'branch', 'bank', 'hospital', 'other', 'unknown')", name="accused_known"
        ),
        CheckConstraint("desk IN ('inspector', 'branch_head')", name="desk_known"),
        CheckConstraint(
            "desk = 'inspector' OR (category <> 'levy' AND accused <> 'branch')", name="not_read_by_accused"
        ),
        CheckConstraint("length(words) BETWEEN 10 AND 2000", name="told_in_words"),
        CheckConstraint(
            "contact_phone IS NULL OR contact_phone ~ '^[+][0-9]{8,15}$'", name="contact_phone_e164"
        ),
        UniqueConstraint("key_sha256"),
        Index("ix_complaint_shown_on_device_id", "shown_on_device_id"),
    )


class ReceiptAnswer(Base):
    """What a family says of its money: whole, or not there yet. Append-only; the latest counts.

    That somebody asked for a share is never written here, where the case is: it is a complaint.
    """

    __tablename__ = "receipt_answer"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    answer: Mapped[str]
    said_by: Mapped[str]
    at: Mapped[datetime]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("family_device.id"), default=None)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)  # told to staff

    __table_args__ = (
        CheckConstraint("answer IN ('full', 'not_yet')", name="answer_known"),
        Index("ix_receipt_answer_casefile_id", "casefile_id", "id"),
        {"info": {"append_only": True}},
    )


class Feedback(Base):
    """One of three faces and perhaps a sentence, of nobody and no case: only branch and day. Append-only."""

    __tablename__ = "feedback"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    branch_code: Mapped[str]
    given_on: Mapped[date]
    face: Mapped[str]
    words: Mapped[str]
    key_sha256: Mapped[sha256_hex]  # of the form's random key

    __table_args__ = (
        CheckConstraint("face IN ('good', 'fair', 'bad')", name="face_known"),
        CheckConstraint("length(words) <= 1000", name="words_in_bounds"),
        UniqueConstraint("key_sha256"),
        Index("ix_feedback_branch_code_given_on", "branch_code", "given_on"),
        {"info": {"append_only": True}},
    )
