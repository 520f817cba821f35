"""Tables that leave as files: CSV and Excel, written row by row, in which no cell can run.

A cell that begins like a formula would run on the desk of whoever opens the file (ASVS v5.0.0-1.2.10); it gets a
leading apostrophe. In Excel every text is a typed string besides. Not here: which rows, and who may have them.
"""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import BinaryIO

import xlsxwriter

Cell = str | int | float | date | datetime | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_PAGE = 500
_WIDEST, _NARROWEST = 40, 10
_SHEET_NAME = 31


def defused(text: str) -> str:
    """Return the text with an apostrophe before it when a spreadsheet would take it for a formula."""
    bare = text.lstrip(" \u00a0\u200b\ufeff")
    return f"'{text}" if bare.startswith(_DANGEROUS) or text.startswith(_DANGEROUS) else text


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Give a CSV (UTF-8 with mark, for Excel; ``;`` as in Indonesian Excel; dates ISO) in pieces, in little memory."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    buffer.write("\ufeff")
    for page in _pages(columns, rows):
        writer.writerows([_plain(cell) for cell in row] for row in page)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def write_xlsx(
    target: BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str = "Data",
    notes: Sequence[str] = (),
) -> None:
    """Write one sheet (and a second with ``notes``) in constant memory; numbers of people stay text."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, {**options, "strings_to_numbers": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        table = book.add_worksheet(sheet[:_SHEET_NAME])
        table.freeze_panes(1, 0)
        for place, name in enumerate(columns):
            table.set_column(place, place, min(_WIDEST, max(_NARROWEST, len(name) + 4)))
            table.write_string(0, place, defused(name), bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    table.write_string(number, place, defused(cell))
                elif isinstance(cell, date):
                    table.write_datetime(number, place, cell, day)
                elif cell is not None:
                    table.write_number(number, place, cell)
        if notes:
            page = book.add_worksheet("Keterangan")
            page.set_column(0, 0, 100)
            for number, line in enumerate(notes):
                page.write_string(number, 0, defused(line))


def _pages(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    coming = itertools.chain([columns], rows)
    while page := list(itertools.islice(coming, _PAGE)):
        yield page


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return defused(cell) if isinstance(cell, str) else cell
