"""The file to the bank: the same bytes, no formula, nothing lost."""

import csv
import io
from datetime import date

import pytest

from caseflow.errors import NotPossible
from caseflow.payments.bank_file import WARNING, Transfer, bank_file, bank_text

DAY = date(2026, 11, 20)


def transfer(holder: str = "Yusra", account: str = "0071234567") -> Transfer:
    return Transfer("SJJ26004213", "118", "Bank Nagari", account, holder, 42_000_000)


def test_it_reads_line_by_line() -> None:
    data = bank_file("B261120-01", DAY, [transfer(), transfer("Nur'aini")])
    assert data.decode("ascii").split("\r\n") == [
        f"H,B261120-01,2026-11-20,2,84000000,{WARNING}",
        "NOMOR URUT,REFERENSI,KODE BANK,NAMA BANK,NOMOR REKENING,NAMA PENERIMA,JUMLAH,KETERANGAN",
        "1,SJJ26004213,118,BANK NAGARI,0071234567,YUSRA,42000000,SANTUNAN SJJ26004213",
        "2,SJJ26004213,118,BANK NAGARI,0071234567,NUR'AINI,42000000,SANTUNAN SJJ26004213",
        f"T,B261120-01,2,84000000,{WARNING}",
        "",
    ]


def test_the_same_lines_give_the_same_bytes() -> None:
    assert bank_file("B1", DAY, [transfer()]) == bank_file("B1", DAY, [transfer()])


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('=HYPERLINK("http://x","y")', "HYPERLINK HTTP //X Y"),
        ("+62812 Yusra", "62812 YUSRA"),
        ("-1+1|cmd", "1 1 CMD"),
        ("@SUM(A1)", "SUM A1"),
        ("\tYusra\r\nT,9,9", "YUSRA T 9 9"),
        ("Yusrá Ménak", "YUSRA MENAK"),
        ("a" * 100, "A" * 60),
    ],
)
def test_a_name_is_never_a_formula_or_a_second_line(name: str, written: str) -> None:
    assert bank_text(name) == written
    rows = list(csv.reader(io.StringIO(bank_file("B1", DAY, [transfer(name)]).decode("ascii"))))
    assert len(rows) == 4
    assert rows[2][5] == written
    assert not any(cell.startswith(("=", "+", "-", "@")) for cells in rows for cell in cells)


def test_a_name_of_which_nothing_is_left_is_refused() -> None:
    with pytest.raises(NotPossible):
        bank_text("محمد")
