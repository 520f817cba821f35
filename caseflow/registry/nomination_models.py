"""Tables of nominations: quotas, meetings of the nagari, nominations and the people on them.

A place of a quota is held by a nominee. ``quota.taken`` is counted by the database itself (trigger of the migration),
so that no program can fill a quota over its places, however many write at once.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from caseflow import identifiers, sealing
from caseflow.db import Base, bigint_pk, sha256_hex
from caseflow.sealing import SealedText
from caseflow.workflow.models import CaseFile

FUNDING_SOURCES = ("apb_nagari", "apbd", "dbh_sawit", "pokir", "csr", "mandiri")
# states in which somebody holds a place of the quota, and in which the NIK belongs to this period
HOLDING = ("proposed", "held", "accepted", "enrolled")
GONE = ("refused", "left")
NOMINEE_STATES = ("draft", "waiting", "returned", *HOLDING, *GONE)
_GONE = ", ".join(f"'{one}'" for one in GONE)


class Quota(Base):
    """How many places one payer gives one nagari (or the regency) for a period, and for how many there is money."""

    __tablename__ = "quota"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    funding_source: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    slots: Mapped[int]
    budgeted: Mapped[int]  # of the slots, how many the budget pays for the whole period
    source: Mapped[str]  # the decree or budget line it rests on
    changed_at: Mapped[datetime]
    changed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    taken: Mapped[int] = mapped_column(init=False, server_default=text("0"))  # by the trigger alone

    __table_args__ = (
        UniqueConstraint("id", "starts_on", "ends_on"),
        CheckConstraint(
            f"funding_source IN ({', '.join(repr(one) for one in FUNDING_SOURCES)})",
            name="funding_source_known",
        ),
        CheckConstraint("starts_on < ends_on", name="ends_after_start"),
        CheckConstraint("slots BETWEEN 1 AND 100000", name="slots_in_bounds"),
        CheckConstraint("budgeted BETWEEN 0 AND slots", name="budgeted_within_slots"),
        CheckConstraint("taken BETWEEN 0 AND slots", name="not_overfilled"),
        # needs btree_gist
        ExcludeConstraint(
            ("region_code", "="),
            ("funding_source", "="),
            (text("daterange(starts_on, ends_on, '[]')"), "&&"),
            name="ex_quota_one_a_period",
            using="gist",
        ),
    )


class RegistryFile(Base):
    """A file that proves something in the registry: stored in the object store, never changed.

    ``stored_at`` is set after the object was read back and its digest compared.
    """

    __tablename__ = "registry_file"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[str]
    object_key: Mapped[str]
    display_name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[sha256_hex]
    created_at: Mapped[datetime]
    created_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    scan: Mapped[str] = mapped_column(default="no_scanner")  # clean | no_scanner
    stored_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("object_key"),
        CheckConstraint(
            "kind IN ('meeting_minutes', 'decree', 'payment_proof', 'import', 'change_proof', 'letter')",
            name="kind_known",
        ),
        CheckConstraint("size_bytes > 0", name="not_empty"),
        Index("ix_registry_file_region_code", "region_code", "created_at"),
    )


class Meeting(Base):
    """A musyawarah nagari: when, where, who came, what was decided, with its minutes."""

    __tablename__ = "meeting"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    held_on: Mapped[date]
    place: Mapped[str]
    minutes_number: Mapped[str]  # of the berita acara
    attendees: Mapped[int]
    decided: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    minutes_file_id: Mapped[int | None] = mapped_column(ForeignKey("registry_file.id"), default=None)
    public_id: Mapped[str] = mapped_column(
        default_factory=identifiers.public_id,
        server_default=text("replace(gen_random_uuid()::text, '-', '')"),
        init=False,
    )

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("region_code", "minutes_number"),
        CheckConstraint("attendees BETWEEN 1 AND 5000", name="attendees_in_bounds"),
        CheckConstraint("length(minutes_number) BETWEEN 1 AND 80", name="minutes_numbered"),
    )


class Nomination(CaseFile, kw_only=True):
    """A list of people whom a nagari nominates for a quota; its steps are ``workflows/nomination.yaml``."""

    __tablename__ = "nomination"

    id: Mapped[int] = mapped_column(ForeignKey("casefile.id"), primary_key=True, init=False)
    quota_id: Mapped[int] = mapped_column(ForeignKey("quota.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), default=None)
    decree_number: Mapped[str | None] = mapped_column(default=None)  # SK of the wali nagari
    decree_on: Mapped[date | None] = mapped_column(default=None)
    decree_signed_by: Mapped[str | None] = mapped_column(default=None)
    decree_file_id: Mapped[int | None] = mapped_column(ForeignKey("registry_file.id"), default=None)

    __mapper_args__ = {"polymorphic_identity": "nomination"}  # noqa: RUF012 (SQLAlchemy reads it from the class)
    __table_args__ = (  # type: ignore[assignment]
        Index("ix_nomination_quota_id", "quota_id"),
        CheckConstraint(
            "(decree_number IS NULL) = (decree_on IS NULL) AND (decree_number IS NULL) = (decree_signed_by IS NULL)",
            name="decree_is_whole",
        ),
    )


class Nominee(Base):
    """One person on a nomination, from draft to enrolled or gone. Who holds a place is in ``HOLDING``.

    NIK and KK lie sealed. Of all nagari and payers, one NIK stands at most once in one period.
    """

    __tablename__ = "nominee"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"))
    quota_id: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))  # the nagari
    state: Mapped[str]
    national_id: Mapped[str] = mapped_column(SealedText("nominee.national_id"))
    full_name: Mapped[str]
    born_on: Mapped[date]
    sex: Mapped[str]
    jorong: Mapped[str]
    occupation: Mapped[str]
    added_at: Mapped[datetime]
    added_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    national_id_index: Mapped[sha256_hex] = mapped_column(init=False)
    family_card_number: Mapped[str | None] = mapped_column(
        SealedText("nominee.family_card_number"), default=None
    )
    family_card_index: Mapped[sha256_hex | None] = mapped_column(init=False, default=None)
    birth_place: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    hazard: Mapped[str] = mapped_column(default="")  # of the work: low | medium | high, or not told
    phone: Mapped[str | None] = mapped_column(default=None)  # E.164
    mothers_name: Mapped[str] = mapped_column(default="")
    welfare_decile: Mapped[int | None] = mapped_column(default=None)
    remark: Mapped[str] = mapped_column(default="")
    waiting_place: Mapped[int | None] = mapped_column(default=None)  # order on the waiting list, 1 first
    reason: Mapped[str | None] = mapped_column(default=None)  # why returned, held, refused or left
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"), default=None)  # once enrolled
    replaces_nominee_id: Mapped[int | None] = mapped_column(ForeignKey("nominee.id"), default=None)
    left_on: Mapped[date | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=0)
    own_household: Mapped[bool] = mapped_column(default=False)  # of an operator of the nagari: a second look
    submitted_before: Mapped[bool] = mapped_column(default=False)  # was put forward once: never deleted
    consent_told_on: Mapped[date | None] = mapped_column(default=None)  # read to the person, who agreed

    __table_args__ = (
        UniqueConstraint("public_id"),
        ForeignKeyConstraint(
            ["quota_id", "starts_on", "ends_on"],
            ["quota.id", "quota.starts_on", "quota.ends_on"],
            onupdate="CASCADE",
        ),
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in NOMINEE_STATES)})", name="state_known"),
        CheckConstraint("sex IN ('f', 'm')", name="sex_known"),
        CheckConstraint("hazard IN ('', 'low', 'medium', 'high')", name="hazard_known"),
        CheckConstraint("welfare_decile BETWEEN 1 AND 10", name="decile_in_bounds"),
        CheckConstraint("(state = 'waiting') = (waiting_place IS NOT NULL)", name="waiting_has_a_place"),
        CheckConstraint("state <> 'enrolled' OR worker_id IS NOT NULL", name="enrolled_is_a_worker"),
        CheckConstraint("(state = 'left') = (left_on IS NOT NULL)", name="left_has_a_day"),
        CheckConstraint(
            "state NOT IN ('returned', 'held', 'refused', 'left') OR length(reason) >= 3", name="says_why"
        ),
        ExcludeConstraint(
            ("national_id_index", "="),
            (text("daterange(starts_on, ends_on, '[]')"), "&&"),
            name="ex_nominee_one_nik_a_period",
            using="gist",
            where=text(f"state NOT IN ({_GONE})"),
        ),
        Index(
            "uq_nominee_waiting_place",
            "quota_id",
            "waiting_place",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "uq_nominee_replaces",
            "replaces_nominee_id",
            unique=True,
            postgresql_where=text(f"state NOT IN ({_GONE})"),
        ),
        Index("ix_nominee_nomination_id", "nomination_id", "state", "id"),
        Index("ix_nominee_region", "region_code", "state", "id"),
        Index("ix_nominee_worker_id", "worker_id"),
        Index("ix_nominee_born_on", "born_on"),
        Index("ix_nominee_national_id_index", "national_id_index"),
        Index("ix_nominee_family_card_index", "family_card_index"),
        # only drafts nobody has decided on: a trigger of the migration keeps all others
        {"info": {"deletable": True}},
    )

    @validates("national_id")
    def _index_national_id(self, _key: str, value: str) -> str:
        self.national_id_index = sealing.blind(value)
        return value

    @validates("family_card_number")
    def _index_family_card(self, _key: str, value: str | None) -> str | None:
        self.family_card_index = None if value is None else sealing.blind(value)
        return value
