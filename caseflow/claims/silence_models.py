"""Tables of the silence alarm: when a family last heard from us, and words that officers passed on themselves."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk


class FamilySilence(Base):
    """Since when a family has heard nothing, and on which day that becomes somebody's task. One row a case.

    Worked out from messages, words and visible steps; ``version`` is the move that it was worked out at.
    """

    __tablename__ = "family_silence"

    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"), primary_key=True)
    version: Mapped[int]
    heard_at: Mapped[datetime]
    officer_on: Mapped[date]  # the officer's queue from this day on
    head_on: Mapped[date]  # and the branch head's

    __table_args__ = (
        CheckConstraint("head_on > officer_on", name="officer_first"),
        Index("ix_family_silence_officer_on", "officer_on"),
    )


class FamilyWord(Base):
    """One line about what an officer told the family beside any message. Append-only."""

    __tablename__ = "family_word"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    how: Mapped[str]
    line: Mapped[str]
    at: Mapped[datetime]
    by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))

    __table_args__ = (
        CheckConstraint("how IN ('call', 'in_person', 'whatsapp', 'sms')", name="how_known"),
        CheckConstraint("length(line) BETWEEN 3 AND 300", name="one_line"),
        Index("ix_family_word_casefile_id", "casefile_id", "id"),
        {"info": {"append_only": True}},
    )
