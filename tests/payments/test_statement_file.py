"""Reading what banks call CSV."""

from datetime import date

import pytest

from caseflow.errors import Invalid, TooLarge, UnsupportedType
from caseflow.payments.statement_file import MAX_BYTES, Statement, read_statement

TODAY = date(2026, 11, 20)
HEAD = "tanggal;keterangan;debit;kredit;referensi bank"


def read(*rows: str, head: str = HEAD) -> Statement:
    return read_statement("\n".join([head, *rows]).encode(), today=TODAY)


def test_it_reads_debits_and_credits() -> None:
    read_ = read("20/11/2026;TRF SJJ26004213;42.000.000,00;0,00;FT1", "19/11/2026;RETUR;;42000000;FT2")
    assert [(line.kind, line.amount_idr, line.value_on.day) for line in read_.lines] == [
        ("debit", 42_000_000, 20),
        ("credit", 42_000_000, 19),
    ]
    assert read_.bad == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("42000000", 42_000_000), ("42.000.000", 42_000_000), ("42.000.000,00", 42_000_000),
        ("42000000,0", 42_000_000), ("42,000,000.00", 42_000_000), ("42000000.00", 42_000_000),
        ("Rp42.000.000,00", 42_000_000), ("IDR 1.000", 1_000), ("1,000", 1_000),
    ],
)  # fmt: skip
def test_it_reads_every_usual_way_to_write_an_amount(text: str, amount: int) -> None:
    assert read(f"20/11/2026;A;{text};-;F").lines[0].amount_idr == amount


@pytest.mark.parametrize(
    "text", ["-42.000.000", "(42000000)", "4.20.000", "42jt", "1e9", "NaN", "１２", "9" * 17]
)
def test_it_names_an_amount_that_it_cannot_read(text: str) -> None:
    statement = read(f"20/11/2026;A;{text};;F")
    assert statement.lines == []
    assert [(bad.number, bad.column, bad.value) for bad in statement.bad] == [(2, "debit", text)]
    assert statement.bad[0].cure


@pytest.mark.parametrize("text", ["31/02/2026", "20/11/26", "kemarin", "", "2026/11/20", "22/11/2026"])
def test_it_names_a_day_that_it_cannot_read(text: str) -> None:
    assert [(bad.column, bad.value) for bad in read(f"{text};A;1;;F").bad] == [("tanggal", text)]


@pytest.mark.parametrize("text", ["20-11-2026", "20.11.2026", "2026-11-20", "20/11/2026 14:05:00"])
def test_it_reads_other_ways_to_write_a_day(text: str) -> None:
    assert read(f"{text};A;1;;F").lines[0].value_on == TODAY


def test_it_names_both_directions_none_and_cut_rows() -> None:
    statement = read("20/11/2026;A;1;1;F", "20/11/2026;A;0;;F", "20/11/2026;A", "20/11/2026;A;1;;5,02E+15")
    assert [(bad.number, bad.column) for bad in statement.bad] == [
        (2, "debit"), (3, "debit"), (4, "baris"), (5, "referensi bank"),
    ]  # fmt: skip


def test_sums_and_bookings_with_sen_are_passed_over_and_named() -> None:
    statement = read("20/11/2026;BUNGA;;1.234,56;F", ";SALDO AKHIR;;99;", "20/11/2026;A;5;;F", "", ";;;;")
    assert [line.amount_idr for line in statement.lines] == [5]
    assert statement.passed_over == [2, 3]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_it_reads_every_separator_after_the_banks_own_heading(separator: str) -> None:
    head = "Bank Nagari\nNo. Rekening: 007\n\n" + separator.join(
        ["Tgl", "Uraian", "Debet", "Kredit", "No. Referensi", "Saldo"]
    )
    row = separator.join(["20/11/2026", '"A; B, C"', "5000", "0", "F", "0"])
    statement = read(row, head=head)
    assert [(line.number, line.description, line.amount_idr) for line in statement.lines] == [
        (5, "A; B, C", 5000)
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_it_reads_every_usual_encoding(encoding: str) -> None:
    data = f"{HEAD}\r\n20/11/2026;Café;1;;F\r\n".encode(encoding)
    assert read_statement(data, today=TODAY).lines[0].description == "Café"


def test_equal_lines_without_a_bank_number_stay_apart_and_keep_their_digest() -> None:
    row, numbered = "20/11/2026;BIAYA;2500;;", "20/11/2026;BIAYA;2500;;F"
    first, second = read(row, row).lines
    assert first.sha256 != second.sha256
    assert read("20/11/2026;X;1;;F", row).lines[1].sha256 == first.sha256
    one, two = read(numbered, numbered).lines
    assert one.sha256 == two.sha256


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"PK\x03\x04...", UnsupportedType), (b"%PDF-1.7", UnsupportedType), (b"", Invalid),
        (b"nama;umur\na;1", Invalid), (HEAD.encode(), Invalid), (b"tanggal;keterangan;debit\n1;2;3", Invalid),
        (b"\xff\xfe\x00", Invalid), (b"\0" * 100, Invalid), (b'"' * 1000, Invalid),
        (b"x" * (MAX_BYTES + 1), TooLarge), (HEAD.encode() + b"\n1;2;3;4;5" * 21_000, TooLarge),
        (b'tanggal;keterangan;debit\n"' + b"x" * 200_000, Invalid),
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_statement(data: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_statement(data, today=TODAY)
