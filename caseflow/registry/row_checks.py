"""Is one row of a list of workers right? Pure: no database, no clock; every problem names column, fault and cure.

An error keeps the row out; a warning does not. What needs the other rows or the registry: ``import_checking``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Literal

from caseflow.formats import short_date
from caseflow.registry import cell_values, occupations
from caseflow.registry.cell_values import WOMAN_DAYS, Wrong
from caseflow.registry.nominee_checks import TOO_OLD, YOUNGEST, age_on
from caseflow.registry.sheet_reading import Cell

ADULT = 18
_EXAMPLE = "contoh"  # the row of the format that shows how to write
_CHECK_CARD = "Cocokkan dengan KTP. Bila memang begitu, biarkan."

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell.

    :ivar column: name of the column; empty: the whole row.
    """

    column: str
    what: str
    cure: str
    level: Level = "error"


@dataclass(slots=True)
class CheckedRow:
    """A row after the checks.

    :ivar values: column → value that is kept, only for what could be read; :ivar trimmed: cells whose spaces were put right.
    """

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    trimmed: int = 0

    @property
    def has_errors(self) -> bool:
        """Whether the row stays out."""
        return any(one.level == "error" for one in self.problems)


_READERS: Mapping[str, Callable[[Cell], Any]] = {
    "nik": cell_values.nik,
    "nama_lengkap": cell_values.name,
    "nomor_kk": cell_values.family_card,
    "jenis_kelamin": cell_values.sex,
    "tempat_lahir": partial(cell_values.text, longest=120),
    "tanggal_lahir": partial(cell_values.day, label="Tanggal lahir"),
    "jorong": partial(cell_values.text, longest=60),
    "alamat": partial(cell_values.text, longest=500),
    "pekerjaan": partial(cell_values.text, longest=120),
    "risiko": cell_values.hazard,
    "no_hp": cell_values.phone,
    "nama_ibu_kandung": partial(cell_values.name, label="Nama ibu", required=False),
    "desil": cell_values.decile,
    "keterangan": partial(cell_values.text, longest=500),
    "nagari": partial(cell_values.text, longest=120),
}
# wrong there, the row goes in without the value
_DISPENSABLE = {"no_hp": None, "risiko": "", "desil": None}
_EMPTY = Cell("")


def is_example(cells: Mapping[str, Cell]) -> bool:
    """Whether this is the row of our own format that shows how to write."""
    return cells.get("keterangan", _EMPTY).text.strip().casefold().startswith(_EXAMPLE)


def check_row(cells: Mapping[str, Cell], *, starts_on: date, today: date) -> CheckedRow:
    """Read and check one row.

    :param starts_on: first day of the period for which people are nominated.
    """
    row = CheckedRow(trimmed=sum(cell_values.is_trimmed(cell) for cell in cells.values()))
    for column, read in _READERS.items():
        if column == "nagari" and column not in cells:
            continue
        try:
            row.values[column] = read(cells.get(column, _EMPTY))
        except Wrong as wrong:
            _note_wrong(row, column, wrong)
    _check_work(row)
    _check_name(row)
    _check_age(row, starts_on, today)
    _check_numbers(row)
    return row


def _note_wrong(row: CheckedRow, column: str, wrong: Wrong) -> None:
    if column in _DISPENSABLE:
        row.values[column] = _DISPENSABLE[column]
        row.problems.append(
            Problem(column, f"{wrong.what} Isinya tidak ikut diimpor.", wrong.cure, "warning")
        )
    else:
        row.problems.append(Problem(column, wrong.what, wrong.cure))


def _check_work(row: CheckedRow) -> None:
    """Work must be named; what is nearly a name of the list is asked about, other work is taken as written."""
    written = row.values.get("pekerjaan")
    if written is None:
        return
    listed = occupations.listed(written)
    nearest = None if listed else occupations.nearest(written)
    if not written:
        row.problems.append(
            Problem("pekerjaan", "Pekerjaan wajib diisi.", "Pilih dari daftar, atau tulis pekerjaannya.")
        )
    elif listed:
        row.values["pekerjaan"] = listed
    elif nearest:
        cure = f"Mungkin maksudnya {nearest}. Bila tidak, biarkan."
        row.problems.append(Problem("pekerjaan", "Pekerjaan ini tidak ada di daftar.", cure, "warning"))
    if row.values.get("jorong") == "":
        row.problems.append(Problem("jorong", "Jorong wajib diisi.", "Pilih jorong dari daftar di format."))


def _check_name(row: CheckedRow) -> None:
    if cell_values.mixed_scripts(row.values.get("nama_lengkap", "")):
        what = "Nama berisi huruf dari abjad lain yang mirip huruf Latin."
        row.problems.append(Problem("nama_lengkap", what, "Ketik ulang namanya seperti di KTP.", "warning"))


def _check_age(row: CheckedRow, starts_on: date, today: date) -> None:
    born_on = row.values.get("tanggal_lahir")
    if born_on is None:
        return
    age, on = age_on(born_on, starts_on), short_date(starts_on)
    outside = Problem("tanggal_lahir", f"Usia {age} tahun pada {on} — di luar batas.", "")
    if born_on > today:
        row.problems.append(Problem("tanggal_lahir", "Tanggal lahir belum terjadi.", "Lihat lagi di KTP."))
    elif age >= TOO_OLD:
        cure = f"Harus belum {TOO_OLD} tahun. Periksa tanggal lahirnya; bila benar, keluarkan dari daftar."
        row.problems.append(Problem("tanggal_lahir", outside.what, cure))
    elif age < YOUNGEST:
        cure = f"Paling muda {YOUNGEST} tahun. Periksa tanggal lahirnya; bila benar, keluarkan dari daftar."
        row.problems.append(Problem("tanggal_lahir", outside.what, cure))
    elif age < ADULT:
        what = f"Usia {age} tahun pada {on}: belum dewasa."
        row.problems.append(
            Problem("tanggal_lahir", what, "Pastikan ia memang bekerja. Bila ya, biarkan.", "warning")
        )


def _check_numbers(row: CheckedRow) -> None:
    """A NIK carries birthday and sex (women: day plus 40). Real ones differ sometimes: never an error."""
    nik = row.values.get("nik")
    if nik is None:
        return
    if nik == row.values.get("nomor_kk"):
        row.problems.append(
            Problem(
                "nomor_kk", "Nomor KK sama dengan NIK.", "Isi 16 angka dari Kartu Keluarga, atau kosongkan."
            )
        )
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    sex_told = "f" if day > WOMAN_DAYS else "m"
    day -= WOMAN_DAYS if sex_told == "f" else 0
    born_on, sex = row.values.get("tanggal_lahir"), row.values.get("jenis_kelamin")
    if not any(_exists(century + year, month, day) for century in (1900, 2000)):
        what = "Angka ke-7 sampai ke-12 NIK bukan tanggal."
        row.problems.append(Problem("nik", what, _CHECK_CARD, "warning"))
    elif born_on is not None and (born_on.day, born_on.month, born_on.year % 100) != (day, month, year):
        what = f"Tanggal lahir {born_on:%d-%m-%y}, NIK menunjukkan {day:02d}-{month:02d}-{year:02d}."
        row.problems.append(Problem("tanggal_lahir", what, _CHECK_CARD, "warning"))
    elif sex is not None and sex != sex_told:
        words = "perempuan" if sex_told == "f" else "laki-laki"
        what = f"Jenis kelamin berbeda: NIK menunjukkan {words}."
        row.problems.append(Problem("jenis_kelamin", what, _CHECK_CARD, "warning"))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
