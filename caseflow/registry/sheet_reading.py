"""Lists that people send as Excel or CSV, read row by row in little memory; nothing in them can run.

Formulas, macros and links to other files are never followed: a cell is its text. Not here: what a column means
(``import_columns``) and whether a value is right (``row_checks``).
"""

import codecs
import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Literal

from caseflow.errors import Invalid
from caseflow.registry import sheet_child
from caseflow.sheets import XLSX

MAX_ROWS = 20_000
MAX_COLUMNS = 80
LONGEST_CELL = 32_767  # the most that Excel itself keeps
_MAX_UNPACKED = 96 * 1024 * 1024
_MAX_TEXTS = 32 * 1024 * 1024  # the one part that must be held in memory
_MAX_PARTS = 500
_CHILD = Path(sheet_child.__file__)
_MEMORY_BYTES = 512 * 1024 * 1024
_SECONDS = 60  # of the processor; twenty thousand rows take a tenth
_CHUNK = 64 * 1024
_SEPARATORS = ";,\t|"
_NOTHING_YET = "Belum ada yang diimpor."


class SheetRefused(Invalid):
    """The whole file cannot be read; the sentence names the cure."""

    def __init__(self, sentence: str) -> None:
        super().__init__({"file": sentence})


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell.

    :ivar kind: how the sheet keeps it; a number that should be text has lost digits, a date reads ``17/11/2026``.
    """

    text: str
    kind: Literal["text", "number", "date"] = "text"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not blank, with the number that Excel shows beside it."""

    line: int
    cells: tuple[Cell, ...]


def read_rows(body: BinaryIO, media_type: str) -> Iterator[SheetRow]:
    """Give the rows of the first sheet that has any, header included.

    :param body: at its beginning; seekable.
    :raises SheetRefused: broken, unpacks to too much, or more than ``MAX_ROWS`` rows.
    """
    lines = _excel_lines(body) if media_type == XLSX else _csv_lines(body)
    found = 0
    for line, cells in lines:
        if not any(cell.text.strip() for cell in cells):
            continue
        found += 1
        if found > MAX_ROWS + 1:
            raise SheetRefused(
                f"Berkas ini berisi lebih dari {MAX_ROWS:,} baris. ".replace(",", ".")
                + f"{_NOTHING_YET} Bagi daftarnya, lalu kirim satu per satu."
            )
        if any(len(cell.text) > LONGEST_CELL for cell in cells):
            raise _too_long(line)
        yield SheetRow(line, _without_empty_end(cells))


def _without_empty_end(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    last = max(place for place, cell in enumerate(cells) if cell.text.strip())
    return tuple(cells[: last + 1])


def _excel_lines(body: BinaryIO) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Give the rows that a child process with little memory and time reads, see ``sheet_child``."""
    _refuse_bombs(body)
    limits = (_MEMORY_BYTES, _SECONDS, MAX_COLUMNS, LONGEST_CELL)
    with _real_file(body) as file:
        child = subprocess.Popen(  # noqa: S603 (our own file, arguments are numbers of ours)
            [sys.executable, "-I", str(_CHILD), *(str(limit) for limit in limits)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            cwd="/",
        )
        try:
            for row in child.stdout or ():
                line, cells = json.loads(row)
                yield line, [Cell(*cell) for cell in cells]
            ended = child.wait()
        finally:
            child.kill()
            child.communicate()
    if ended == sheet_child.BROKEN:
        raise _broken()
    if ended != 0:
        raise _too_much()


@contextmanager
def _real_file(body: BinaryIO) -> Iterator[IO[bytes]]:
    """Give the body as a file that another process can read."""
    with tempfile.TemporaryFile(prefix="caseflow-", suffix=".sheet") as file:
        body.seek(0)
        shutil.copyfileobj(body, file)
        file.flush()
        yield file


def _refuse_bombs(body: BinaryIO) -> None:
    """Refuse by the sizes that the archive itself names; reading stops there, whatever lies behind."""
    try:
        with zipfile.ZipFile(body) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _broken() from error
    texts = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    if len(parts) > _MAX_PARTS or texts > _MAX_TEXTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        raise _too_much()


def _csv_lines(body: BinaryIO) -> Iterator[tuple[int, Sequence[Cell]]]:
    encoding = _encoding(body)
    body.seek(0)
    text = io.TextIOWrapper(body, encoding=encoding, errors="replace", newline="")
    try:
        separator = _separator(text)
        text.seek(0)
        before = 0
        reader = csv.reader(text, delimiter=separator)
        for values in reader:
            yield before + 1, [Cell(value) for value in values[:MAX_COLUMNS]]
            before = reader.line_num
    except csv.Error as error:
        raise _too_long(before + 1) from error
    finally:
        text.detach()  # the body belongs to whom it was given by


def _encoding(body: BinaryIO) -> str:
    """Return how a CSV is written: by its mark, else UTF-8 when it all is, else Windows-1252."""
    body.seek(0)
    head = body.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if max(zeros) > len(head) // 8:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    decoder = codecs.getincrementaldecoder("utf-8")()
    body.seek(0)
    try:
        while chunk := body.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _separator(text: io.TextIOWrapper) -> str:
    """Return the sign that parts the first line that has one; Excel in Indonesian writes ``;``."""
    for _ in range(20):
        line = text.readline(_CHUNK)
        if not line:
            break
        if line.lower().startswith("sep=") and len(line) > len("sep="):
            return line[4]
        bare = "".join(line.split('"')[0::2])  # outside of quotes
        counts = {sign: bare.count(sign) for sign in _SEPARATORS}
        best = max(counts, key=lambda sign: counts[sign])
        if counts[best]:
            return best
    return ";"


def _broken() -> SheetRefused:
    return SheetRefused(
        f"Berkas Excel ini rusak dan tidak bisa dibaca. {_NOTHING_YET} Buka di Excel, pilih Simpan Sebagai .xlsx, "
        "lalu kirim lagi."
    )


def _too_much() -> SheetRefused:
    return SheetRefused(
        f"Isi berkas Excel ini terlalu besar setelah dibuka. {_NOTHING_YET} "
        "Salin daftarnya saja ke format yang kami sediakan, lalu kirim lagi."
    )


def _too_long(line: int) -> SheetRefused:
    return SheetRefused(
        f"Baris {line} berisi satu kotak yang terlalu panjang. {_NOTHING_YET} Hapus isi kotak itu, lalu kirim lagi."
    )
