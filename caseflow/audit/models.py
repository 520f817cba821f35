"""Tables of audit: what was done or seen by whom, and which requests were already answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk, sha256_hex


class AuditEvent(Base):
    """One act or one look at sensitive things; written in the transaction of the act. Append-only.

    ``details`` holds ids and digests, never names, numbers of people or amounts of text.
    """

    __tablename__ = "audit_event"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    at: Mapped[datetime]
    action: Mapped[str]  # dotted: claim.moved, document.opened, person.signed_in
    actor_kind: Mapped[str]
    actor_name: Mapped[str]
    actor_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    actor_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("family_device.id"), default=None)
    casefile_id: Mapped[int | None] = mapped_column(ForeignKey("casefile.id"), default=None)
    subject: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)

    __table_args__ = (
        CheckConstraint("actor_kind IN ('staff', 'family', 'system', 'public')", name="actor_kind_known"),
        Index("ix_audit_event_casefile_id_at", "casefile_id", "at"),
        # the changes of one part of the settings, and of one thing in it, newest first
        Index(
            "ix_audit_event_part",
            text("split_part(action, '.', 1)"),
            "id",
            postgresql_where=text("casefile_id IS NULL"),
        ),
        Index("ix_audit_event_subject", "subject", "id", postgresql_where=text("casefile_id IS NULL")),
        {"info": {"append_only": True}},
    )


class AnsweredRequest(Base):
    """A request that moved something, and its answer; sent again it is answered again and moves nothing."""

    __tablename__ = "answered_request"

    actor_key: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[sha256_hex]
    at: Mapped[datetime]
    status: Mapped[int | None] = mapped_column(default=None)
    location: Mapped[str | None] = mapped_column(default=None)
