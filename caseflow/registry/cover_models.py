"""Tables of coverage: counts of covered workers by nagari and month, and what the regency set out to reach.

The counts are kept by the database itself (triggers of the migration, on months paid and on a worker's nagari, death
and leaving), whoever writes; no program changes them. Not here: the months of one worker (``models.CoverMonth``).
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk


class CoverCount(Base):
    """For how many workers who live in a nagari one payer paid one month; those who died or left before it do not count.

    ``in_time``: of them, paid by the 15th of the next month.
    """

    __tablename__ = "cover_count"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    funding_source: Mapped[str] = mapped_column(primary_key=True)
    workers: Mapped[int]
    in_time: Mapped[int]
    amount_idr: Mapped[int]

    __table_args__ = (
        CheckConstraint("in_time BETWEEN 0 AND workers", name="in_time_within_workers"),
        CheckConstraint("amount_idr >= 0", name="amount_not_negative"),
        {"info": {"reference": True}},
    )


class CoverMember(Base):
    """How many workers of a nagari were members in a month: paid for it, or for one of the three months before."""

    __tablename__ = "cover_member"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    workers: Mapped[int]

    __table_args__ = (
        CheckConstraint("workers >= 0", name="workers_not_negative"),
        {"info": {"reference": True}},
    )


class CoverEnd(Base):
    """The last month paid for a worker who is alive and on a list; one row each."""

    __tablename__ = "cover_end"

    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    last_month: Mapped[date]

    __table_args__ = (
        Index("ix_cover_end_region", "region_code", "last_month", "worker_id"),
        Index(
            "ix_cover_end_last_month", "last_month", "region_code", "worker_id"
        ),  # who is behind, everywhere
        {"info": {"reference": True}},
    )


class CoverageTarget(Base):
    """A figure that somebody published about a region: what to reach, or what was reached, with its denominator.

    ``kind``: ``vulnerable`` (target among vulnerable workers), ``all_workers`` (reached among all who work). A newer
    row of a kind replaces the one before; none is ever changed.
    """

    __tablename__ = "coverage_target"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[str]
    stated_on: Mapped[date]
    value: Mapped[int]
    value_meaning: Mapped[str]
    population_meaning: Mapped[str]
    source: Mapped[str]
    certainty: Mapped[str]
    population: Mapped[int | None] = mapped_column(default=None)  # the denominator, where it was published
    share_permille: Mapped[int | None] = mapped_column(default=None)  # as published, where only the share was

    __table_args__ = (
        UniqueConstraint("region_code", "kind", "stated_on"),
        CheckConstraint("kind IN ('vulnerable', 'all_workers')", name="kind_known"),
        CheckConstraint("certainty IN ('verify', 'sure')", name="certainty_known"),
        CheckConstraint("value > 0", name="value_positive"),
        CheckConstraint("population >= value", name="value_within_population"),
        CheckConstraint("share_permille BETWEEN 1 AND 1000", name="share_in_bounds"),
        CheckConstraint("population IS NOT NULL OR share_permille IS NOT NULL", name="has_a_denominator"),
        {"info": {"append_only": True}},
    )
