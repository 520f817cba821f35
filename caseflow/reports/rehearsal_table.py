"""What a rehearsal found, as a table for a spreadsheet: case numbers, never names."""

import csv
import io
from collections.abc import Iterable, Sequence

from caseflow.law.statement import OUTCOME_LABELS
from caseflow.reports.number_rehearsal import NumberRehearsal
from caseflow.reports.workflow_rehearsal import WorkflowRehearsal

_NUMBERS = ("nomor kasus", "program", "hari kejadian", "hasil dahulu", "hasil dengan rancangan", "dahulu (Rp)",
            "dengan rancangan (Rp)", "selisih (Rp)", "keterangan")  # fmt: skip
_FLOW = ("nomor kasus", "program", "langkah yang hilang", "langkah tambahan", "selisih hari",
         "keberatan aturan hari ini", "janji yang jadi terlambat", "janji yang jadi tepat", "berhenti di")  # fmt: skip


def numbers_csv(found: NumberRehearsal) -> str:
    """Return every case that would have been decided otherwise, then those that could not be compared."""
    changed = (
        (
            one.number,
            one.program,
            one.event_on.isoformat(),
            OUTCOME_LABELS[one.before],
            OUTCOME_LABELS[one.after],
            one.before_idr,
            one.after_idr,
            one.more_idr,
            "",
        )
        for one in found.changed
    )
    unknown = ((one.number, "", "", "", "", "", "", "", one.why) for one in found.unknown)
    return _table(_NUMBERS, [*changed, *unknown])


def workflow_csv(found: WorkflowRehearsal) -> str:
    """Return every case that would have gone another way."""
    rows = (
        (
            one.number,
            one.program,
            "; ".join(one.lost),
            "; ".join(one.added),
            one.days,
            "; ".join(one.objections),
            "; ".join(one.newly_missed),
            "; ".join(one.newly_met),
            one.broken or "",
        )
        for one in found.changed
    )
    return _table(_FLOW, rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return "\ufeff" + written.getvalue()  # the mark by which spreadsheets know UTF-8


def _plain(cell: object) -> object:
    """Keep a spreadsheet from reading words as a formula: labels of a draft are anybody's."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t")) else cell
