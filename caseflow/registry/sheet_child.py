"""The child process that unpacks strangers' workbooks. Run by ``sheet_reading``; imports nothing of ours.

``sheet_child.py MEMORY SECONDS COLUMNS LONGEST``: the workbook comes on standard input; every row of the first visible
sheet that is not blank goes out as one line of JSON, ``[line, [[text, kind], …]]``. A few kilobytes can unpack to
gigabytes in the styles, in one row or in parts that no sheet needs; here that ends this process alone.

Ends with 0; with 3 for a workbook that cannot be read; with 4, or by a signal, for one that asks for too much.
"""

import json
import os
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from typing import BinaryIO

BROKEN, TOO_MUCH = 3, 4
_BLANK_LINES_IN_A_ROW = 2_000  # formatted but empty to the end of the sheet: nothing follows
_Cell = tuple[str, str]


def set_limits(memory_bytes: int, seconds: int) -> None:
    """Give up all that is not needed before the first byte of the file is read."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def rows(body: BinaryIO, columns: int, longest: int) -> Iterator[tuple[int, list[_Cell]]]:
    """Give number and cells of every row that is not blank; a text is cut just behind ``longest``."""
    import openpyxl

    book = openpyxl.load_workbook(body, read_only=True, data_only=True, keep_links=False)
    with closing(book):
        sheets = [one for one in book.worksheets if one.sheet_state == "visible"]
        for sheet in sheets[:1]:
            sheet.reset_dimensions()
            yield from _filled(sheet.iter_rows(values_only=True, max_col=columns), longest)


def _filled(lines: Iterable[Sequence[object]], longest: int) -> Iterator[tuple[int, list[_Cell]]]:
    blank = 0
    for line, values in enumerate(lines, start=1):
        blank = 0 if any(value is not None for value in values) else blank + 1
        if blank > _BLANK_LINES_IN_A_ROW:
            return
        if not blank:
            yield line, [(text[: longest + 1], kind) for text, kind in map(_cell, values)]


def _cell(value: object) -> _Cell:
    if value is None:
        return "", "text"
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/}{value.year:04d}", "date"
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), "text"
    if isinstance(value, int):
        return str(value), "number"
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() else repr(value)), "number"
    return str(value), "text"


def main(memory_bytes: int, seconds: int, columns: int, longest: int) -> int:
    """Write the rows; return how to end."""
    set_limits(memory_bytes, seconds)
    os.lseek(0, 0, os.SEEK_SET)
    try:
        for row in rows(sys.stdin.buffer, columns, longest):
            sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()
    except MemoryError:
        return TOO_MUCH
    except BrokenPipeError:  # nobody wants more rows
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except Exception:  # a damaged workbook makes the reader stumble over whatever it likes
        return BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
