"""Lists that leave as CSV or Excel: one way for all, with the right asked again and a trace of who took what.

The whole file is written first, in little memory, and only then sent: a list never arrives half. Rows come from a
fetcher that knows whose people the person may see; large ones read with ``yield_per``. Not here: which rows.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Literal, cast
from urllib.parse import quote

from flask import Response

from caseflow import clock, sheets
from caseflow.audit.operations import record
from caseflow.errors import NotFound
from caseflow.people import policy
from caseflow.web import here

Kind = Literal["csv", "xlsx"]
# the last part of the address: "/nagari/pekerja/unduh.<kind>"
KINDS: tuple[Kind, ...] = ("csv", "xlsx")
ROWS_AT_ONCE = 500  # for execution_options(yield_per=…)
_CHUNK = 64 * 1024
_IN_MEMORY = 256 * 1024
_MEDIA = {"csv": sheets.CSV, "xlsx": sheets.XLSX}


@dataclass(frozen=True)
class List:
    """A list as it leaves.

    :ivar name: what it is, for the file's name and the trace (``menunggak``); :ivar permission: who may take it.
    :ivar area: of which nagari, kecamatan or regency, in words; :ivar on: the day or month it tells about.
    :ivar notes: a second sheet of the Excel file: definitions, sources.
    :ivar ground: what a CSV, which has no second sheet, says in columns of its own, the same in every row.
    """

    name: str
    permission: str
    columns: Sequence[str]
    rows: Iterable[Sequence[sheets.Cell]]
    area: str
    on: date | None = None
    notes: Sequence[str] = ()
    ground: Sequence[tuple[str, sheets.Cell]] = ()


def send_list(table: List, kind: str) -> Response:
    """Return the answer that sends a list as a file, and put down who took how many rows.

    :param kind: as in the address. :raises NotFound: no such kind of file.
    :raises NotPermitted: the list is not for this person.
    """
    by = here.actor()
    policy.require(by, table.permission)
    chosen = _kind(kind)
    counted = _Counted(table.rows)
    # outlives this function: closed when the answer is through
    target = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115
    try:
        _write(target, table, counted, chosen)
    except BaseException:
        target.close()
        raise
    record(
        here.session(),
        "list.exported",
        by=by,
        subject=f"list:{table.name}",
        details={"kind": chosen, "rows": counted.number, "right": table.permission},
    )
    return _answer(target, _file_name(table, chosen), chosen)


def _kind(asked: str) -> Kind:
    for one in KINDS:
        if asked == one:
            return one
    raise NotFound("Daftar ini dapat diunduh sebagai CSV atau Excel (xlsx).")


class _Counted:
    """Rows passed on one by one and counted."""

    def __init__(self, rows: Iterable[Sequence[sheets.Cell]]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Sequence[sheets.Cell]]:
        for row in self._rows:
            self.number += 1
            yield row


def _write(target: BinaryIO, table: List, rows: Iterable[Sequence[sheets.Cell]], kind: Kind) -> None:
    if kind == "xlsx":
        sheets.write_xlsx(target, table.columns, rows, notes=table.notes)
        return
    said = [value for _, value in table.ground]
    columns = [*table.columns, *(name for name, _ in table.ground)]
    for piece in sheets.csv_pieces(columns, ([*row, *said] for row in rows)):
        target.write(piece)


def _answer(target: BinaryIO, name: str, kind: Kind) -> Response:
    size = target.seek(0, 2)
    target.seek(0)
    response = Response(_chunks(target), content_type=_MEDIA[kind])
    response.call_on_close(target.close)
    response.content_length = size
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _chunks(target: BinaryIO) -> Iterator[bytes]:
    while piece := target.read(_CHUNK):
        yield piece


def _file_name(table: List, kind: Kind) -> str:
    """Return list, area and day: ``menunggak_koto-latihan_2026-11-20.csv``."""
    words = (re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in (table.name, table.area))
    return "_".join([*(word for word in words if word), f"{table.on or clock.today():%Y-%m-%d}"]) + f".{kind}"
