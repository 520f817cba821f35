"""Tables of people in the registry: households, who lives in them, who is said to be dead, changes asked for.

Numbers of people lie sealed and are found by their blind index. Not here: the worker's own row (``models``).
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from caseflow import identifiers, sealing
from caseflow.db import Base, bigint_pk, sha256_hex
from caseflow.sealing import SealedText

MEMBER_RELATIONS = ("head", "spouse", "child", "parent", "sibling", "grandchild", "in_law", "other")
# what changes only with a proof and a second person, and what changes at once
WEIGHTY_FIELDS = ("full_name", "national_id", "born_on", "sex", "family_card_number")
LIGHT_FIELDS = (
    "jorong",
    "occupation",
    "hazard",
    "phone",
    "address",
    "birth_place",
    "mothers_name",
    "welfare_decile",
)


class Household(Base):
    """The people on one Kartu Keluarga. Its head is alive: the database refuses another."""

    __tablename__ = "household"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str] = mapped_column(default_factory=identifiers.public_id, init=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    family_card_number: Mapped[str] = mapped_column(SealedText("household.family_card_number"))
    recorded_at: Mapped[datetime]
    recorded_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    family_card_index: Mapped[sha256_hex] = mapped_column(init=False)
    head_member_id: Mapped[int | None] = mapped_column(default=None)  # none: still to be named
    head_alive: Mapped[bool] = mapped_column(init=False, server_default=text("true"))
    version: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("family_card_index"),
        ForeignKeyConstraint(
            ["head_member_id", "id", "head_alive"],
            ["household_member.id", "household_member.household_id", "household_member.alive"],
            name="fk_household_head_is_alive",
            use_alter=True,
        ),
        CheckConstraint("head_alive", name="head_lives"),
        Index("ix_household_region_code", "region_code"),
    )

    @validates("family_card_number")
    def _index_family_card(self, _key: str, value: str) -> str:
        self.family_card_index = sealing.blind(value)
        return value


class HouseholdMember(Base):
    """One person of a household. ``alive`` follows ``died_on`` by itself; ``left_on``: no longer on this card."""

    __tablename__ = "household_member"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str] = mapped_column(default_factory=identifiers.public_id, init=False)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    relation: Mapped[str]  # to the head
    full_name: Mapped[str]
    sex: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    born_on: Mapped[date | None] = mapped_column(default=None)
    national_id: Mapped[str | None] = mapped_column(SealedText("household_member.national_id"), default=None)
    national_id_index: Mapped[sha256_hex | None] = mapped_column(init=False, default=None)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"), default=None)
    died_on: Mapped[date | None] = mapped_column(default=None)  # as known now; who told it: life events
    alive: Mapped[bool] = mapped_column(Computed("died_on IS NULL", persisted=True), init=False)
    left_on: Mapped[date | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("id", "household_id", "alive"),
        CheckConstraint(
            f"relation IN ({', '.join(repr(one) for one in MEMBER_RELATIONS)})", name="relation_known"
        ),
        CheckConstraint("sex IN ('f', 'm')", name="sex_known"),
        CheckConstraint("died_on >= born_on", name="died_after_birth"),
        CheckConstraint("length(full_name) BETWEEN 1 AND 120", name="named"),
        # one person stands on one card at a time
        Index(
            "uq_household_member_one_card",
            "national_id_index",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
        Index(
            "uq_household_member_worker",
            "worker_id",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
        Index("ix_household_member_household_id", "household_id", "id"),
        Index("ix_household_member_national_id_index", "national_id_index"),
    )

    @validates("national_id")
    def _index_national_id(self, _key: str, value: str | None) -> str | None:
        self.national_id_index = None if value is None else sealing.blind(value)
        return value


class LifeEvent(Base):
    """Somebody was said to have died, or to be alive after all. Append-only: a correction is a row of its own.

    A correction names the row it corrects and is never written by whoever wrote that row.
    """

    __tablename__ = "life_event"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    kind: Mapped[str]
    told_by: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"), default=None)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("household_member.id"), default=None)
    died_on: Mapped[date | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")
    proof_file_id: Mapped[int | None] = mapped_column(ForeignKey("registry_file.id"), default=None)
    corrects_id: Mapped[int | None] = mapped_column(default=None)
    corrected_user_id: Mapped[int | None] = mapped_column(default=None)  # who wrote the corrected row

    __table_args__ = (
        UniqueConstraint("id", "recorded_by_user_id"),
        UniqueConstraint("corrects_id"),
        ForeignKeyConstraint(
            ["corrects_id", "corrected_user_id"], ["life_event.id", "life_event.recorded_by_user_id"]
        ),
        CheckConstraint("kind IN ('died', 'alive')", name="kind_known"),
        CheckConstraint("(kind = 'died') = (died_on IS NOT NULL)", name="death_has_a_day"),
        CheckConstraint(
            "(kind = 'alive') = (corrects_id IS NOT NULL)"
            " AND (corrects_id IS NULL) = (corrected_user_id IS NULL)",
            name="correction_names_its_row",
        ),
        CheckConstraint("corrected_user_id <> recorded_by_user_id", name="corrected_by_another"),
        CheckConstraint("kind = 'died' OR length(reason) >= 10", name="correction_says_why"),
        CheckConstraint("(worker_id IS NULL) <> (member_id IS NULL)", name="about_one_person"),
        CheckConstraint("length(told_by) BETWEEN 2 AND 120", name="somebody_told"),
        Index("ix_life_event_worker_id", "worker_id", "id"),
        Index("ix_life_event_member_id", "member_id", "id"),
        {"info": {"append_only": True}},
    )


class WorkerChange(Base):
    """A change of what identifies a worker: asked with a proof, answered by another person. Values lie sealed."""

    __tablename__ = "worker_change"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str] = mapped_column(default_factory=identifiers.public_id, init=False)
    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id"))
    field: Mapped[str]
    old_value: Mapped[str] = mapped_column(SealedText("worker_change.old_value"))
    new_value: Mapped[str] = mapped_column(SealedText("worker_change.new_value"))
    reason: Mapped[str]
    proof_file_id: Mapped[int] = mapped_column(ForeignKey("registry_file.id"))
    asked_at: Mapped[datetime]
    asked_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    answer: Mapped[str | None] = mapped_column(default=None)
    answer_note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(f"field IN ({', '.join(repr(one) for one in WEIGHTY_FIELDS)})", name="field_known"),
        CheckConstraint("length(reason) >= 10", name="reason_given"),
        CheckConstraint("answer IN ('accepted', 'refused')", name="answer_known"),
        CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)"
            " AND (answered_at IS NULL) = (answered_by_user_id IS NULL)",
            name="answer_is_whole",
        ),
        CheckConstraint("answered_by_user_id <> asked_by_user_id", name="answered_by_another"),
        CheckConstraint("answer <> 'refused' OR length(answer_note) >= 10", name="refusal_says_why"),
        Index(
            "uq_worker_change_one_open",
            "worker_id",
            "field",
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index("ix_worker_change_open", "asked_at", "id", postgresql_where=text("answered_at IS NULL")),
        Index("ix_worker_change_worker_id", "worker_id", "id"),
    )
