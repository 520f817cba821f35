"""Tables of files that arrive in pieces: what was announced, and which bytes of it are safe with us."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk, sha256_hex


class PiecewiseUpload(Base):
    """One file on its way. How far it has come is told by its pieces alone, so the two can never disagree."""

    __tablename__ = "upload"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    requirement_id: Mapped[int]
    # whose it is: no other phone sees, ends or finishes it; empty for staff
    device_id: Mapped[int | None] = mapped_column(ForeignKey("family_device.id"))
    request_key: Mapped[str]  # given by the phone: asking twice opens one upload
    length_bytes: Mapped[int]
    display_name: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sha256: Mapped[sha256_hex | None] = mapped_column(default=None)  # of the whole, where the phone told it
    state: Mapped[str] = mapped_column(default="open")
    refusal_status: Mapped[int | None] = mapped_column(default=None)
    refusal_sentence: Mapped[str | None] = mapped_column(default=None)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), default=None)

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("casefile_id", "request_key"),
        UniqueConstraint("id", "length_bytes"),
        UniqueConstraint("document_id"),
        ForeignKeyConstraint(
            ["casefile_id", "requirement_id"], ["requirement.casefile_id", "requirement.id"]
        ),
        CheckConstraint("length_bytes BETWEEN 1 AND 20971520", name="length_in_bounds"),
        CheckConstraint("state IN ('open', 'stored', 'refused', 'stopped', 'expired')", name="state_known"),
        CheckConstraint("(state = 'stored') = (document_id IS NOT NULL)", name="stored_is_a_document"),
        CheckConstraint(
            "(state = 'refused') = (refusal_sentence IS NOT NULL)"
            " AND (refusal_sentence IS NULL) = (refusal_status IS NULL)",
            name="refused_says_why",
        ),
        Index("ix_upload_open", "casefile_id", "changed_at", postgresql_where=text("state = 'open'")),
    )


class UploadPiece(Base):
    """Bytes ``from_byte`` up to ``to_byte`` (not included) of an upload, as an object of their own.

    Each piece begins where another one ends and no two begin at the same byte: the database refuses gaps,
    overlaps and what goes beyond the announced length.
    """

    __tablename__ = "upload_piece"

    upload_id: Mapped[int] = mapped_column(primary_key=True)
    from_byte: Mapped[int] = mapped_column(primary_key=True)
    to_byte: Mapped[int]
    length_bytes: Mapped[int]
    object_key: Mapped[str]
    sha256: Mapped[sha256_hex]
    arrived_at: Mapped[datetime]
    follows_byte: Mapped[int | None] = mapped_column(
        Computed("NULLIF(from_byte, 0)", persisted=True), init=False
    )

    __table_args__ = (
        UniqueConstraint("upload_id", "to_byte"),
        UniqueConstraint("object_key"),
        ForeignKeyConstraint(
            ["upload_id", "length_bytes"],
            ["upload.id", "upload.length_bytes"],
            name="fk_upload_piece_announced",
        ),
        ForeignKeyConstraint(
            ["upload_id", "follows_byte"],
            ["upload_piece.upload_id", "upload_piece.to_byte"],
            name="fk_upload_piece_no_gap",
        ),
        CheckConstraint("from_byte >= 0 AND from_byte < to_byte", name="has_bytes"),
        CheckConstraint("to_byte <= length_bytes", name="within_the_announced"),
        {"info": {"deletable": True}},
    )
