"""Every row of a list that people write: read strictly, explained kindly, never stored damaged (F01–F06, F10–F11, F14, F21–F25)."""

import string
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caseflow.registry import cell_values, row_checks
from caseflow.registry.cell_values import Wrong
from caseflow.registry.nominee_checks import age_on
from caseflow.registry.row_checks import CheckedRow, Problem, check_row
from caseflow.registry.sheet_reading import Cell

STARTS_ON, TODAY = date(2027, 1, 1), date(2026, 11, 20)
GOOD = {
    "nik": "1303991209760001", "nama_lengkap": "Samsir", "nomor_kk": "1303990101100001", "jenis_kelamin": "L",
    "tempat_lahir": "Koto Latihan", "tanggal_lahir": "12/09/1976", "jorong": "Pasar", "alamat": "Dekat surau",
    "pekerjaan": "Petani karet", "risiko": "sedang", "no_hp": "081234567890", "nama_ibu_kandung": "Rosna",
    "desil": "2", "keterangan": "",
}  # fmt: skip


def check(**changes: str | Cell) -> CheckedRow:
    """Check a good row with these cells written over."""
    cells = {**GOOD, **changes}
    return check_row(
        {name: cell if isinstance(cell, Cell) else Cell(cell) for name, cell in cells.items()},
        starts_on=STARTS_ON,
        today=TODAY,
    )


def only(row: CheckedRow, column: str, level: str) -> Problem:
    """Return the one problem of a row."""
    (problem,) = row.problems
    assert (problem.column, problem.level) == (column, level)
    assert problem.cure
    return problem


def test_a_good_row_has_no_problems_and_all_its_values() -> None:
    row = check()
    assert row.problems == []
    assert row.trimmed == 0
    assert row.values == {
        "nik": "1303991209760001", "nama_lengkap": "Samsir", "nomor_kk": "1303990101100001", "jenis_kelamin": "m",
        "tempat_lahir": "Koto Latihan", "tanggal_lahir": date(1976, 9, 12), "jorong": "Pasar",
        "alamat": "Dekat surau", "pekerjaan": "Petani karet", "risiko": "medium", "no_hp": "+6281234567890",
        "nama_ibu_kandung": "Rosna", "desil": 2, "keterangan": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param("", "NIK wajib diisi.", id="empty"),
        pytest.param("130399120976001", "NIK harus 16 angka; yang tertulis 15.", id="F01-15"),
        pytest.param("13039912097600011", "NIK harus 16 angka; yang tertulis 17.", id="F01-17"),
        pytest.param(
            Cell("1303991209760000", "number"), "NIK terbaca sebagai angka; angka terakhir hilang.", id="zero"
        ),
        pytest.param(
            Cell("1303991209760001", "number"), "NIK terbaca sebagai angka; angkanya bisa berubah.", id="cell"
        ),
        pytest.param("1,30399E+15", "Excel merusak NIK; angka terakhir hilang.", id="F36-comma"),
        pytest.param("1.30399120976E+15", "Excel merusak NIK; angka terakhir hilang.", id="F36-point"),
        pytest.param("1303991209760000", "NIK terbaca sebagai angka; angka terakhir hilang.", id="csv-zero"),
        pytest.param("0000000000000000", "NIK ini tidak mungkin ada.", id="F05-zeros"),
        pytest.param("0003991209760001", "NIK ini tidak mungkin ada.", id="F05-province"),
        pytest.param("13O3991209760001", "NIK hanya berisi angka 0 sampai 9.", id="letter"),
        pytest.param("1303991209760\x000001", "Ada huruf yang tidak terbaca.", id="F04-nul-inside"),
        pytest.param(
            "1303\u200b99120976", "NIK harus 16 angka; yang tertulis 12.", id="F04-zero-width-short"
        ),
    ],
)
def test_a_damaged_nik_is_an_error_with_its_cure(written: str | Cell, said: str) -> None:
    row = check(nik=written)
    assert only(row, "nik", "error").what == said
    assert "nik" not in row.values


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("1303 9912 0976 0001", id="groups"),
        pytest.param("1303.9912.0976.0001", id="dots"),
        pytest.param("'1303991209760001", id="apostrophe"),
        pytest.param("１３０３９９１２０９７６０００１", id="F03-full-width"),
        pytest.param("١٣٠٣٩٩١٢٠٩٧٦٠٠٠١", id="F03-arabic-indic"),
        pytest.param("1303991209760001\n", id="F04-newline"),
        pytest.param("1303991209760001\x00", id="F04-nul"),
        pytest.param("\ufeff1303991209\u200b760001", id="F04-zero-width"),
    ],
)
def test_a_nik_in_other_writing_is_stored_in_plain_digits(written: str) -> None:
    row = check(nik=written)
    assert row.problems == []
    assert row.values["nik"] == "1303991209760001"


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        pytest.param({"nik": "1303997209760001"}, "nik", "Angka ke-7 sampai ke-12 NIK bukan tanggal.", id="F05-day-72"),
        pytest.param({"nik": "1303991213760001"}, "nik", "Angka ke-7 sampai ke-12 NIK bukan tanggal.", id="F05-month-13"),
        pytest.param({"tanggal_lahir": "13/09/1976"}, "tanggal_lahir",
            "Tanggal lahir 13-09-76, NIK menunjukkan 12-09-76.", id="F06-day"),
        pytest.param({"jenis_kelamin": "P"}, "jenis_kelamin", "Jenis kelamin berbeda: NIK menunjukkan laki-laki.",
            id="F06-sex"),
        pytest.param({"nama_lengkap": "Sаmsir"}, "nama_lengkap",
            "Nama berisi huruf dari abjad lain yang mirip huruf Latin.", id="F24"),
        pytest.param({"pekerjaan": "Petani karret"}, "pekerjaan", "Pekerjaan ini tidak ada di daftar.", id="nearly"),
        pytest.param({"no_hp": "0812"}, "no_hp", "Nomor HP tidak terbaca. Isinya tidak ikut diimpor.", id="phone"),
        pytest.param({"desil": "11"}, "desil", "Desil tidak terbaca. Isinya tidak ikut diimpor.", id="decile"),
        pytest.param({"risiko": "aman"}, "risiko", "Risiko pekerjaan tidak terbaca. Isinya tidak ikut diimpor.",
            id="hazard"),
        pytest.param({"nik": "1303991209100001", "tanggal_lahir": "12/09/2010"}, "tanggal_lahir",
            "Usia 16 tahun pada 1 Jan 2027: belum dewasa.", id="F11-16"),
    ],
)  # fmt: skip
def test_what_is_only_strange_is_a_warning_and_does_not_block(
    changes: dict[str, str], column: str, said: str
) -> None:
    row = check(**changes)
    assert only(row, column, "warning").what == said
    assert not row.has_errors


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        pytest.param({"nomor_kk": "1303991209760001"}, "nomor_kk", "Nomor KK sama dengan NIK.", id="F10"),
        pytest.param({"nomor_kk": "13039"}, "nomor_kk", "Nomor KK harus 16 angka; yang tertulis 5.", id="card"),
        pytest.param({"nama_lengkap": ""}, "nama_lengkap", "Nama wajib diisi.", id="no-name"),
        pytest.param({"nama_lengkap": "S" * 121}, "nama_lengkap", "Terlalu panjang: 121 huruf.", id="F21-long"),
        pytest.param({"nama_lengkap": "Sam\x00sir"}, "nama_lengkap", "Ada huruf yang tidak terbaca.", id="F23-nul"),
        pytest.param({"nama_lengkap": "Sam\ud800sir"}, "nama_lengkap", "Ada huruf yang tidak terbaca.", id="F23-lone"),
        pytest.param({"nama_lengkap": "S" + "\u0301" * 500}, "nama_lengkap", "Terlalu panjang: 500 huruf.",
            id="F23-zalgo"),
        pytest.param({"nama_lengkap": "a" + "\u0488" * 9}, "nama_lengkap", "Nama berisi tanda yang bukan huruf.",
            id="F23-stacked"),
        pytest.param({"nama_lengkap": "Samsir \U0001f33e"}, "nama_lengkap", "Nama berisi tanda yang bukan huruf.",
            id="F23-emoji"),
        pytest.param({"jenis_kelamin": "x"}, "jenis_kelamin", "Jenis kelamin tidak terbaca.", id="sex"),
        pytest.param({"jorong": ""}, "jorong", "Jorong wajib diisi.", id="jorong"),
        pytest.param({"pekerjaan": ""}, "pekerjaan", "Pekerjaan wajib diisi.", id="work"),
        pytest.param({"alamat": "x" * 501}, "alamat", "Terlalu panjang: 501 huruf.", id="F26"),
        pytest.param({"tanggal_lahir": "21/11/2026"}, "tanggal_lahir", "Tanggal lahir belum terjadi.", id="F11-future"),
        pytest.param({"tanggal_lahir": "01/01/1899"}, "tanggal_lahir", "Tanggal lahir terlalu lama.", id="F11-1899"),
        pytest.param({"tanggal_lahir": "12/09/2012"}, "tanggal_lahir",
            "Usia 14 tahun pada 1 Jan 2027 — di luar batas.", id="F11-14"),
        pytest.param({"tanggal_lahir": "11/10/1960"}, "tanggal_lahir",
            "Usia 66 tahun pada 1 Jan 2027 — di luar batas.", id="66"),
        pytest.param({"tanggal_lahir": "01/01/1962"}, "tanggal_lahir",
            "Usia 65 tahun pada 1 Jan 2027 — di luar batas.", id="65"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_an_error(changes: dict[str, str], column: str, said: str) -> None:
    row = check(**changes)
    errors = [one for one in row.problems if one.level == "error"]
    assert [(one.column, one.what) for one in errors] == [(column, said)]
    assert errors[0].cure


@pytest.mark.parametrize("written", ["", "29/02/2025", "31/04/2026", "00/00/2026", "2026-W01-1", "20260101", "12/09/76",
    "09/13/1976", "12 Sebtember 1976", "kemarin", "1976"])  # fmt: skip
def test_a_day_that_is_none_or_could_be_two_is_refused(written: str) -> None:
    with pytest.raises(Wrong) as refused:
        cell_values.day(Cell(written), "Tanggal lahir")
    assert "17/11/1980" in refused.value.cure


@pytest.mark.parametrize(
    "cell",
    [
        Cell("12/09/1976"), Cell("12-09-1976"), Cell("12.9.1976"), Cell("12 9 1976"), Cell("1976-09-12"),
        Cell("1976-09-12 00:00:00"), Cell("12 September 1976"), Cell("12 sept 1976"), Cell("12-Sep-1976"),
        Cell("Minggu, 12 September 1976"), Cell("28015"), Cell("28015", "number"), Cell("12/09/1976", "date"),
    ],
)  # fmt: skip
def test_days_are_read_in_every_form_that_excel_and_people_write(cell: Cell) -> None:
    assert cell_values.day(cell, "Tanggal lahir") == date(1976, 9, 12)


@pytest.mark.parametrize("written", ["O'Brien", "M. Yusuf Dt. Rajo", "Suharto", "Å", "null", "None", "NaN", "True",
    "Hj. Nuraini, S.Pd", "=HYPERLINK(1)", "+cmd|calc", "@SUM(A1)", "-2+3a", "S" * 120])  # fmt: skip
def test_names_are_plain_text_whatever_they_look_like(written: str) -> None:
    assert check(nama_lengkap=written).values["nama_lengkap"] == written


def test_what_our_own_export_put_before_a_formula_comes_off_again() -> None:
    assert check(nama_lengkap="'=HYPERLINK(1)").values["nama_lengkap"] == "=HYPERLINK(1)"


def test_spaces_are_put_right_silently_and_counted() -> None:
    row = check(nama_lengkap="  Samsir   Rajo ", jorong="Pasar\n", alamat="Dekat\r\nsurau")
    assert row.problems == []
    assert row.trimmed == 3
    assert (row.values["nama_lengkap"], row.values["alamat"]) == ("Samsir Rajo", "Dekat surau")


def test_a_phone_that_excel_took_for_a_number_gets_its_zero_back() -> None:
    assert check(no_hp=Cell("81234567890", "number")).values["no_hp"] == "+6281234567890"


def test_the_example_of_the_format_is_known() -> None:
    assert row_checks.is_example({"keterangan": Cell("CONTOH: baris ini tidak ikut diimpor")})
    assert not row_checks.is_example({"keterangan": Cell("ikut musyawarah")})


cells = st.builds(Cell, st.text(max_size=60), st.sampled_from(["text", "number", "date"]))


@given(st.dictionaries(st.sampled_from([*GOOD, "nagari"]), cells))
@example({"nik": Cell("\x00"), "tanggal_lahir": Cell("99999")})
def test_no_row_makes_the_checks_stumble_and_none_lets_damage_through(row: dict[str, Cell]) -> None:
    checked = check_row(row, starts_on=STARTS_ON, today=TODAY)
    assert all(problem.what and problem.cure for problem in checked.problems)
    nik = checked.values.get("nik")
    assert nik is None or (len(nik) == 16 and set(nik) <= set(string.digits))
    if not checked.has_errors:
        assert {"nik", "nama_lengkap", "tanggal_lahir", "jenis_kelamin", "jorong", "pekerjaan"} <= set(
            checked.values
        )
        assert checked.values["nama_lengkap"].isprintable()
        assert 15 <= age_on(checked.values["tanggal_lahir"], STARTS_ON) < 65


@given(st.integers(0, 40_000))
def test_a_serial_of_excel_is_the_day_that_excel_shows(days: int) -> None:
    born_on = date(1900, 3, 1) + timedelta(days=days)
    serial = (born_on - date(1899, 12, 30)).days
    if serial >= 10_000:
        assert cell_values.day(Cell(str(serial), "number"), "Tanggal lahir") == born_on


@given(st.text(alphabet="0123456789", min_size=16, max_size=16), st.sampled_from(["", " ", ".", "-"]))
def test_sixteen_digits_come_out_as_they_went_in_or_not_at_all(digits: str, between: str) -> None:
    typed = between.join(digits[place : place + 4] for place in range(0, 16, 4))
    if digits.startswith("00") or len(set(digits)) == 1 or digits.endswith("0000"):
        with pytest.raises(Wrong):
            cell_values.nik(Cell(typed))
    else:
        assert cell_values.nik(Cell(typed)) == digits
