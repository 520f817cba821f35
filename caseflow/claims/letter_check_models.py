"""Tables of questions to a nagari whether it issued a letter, its answers, and the other proof where it did not."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk

KINDS = ("heir_letter", "death_letter", "domicile")
VERDICTS = ("matches", "differs", "not_ours")


class LetterCheck(Base):
    """An officer's question to the nagari that is said to have issued a letter. Append-only."""

    __tablename__ = "letter_check"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    kind: Mapped[str]
    letter_number: Mapped[str]
    issued_on: Mapped[date]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))  # of the issuing nagari
    due_on: Mapped[date]
    asked_at: Mapped[datetime]
    asked_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(f"kind IN ({', '.join(repr(one) for one in KINDS)})", name="kind_known"),
        CheckConstraint("length(letter_number) BETWEEN 1 AND 80", name="numbered"),
        Index("ix_letter_check_casefile_id", "casefile_id", "kind", "id"),
        Index("ix_letter_check_region_code", "region_code", "id"),
        {"info": {"append_only": True}},
    )


class LetterAnswer(Base):
    """The nagari's word on one letter; one word each. Append-only."""

    __tablename__ = "letter_answer"

    check_id: Mapped[int] = mapped_column(
        ForeignKey("letter_check.id"), primary_key=True, autoincrement=False
    )
    verdict: Mapped[str]
    note: Mapped[str]  # what differs; empty when it matches
    answered_at: Mapped[datetime]
    answered_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint(f"verdict IN ({', '.join(repr(one) for one in VERDICTS)})", name="verdict_known"),
        CheckConstraint("verdict = 'matches' OR length(note) >= 10", name="says_what_differs"),
        {"info": {"append_only": True}},
    )


class LetterProof(Base):
    """What proves the same although the nagari's word is against it, proposed by an officer. Append-only."""

    __tablename__ = "letter_proof"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    check_id: Mapped[int] = mapped_column(ForeignKey("letter_answer.check_id"))
    reason: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("id", "proposed_by_person_id"),
        CheckConstraint("length(reason) >= 10", name="reason_given"),
        Index("ix_letter_proof_check_id", "check_id"),
        {"info": {"append_only": True}},
    )


class LetterProofWord(Base):
    """The second person's word on such a proof, with a note. Append-only."""

    __tablename__ = "letter_proof_word"

    proof_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    proposed_by_person_id: Mapped[int]
    verdict: Mapped[str]  # confirmed | refused
    note: Mapped[str]
    said_at: Mapped[datetime]
    said_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        ForeignKeyConstraint(
            ["proof_id", "proposed_by_person_id"],
            ["letter_proof.id", "letter_proof.proposed_by_person_id"],
            name="fk_letter_proof_word_is_on_a_proof",
        ),
        CheckConstraint("verdict IN ('confirmed', 'refused')", name="verdict_known"),
        CheckConstraint("said_by_person_id <> proposed_by_person_id", name="by_a_second_person"),
        CheckConstraint("length(note) >= 10", name="note_given"),
        {"info": {"append_only": True}},
    )
