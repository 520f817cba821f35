"""Table of letters that belong to a nagari and to no case: reminders of dues, recaps of nominations.

Not here: letters to families (``claims.letter_models``), what a letter says (``notices``).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk, sha256_hex

REGISTRY_LETTERS = ("dues_reminder", "nomination_recap", "visit_order", "visit_report", "monthly_report")
_KINDS = ", ".join(f"'{one}'" for one in REGISTRY_LETTERS)


class RegistryLetter(Base):
    """One issued letter. What was issued never changes; it can only be revoked, once."""

    __tablename__ = "registry_letter"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[str]
    subject: Mapped[str]  # what it is about within its kind: a month, the number of a nomination
    number: Mapped[str]
    check_code: Mapped[str]  # sixteen letters, see caseflow.identifiers.check_code
    content_sha256: Mapped[sha256_hex]
    object_key: Mapped[str]
    pdf_sha256: Mapped[sha256_hex]
    size_bytes: Mapped[int]
    pages: Mapped[int]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str]
    issued_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_why: Mapped[str | None] = mapped_column(default=None)
    revoked_by: Mapped[str | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("check_code"),
        UniqueConstraint("object_key"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint("check_code ~ '^[2-9BCDFGHJKLMNPQRSTVWXYZ]{16}$'", name="check_code_readable"),
        CheckConstraint("size_bytes > 0 AND pages > 0", name="not_empty"),
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_why IS NULL) AND (revoked_at IS NULL) = (revoked_by IS NULL)"
            " AND (revoked_why IS NULL OR length(revoked_why) >= 10)",
            name="revoked_says_why",
        ),
        Index(
            "uq_registry_letter_said_once",
            "region_code",
            "kind",
            "subject",
            "content_sha256",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("ix_registry_letter_region", "region_code", "issued_at"),
    )
