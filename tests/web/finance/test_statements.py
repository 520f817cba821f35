"""Loading a statement: whole or not at all, named row by row, the same file never twice."""

from sqlalchemy import func, select

from caseflow.payments.models import BankStatement, StatementLine
from caseflow.web.finance.statements import STATEMENT_BYTES
from tests.payments.world import row, statement
from tests.web.finance.conftest import STATEMENTS as PATH
from tests.web.finance.conftest import Desk, load


def saved(desk: Desk) -> tuple[int, int]:
    """How many files and lines the database holds."""
    with desk.session() as session:
        return (
            session.scalar(select(func.count()).select_from(BankStatement)) or 0,
            session.scalar(select(func.count()).select_from(StatementLine)) or 0,
        )


def test_it_says_what_a_file_brought(desk: Desk) -> None:
    assert "Belum ada rekening koran" in desk.text("lusi", PATH)
    answer = load(
        desk.browser("lusi"),
        statement(
            row("BIAYA ADMIN", debit=15_000),
            row("TRF", debit=7_000_000, ref="FT2"),
            "20/11/2026;BUNGA;0,53;;FT3",
        ),
    )
    assert answer.status_code == 303
    page = desk.text("lusi", answer.location)
    assert "koran.csv" in page
    assert "Cocokkan 2 baris" in page
    assert "1 baris dilewati karena bukan transfer rupiah bulat" in page
    assert saved(desk) == (1, 2)


def test_overlapping_files_count_a_line_once(desk: Desk) -> None:
    first = row("TRF A", debit=1_000_000)
    assert load(desk.browser("lusi"), statement(first)).status_code == 303
    answer = load(desk.browser("lusi"), statement(first, row("TRF B", debit=2_000_000, ref="FT2")), "dua.csv")
    page = desk.text("lusi", answer.location)
    assert "dari file sebelumnya; tidak dihitung dua kali" in page
    assert saved(desk) == (2, 2)


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    content = statement(row("TRF A", debit=1_000_000))
    assert load(desk.browser("lusi"), content).status_code == 303
    answer = load(desk.browser("lusi"), content, "lain.csv")
    assert answer.status_code == 409
    assert "File ini sudah dimuat pada" in answer.get_data(as_text=True)
    assert saved(desk) == (1, 1)


def test_it_names_every_bad_row_and_saves_nothing(desk: Desk) -> None:
    answer = load(
        desk.browser("lusi"),
        statement(
            row("TRF", debit=1_000_000),
            "31/02/2026;TRF;5,00;;FT2",
            "20/11/2026;TRF;42x;;FT3",
            "20/11/2026;<b>;1;1;FT4",
        ),
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "3 baris tidak bisa dibaca" in page
    for words in (
        "Tanggal ini tidak ada di kalender.",
        "31/02/2026",
        "42x",
        "Debit dan kredit terisi dua-duanya",
    ):
        assert words in page
    assert saved(desk) == (0, 0)


_NO_STATEMENTS = (
    (b"", 422, "Judul kolom tidak ditemukan"),
    (b"PK\x03\x04 lembar kerja", 415, "Ini bukan file CSV"),
    (b"%PDF-1.7", 415, "Ini bukan file CSV"),
    (b"\xff\xd8\xff\xe0 foto", 422, "Judul kolom tidak ditemukan"),
    (b"tanggal;debit;kredit\r\n", 422, "Kolom keterangan, referensi bank tidak ada"),
    (statement(), 422, "tidak memuat satu transaksi pun"),
    (b"a" * (STATEMENT_BYTES + 1), 413, "File lebih dari 2 MB"),
    (b"a" * (STATEMENT_BYTES * 2), 413, "File lebih dari 2 MB"),
)


def test_what_is_no_statement_is_refused_with_the_cure(desk: Desk) -> None:
    for content, status, words in _NO_STATEMENTS:
        answer = load(desk.browser("lusi"), content)
        assert answer.status_code == status
        assert words in answer.get_data(as_text=True)
    assert saved(desk) == (0, 0)


def test_no_file_is_asked_for(desk: Desk) -> None:
    answer = load(desk.browser("lusi"), b"", "")
    assert answer.status_code == 422
    assert "Pilih file rekening koran dulu." in answer.get_data(as_text=True)


def test_strange_names_are_only_shown(desk: Desk) -> None:
    answer = load(desk.browser("lusi"), statement(row("TRF", debit=1_000_000)), "../../<script>.csv")
    page = desk.text("lusi", answer.location)
    assert "<script>.csv" not in page
    assert "&lt;script&gt;.csv" in page


def test_unknown_files_do_not_exist(desk: Desk) -> None:
    for key in ("99", "x", "-1", "9" * 30):
        assert desk.browser("lusi").get(f"{PATH}/{key}").status_code == 404


def test_who_may_not_load_is_turned_away(desk: Desk) -> None:
    for username in ("bram", "aulia", "dedi"):
        assert desk.browser(username).get(PATH).status_code == 403
