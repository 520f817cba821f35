"""Tables of delivery: how each message reached each of its recipients, and what a gateway reported of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk


class Delivery(Base):
    """One message on its way to one recipient. It leaves at most once: what is unknown is not sent again.

    ``waiting`` for its moment → ``sending`` (written before anything leaves) → ``sent`` (the gateway has it) →
    ``delivered``; ``failed``; ``unknown``: nobody can say whether it left; ``by_hand``: an officer passes it on;
    ``skipped``: what it says had come true, or untrue, before it left, or whoever helped helps no more.
    """

    __tablename__ = "delivery"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    casefile_id: Mapped[int] = mapped_column(ForeignKey("casefile.id"))
    recipient_name: Mapped[str]
    relation: Mapped[str]
    role: Mapped[str]
    channel: Mapped[str]
    address: Mapped[str]  # E.164; empty: no number is known, somebody tells them in person
    adapter: Mapped[str]
    state: Mapped[str]
    key: Mapped[str]  # ours, unguessable: the gateway takes a message once a key and names it in its reports
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    attempted_at: Mapped[datetime | None] = mapped_column(default=None)
    words: Mapped[str | None] = mapped_column(default=None)  # as they left
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    last_error: Mapped[str | None] = mapped_column(default=None)
    provider_reference: Mapped[str | None] = mapped_column(default=None)
    told_how: Mapped[str | None] = mapped_column(default=None)  # by a person
    told_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)

    __table_args__ = (
        UniqueConstraint("outbox_id", "address"),
        UniqueConstraint("key"),
        CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'by_hand', 'skipped')",
            name="state_known",
        ),
        CheckConstraint("channel IN ('whatsapp', 'sms', 'call', 'in_person')", name="channel_known"),
        CheckConstraint("role IN ('family', 'helper')", name="role_known"),
        CheckConstraint("adapter IN ('hand', 'gateway', 'log')", name="adapter_known"),
        CheckConstraint("address = '' OR address ~ '^[+][0-9]{8,15}$'", name="address_e164"),
        # who asked to be telephoned never gets a text
        CheckConstraint("adapter = 'hand' OR channel IN ('whatsapp', 'sms')", name="only_texts_leave"),
        CheckConstraint("(state = 'waiting') = (next_try_at IS NOT NULL)", name="waits_for_a_moment"),
        CheckConstraint(
            "state NOT IN ('sending', 'sent', 'unknown') OR (words IS NOT NULL AND attempted_at IS NOT NULL)",
            name="left_with_its_words",
        ),
        CheckConstraint("(told_how IS NULL) = (told_by_user_id IS NULL)", name="told_by_somebody"),
        Index("ix_delivery_casefile_id", "casefile_id"),
        Index("ix_delivery_waiting", "next_try_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_delivery_sending", "attempted_at", postgresql_where=text("state = 'sending'")),
        Index(
            "ix_delivery_for_a_person",
            "id",
            postgresql_where=text("state IN ('by_hand', 'failed', 'unknown')"),
        ),
    )


class DeliveryReport(Base):
    """What the gateway told us of a message. Append-only; the same report is taken once."""

    __tablename__ = "delivery_report"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    signature: Mapped[str]
    status: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("signature"),
        CheckConstraint("status IN ('delivered', 'failed')", name="status_known"),
        Index("ix_delivery_report_delivery_id", "delivery_id"),
        {"info": {"append_only": True}},
    )
