"""Tables of the registry: regions, holidays, dated settings, workers and the months paid for them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from caseflow import identifiers, sealing
from caseflow.db import Base, bigint_pk, sha256_hex
from caseflow.sealing import NUMBER_FORM, SealedText


class Region(Base):
    """A province, regency, kecamatan, nagari or desa with its Kemendagri code.

    Code and level never change (a trigger says so); what is split or merged is closed, and others are opened.
    """

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]
    name: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), default=None)
    training: Mapped[bool] = mapped_column(default=False)  # invented for practice
    opened_on: Mapped[date | None] = mapped_column(default=None)  # None: before this register began
    closed_on: Mapped[date | None] = mapped_column(default=None)  # first day on which it is no more
    source: Mapped[str] = mapped_column(default="", server_default=text("''"))  # the decree it rests on
    note: Mapped[str] = mapped_column(
        default="", server_default=text("''")
    )  # what became of it: split, merged

    __table_args__ = (
        CheckConstraint(
            "level IN ('provinsi', 'kabupaten', 'kecamatan', 'nagari', 'desa')", name="level_known"
        ),
        CheckConstraint("closed_on > opened_on", name="closed_after_opened"),
        CheckConstraint(
            "level NOT IN ('nagari', 'desa') OR (code ~ '^[0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4}$'"
            " AND code LIKE parent_code || '.%')",
            name="code_of_its_kecamatan",
        ),
        Index("ix_region_parent_code", "parent_code"),
    )


class RegionAlias(Base):
    """Another way of writing a nagari, reduced by ``names.plain`` (Muaro Sijunjuang); two nagari may share one."""

    __tablename__ = "region_alias"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    alias: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (
        CheckConstraint("length(alias) BETWEEN 2 AND 60", name="named"),
        {"info": {"deletable": True}},
    )


class HolidayRow(Base):
    """A day on which deadlines do not run; people edit this table."""

    __tablename__ = "holiday"

    on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    changed_at: Mapped[datetime | None] = mapped_column(default=None)
    changed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)

    __table_args__ = (
        CheckConstraint("kind IN ('libur_nasional', 'cuti_bersama', 'penutupan_kantor')", name="kind_known"),
        {"info": {"deletable": True}},
    )


class PolicyValue(Base):
    """A limit or choice of the branch, valid from a day; earlier rows stay as they were.

    ``value`` is a whole number in ``unit`` (``idr``, ``days``, ``months``, ``flag`` 0/1).
    """

    __tablename__ = "policy_value"

    name: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[int]
    unit: Mapped[str]
    source: Mapped[str]
    certainty: Mapped[str]

    __table_args__ = (
        CheckConstraint("unit IN ('idr', 'days', 'months', 'flag')", name="unit_known"),
        {"info": {"append_only": True}},
    )


class Jorong(Base):
    """A part of a nagari; it has no code of the ministry. ``closed_on``: merged or given up."""

    __tablename__ = "jorong"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    name: Mapped[str]
    closed_on: Mapped[date | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("region_code", "name"),
        CheckConstraint("length(name) BETWEEN 2 AND 60", name="named"),
    )


class JorongAlias(Base):
    """Another way of writing a jorong, reduced by ``names.plain`` (Aia Putiah for Air Putih)."""

    __tablename__ = "jorong_alias"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    alias: Mapped[str] = mapped_column(primary_key=True)
    jorong_id: Mapped[int] = mapped_column(ForeignKey("jorong.id"))

    __table_args__ = ({"info": {"deletable": True}},)


class Worker(Base):
    """A participant (BPU). NIK and KK lie sealed and are found by their index; neither is ever a password."""

    __tablename__ = "worker"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    national_id: Mapped[str] = mapped_column(SealedText("worker.national_id"))
    full_name: Mapped[str]
    born_on: Mapped[date]
    sex: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    jorong: Mapped[str]
    occupation: Mapped[str]
    registered_on: Mapped[date]
    card_number: Mapped[str | None] = mapped_column(default=None)
    phone: Mapped[str | None] = mapped_column(default=None)
    national_id_index: Mapped[sha256_hex] = mapped_column(init=False)
    family_card_number: Mapped[str | None] = mapped_column(
        SealedText("worker.family_card_number"), default=None
    )
    family_card_index: Mapped[sha256_hex | None] = mapped_column(init=False, default=None)
    address: Mapped[str] = mapped_column(default="")
    birth_place: Mapped[str] = mapped_column(default="")
    mothers_name: Mapped[str] = mapped_column(default="")
    hazard: Mapped[str] = mapped_column(default="")  # of the work: low | medium | high, or not told
    welfare_decile: Mapped[int | None] = mapped_column(default=None)
    died_on: Mapped[date | None] = mapped_column(
        default=None
    )  # as known now; who told it and when: life events
    left_on: Mapped[date | None] = mapped_column(default=None)  # no longer covered by any list, alive
    left_reason: Mapped[str | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=0)
    public_id: Mapped[str] = mapped_column(
        default_factory=identifiers.public_id,
        server_default=text("replace(gen_random_uuid()::text, '-', '')"),
        init=False,
    )

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("national_id_index"),
        UniqueConstraint("card_number"),
        CheckConstraint("hazard IN ('', 'low', 'medium', 'high')", name="hazard_known"),
        CheckConstraint("welfare_decile BETWEEN 1 AND 10", name="decile_in_bounds"),
        CheckConstraint("died_on > born_on", name="died_after_birth"),
        CheckConstraint("(left_on IS NULL) = (left_reason IS NULL)", name="left_says_why"),
        CheckConstraint(
            "left_reason IN ('moved', 'stopped_working', 'duplicate', 'own_wish', 'too_old', 'other')",
            name="left_reason_known",
        ),
        CheckConstraint(f"national_id ~ '{NUMBER_FORM}'", name="national_id_sealed"),
        CheckConstraint(f"family_card_number ~ '{NUMBER_FORM}'", name="family_card_sealed"),
        CheckConstraint("sex IN ('f', 'm')", name="sex_known"),
        CheckConstraint("born_on < registered_on", name="born_before_registration"),
        Index("ix_worker_region_code", "region_code"),
        Index("ix_worker_family_card_index", "family_card_index"),
        Index("ix_worker_died_on", "died_on", "id", postgresql_where=text("died_on IS NOT NULL")),
        Index("ix_worker_region_name", "region_code", "full_name", "id"),  # the list of a nagari
        Index("ix_worker_region_jorong", "region_code", "jorong", "full_name", "id"),
        Index(
            "ix_worker_gone",
            "region_code",
            "died_on",
            "left_on",
            postgresql_where=text("died_on IS NOT NULL OR left_on IS NOT NULL"),
        ),
        # search by part of a name, in a nagari or everywhere
        Index(
            "ix_worker_name_part",
            "region_code",
            "full_name",
            postgresql_using="gin",
            postgresql_ops={"full_name": "gin_trgm_ops"},
        ),
    )

    @validates("national_id")
    def _index_national_id(self, _key: str, value: str) -> str:
        self.national_id_index = sealing.number_index(value)
        return value

    @validates("family_card_number")
    def _index_family_card(self, _key: str, value: str | None) -> str | None:
        self.family_card_index = None if value is None else sealing.number_index(value)
        return value


class CoverMonth(Base):
    """One month of contributions paid for one worker, with who paid and the proof.

    ``payment_id`` names the line that the branch confirmed (``payment_models``); months from before that have none. A
    row goes only when its line was reversed; the evidence stays with the line.
    """

    __tablename__ = "cover_month"

    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    paid_on: Mapped[date]
    funding_source: Mapped[str]
    amount_idr: Mapped[int]
    receipt_number: Mapped[str]
    payment_id: Mapped[int | None] = mapped_column(default=None)

    __table_args__ = (
        ForeignKeyConstraint(
            ["payment_id", "worker_id", "month"],
            ["payment_line.payment_id", "payment_line.worker_id", "payment_line.month"],
            name="fk_cover_month_is_a_line",
        ),
        Index("ix_cover_month_payment_id", "payment_id", postgresql_where=text("payment_id IS NOT NULL")),
        CheckConstraint("extract(day FROM month) = 1", name="first_of_month"),
        CheckConstraint("amount_idr > 0", name="amount_positive"),
        CheckConstraint(
            "funding_source IN ('apb_nagari', 'apbd', 'dbh_sawit', 'pokir', 'csr', 'mandiri')",
            name="funding_source_known",
        ),
        {"info": {"deletable": True}},
    )


class Bank(Base):
    """A bank by its national code. Lengths are hints: never block on them."""

    __tablename__ = "bank"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    account_lengths: Mapped[str] = mapped_column(default="")  # e.g. "10,15"

    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{3}$'", name="code_3_digits"),
        {"info": {"reference": True}},
    )
