"""Tables of papers that an officer wants to ask for after the list was frozen: the proposal and the word on it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk


class PaperProposal(Base):
    """One more paper for a family, with the reason it will read; asked for once a second person agrees. Append-only."""

    __tablename__ = "paper_proposal"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    code: Mapped[str]  # entry of workflows/documents.yaml
    reason: Mapped[str]  # what the family reads
    proposed_at: Mapped[datetime]
    proposed_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("casefile_id", "id", "proposed_by_person_id"),
        CheckConstraint("length(reason) >= 10", name="reason_given"),
        Index("ix_paper_proposal_casefile_id", "casefile_id"),
        {"info": {"append_only": True}},
    )


class PaperWord(Base):
    """The second person's word on a proposed paper, with a note, or the proposer's taking it back. Append-only."""

    __tablename__ = "paper_word"

    proposal_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    casefile_id: Mapped[int]
    proposed_by_person_id: Mapped[int]
    verdict: Mapped[str]  # confirmed | refused | withdrawn
    note: Mapped[str]  # for the staff; empty when taken back
    said_at: Mapped[datetime]
    said_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        ForeignKeyConstraint(
            ["casefile_id", "proposal_id", "proposed_by_person_id"],
            ["paper_proposal.casefile_id", "paper_proposal.id", "paper_proposal.proposed_by_person_id"],
            name="fk_paper_word_is_on_a_proposal",
        ),
        CheckConstraint("verdict IN ('confirmed', 'refused', 'withdrawn')", name="verdict_known"),
        CheckConstraint(
            "(verdict = 'withdrawn') = (said_by_person_id = proposed_by_person_id)",
            name="by_a_second_person",
        ),
        CheckConstraint("verdict = 'withdrawn' OR length(note) >= 10", name="note_given"),
        {"info": {"append_only": True}},
    )
