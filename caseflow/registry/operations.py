"""Verbs of the calendar: add and remove a day, and bring the deadlines of open cases up to date afterwards."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, Integer, column, select, update, values
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotPossible, Stale
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.registry import queries
from caseflow.registry.models import HolidayRow
from caseflow.workdays import Calendar, HolidayKind
from caseflow.workflow.deadlines import Beginnings, due_on
from caseflow.workflow.definition import WorkflowBook
from caseflow.workflow.models import CaseFile

KINDS: tuple[HolidayKind, ...] = ("libur_nasional", "cuti_bersama", "penutupan_kantor")
ESTIMATE = "(perkiraan)"  # ends the name of a day that the authorities have not confirmed yet
FIRST_YEAR = 2020
YEARS_AHEAD = 5
EXAMPLES = 20
_NAME = range(3, 101)  # letters
_PAGE = 1000


@dataclass(frozen=True)
class DueChange:
    """An open case whose deadline the calendar of today puts elsewhere."""

    casefile_id: int
    version: int
    number: str
    state_label: str
    before: date
    after: date
    apart: bool = False  # a complaint: its desk knows, nobody else is shown it


@dataclass(frozen=True)
class DuePreview:
    """What bringing deadlines up to date would do.

    :ivar sooner: of ``count``, how many become due earlier; :ivar examples: at most twenty of them.
    :ivar calendar_sha256: the calendar this was counted with; the verb refuses any other.
    """

    count: int
    sooner: int
    examples: tuple[DueChange, ...]
    calendar_sha256: str


def add_holiday(session: Session, on: date, *, kind: str, name: str, by: Actor, now: datetime) -> None:
    """Add a day on which deadlines do not run. Cases keep their deadlines until they are recomputed.

    :raises Invalid: the day is taken or out of range, the kind unknown, the name too short or too long.
    """
    policy.require(by, "calendar.edit")
    tidy = " ".join(name.split())
    fields = {}
    this_year = clock.local(now).year
    if not FIRST_YEAR <= on.year <= this_year + YEARS_AHEAD:
        fields["on"] = f"Tahun {FIRST_YEAR} sampai {this_year + YEARS_AHEAD} saja. Belum ada yang tersimpan."
    if kind not in KINDS:
        fields["kind"] = "Pilih jenis harinya. Belum ada yang tersimpan."
    if len(tidy.removesuffix(ESTIMATE).strip()) not in _NAME:
        fields["name"] = "Tulis nama hari libur, 3 sampai 100 huruf. Belum ada yang tersimpan."
    if fields:
        raise Invalid(fields)
    added = session.execute(
        insert(HolidayRow)
        .values(on=on, kind=kind, name=tidy, changed_at=now, changed_by_user_id=by.user_id)
        .on_conflict_do_nothing()
        .returning(HolidayRow.on)
    ).one_or_none()
    if added is None:
        taken = session.scalar(select(HolidayRow.name).where(HolidayRow.on == on)) or ""
        raise Invalid({"on": f"Tanggal ini sudah ada di kalender: {taken}. Hapus dulu bila salah."})
    record(session, "calendar.holiday_added", by=by, subject=f"holiday:{on}", details={"kind": kind})


def remove_holiday(session: Session, on: date, *, expected_name: str, by: Actor) -> None:
    """Take a day out of the calendar; it counts as a working day again unless it is a weekend.

    :param expected_name: the name the person saw.
    :raises NotPossible: the day is not in the calendar. :raises Stale: it carries another name by now.
    """
    policy.require(by, "calendar.edit")
    row = session.get(HolidayRow, on, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotPossible("Hari ini sudah tidak ada di kalender. Tidak ada yang berubah.")
    if row.name != expected_name:
        raise Stale(f"Hari ini sekarang bernama “{row.name}”. Belum ada yang dihapus; periksa lagi.")
    session.delete(row)
    session.flush()
    record(session, "calendar.holiday_removed", by=by, subject=f"holiday:{on}", details={"kind": row.kind})


def preview_due_changes(session: Session, book: WorkflowBook, *, now: datetime) -> DuePreview:
    """Count the open cases whose deadline differs from what the calendar of today gives. Changes nothing."""
    calendar = queries.calendar(session, clock.local(now).date())
    count, sooner = 0, 0
    examples: list[DueChange] = []
    for page in _changes(session, book, calendar):
        # a complaint is brought up to date, but neither counted for nor shown to whom it may be about
        shown = [change for change in page if not change.apart]
        count += len(shown)
        sooner += sum(change.after < change.before for change in shown)
        examples += shown[: EXAMPLES - len(examples)]
    return DuePreview(count, sooner, tuple(examples), calendar_digest(session))


def recompute_due_dates(
    session: Session, book: WorkflowBook, *, seen_sha256: str, by: Actor, now: datetime
) -> int:
    """Give every open case the deadline that the calendar of today gives; return how many changed, complaints not counted.

    A case that somebody moves meanwhile keeps the deadline that its move gave it. No state changes.

    :param seen_sha256: the calendar that the person saw the preview for.
    :raises Stale: the calendar was changed since.
    """
    policy.require(by, "calendar.edit")
    if calendar_digest(session) != seen_sha256:
        raise Stale("Kalender berubah sejak pratinjau ini dibuat. Belum ada batas yang berubah; lihat lagi.")
    calendar = queries.calendar(session, clock.local(now).date())
    changed = 0
    for page in _changes(session, book, calendar):
        written = _write(session, page)
        changed += sum(change.casefile_id in written and not change.apart for change in page)
        for change in page:
            if change.casefile_id in written:
                record(
                    session,
                    "case.due_recomputed",
                    by=by,
                    casefile_id=change.casefile_id,
                    subject=change.number,
                    details={"from": change.before.isoformat(), "to": change.after.isoformat()},
                )
        session.flush()
    record(
        session,
        "calendar.due_dates_recomputed",
        by=by,
        details={"cases": changed, "calendar_sha256": seen_sha256},
    )
    return changed


def calendar_digest(session: Session) -> str:
    """Return what tells one content of the calendar from another."""
    rows = session.execute(select(HolidayRow.on, HolidayRow.kind, HolidayRow.name).order_by(HolidayRow.on))
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()


def _changes(session: Session, book: WorkflowBook, calendar: Calendar) -> Iterator[list[DueChange]]:
    """Go through the open cases with a deadline, a page at a time, and give those whose deadline moves."""
    last = 0
    while True:
        rows = session.execute(
            select(
                CaseFile.id, CaseFile.version, CaseFile.number, CaseFile.workflow, CaseFile.workflow_version,
                CaseFile.state, CaseFile.entered_at, CaseFile.clock_started_on, CaseFile.reported_on,
                CaseFile.due_on, CaseFile.kind,
            )
            .where(CaseFile.closed_at.is_(None), CaseFile.due_on.is_not(None), CaseFile.id > last)
            .order_by(CaseFile.id)
            .limit(_PAGE)
        ).all()  # fmt: skip
        found = []
        for row in rows:
            state = book.get(row.workflow, row.workflow_version).states[row.state]
            since = Beginnings(row.entered_at, row.clock_started_on, row.reported_on)
            after = due_on(state, since, calendar)
            if after is not None and after != row.due_on:
                found.append(_change(row, state.label, after))
        yield found
        if len(rows) < _PAGE:
            return
        last = rows[-1].id


def _change(row: Any, label: str, after: date) -> DueChange:
    return DueChange(row.id, row.version, row.number, label, row.due_on, after, row.kind == "complaint")


def _write(session: Session, changes: list[DueChange]) -> set[int]:
    """Write the new deadlines in one statement; a case that moved since it was read is left alone."""
    if not changes:
        return set()
    new = values(
        column("id", BigInteger), column("version", Integer), column("due_on", Date), name="new_due"
    ).data([(change.casefile_id, change.version, change.after) for change in changes])
    statement = (
        update(CaseFile)
        .values(due_on=new.c.due_on, sort_on=new.c.due_on)
        .where(CaseFile.id == new.c.id, CaseFile.version == new.c.version)
        .returning(CaseFile.id)
    )
    return set(session.scalars(statement, execution_options={"synchronize_session": False}))
