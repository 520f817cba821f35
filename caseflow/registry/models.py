"""Tables of the registry: regions, holidays, dated settings, workers and the months paid for them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow import identifiers
from caseflow.db import Base, bigint_pk


class Region(Base):
    """A province, regency, kecamatan, nagari or desa with its Kemendagri code."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]
    name: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), default=None)
    training: Mapped[bool] = mapped_column(default=False)  # invented for practice

    __table_args__ = (
        CheckConstraint(
            "level IN ('provinsi', 'kabupaten', 'kecamatan', 'nagari', 'desa')", name="level_known"
        ),
        Index("ix_region_parent_code", "parent_code"),
        {"info": {"reference": True}},
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
    """A participant (BPU). The identity number is an identifier, never a secret."""

    __tablename__ = "worker"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    national_id: Mapped[str]
    full_name: Mapped[str]
    born_on: Mapped[date]
    sex: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    jorong: Mapped[str]
    occupation: Mapped[str]
    registered_on: Mapped[date]
    card_number: Mapped[str | None] = mapped_column(default=None)
    phone: Mapped[str | None] = mapped_column(default=None)
    family_card_number: Mapped[str | None] = mapped_column(default=None)
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
        UniqueConstraint("national_id"),
        UniqueConstraint("card_number"),
        CheckConstraint("hazard IN ('', 'low', 'medium', 'high')", name="hazard_known"),
        CheckConstraint("welfare_decile BETWEEN 1 AND 10", name="decile_in_bounds"),
        CheckConstraint("died_on > born_on", name="died_after_birth"),
        CheckConstraint("(left_on IS NULL) = (left_reason IS NULL)", name="left_says_why"),
        CheckConstraint(
            "left_reason IN ('moved', 'stopped_working', 'duplicate', 'own_wish', 'too_old', 'other')",
            name="left_reason_known",
        ),
        CheckConstraint("national_id ~ '^[0-9]{16}$'", name="national_id_16_digits"),
        CheckConstraint("sex IN ('f', 'm')", name="sex_known"),
        CheckConstraint("born_on < registered_on", name="born_before_registration"),
        Index("ix_worker_region_code", "region_code"),
        Index("ix_worker_died_on", "died_on", "id", postgresql_where=text("died_on IS NOT NULL")),
        Index("ix_worker_region_name", "region_code", "full_name", "id"),  # the list of a nagari
    )


class CoverMonth(Base):
    """One month of contributions paid for one worker, with who paid and the proof."""

    __tablename__ = "cover_month"

    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    paid_on: Mapped[date]
    funding_source: Mapped[str]
    amount_idr: Mapped[int]
    receipt_number: Mapped[str]

    __table_args__ = (
        CheckConstraint("extract(day FROM month) = 1", name="first_of_month"),
        CheckConstraint("amount_idr > 0", name="amount_positive"),
        CheckConstraint(
            "funding_source IN ('apb_nagari', 'apbd', 'dbh_sawit', 'pokir', 'csr', 'mandiri')",
            name="funding_source_known",
        ),
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
