"""Answers for a list of NIK that a nagari's own system asks about: covered, not covered, until when; nothing else.

Never the participant number, never a name, and only for people in one's own reach: all others are simply not from here.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import islice
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import sealing
from caseflow.audit.operations import record
from caseflow.errors import Invalid
from caseflow.people.actor import Actor
from caseflow.registry import cell_values, import_columns, ledger, reach
from caseflow.registry.cell_values import Wrong
from caseflow.registry.models import Worker
from caseflow.registry.sheet_reading import SheetRow, read_rows
from caseflow.sheets import Cell, write_xlsx

COLUMNS = ("nik", "jawaban", "sampai")
PERMISSION = "worker.read"
MOST = 5_000  # of one list; a nagari has fewer grown people
NOT_HERE = "bukan dari nagari ini"
_PAGE = 500
_WORDS = {"yes": "terlindungi", "no": "tidak terlindungi", "officer_decides": "perlu dicek petugas"}


def write_answers(
    session: Session, body: BinaryIO, media_type: str, target: BinaryIO, *, by: Actor, today: date
) -> None:
    """Write one answer for each NIK of a list that has a column ``nik``, in the order of the list.

    :raises Invalid: no such column, or too many rows. :raises SheetRefused: the list cannot be read.
    """
    rows = read_rows(body, media_type)
    first = list(islice(rows, import_columns.HEADER_WITHIN))
    header = import_columns.find_header(first, "numbers")
    if header is None or "nik" not in header.mapped:
        raise Invalid(
            {"file": "Kolom NIK tidak ditemukan. Tulis judul NIK di baris pertama, lalu kirim lagi."}
        )
    asked = [row for row in first if row.line > header.line]
    asked += islice(rows, MOST + 1)
    if len(asked) > MOST:
        raise Invalid(
            {"file": f"Paling banyak {MOST} NIK sekali tanya. Bagi daftarnya, lalu kirim satu per satu."}
        )
    record(session, "registry.cover_answered", by=by, details={"rows": len(asked)})
    write_xlsx(target, COLUMNS, _answers(session, asked, header.mapped["nik"], by, today), sheet="Jawaban")


def _answers(
    session: Session, asked: Sequence[SheetRow], place: int, by: Actor, today: date
) -> Iterator[Sequence[Cell]]:
    for begin in range(0, len(asked), _PAGE):
        written = [
            row.cells[place].text if place < len(row.cells) else "" for row in asked[begin : begin + _PAGE]
        ]
        niks = [_nik(row, place) for row in asked[begin : begin + _PAGE]]
        known = _known(session, [nik for nik in niks if nik], by)
        for text, nik in zip(written, niks, strict=True):
            if nik is None:
                yield text, "NIK tidak terbaca", None
            elif (worker := known.get(sealing.blind(nik))) is None:
                yield nik, NOT_HERE, None
            else:
                yield nik, *_answer(session, *worker, today)


def _nik(row: SheetRow, place: int) -> str | None:
    with suppress(Wrong, IndexError):
        return cell_values.nik(row.cells[place])
    return None


def _known(session: Session, niks: Sequence[str], by: Actor) -> dict[str, tuple[int, date | None]]:
    rows = session.execute(
        select(Worker.national_id_index, Worker.id, Worker.died_on).where(
            Worker.national_id_index.in_([sealing.blind(nik) for nik in niks]),
            reach.within(Worker.region_code, by, PERMISSION),
        )
    )
    return {row.national_id_index: (row.id, row.died_on) for row in rows}


def _answer(session: Session, worker_id: int, died_on: date | None, today: date) -> tuple[str, date | None]:
    """Of the dead nothing is said but that an officer looks at the day of the death: whoever reads "no" may not claim."""
    if died_on is not None:
        return _WORDS["officer_decides"], None
    cover = ledger.cover_on(session, worker_id, today)
    last = ledger.paid_through(session, worker_id, today) if cover.covered == "yes" else cover.last_month
    until = None if last is None else last.replace(day=monthrange(last.year, last.month)[1])
    return _WORDS[cover.covered], until
