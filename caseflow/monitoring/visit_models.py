"""Tables of visits that were made: what arrived, each field with its version, clashes, photos, and the record.

A visit arrives once (its UUID is made by the phone) and is never changed: what is corrected later is an addendum,
a visit of its own. Each answer is a field with the version it was written upon; where two people wrote the same
field, both stand until a person chooses. ``VisitRecord`` holds the answers in force, one row a planned visit.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk, sha256_hex
from caseflow.monitoring.models import OUTCOMES

MOST_MINUTES = 720  # of a visit: half a day; a form that stays open longer counts as much
_OUTCOMES = ", ".join(f"'{one}'" for one in OUTCOMES)
USES = (
    "daily_needs", "school", "business_capital", "debts", "redeem_land", "funeral_and_prayers", "pilgrimage",
    "house_repair", "savings_or_gold", "medical", "given_to_family", "not_used_yet", "rather_not_say",
)  # fmt: skip
STAGES = ("none", "planned", "started", "running", "growing", "stopped")
ALIVE = ("running", "growing")  # of a business: it gives a living
TYPES = ("shop", "livestock", "farm", "sewing_or_crafts", "transport", "food", "services", "other")
BANDS = ("under_500k", "500k_1m", "1m_2m", "over_2m", "unknown")
CHANGES = ("much_heavier", "heavier", "same", "lighter")
NEEDS = (
    "training", "capital", "bank_access", "child_papers", "scholarship", "health", "comfort", "none",
)  # fmt: skip


def _one_of(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


class Visit(Base):
    """A visit as it arrived, by phone or written over from paper. Append-only.

    :ivar client_id: UUID made where it was written; the same one is the same visit.
    :ivar sequence: number of the visit on its phone, from 1; ``None``: from paper.
    :ivar clock_skew_seconds: server's clock minus the phone's when it was sent; ``started_at`` is corrected by it.
    :ivar after_id: the visit that this one follows, of the same planned visit.
    :ivar after_why: why something was added to that visit; then this is an addendum to it, and no visit of its own day.
    """

    __tablename__ = "visit"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    client_id: Mapped[str]
    plan_id: Mapped[int]
    planned_visit_id: Mapped[int]
    visitor_user_id: Mapped[int]
    outcome: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    received_at: Mapped[datetime]
    content_sha256: Mapped[sha256_hex]
    content: Mapped[dict[str, Any]]  # as it came, without photos
    consent_version: Mapped[str | None] = mapped_column(default=None)
    clock_skew_seconds: Mapped[int] = mapped_column(default=0)
    device_id: Mapped[int | None] = mapped_column(default=None)
    sequence: Mapped[int | None] = mapped_column(default=None)
    after_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), default=None)
    from_paper: Mapped[bool] = mapped_column(
        default=False
    )  # written over at the office, with a photo of the form
    after_why: Mapped[str | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("client_id"),
        UniqueConstraint("plan_id", "id"),
        UniqueConstraint("device_id", "sequence"),
        ForeignKeyConstraint(["plan_id", "planned_visit_id"], ["planned_visit.plan_id", "planned_visit.id"]),
        ForeignKeyConstraint(["visitor_user_id", "device_id"], ["field_device.user_id", "field_device.id"]),
        ForeignKeyConstraint(["visitor_user_id"], ["staff_user.id"]),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_known"),
        CheckConstraint("client_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'", name="client_id_uuid"),
        CheckConstraint("finished_at >= started_at", name="ends_after_start"),
        CheckConstraint("(device_id IS NULL) = (sequence IS NULL)", name="numbered_on_its_phone"),
        CheckConstraint("from_paper = (device_id IS NULL)", name="paper_or_phone"),
        CheckConstraint("outcome <> 'met' OR consent_version IS NOT NULL", name="met_with_consent"),
        CheckConstraint(
            "after_why IS NULL OR (after_id IS NOT NULL AND length(after_why) BETWEEN 10 AND 500)",
            name="addendum_says_why",
        ),
        Index("ix_visit_planned_visit_id", "planned_visit_id", "id"),
        Index("ix_visit_received_at", "received_at"),
        {"info": {"append_only": True}},
    )  # fmt: skip


class VisitField(Base):
    """One answer (or fact of the family) in one version.

    :ivar planned_visit_id: ``None`` for facts of the family that outlive a visit (phone, landmark).
    :ivar version: from 1; ``None`` while it is contested or was put aside.
    :ivar standing: current | superseded | contested | put_aside
    """

    __tablename__ = "visit_field"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    plan_id: Mapped[int]
    field: Mapped[str]
    value: Mapped[dict[str, Any]]  # {"is": …}
    base_version: Mapped[int]
    standing: Mapped[str]
    visit_id: Mapped[int]
    written_at: Mapped[datetime]
    version: Mapped[int | None] = mapped_column(default=None)
    planned_visit_id: Mapped[int | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("plan_id", "id"),
        ForeignKeyConstraint(["plan_id", "visit_id"], ["visit.plan_id", "visit.id"]),
        ForeignKeyConstraint(["plan_id", "planned_visit_id"], ["planned_visit.plan_id", "planned_visit.id"]),
        CheckConstraint("standing IN ('current', 'superseded', 'contested', 'put_aside')", name="standing_known"),
        CheckConstraint("(standing IN ('current', 'superseded')) = (version IS NOT NULL)", name="accepted_has_a_version"),
        CheckConstraint("base_version >= 0 AND version > 0", name="versions_count"),
        Index(
            "uq_visit_field_version", "plan_id", "planned_visit_id", "field", "version", unique=True,
            postgresql_nulls_not_distinct=True, postgresql_where=text("version IS NOT NULL"),
        ),
        Index(
            "uq_visit_field_one_current", "plan_id", "planned_visit_id", "field", unique=True,
            postgresql_nulls_not_distinct=True, postgresql_where=text("standing = 'current'"),
        ),
        Index("ix_visit_field_visit_id", "visit_id"),
    )  # fmt: skip


class FieldClash(Base):
    """Two people wrote the same field without knowing of each other; a person chooses."""

    __tablename__ = "visit_field_clash"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    plan_id: Mapped[int]
    standing_field_id: Mapped[int]
    contested_field_id: Mapped[int]
    opened_at: Mapped[datetime]
    chosen: Mapped[str | None] = mapped_column(default=None)  # standing | contested
    chosen_at: Mapped[datetime | None] = mapped_column(default=None)
    chosen_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    chosen_why: Mapped[str | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("contested_field_id"),
        ForeignKeyConstraint(["plan_id", "standing_field_id"], ["visit_field.plan_id", "visit_field.id"]),
        ForeignKeyConstraint(["plan_id", "contested_field_id"], ["visit_field.plan_id", "visit_field.id"]),
        CheckConstraint("chosen IN ('standing', 'contested')", name="chosen_known"),
        CheckConstraint(
            "(chosen IS NULL) = (chosen_at IS NULL) AND (chosen IS NULL) = (chosen_by_user_id IS NULL)"
            " AND (chosen IS NULL) = (chosen_why IS NULL)",
            name="chosen_by_somebody",
        ),
        Index("ix_visit_field_clash_open", "plan_id", postgresql_where=text("chosen IS NULL")),
    )  # fmt: skip


class VisitPhoto(Base):
    """A photo of a visit, with permission; it may arrive in pieces, after its visit. Place rounded to the nagari.

    :ivar latitude: degrees, rounded to a tenth (some eleven kilometres: a nagari), as is ``longitude``.
    :ivar sha256: of what the phone sent, proved when it was whole; ``size_bytes`` too.
    :ivar stored_sha256: of the picture that was drawn from it and is kept: that one carries no place and no camera.
    :ivar stored_at: set after the object was read back and its digest compared.
    """

    __tablename__ = "visit_photo"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    client_id: Mapped[str]
    plan_id: Mapped[int]
    visit_id: Mapped[int]
    position: Mapped[int]
    shows: Mapped[str]  # business | family | house | paper
    size_bytes: Mapped[int]
    sha256: Mapped[sha256_hex]
    object_key: Mapped[str]
    media_type: Mapped[str]
    announced_at: Mapped[datetime]
    taken_at: Mapped[datetime | None] = mapped_column(default=None)
    latitude: Mapped[float | None] = mapped_column(default=None)
    longitude: Mapped[float | None] = mapped_column(default=None)
    stored_at: Mapped[datetime | None] = mapped_column(default=None)
    stored_sha256: Mapped[sha256_hex | None] = mapped_column(default=None)
    scan: Mapped[str] = mapped_column(default="waiting")  # waiting | clean | no_scanner
    removed_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("client_id"),
        UniqueConstraint("object_key"),
        UniqueConstraint("visit_id", "position"),
        ForeignKeyConstraint(["plan_id", "visit_id"], ["visit.plan_id", "visit.id"]),
        CheckConstraint("shows IN ('business', 'family', 'house', 'paper')", name="shows_known"),
        CheckConstraint(
            "position BETWEEN 1 AND 5", name="at_most_five"
        ),  # four, and the photo of a paper form
        CheckConstraint("size_bytes BETWEEN 1 AND 2000000", name="size_in_bounds"),
        CheckConstraint("scan IN ('waiting', 'clean', 'no_scanner')", name="scan_known"),
        CheckConstraint("(stored_at IS NULL) = (stored_sha256 IS NULL)", name="stored_has_a_digest"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place_is_whole"),
        CheckConstraint(
            "latitude BETWEEN -11.5 AND 6.5 AND longitude BETWEEN 94.5 AND 141.5", name="place_in_indonesia"
        ),
        CheckConstraint(
            "latitude * 10 = round(latitude * 10) AND longitude * 10 = round(longitude * 10)",
            name="place_rounded",
        ),
        Index("ix_visit_photo_plan_id", "plan_id", "id"),
    )


class PhotoPiece(Base):
    """A piece of a photo on its way, in order; forgotten once the photo is stored."""

    __tablename__ = "visit_photo_piece"

    photo_id: Mapped[int] = mapped_column(ForeignKey("visit_photo.id"), primary_key=True)
    starts_at: Mapped[int] = mapped_column(primary_key=True)  # byte
    size_bytes: Mapped[int]
    sha256: Mapped[sha256_hex]
    object_key: Mapped[str]

    __table_args__ = (
        UniqueConstraint("object_key"),
        CheckConstraint("size_bytes > 0 AND starts_at >= 0", name="in_bounds"),
        {"info": {"deletable": True}},
    )


class VisitRefused(Base):
    """A visit that came and was not kept: that it came, and why; never what it said. Append-only."""

    __tablename__ = "visit_refused"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    client_id: Mapped[str]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("field_device.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    reason: Mapped[
        str
    ]  # invalid | consent_withdrawn | device_revoked | not_assigned | other_content | too_early
    sentence: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            "reason IN ('invalid', 'consent_withdrawn', 'device_revoked', 'not_assigned', 'other_content', 'too_early')",
            name="reason_known",
        ),
        Index("ix_visit_refused_user_id", "user_id", "at"),
        {"info": {"append_only": True}},
    )


class VisitRecord(Base):
    """The answers in force of one planned visit, for reading and counting; written with its fields, never alone."""

    __tablename__ = "visit_record"

    planned_visit_id: Mapped[int] = mapped_column(ForeignKey("planned_visit.id"), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("monitoring_plan.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[str]
    visitor_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    outcome: Mapped[str]
    made_on: Mapped[date]
    minutes: Mapped[int]
    changed_at: Mapped[datetime]
    livelihood_stage: Mapped[str | None] = mapped_column(default=None)
    livelihood_type: Mapped[str | None] = mapped_column(default=None)
    income_band: Mapped[str | None] = mapped_column(default=None)
    household_change: Mapped[str | None] = mapped_column(default=None)
    stopped_why: Mapped[str | None] = mapped_column(default=None)
    levy_reported: Mapped[bool | None] = mapped_column(default=None)
    note: Mapped[str] = mapped_column(default="")
    validated_at: Mapped[datetime | None] = mapped_column(default=None)
    validated_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)

    __table_args__ = (
        UniqueConstraint("plan_id", "planned_visit_id"),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_known"),
        CheckConstraint(f"livelihood_stage IN ({_one_of(STAGES)})", name="stage_known"),
        CheckConstraint(f"livelihood_type IN ({_one_of(TYPES)})", name="type_known"),
        CheckConstraint(f"income_band IN ({_one_of(BANDS)})", name="band_known"),
        CheckConstraint(f"household_change IN ({_one_of(CHANGES)})", name="change_known"),
        CheckConstraint(f"minutes BETWEEN 0 AND {MOST_MINUTES}", name="minutes_in_bounds"),
        CheckConstraint("length(note) <= 600", name="note_in_bounds"),
        Index("ix_visit_record_made_on", "made_on"),
        Index("ix_visit_record_visitor", "visitor_user_id", "made_on"),
    )


class UseShare(Base):
    """One use of the money, with its beans (0–4: a share, not an amount). Without ranking any as wrong."""

    __tablename__ = "visit_use"

    planned_visit_id: Mapped[int] = mapped_column(
        ForeignKey("visit_record.planned_visit_id"), primary_key=True
    )
    use: Mapped[str] = mapped_column(primary_key=True)
    beans: Mapped[int]

    __table_args__ = (
        CheckConstraint(f"use IN ({_one_of(USES)})", name="use_known"),
        CheckConstraint("beans BETWEEN 0 AND 4", name="beans_in_bounds"),
        {"info": {"deletable": True}},
    )


class ChildAtSchool(Base):
    """Whether a child of school age goes to school, as told at one visit."""

    __tablename__ = "visit_child"

    planned_visit_id: Mapped[int] = mapped_column(
        ForeignKey("visit_record.planned_visit_id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("family_member.id")
    )  # None: not known to the claim
    first_name: Mapped[str]
    attends: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    scholarship_asked: Mapped[bool | None] = mapped_column(default=None)

    __table_args__ = (
        CheckConstraint("position BETWEEN 1 AND 20", name="position_in_bounds"),
        CheckConstraint("length(reason) <= 200", name="reason_in_bounds"),
        {"info": {"deletable": True}},
    )


class NeedTold(Base):
    """Help that a family said it needs, at one visit."""

    __tablename__ = "visit_need"

    planned_visit_id: Mapped[int] = mapped_column(
        ForeignKey("visit_record.planned_visit_id"), primary_key=True
    )
    need: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (
        CheckConstraint(f"need IN ({_one_of(NEEDS)})", name="need_known"),
        {"info": {"deletable": True}},
    )


class RespondentMet(Base):
    """Somebody of the family who was met."""

    __tablename__ = "visit_respondent"

    planned_visit_id: Mapped[int] = mapped_column(
        ForeignKey("visit_record.planned_visit_id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    relation: Mapped[str]

    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="named"),
        {"info": {"deletable": True}},
    )
