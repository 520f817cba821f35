"""Tables of hand-over: who gave up their work, why, and where each case of it went. Append-only."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk


class Handover(Base):
    """One act of handing over everything that somebody has in hand.

    ``to_user_id``: the colleague who was chosen; ``None``: the common list. ``by_user_id``: ``None`` for the night job.
    """

    __tablename__ = "handover"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    from_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    to_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    why: Mapped[str]  # leave | moved | left | ownerless
    note: Mapped[str]  # what was promised to families, for whoever receives
    at: Mapped[datetime]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))
    cases: Mapped[int]

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint("why IN ('leave', 'moved', 'left', 'ownerless')", name="why_known"),
        CheckConstraint("from_user_id <> to_user_id", name="to_another"),
        CheckConstraint("(why = 'ownerless') = (by_user_id IS NULL)", name="somebody_gave_it"),
        CheckConstraint("why = 'ownerless' OR length(note) >= 10", name="note_given"),
        CheckConstraint("cases > 0", name="something_moved"),
        Index("ix_handover_at", "at"),
        {"info": {"append_only": True}},
    )


class HandoverCase(Base):
    """One case that moved, as it stood then: its day, and what the family waits for."""

    __tablename__ = "handover_case"

    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"), primary_key=True)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"), primary_key=True)
    to_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"))  # None: the common list
    state: Mapped[str]
    due_on: Mapped[date | None]
    requests_waiting: Mapped[int]
    remind_on: Mapped[date | None]  # the next day on which the family was promised a reminder

    __table_args__ = (
        CheckConstraint("requests_waiting >= 0", name="requests_counted"),
        Index("ix_handover_case_casefile_id", "casefile_id", "handover_id"),
        {"info": {"append_only": True}},
    )
