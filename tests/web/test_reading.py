"""What people type: one test for each line of the catalogue of bad input that concerns a field (F01 … F45)."""

from datetime import date, time

import pytest

from caseflow.web import reading

F01_F05 = [
    ("130399120976000", "yang tertulis 15"),
    ("13039912097600011", "yang tertulis 17"),
    ("", "yang tertulis 0"),
    ("١٣٠٣٩٩١٢٠٩٧٦٠٠٠١", "angka 0 sampai 9"),
    ("13039912O9760001", "angka 0 sampai 9"),
    ("1303_99120976000", "angka 0 sampai 9"),
    ("1303991209760001\x00", "tidak bisa dibaca"),
    ("0000000000000000", "tidak mungkin"),
    ("0003991209760001", "tidak mungkin"),
    ("1303997209760001", "tanggal lahir"),
    ("1303991213760001", "tanggal lahir"),
    ("1303990009760001", "tanggal lahir"),
    ("1303997102760001", "tanggal lahir"),
]


@pytest.mark.parametrize(("typed", "said"), F01_F05)
def test_nik_refused(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        reading.nik(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "1303991209760001",
        " 1303 9912 0976 0001 ",
        "1303.9912.0976.0001",
        "1303-9912-0976-0001",
        "１３０３９９１２０９７６０００１",
        "1303991209760001\n",
        "1303991209760001\u200b",
        "\ufeff1303991209760001",
    ],
)
def test_nik_taken(typed: str) -> None:
    assert reading.nik(typed) == "1303991209760001"


def test_nik_of_a_woman_and_of_a_leap_day() -> None:
    assert reading.nik("1303995208740005")
    assert reading.nik("1303992902000001")


def test_odd_nik_is_taken_from_officers() -> None:
    assert reading.nik("1303997209760001", check_date=False) == "1303997209760001"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("29", "02", "2025"), "29 Februari 2025 tidak ada"),
        (("31", "04", "2026"), "31 April 2026 tidak ada"),
        (("00", "00", "2026"), "Bulan"),
        (("0", "1", "2026"), "tidak ada"),
        (("1", "13", "2026"), "Bulan"),
        (("2026", "W01", "1"), "dengan angka"),
        (("20260101", "", ""), "bulan dan tahun"),
        (("20260101", "1", "2026"), "dengan angka"),
        (("1", "1", "26"), "4 angka"),
        (("1", "", "2026"), "bulan"),
        (("١", "١", "2026"), "dengan angka"),
        (("-1", "1", "2026"), "dengan angka"),
        (("1_0", "1", "2026"), "dengan angka"),
        (("1", "1", "0000"), "tidak ada"),
    ],
)
def test_day_refused(typed: tuple[str, str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        reading.day(*typed)


def test_day_taken() -> None:
    assert reading.day("7", "1", "2026") == date(2026, 1, 7)
    assert reading.day(" 29 ", "02", "2024") == date(2024, 2, 29)
    assert reading.day("１７", "11", "2026") == date(2026, 11, 17)


@pytest.mark.parametrize(
    "typed",
    ["-1", "0", "1e9", "NaN", "Infinity", "1,000,000", "Rp 42 juta", "42000000,50", "42.000.00", "4200.000",
     "1_000", "٤٢٠٠٠", "42 000 000", "", "+5", "0x10", "9" * 16],
)  # fmt: skip
def test_money_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"42\.000\.000"):
        reading.money(typed)


@pytest.mark.parametrize(
    "typed", ["42000000", "42.000.000", "Rp42.000.000", "Rp 42.000.000", "Rp. 42000000", " 42000000 "]
)
def test_money_taken(typed: str) -> None:
    assert reading.money(typed) == 42_000_000


@pytest.mark.parametrize(
    "typed",
    [
        "Sam\x00sir",
        "Sam\nsir",
        "\ud800Samsir",
        "z" + "\u0301" * 500,
        "Samsir 😀",
        "...",
        "  ",
        "a" * 121,
        "Sam\x1b[0m",
    ],
)
def test_name_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        reading.name(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "0812-3456-7890",
        "081234567890",
        "6281234567890",
        "+62 812 3456 7890",
        "+62-812.3456.7890",
        "０８１２３４５６７８９０",
    ],
)
def test_phone_becomes_e164(typed: str) -> None:
    assert reading.phone(typed) == "+6281234567890"


@pytest.mark.parametrize(
    "typed", ["12", "0812", "abc", "08123456789012345", "tel:081234567890", "0812 3456 789O", "' OR 1=1"]
)
def test_phone_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="10–13 angka"):
        reading.phone(typed)


def test_bank_account_keeps_its_zeros() -> None:
    assert reading.bank_account(" 0012 3456-78 ") == "0012345678"


@pytest.mark.parametrize("typed", ["1234", "1" * 40, "12345678A", "", "١٢٣٤٥٦٧٨"])
def test_bank_account_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="buku tabungan"):
        reading.bank_account(typed)


@pytest.mark.parametrize("typed", ["", ".", "   ", "oke", "a.b.c.d.e.", "\u200b" * 30, "..........."])
def test_reason_must_say_something(typed: str) -> None:
    with pytest.raises(ValueError, match="10 huruf"):
        reading.reason(typed)


@pytest.mark.parametrize("typed", ["x" * 4001, "baris\n" * 100_000])
def test_long_text_is_refused_with_its_length(typed: str) -> None:
    with pytest.raises(ValueError, match="yang tertulis"):
        reading.text(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "{{ 7*7 }}",
        "'; DROP TABLE claim; --",
        "=HYPERLINK(1)",
        "<script>alert(1)</script>",
        "$(reboot)",
        "*)(uid=*",
    ],
)
def test_dangerous_looking_text_is_only_text(typed: str) -> None:
    assert reading.text(typed) == typed


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("14.05", time(14, 5)),
        ("9:30", time(9, 30)),
        (" 07 ", time(7)),
        ("０７.１５", time(7, 15)),
        ("0", time(0)),
    ],
)
def test_hour_taken(typed: str, means: time) -> None:
    assert reading.hour(typed) == means


@pytest.mark.parametrize(
    "typed", ["sore", "24.00", "12.60", "1405", "-1", "12.5", "2 siang", "١٤.٠٥", "x" * 5000]
)
def test_hour_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="Tulis jam dengan angka"):
        reading.hour(typed)


def test_a_percentage_in_thousandths() -> None:
    assert [reading.permille(typed) for typed in ("4,5", "4.5", "40", "40 %", "100", "0,1")] == [
        45,
        45,
        400,
        400,
        1000,
        1,
    ]
    for typed in ("0", "100,1", "4,55", "-4", "1e2", "empat"):
        with pytest.raises(ValueError, match="di atas 0 sampai 100"):
            reading.permille(typed)


def test_a_small_count() -> None:
    assert reading.count(" 3 ") == 3
    for typed in ("0", "100", "1,5", "-1"):
        with pytest.raises(ValueError, match="1 sampai 99"):
            reading.count(typed)
