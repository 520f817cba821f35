"""The sheets of the import that leave: the empty format, and the faulty rows to be corrected and sent again.

Every text is a typed string that no spreadsheet runs (``sheets.defused``). Not here: the layout for BPJS.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

import xlsxwriter

from caseflow.registry import occupations
from caseflow.registry.import_columns import KINDS, NAGARI, NUMBERS, WORKERS, Column
from caseflow.registry.import_found import written
from caseflow.sheets import defused

ERRORS = "Kesalahan"
_ROWS_WITH_LISTS = 2_000
_WIDTHS = {"nik": 20, "nama_lengkap": 28, "nomor_kk": 20, "alamat": 28, "pekerjaan": 20, "nama_ibu_kandung": 22,
    "keterangan": 28, ERRORS: 60}  # fmt: skip
_OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_EXAMPLE = {
    "nik": "1303994502800003", "nama_lengkap": "Nuraini", "nomor_kk": "1303990101100001", "jenis_kelamin": "P",
    "tempat_lahir": "Koto Latihan", "tanggal_lahir": "05/02/1980", "alamat": "Dekat surau", "pekerjaan": "Petani karet",
    "risiko": "sedang", "no_hp": "081234567890", "nama_ibu_kandung": "Rosmanidar", "desil": "2",
    "keterangan": "CONTOH: baris ini tidak ikut diimpor",
}  # fmt: skip
_NOTES = (
    "Cara mengisi",
    "1. Tulis satu orang per baris. Jangan mengubah judul kolom di baris 1.",
    "2. NIK dan nomor KK: 16 angka dari KTP atau KK. Kolomnya sudah diatur sebagai Teks; jangan diubah menjadi Angka.",
    "3. Tanggal lahir: 17/11/1980, 17 November 1980, atau tanggal Excel.",
    "4. Jenis kelamin: L atau P. Risiko: rendah, sedang, tinggi, atau kosong.",
    "5. Jorong dan pekerjaan: pilih dari daftar di kotaknya. Pekerjaan lain boleh ditulis sendiri.",
    "6. Wajib diisi: NIK, nama, jenis kelamin, tanggal lahir, jorong, pekerjaan.",
    "   Nomor KK dan tempat lahir wajib sebelum usulan diajukan.",
    "7. Usia: paling muda 15 tahun dan belum 65 tahun pada hari pertama masa kuota.",
    "8. Baris contoh tidak ikut diimpor. Boleh dihapus.",
    "9. Simpan sebagai .xlsx, lalu unggah. Tidak ada yang tersimpan sebelum Anda menekan Impor.",
)


def write_template(target: BinaryIO, *, nagari: str, jorong: Sequence[str]) -> None:
    """Write the empty format of a nagari: lists to choose from, numbers kept as text, an example, how to fill it in."""
    with xlsxwriter.Workbook(target, {**_OPTIONS, "constant_memory": False}) as book:
        sheet = book.add_worksheet("Data")
        _head(book, sheet, WORKERS)
        plain = book.add_format({"num_format": "@"})
        quiet = book.add_format({"num_format": "@", "italic": True, "font_color": "#52606D"})
        for place, column in enumerate(WORKERS):
            sheet.set_column(place, place, _WIDTHS.get(column.name, 16), plain)
            example = {**_EXAMPLE, "jorong": jorong[0] if jorong else "Pasar"}.get(column.name, "")
            sheet.write_string(1, place, example, quiet)
        choices = book.add_worksheet("Pilihan")
        offered: Mapping[str, Sequence[str]] = {
            "jenis_kelamin": ("L", "P"),
            "jorong": jorong,
            "pekerjaan": tuple(occupations.COMMON),
            "risiko": ("rendah", "sedang", "tinggi"),
        }
        for place, (name, values) in enumerate(offered.items()):
            choices.write_column(0, place, [name, *values])
            if values:
                _offer(sheet, name, source=f"=Pilihan!${'ABCD'[place]}$2:${'ABCD'[place]}${len(values) + 1}")
        notes = book.add_worksheet("Keterangan")
        notes.set_column(0, 0, 110)
        notes.write_column(0, 0, [f"Format daftar pekerja · {defused(nagari)}", *_NOTES])


def write_numbers_template(target: BinaryIO) -> None:
    """Write the empty format in which participant numbers come back."""
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        sheet = book.add_worksheet("Data")
        plain = book.add_format({"num_format": "@"})
        for place in range(len(NUMBERS)):
            sheet.set_column(place, place, 24, plain)
        _head(book, sheet, NUMBERS)


def write_correction(target: BinaryIO, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the faulty rows as they were sent, with what is wrong beside them; it can be corrected and sent again.

    :param rows: ``content`` and ``problems`` of rows, in the order of the file.
    """
    texts_of = [(written(row["content"]), row["problems"]) for row in rows]
    # a row of another nagari stays one when it is sent again; nobody is asked for a column that was not there
    told_nagari = any(NAGARI.name in texts for texts, _ in texts_of)
    columns = [one for one in KINDS[kind] if one is not NAGARI or told_nagari]
    columns.append(Column(ERRORS, ERRORS))
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        sheet = book.add_worksheet("Data")
        plain = book.add_format({"num_format": "@"})
        red = book.add_format({"num_format": "@", "text_wrap": True, "font_color": "#A3262A"})
        for place, column in enumerate(columns):
            sheet.set_column(
                place, place, _WIDTHS.get(column.name, 16), red if column.name == ERRORS else plain
            )
        _head(book, sheet, columns)
        for number, (texts, problems) in enumerate(texts_of, start=1):
            for place, column in enumerate(columns[:-1]):
                sheet.write_string(number, place, defused(texts.get(column.name, "")), plain)
            said = " ".join(f"{one['what']} {one['cure']}" for one in problems)
            sheet.write_string(number, len(columns) - 1, defused(said), red)


def _head(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    bold = book.add_format({"bold": True, "num_format": "@", "bg_color": "#E3F1EC", "bottom": 1})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, bold)


def _offer(sheet: Any, name: str, *, source: str) -> None:
    """Let a column offer a list; other work may be written, other sexes and jorong may not."""
    place = next(place for place, column in enumerate(WORKERS) if column.name == name)
    rule = {"validate": "list", "source": source, "error_type": "information" if name == "pekerjaan" else "stop",
        "error_title": "Tidak ada di daftar", "error_message": "Pilih dari daftar. Pekerjaan lain boleh ditulis sendiri."
        if name == "pekerjaan" else "Pilih dari daftar."}  # fmt: skip
    sheet.data_validation(1, place, _ROWS_WITH_LISTS, place, rule)
