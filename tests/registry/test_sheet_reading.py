"""Lists as they come from Excel and from other programs: every way of writing a CSV, damaged workbooks, and bombs (F35, F36)."""

import io
import re
import resource
import subprocess
import tracemalloc
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from caseflow.registry import import_columns, sheet_reading
from caseflow.registry.sheet_reading import Cell, SheetRefused, SheetRow, read_rows
from caseflow.sheets import XLSX

CSV = "text/csv"
TABLE = 'nik;nama_lengkap;alamat\r\n1303991209760001;Samsir;"Dekat\r\nsurau; kiri"\r\n\r\n;;\r\n1303990304880002;José;x\r\n'


def read(content: bytes, media_type: str = CSV) -> list[SheetRow]:
    return list(read_rows(io.BytesIO(content), media_type))


def texts(rows: list[SheetRow]) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows]


def workbook(*rows: tuple[Any, ...]) -> bytes:
    target = io.BytesIO()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_way_of_writing_a_csv_gives_the_same_rows(encoding: str, separator: str) -> None:
    table = TABLE.replace(";", separator) if separator != ";" else TABLE
    rows = read(table.encode(encoding))
    assert [row.line for row in rows] == [1, 2, 6]
    assert texts(rows)[1] == ["1303991209760001", "Samsir", f"Dekat\r\nsurau{separator} kiri"]
    assert texts(rows)[2][1] == "José"


def test_the_line_that_names_the_separator_is_no_header() -> None:
    rows = read(b"sep=,\r\nnik,nama_lengkap,jk\r\n1303991209760001,Samsir,L\r\n")
    header = import_columns.find_header(rows, "workers")
    assert header is not None
    assert (header.line, header.mapped) == (2, {"nik": 0, "nama_lengkap": 1, "jenis_kelamin": 2})


def test_missing_and_extra_columns_and_short_rows_are_read_as_they_are() -> None:
    rows = read(b"nama;warna;NIK\r\nSamsir\r\nYusra;hijau;1303991209760001;lebih\r\n")
    header = import_columns.find_header(rows, "workers")
    assert header is not None
    assert import_columns.picked(rows[1], header.mapped) == {"nama_lengkap": Cell("Samsir"), "nik": Cell("")}
    assert [one.name for one in import_columns.missing(header.mapped, "workers")] == [
        "jenis_kelamin", "tanggal_lahir", "jorong", "pekerjaan",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("No. KTP", "nik"), ("NO NIK", "nik"), ("Nomor Induk Kependudukan", "nik"), ("Nama_Lengkap", "nama_lengkap"),
        ("NAMA", "nama_lengkap"), ("no_kk", "nomor_kk"), ("L/P", "jenis_kelamin"), ("sex", "jenis_kelamin"),
        ("tanggallahir", "tanggal_lahir"), ("Tgl. Lahir", "tanggal_lahir"), ("dusun", "jorong"), ("Telepon", "no_hp"),
        ("nama_ibu", "nama_ibu_kandung"), ("Resiko", "risiko"), ("Nama Desa", "nagari"),
    ],
)  # fmt: skip
def test_headers_are_known_by_the_names_that_people_and_opensid_use(header: str, column: str) -> None:
    assert import_columns.match([header], "workers") == {column: 0}


def test_cells_of_excel_say_how_they_are_kept() -> None:
    rows = read(
        workbook(
            ("nik", "tanggal", "angka", "ya", "rumus"),
            (1303991209760000, date(1976, 9, 12), 2.5, True, "=1+1"),
            ("1303991209760001", date(1976, 9, 12), 3.0, None, None),
        ),
        XLSX,
    )
    assert rows[1].cells[:4] == (
        Cell("1303991209760000", "number"), Cell("12/09/1976", "date"), Cell("2.5", "number"), Cell("TRUE"),
    )  # fmt: skip
    assert len(rows[1].cells) == 4  # a formula is never worked out, and never text
    assert rows[2].cells[:3] == (Cell("1303991209760001"), Cell("12/09/1976", "date"), Cell("3", "number"))


def test_a_macro_and_a_link_to_another_file_are_passed_over() -> None:
    plain = workbook(("nik", "nama"), ("1303991209760001", "Samsir"))
    target = io.BytesIO(plain)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open")
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    assert texts(read(target.getvalue(), XLSX))[1] == ["1303991209760001", "Samsir"]


def test_a_hidden_first_sheet_is_passed_over() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        hidden, seen = book.add_worksheet("Lama"), book.add_worksheet("Data")
        hidden.hide()
        seen.set_first_sheet()
        seen.activate()
        hidden.write_string(0, 0, "bukan ini")
        seen.write_string(0, 0, "nik")
    assert texts(read(target.getvalue(), XLSX)) == [["nik"]]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 not an archive",
        workbook(("nik",))[:900],
        pytest.param(b"", id="empty"),
    ],
)
def test_a_damaged_workbook_is_refused_with_the_way_out(content: bytes) -> None:
    with pytest.raises(SheetRefused, match=r"rusak.*Simpan Sebagai"):
        read(content, XLSX)


def _with_sheet(rows: bytes) -> bytes:
    """Return a workbook with these rows, as they are, in its only sheet."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(("nik",)))) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            body = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                body = re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + rows + b"</sheetData>", body)
            new.writestr(part, body)
    return target.getvalue()


def _locked() -> bytes:
    """Return a workbook whose parts ask for a password."""
    content = bytearray(workbook(("nik",)))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(sign)
        while place >= 0:
            content[place + flags] |= 1
            place = content.find(sign, place + 4)
    return bytes(content)


def _flipped() -> bytes:
    """Return a workbook in whose packed sheet some bits fell over on the way."""
    content = bytearray(workbook(("nik", "nama_lengkap")))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    begin = part.header_offset + 30 + len(part.filename) + len(part.extra)
    for place in range(begin + 10, begin + 40):
        content[place] ^= 0xFF
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(_locked(), id="asks for a password"),
        pytest.param(_flipped(), id="packed data damaged"),
        pytest.param(
            _with_sheet(b'<row r="1"><c r="A1" t="s"><v>77</v></c></row>'), id="a text that is not there"
        ),
    ],
)
def test_whatever_the_reader_stumbles_over_is_said_in_words(content: bytes) -> None:
    """A list whose check ends in a failure of the program would wait for ever."""
    with pytest.raises(SheetRefused, match=r"rusak.*Simpan Sebagai"):
        read(content, XLSX)


def _repacked(content: bytes) -> bytes:
    """Return a workbook as Excel writes it, with other shared texts."""
    plain, target = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet("Data").write_row(0, 0, ["nik", "nama"])
    texts = "xl/sharedStrings.xml"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        assert texts in old.namelist()
        for part in old.namelist():
            new.writestr(part, content if part == texts else old.read(part))
    return target.getvalue()


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = _repacked(b"<sst>" + b" " * (40 * 1024 * 1024))
    assert len(bomb) < 200_000
    tracemalloc.start()
    with pytest.raises(SheetRefused, match="terlalu besar setelah dibuka"):
        read(bomb, XLSX)
    assert tracemalloc.get_traced_memory()[1] < 5 * 1024 * 1024
    tracemalloc.stop()


def _grown(part: str, before: bytes, growth: bytes) -> bytes:
    """Return a workbook of some kilobytes, one part of which unpacks to forty megabytes."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(("nik",)))) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            body = old.read(name)
            if name == part:
                assert before in body
                body = body.replace(before, growth * (40 * 1024 * 1024 // len(growth)) + before)
            new.writestr(name, body)
    return target.getvalue()


@pytest.mark.parametrize(
    ("part", "before", "growth"),
    [
        ("xl/styles.xml", b"</cellXfs>", b"<xf/>"),
        ("xl/worksheets/sheet1.xml", b"</row>", b"<c/>"),
        ("xl/workbook.xml", b"</workbook>", b"<x/>"),
    ],
)
def test_a_small_workbook_that_grows_while_it_is_read_takes_no_memory_here(
    monkeypatch: pytest.MonkeyPatch, part: str, before: bytes, growth: bytes
) -> None:
    """A nagari's operator, or whoever sent the operator a file, must not bring the server down."""
    monkeypatch.setattr(sheet_reading, "_SECONDS", 5)
    bomb = _grown(part, before, growth)
    assert len(bomb) < 400_000
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SheetRefused, match=r"terlalu besar setelah dibuka|rusak"):
        read(bomb, XLSX)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used < 100 * 1024


def test_whoever_needs_only_the_first_rows_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def start(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        started.append(popen(*args, **kwargs))
        return started[-1]

    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", start)
    rows = read_rows(io.BytesIO(workbook(*((str(number), "x") for number in range(5_000)))), XLSX)
    assert next(rows).line == 1
    rows.close()  # type: ignore[attr-defined]
    assert [child.poll() is not None for child in started] == [True]


def test_entities_that_grow_are_refused() -> None:
    grow = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha") for n in range(12))
    bomb = _repacked(b"<!DOCTYPE sst [" + grow + b"]><sst><si><t>&e11;</t></si></sst>")
    with pytest.raises(SheetRefused, match="rusak"):
        read(bomb, XLSX)


def test_a_hundred_thousand_rows_stop_at_the_limit() -> None:
    content = b"nik;nama\r\n" + b"1303991209760001;Samsir\r\n" * 100_000
    with pytest.raises(SheetRefused, match=r"lebih dari 20\.000 baris.*Bagi daftarnya"):
        read(content)


def test_one_cell_of_a_megabyte_is_refused_by_its_row() -> None:
    with pytest.raises(SheetRefused, match="Baris 2 berisi satu kotak yang terlalu panjang"):
        read(b"nik;nama\r\n1;" + b"x" * 1_000_000 + b"\r\n")
    with pytest.raises(SheetRefused, match="Baris 2"):
        read(b"nik;nama\r\n1;" + b"x" * 50_000 + b"\r\n")


def test_a_sheet_that_is_formatted_to_its_end_is_read_to_its_last_row() -> None:
    rows: list[tuple[object, ...]] = [
        ("nik", "nama"),
        ("1303991209760001", "Samsir"),
        *[(None, None)] * 3_000,
    ]
    assert len(read(workbook(*rows), XLSX)) == 2
