"""Files that leave: no cell runs, numbers of people stay text, memory stays flat."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from caseflow.sheets import Cell, csv_pieces, defused, write_xlsx

EVIL = [
    '=HYPERLINK("http://x","klik")', "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", "\r=1", "\n=1", " =1", "\0=1", "＝1",
]  # fmt: skip


@pytest.mark.parametrize("text", EVIL)
def test_what_would_run_gets_an_apostrophe(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Samsir", "1303991209760001", "O'Brien", "", "a=b", "08-1234"])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


def test_a_csv_opens_in_excel_and_runs_nothing() -> None:
    pieces = csv_pieces(["nama", "nik"], [[text, "1303991209760001"] for text in EVIL])
    whole = b"".join(pieces).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(whole, newline=""), delimiter=";"))
    assert rows[0] == ["nama", "nik"]
    assert [row[0] for row in rows[1:]] == [f"'{text}" for text in EVIL]
    assert {row[1] for row in rows[1:]} == {"1303991209760001"}


def test_a_csv_comes_in_pieces() -> None:
    pieces = list(csv_pieces(["n"], ([number] for number in range(2_000))))
    assert len(pieces) > 3
    assert b"".join(pieces).count(b"\r\n") == 2_001


def test_excel_gets_typed_cells() -> None:
    target = io.BytesIO()
    rows: list[list[Cell]] = [["1303991209760001", date(2026, 11, 20), 16_800, None], [*EVIL[:3], ""]]
    write_xlsx(target, ["nik", "tanggal", "rupiah", "=catatan"], rows, notes=["Satu catatan"])
    book = load_workbook(io.BytesIO(target.getvalue()))
    table = book["Data"]
    assert [cell.value for cell in table[1]] == ["nik", "tanggal", "rupiah", "'=catatan"]
    assert table["A2"].value == "1303991209760001"
    assert table["B2"].value.date() == date(2026, 11, 20)
    assert table["C2"].value == 16_800
    assert {cell.data_type for cell in table[3] if cell.value} == {"s"}
    assert book["Keterangan"]["A1"].value == "Satu catatan"
