"""Tables of results: counts kept ready for every dashboard, and when they were counted last.

Counted whole by ``result_refresh``, in one transaction, so that readers always see one moment. No row tells of one
person by itself: what few people make is hidden where it is read (``publication``).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base

MEASURES = ("report_to_paid", "complete_to_paid", "death_to_paid", "death_to_report")


class ResultDay(Base):
    """How many claims took so many days, by measure, month of the end, nagari and programme.

    ``complete_to_paid`` is in working days, the others in calendar days.
    """

    __tablename__ = "result_day"

    measure: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    program: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    claims: Mapped[int]

    __table_args__ = (
        CheckConstraint(
            "measure IN ('report_to_paid', 'complete_to_paid', 'death_to_paid', 'death_to_report')",
            name="measure_known",
        ),
        CheckConstraint("claims > 0", name="claims_positive"),
        CheckConstraint("extract(day FROM month) = 1", name="month_begins"),
        Index("ix_result_day_region_code", "region_code", "measure"),
        {"info": {"deletable": True}},
    )


class ResultCount(Base):
    """How many of something there were in a month, by nagari and programme.

    :ivar topic: what is counted; :ivar key: and :ivar part: which of it (a stage, a reason, a visit and its outcome).
    :ivar number: cases, visits, families or, under the topic ``paid_idr``, rupiah.
    """

    __tablename__ = "result_count"

    topic: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    program: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]

    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("extract(day FROM month) = 1", name="month_begins"),
        Index("ix_result_count_region_code", "region_code", "topic"),
        {"info": {"deletable": True}},
    )


class ResultMonth(Base):
    """The same counts of all nagari together: what pages without an area read."""

    __tablename__ = "result_month"

    topic: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    program: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]

    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        {"info": {"deletable": True}},
    )


class ResultPlace(Base):
    """The same counts of all months together: what pages without a period read."""

    __tablename__ = "result_place"

    topic: Mapped[str] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    program: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]

    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        {"info": {"deletable": True}},
    )


class ResultMonthDay(Base):
    """The same days of all nagari together."""

    __tablename__ = "result_month_day"

    measure: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    program: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    claims: Mapped[int]

    __table_args__ = (
        CheckConstraint("claims > 0", name="claims_positive"),
        {"info": {"deletable": True}},
    )


class ResultRefresh(Base):
    """When the counts were made last, and how long that took; one row."""

    __tablename__ = "result_refresh"

    id: Mapped[int] = mapped_column(primary_key=True)
    refreshed_at: Mapped[datetime]
    counted_on: Mapped[date]  # visits due until this day are counted as due
    milliseconds: Mapped[int]

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)


class PreparedReport(Base):
    """A monthly report that can be issued: made once as a trial when its month's figures had settled. Append-only.

    :ivar content_sha256: of what it said then; what is issued says what holds on that day.
    """

    __tablename__ = "prepared_report"

    month: Mapped[date] = mapped_column(primary_key=True)
    prepared_at: Mapped[datetime]
    counted_on: Mapped[date]  # of when its figures are
    content_sha256: Mapped[str]

    __table_args__ = (
        CheckConstraint("extract(day FROM month) = 1", name="month_begins"),
        {"info": {"append_only": True}},
    )


class MailedReport(Base):
    """A monthly report that left by e-mail: once to each address, whatever became of it; so did its correction. Append-only.

    :ivar became: ``sent``; ``unknown``: the line was cut under way; ``refused`` by the mail server.
    """

    __tablename__ = "mailed_report"

    month: Mapped[date]
    mailed_to: Mapped[str] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("registry_letter.id"), primary_key=True)
    mailed_at: Mapped[datetime]
    became: Mapped[str]

    __table_args__ = (
        CheckConstraint("extract(day FROM month) = 1", name="month_begins"),
        CheckConstraint("became IN ('sent', 'unknown', 'refused')", name="became_known"),
        {"info": {"append_only": True}},
    )


class ServiceCheck(Base):
    """Whether one part of the service worked at an instant; kept for some weeks."""

    __tablename__ = "service_check"

    part: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    up: Mapped[bool]

    __table_args__ = (
        CheckConstraint("part IN ('form', 'upload', 'messages', 'dashboard')", name="part_known"),
        {"info": {"deletable": True}},
    )


class PlannedWork(Base):
    """Works on the service told beforehand: when, on what, in words for everybody."""

    __tablename__ = "planned_work"

    public_id: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    words: Mapped[str]
    written_at: Mapped[datetime]
    written_by_user_id: Mapped[int]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        CheckConstraint("length(words) BETWEEN 10 AND 300", name="words_in_bounds"),
        Index("ix_planned_work_ends_at", "ends_at"),
    )
