"""Tables of the import: a list that was uploaded, what was found in each of its rows, and how far the work is.

A list changes nothing until somebody says so; its rows are kept so that the result can be read, corrected and undone.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.db import Base, bigint_pk, sha256_hex
from caseflow.sealing import SealedText

IMPORT_STATES = ("uploaded", "checking", "checked", "importing", "done", "undone", "cancelled", "failed")
# a list in these states may still become part of the registry
OPEN = ("uploaded", "checking", "checked", "importing")
IMPORT_KINDS = ("workers", "numbers", "deaths")
VERDICTS = ("ready", "warning", "error", "same")


class ImportFile(Base):
    """A list on its way into the registry: uploaded → checking → checked → importing → done, and undone within a day.

    ``mapped``: column → place in the file; ``headers``: what stands over each place.
    """

    __tablename__ = "import_file"

    id: Mapped[bigint_pk] = mapped_column(init=False)
    public_id: Mapped[str]
    kind: Mapped[str]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    file_id: Mapped[int] = mapped_column(ForeignKey("registry_file.id"))
    sha256: Mapped[sha256_hex]  # of the file
    state: Mapped[str]
    header_line: Mapped[int]
    headers: Mapped[list[Any]]
    mapped: Mapped[dict[str, Any]]
    uploaded_at: Mapped[datetime]
    uploaded_by_user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"))
    quota_id: Mapped[int | None] = mapped_column(ForeignKey("quota.id"), default=None)
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"), default=None)
    problem: Mapped[str | None] = mapped_column(default=None)  # why it failed, in words
    first_over_quota: Mapped[int | None] = mapped_column(
        default=None
    )  # number of the first row without a place
    first_over_budget: Mapped[int | None] = mapped_column(default=None)
    trimmed: Mapped[int] = mapped_column(default=0)  # cells whose spaces were put right
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    imported: Mapped[int] = mapped_column(default=0)  # rows that became part of the registry
    imported_at: Mapped[datetime | None] = mapped_column(default=None)
    imported_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), default=None)
    version: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(f"kind IN ({', '.join(repr(one) for one in IMPORT_KINDS)})", name="kind_known"),
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in IMPORT_STATES)})", name="state_known"),
        CheckConstraint("(kind = 'workers') = (quota_id IS NOT NULL)", name="workers_have_a_quota"),
        CheckConstraint("(state = 'failed') = (problem IS NOT NULL)", name="failed_says_why"),
        CheckConstraint(
            "state NOT IN ('done', 'undone') OR (imported_at IS NOT NULL AND imported_by_user_id IS NOT NULL)",
            name="imported_by_somebody",
        ),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_has_a_time"),
        # the same file is not checked twice at the same time
        Index(
            "uq_import_file_open_once",
            "region_code",
            "kind",
            "sha256",
            text("coalesce(quota_id, 0)"),
            unique=True,
            postgresql_where=text("state IN ('uploaded', 'checking', 'checked', 'importing')"),
        ),
        Index("ix_import_file_region_code", "region_code", "uploaded_at"),
    )


class ImportProgress(Base):
    """How many rows of the running step are done; written by transactions of its own while the work goes on."""

    __tablename__ = "import_progress"

    import_file_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), primary_key=True)
    done: Mapped[int]
    at: Mapped[datetime]
    total: Mapped[int | None] = mapped_column(default=None)  # not known while a file is read

    __table_args__ = (
        CheckConstraint("done BETWEEN 0 AND total", name="done_within_total"),
        {"info": {"deletable": True}},
    )


class ImportRow(Base):
    """One row of a list: what stands in it, and what is wrong.

    :ivar content: JSON of the cells as written and the values as read; sealed, as numbers of people are in it.
    :ivar problems: column, what is wrong, cure, level; never the numbers themselves.
    """

    __tablename__ = "import_row"

    import_file_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)  # the number beside the row in Excel
    verdict: Mapped[str]
    content: Mapped[str] = mapped_column(SealedText("import_row.content"))
    problems: Mapped[list[Any]]
    national_id_index: Mapped[sha256_hex | None] = mapped_column(default=None)
    nominee_id: Mapped[int | None] = mapped_column(ForeignKey("nominee.id"), default=None)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"), default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)  # became part of the registry

    __table_args__ = (
        CheckConstraint(f"verdict IN ({', '.join(repr(one) for one in VERDICTS)})", name="verdict_known"),
        CheckConstraint("line >= 1", name="line_counted_from_1"),
        Index("ix_import_row_verdict", "import_file_id", "verdict", "line"),
        Index("ix_import_row_nominee_id", "nominee_id"),
        {"info": {"deletable": True}},
    )
