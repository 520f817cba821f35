"""Tables of help after a visit: offers (training, credit, school, health) and referrals with their answers."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk

HELP_KINDS = ("training", "credit", "school", "health", "papers", "social")
REFERRAL_STATES = ("asked", "accepted", "attended", "completed", "declined", "no_answer", "withdrawn")
_KINDS = ", ".join(f"'{one}'" for one in HELP_KINDS)
_STATES = ", ".join(f"'{one}'" for one in REFERRAL_STATES)


class Offer(Base):
    """A place where heirs can be helped: a course of the BLK, a credit of a bank, a school, a puskesmas.

    :ivar trades: names of ``visit_models.TYPES`` it fits, parted by blanks; empty: any.
    :ivar region_code: where it is: a nagari, a kecamatan, or the regency for one that comes to people.
    """

    __tablename__ = "help_offer"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    provider: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    trades: Mapped[str]
    contact: Mapped[str]
    about: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    starts_on: Mapped[date | None] = mapped_column(default=None)
    ends_on: Mapped[date | None] = mapped_column(default=None)
    places: Mapped[int | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint("length(title) BETWEEN 3 AND 120", name="titled"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("places BETWEEN 1 AND 10000", name="places_in_bounds"),
        Index("ix_help_offer_kind", "kind", "region_code"),
    )


class RegionPlace(Base):
    """Where a nagari or kecamatan roughly lies, to tell how far a course is. Degrees, two decimals (a kilometre)."""

    __tablename__ = "region_place"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    latitude: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    longitude: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    source: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)

    __table_args__ = (
        CheckConstraint(
            "latitude BETWEEN -11.5 AND 6.5 AND longitude BETWEEN 94.5 AND 141.5", name="in_indonesia"
        ),
        CheckConstraint("length(source) >= 3", name="says_from_where"),
    )


class Referral(Base):
    """A family sent on to help, with the answer that came and its day."""

    __tablename__ = "referral"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    plan_id: Mapped[int] = mapped_column(ForeignKey("monitoring_plan.id"))
    kind: Mapped[str]
    for_whom: Mapped[str]
    to_whom: Mapped[str]
    words: Mapped[str]
    state: Mapped[str]
    asked_on: Mapped[date]
    asked_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    answer_by_on: Mapped[date]
    changed_at: Mapped[datetime]
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("help_offer.id"), default=None)
    planned_visit_id: Mapped[int | None] = mapped_column(default=None)  # where the need was told
    answer: Mapped[str] = mapped_column(default="")
    answered_on: Mapped[date | None] = mapped_column(default=None)
    changed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    version: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("public_id"),
        ForeignKeyConstraint(["plan_id", "planned_visit_id"], ["planned_visit.plan_id", "planned_visit.id"]),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("(state = 'asked') = (answered_on IS NULL)", name="answered_has_a_day"),
        CheckConstraint("answered_on >= asked_on AND answer_by_on > asked_on", name="answers_come_later"),
        Index("ix_referral_plan_id", "plan_id", "id"),
        Index("ix_referral_state", "state", "answer_by_on"),
    )


class ReferralEvent(Base):
    """What happened to a referral, one row a change. Append-only."""

    __tablename__ = "referral_event"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    words: Mapped[str]
    at: Mapped[datetime]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)

    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        {"info": {"append_only": True}},
    )
