"""Tables of the children's scholarship: which child of which claim, and the school years asked for."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk

LEVELS = ("tk", "sd", "smp", "sma", "higher", "training")
EMPLOYMENTS = ("none", "pu_up_to_6_months", "pu_longer", "bpu", "intern", "unknown")


class ScholarshipChild(Base):
    """The child whom a scholarship case is about. At most two a claim: the third finds no place."""

    __tablename__ = "scholarship_child"

    casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    origin_casefile_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    origin_member_id: Mapped[int]
    origin: Mapped[str]  # jkm | jkk_death | jkk_total_disability
    member_id: Mapped[int]  # the same child among the people of the scholarship case
    born_on: Mapped[date]
    place: Mapped[int | None]  # 1 or 2; None: given up, so another child may be chosen
    branch_code: Mapped[str]  # of the case: the list of a branch is cut out of one index
    chosen_at: Mapped[datetime]
    chosen_by: Mapped[str]  # who of the family named this child, and how the office learned it
    school_expected_on: Mapped[date | None] = mapped_column(default=None)  # of a child not yet at school
    married_on: Mapped[date | None] = mapped_column(default=None)
    employment: Mapped[str] = mapped_column(default="unknown")
    # written by ``scholarship_plan`` alone: when somebody next thinks of this child, and of what
    next_on: Mapped[date | None] = mapped_column(default=None)
    next_step: Mapped[str | None] = mapped_column(default=None)  # school | year | age | over
    next_year: Mapped[int | None] = mapped_column(default=None)
    open_year: Mapped[int | None] = mapped_column(default=None)  # earliest one that can be applied for now

    __table_args__ = (
        ForeignKeyConstraint(
            ["origin_casefile_id", "origin_member_id"], ["family_member.casefile_id", "family_member.id"]
        ),
        ForeignKeyConstraint(["casefile_id", "member_id"], ["family_member.casefile_id", "family_member.id"]),
        CheckConstraint("origin IN ('jkm', 'jkk_death', 'jkk_total_disability')", name="origin_known"),
        CheckConstraint("place IN (1, 2)", name="at_most_two"),
        CheckConstraint(
            "employment IN ('none', 'pu_up_to_6_months', 'pu_longer', 'bpu', 'intern', 'unknown')",
            name="employment_known",
        ),
        CheckConstraint("next_step IN ('school', 'year', 'age', 'over')", name="next_step_known"),
        CheckConstraint("(next_on IS NULL) = (next_step IS NULL)", name="next_has_step"),
        CheckConstraint("length(chosen_by) >= 10", name="choice_is_told"),
        Index(
            "ix_scholarship_child_next_on",
            "branch_code",
            "next_on",
            "casefile_id",
            postgresql_where=text("next_on IS NOT NULL"),
        ),
        Index(
            "uq_scholarship_child_place",
            "origin_casefile_id",
            "place",
            unique=True,
            postgresql_where=text("place IS NOT NULL"),
        ),
        Index(
            "uq_scholarship_child_once",
            "origin_member_id",
            unique=True,
            postgresql_where=text("place IS NOT NULL"),
        ),
    )


class SchoolYear(Base):
    """One school year that is applied for; a year counts once."""

    __tablename__ = "school_year"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    casefile_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("scholarship_child.casefile_id"))
    year: Mapped[int]  # the calendar year in which it begins
    level: Mapped[str]
    study_proven: Mapped[bool | None]  # None: nobody has looked at the proof
    school: Mapped[str]
    asked_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("casefile_id", "id"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year_in_bounds"),
        CheckConstraint("level IN ('tk', 'sd', 'smp', 'sma', 'higher', 'training')", name="level_known"),
        Index(
            "uq_school_year_once",
            "casefile_id",
            "year",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
    )
