"""Tables of papers: what is asked of this family, what arrived, what an officer said of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk, sha256_hex


class Requirement(Base):
    """One paper asked for in one case; the list is derived from the facts and frozen at intake."""

    __tablename__ = "requirement"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    code: Mapped[str]  # entry of workflows/documents.yaml
    catalogue_version: Mapped[str]
    position: Mapped[int]
    need: Mapped[str]  # required | before_payment | optional
    asked_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="missing")
    status_at: Mapped[datetime | None] = mapped_column(default=None)
    return_reason: Mapped[str | None] = mapped_column(default=None)
    return_sentence: Mapped[str | None] = mapped_column(default=None)  # what the family reads
    original_seen: Mapped[bool] = mapped_column(default=False)
    added_reason: Mapped[str | None] = mapped_column(default=None)  # why it was asked for after intake

    __table_args__ = (
        UniqueConstraint("casefile_id", "code"),
        UniqueConstraint("casefile_id", "id"),
        CheckConstraint("need IN ('required', 'before_payment', 'optional')", name="need_known"),
        CheckConstraint(
            "status IN ('missing', 'submitted', 'returned', 'accepted', 'not_applicable')",
            name="status_known",
        ),
        CheckConstraint("status <> 'returned' OR return_sentence IS NOT NULL", name="returned_says_why"),
    )


class Document(Base):
    """One stored original. Bytes and digest never change; ``stored`` means read back and verified."""

    __tablename__ = "document"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    requirement_id: Mapped[int]
    object_key: Mapped[str]
    idempotency_key: Mapped[str]
    display_name: Mapped[str]
    uploaded_kind: Mapped[str]  # family | staff
    created_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="pending")
    media_type: Mapped[str | None] = mapped_column(default=None)  # sniffed, never declared
    size_bytes: Mapped[int | None] = mapped_column(default=None)
    sha256: Mapped[sha256_hex | None] = mapped_column(default=None)
    pages: Mapped[int | None] = mapped_column(default=None)
    stored_at: Mapped[datetime | None] = mapped_column(default=None)
    scan: Mapped[str] = mapped_column(default="waiting")  # waiting | clean | no_scanner | quarantined
    preview: Mapped[str] = mapped_column(default="waiting")  # waiting | ready | failed
    preview_pages: Mapped[int] = mapped_column(default=0)  # objects <object_key>.p1.jpg …
    flags: Mapped[str] = mapped_column(default="")  # e.g. "trailing_data active_content"
    device_id: Mapped[int | None] = mapped_column(ForeignKey("family_device.id"), default=None)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)  # replaced by a newer one

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("object_key"),
        UniqueConstraint("casefile_id", "idempotency_key"),
        ForeignKeyConstraint(
            ["casefile_id", "requirement_id"], ["requirement.casefile_id", "requirement.id"]
        ),
        CheckConstraint("status IN ('pending', 'stored', 'discarded')", name="status_known"),
        CheckConstraint(
            "status <> 'stored' OR (sha256 IS NOT NULL AND size_bytes > 0 AND media_type IS NOT NULL"
            " AND stored_at IS NOT NULL)",
            name="stored_is_whole",
        ),
        CheckConstraint("scan IN ('waiting', 'clean', 'no_scanner', 'quarantined')", name="scan_known"),
        CheckConstraint("preview IN ('waiting', 'ready', 'failed')", name="preview_known"),
        CheckConstraint("uploaded_kind IN ('family', 'staff')", name="uploaded_kind_known"),
        Index("ix_document_requirement_id", "requirement_id"),
        Index("ix_document_sha256", "sha256"),
        Index("ix_document_pending", "created_at", postgresql_where=text("status = 'pending'")),
    )


class DocumentReview(Base):
    """An officer's word on a paper. Append-only."""

    __tablename__ = "document_review"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int]
    requirement_id: Mapped[int]
    outcome: Mapped[str]  # accepted | returned | not_applicable | reopened
    reviewed_at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason_code: Mapped[str | None] = mapped_column(default=None)
    sentence: Mapped[str | None] = mapped_column(default=None)
    method: Mapped[str | None] = mapped_column(default=None)  # how it was verified

    __table_args__ = (
        ForeignKeyConstraint(
            ["casefile_id", "requirement_id"], ["requirement.casefile_id", "requirement.id"]
        ),
        CheckConstraint(
            "outcome IN ('accepted', 'returned', 'not_applicable', 'reopened')", name="outcome_known"
        ),
        CheckConstraint("outcome <> 'returned' OR length(sentence) >= 10", name="returned_says_why"),
        CheckConstraint(
            "outcome <> 'not_applicable' OR length(sentence) >= 10", name="not_applicable_says_why"
        ),
        Index("ix_document_review_casefile_id", "casefile_id", "requirement_id", "id"),
        {"info": {"append_only": True}},
    )


class TrashedObject(Base):
    """An object that lost its row; kept for seven days before it is purged."""

    __tablename__ = "trashed_object"

    object_key: Mapped[str] = mapped_column(primary_key=True)
    trashed_at: Mapped[datetime]
    why: Mapped[str]

    __table_args__ = ({"info": {"deletable": True}},)
