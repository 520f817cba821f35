"""Table of letters: what was issued to a family, what it states, and how a stranger can check it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk, rupiah_amount, sha256_hex


class Letter(Base):
    """One issued letter. What was issued never changes; it can only be revoked, once, and be replaced.

    A letter on a decision names that decision with its digest and total: the database knows no other.
    A refusal is sent by somebody who holds the duty to verify, so never by the one who refused.
    """

    __tablename__ = "letter"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    kind: Mapped[str]  # receipt | document_request | decision | refusal | invitation
    paper: Mapped[str]  # a4 | counter (one A5 page) | roll (80 mm)
    number: Mapped[str]
    check_code: Mapped[str]  # sixteen letters, see caseflow.identifiers.check_code
    history_version: Mapped[int]  # the move after which the case stood as the letter says
    state: Mapped[str]
    content_sha256: Mapped[sha256_hex]  # of what it says, without number, code and day
    object_key: Mapped[str]
    pdf_sha256: Mapped[sha256_hex]
    size_bytes: Mapped[int]
    pages: Mapped[int]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("family_device.id"), default=None)
    duty: Mapped[str | None] = mapped_column(default=None)
    decision_id: Mapped[int | None] = mapped_column(default=None)
    decision_sha256: Mapped[sha256_hex | None] = mapped_column(default=None)
    total_idr: Mapped[rupiah_amount | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_why: Mapped[str | None] = mapped_column(default=None)
    revoked_by: Mapped[str | None] = mapped_column(default=None)
    replaced_by_id: Mapped[int | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("check_code"),
        UniqueConstraint("object_key"),
        UniqueConstraint("casefile_id", "id"),
        ForeignKeyConstraint(
            ["casefile_id", "history_version", "state"],
            ["history.casefile_id", "history.version", "history.state"],
            name="fk_letter_states_what_was",
        ),
        ForeignKeyConstraint(
            ["casefile_id", "decision_id", "decision_sha256", "total_idr"],
            ["decision.casefile_id", "decision.id", "decision.content_sha256", "decision.total_idr"],
            name="fk_letter_states_the_decision",
        ),
        ForeignKeyConstraint(
            ["casefile_id", "person_id", "duty"],
            ["casefile_duty.casefile_id", "casefile_duty.person_id", "casefile_duty.duty"],
            name="fk_letter_duty_is_held",
        ),
        ForeignKeyConstraint(
            ["casefile_id", "replaced_by_id"],
            ["letter.casefile_id", "letter.id"],
            name="fk_letter_replaced_in_its_case",
        ),
        CheckConstraint(
            "kind IN ('receipt', 'document_request', 'decision', 'refusal', 'invitation')", name="kind_known"
        ),
        CheckConstraint("paper IN ('a4', 'counter', 'roll')", name="paper_known"),
        CheckConstraint("paper = 'a4' OR kind = 'receipt'", name="small_papers_are_receipts"),
        CheckConstraint("check_code ~ '^[2-9BCDFGHJKLMNPQRSTVWXYZ]{16}$'", name="check_code_readable"),
        CheckConstraint("size_bytes > 0 AND pages > 0", name="not_empty"),
        CheckConstraint(
            "person_id IS NOT NULL OR (device_id IS NOT NULL AND kind = 'receipt')",
            name="families_take_receipts",
        ),
        CheckConstraint(
            "(kind = 'decision') = (decision_id IS NOT NULL)"
            " AND (decision_id IS NULL) = (decision_sha256 IS NULL)"
            " AND (decision_id IS NULL) = (total_idr IS NULL) AND (total_idr IS NULL OR total_idr > 0)",
            name="decision_is_named",
        ),
        # whoever refused holds the duty to approve and can hold no other: so this is a second person
        CheckConstraint(
            "(kind = 'refusal' AND duty IS NOT NULL AND duty = 'verify' AND person_id IS NOT NULL)"
            " OR (kind <> 'refusal' AND duty IS NULL)",
            name="refusal_read_by_another",
        ),
        CheckConstraint("kind <> 'refusal' OR state IN ('refused', 'lapsed')", name="refusal_of_a_refusal"),
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_why IS NULL) AND (revoked_at IS NULL) = (revoked_by IS NULL)"
            " AND (revoked_why IS NULL OR length(revoked_why) >= 10)",
            name="revoked_says_why",
        ),
        CheckConstraint("replaced_by_id IS NULL OR revoked_at IS NOT NULL", name="replaced_is_revoked"),
        CheckConstraint("replaced_by_id IS NULL OR replaced_by_id <> id", name="not_its_own_successor"),
        Index("ix_letter_casefile_id", "casefile_id", "id"),
        Index(
            "uq_letter_one_a_decision",
            "casefile_id",
            "decision_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL AND decision_id IS NOT NULL"),
        ),
        Index(
            "uq_letter_one_a_refusal",
            "casefile_id",
            "history_version",
            unique=True,
            postgresql_where=text("revoked_at IS NULL AND kind = 'refusal'"),
        ),
        Index(
            "uq_letter_one_invitation",
            "casefile_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL AND kind = 'invitation'"),
        ),
        Index(
            "uq_letter_said_once",
            "casefile_id",
            "kind",
            "paper",
            "content_sha256",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )


class LetterSerial(Base):
    """The last number given by a branch in a year; a number whose letter was never kept leaves a gap."""

    __tablename__ = "letter_serial"

    branch_code: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)

    __table_args__ = (CheckConstraint("last >= 0", name="last_not_negative"),)
