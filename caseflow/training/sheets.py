"""Lists of invented workers to practise the import with: ninety-six rows of which eight need a look, and twenty good ones.

NIK with district 99 cannot exist. The faults stand in rows that are always the same, so that a lesson can name them.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import BinaryIO

import xlsxwriter

from caseflow.registry.import_columns import WORKERS

_MEN = ("Afrizal", "Syafrudin", "Zulkifli", "Jasman", "Nasrul", "Erizal", "Bustami", "Khairul", "Masrizal", "Darwis",
    "Yondri", "Hendri")  # fmt: skip
_WOMEN = ("Marnis", "Yulidar", "Rosna", "Asmawati", "Gusmiati", "Nurbaiti", "Desmawati", "Murniati", "Eliza",
    "Wirda", "Zubaidah", "Nurlela")  # fmt: skip
_SECOND = ("Putra", "Chaniago", "Koto", "Piliang", "Tanjung", "Jambak", "Sikumbang", "Caniago")
_WORK = (("Petani karet", "sedang"), ("Tukang ojek", "tinggi"), ("Buruh tani", "sedang"), ("Pedagang pasar", "rendah"),
    ("Garin masjid", "rendah"), ("Buruh bangunan", "tinggi"))  # fmt: skip
_JORONG = ("Pasar", "Koto Tuo")
_FIRST_BIRTH = date(1968, 3, 4)
_DAYS_APART = 137
_WOMAN_DAYS = 40
_FIRST_ROW = 2  # the header is row 1
Row = dict[str, str | int]


def _invented(ordinal: int, series: int) -> Row:
    woman = ordinal % 2 == 1
    born_on = _FIRST_BIRTH + timedelta(days=_DAYS_APART * (ordinal % 90))
    names = _WOMEN if woman else _MEN
    work, hazard = _WORK[ordinal % len(_WORK)]
    day = born_on.day + (_WOMAN_DAYS if woman else 0)
    return {
        "nik": f"130399{day:02d}{born_on:%m%y}{series + ordinal:04d}",
        "nama_lengkap": f"{names[ordinal % len(names)]} {_SECOND[ordinal // len(names) % len(_SECOND)]}",
        "nomor_kk": f"130399{10 + ordinal % 18:02d}0815{series + ordinal:04d}",
        "jenis_kelamin": "P" if woman else "L",
        "tempat_lahir": "Koto Latihan",
        "tanggal_lahir": f"{born_on:%d/%m/%Y}",
        "jorong": _JORONG[ordinal % len(_JORONG)],
        "alamat": f"Dekat surau nomor {ordinal + 1}",
        "pekerjaan": work,
        "risiko": hazard,
        "no_hp": f"0812{60000000 + series + ordinal}",
        "nama_ibu_kandung": _WOMEN[(ordinal + 5) % len(_WOMEN)],
        "desil": str(1 + ordinal % 4),
        "keterangan": "",
    }


# row in Excel → what is written there instead
_CHANGES: Mapping[int, Mapping[str, str | int]] = MappingProxyType(
    {
        14: {"nama_lengkap": "ZULBAHRI", "nik": 1303991209760000, "tanggal_lahir": "12/09/1976", "jenis_kelamin": "L"},
        22: {"nama_lengkap": "Afrizal", "nik": "1303990708810001", "tanggal_lahir": "07/08/1981", "jenis_kelamin": "L"},
        27: {"nama_lengkap": "Hj. Nuraini", "nik": "1303994502800003", "tanggal_lahir": "15/02/1980",
            "jenis_kelamin": "P"},
        35: {"pekerjaan": "Petani karret"},
        41: {"nama_lengkap": "Marlis", "nik": ""},
        49: {"no_hp": "0812"},
        58: {"nama_lengkap": "Yusrizal", "nik": "1303991110600002", "tanggal_lahir": "11/10/1960",
            "jenis_kelamin": "L"},
        73: {"nama_lengkap": "Afrizal", "nik": "1303990708810001", "tanggal_lahir": "07/08/1981",
            "jenis_kelamin": "L"},
        88: {"tanggal_lahir": "31/04/1985"},
    }
)  # fmt: skip


def rows_of_96() -> Iterator[Row]:
    """Give ninety-six rows: 88 good, 3 with a warning (27, 35, 49), 5 to correct (14, 41, 58, 73, 88)."""
    for ordinal in range(96):
        yield {**_invented(ordinal, 1000), **_CHANGES.get(ordinal + _FIRST_ROW, {})}


def rows_of_20() -> Iterator[Row]:
    """Give twenty good rows."""
    for ordinal in range(20):
        yield _invented(ordinal, 3000)


def _write(target: BinaryIO, rows: Iterator[Row]) -> None:
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("Data")
        plain, number = book.add_format({"num_format": "@"}), book.add_format({"num_format": "0"})
        bold = book.add_format({"bold": True, "num_format": "@"})
        for place, column in enumerate(WORKERS):
            sheet.set_column(place, place, 20)
            sheet.write_string(0, place, column.name, bold)
        for line, row in enumerate(rows, start=1):
            for place, column in enumerate(WORKERS):
                value = row[column.name]
                if isinstance(value, int):
                    sheet.write_number(line, place, value, number)
                else:
                    sheet.write_string(line, place, value, plain)


def write_96(target: BinaryIO) -> None:
    """Write the list of ninety-six."""
    _write(target, rows_of_96())


def write_20(target: BinaryIO) -> None:
    """Write the list of twenty."""
    _write(target, rows_of_20())


SHEETS: Mapping[str, Callable[[BinaryIO], None]] = MappingProxyType(
    {"pekerja-96": write_96, "pekerja-20": write_20}
)
