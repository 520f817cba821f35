"""Checks of the two short lists: participant numbers that come back, and deaths that a nagari's own system knows.

The rows name people whom the registry must know already; they are found by NIK within the list's own region.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from caseflow.registry import cell_values
from caseflow.registry.cell_values import Wrong
from caseflow.registry.import_found import Found
from caseflow.registry.import_models import ImportFile
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Nominee
from caseflow.registry.row_checks import CheckedRow, Problem
from caseflow.registry.sheet_reading import Cell

_EMPTY = Cell("")
_CARD = re.compile(r"(?=.*[0-9])[0-9A-Z]{6,20}")
_DAY = {
    "numbers": ("tanggal_daftar", "Tanggal daftar"),
    "deaths": ("tanggal_meninggal", "Tanggal meninggal"),
}


def check_row(cells: Mapping[str, Cell], kind: str, *, today: date) -> CheckedRow:
    """Read and check one row of a list of numbers or deaths, without the registry."""
    row = CheckedRow(trimmed=sum(cell_values.is_trimmed(cell) for cell in cells.values()))
    column, label = _DAY[kind]
    _read(row, "nik", cell_values.nik, cells)
    if kind == "numbers":
        _read(row, "nomor_peserta", card_number, cells)
    _read(row, column, lambda cell: cell_values.day(cell, label), cells)
    if row.values.get(column, today) > today:
        row.problems.append(Problem(column, f"{label} belum terjadi.", "Periksa tanggalnya."))
    return row


def card_number(cell: Cell) -> str:
    """Return a participant number in capitals, without spaces, dots and dashes.

    Eleven signs as far as known, letters possible; not verified, so neither is asked for.
    """
    clean = re.sub(r"[\s.\-–]", "", cell_values.text(cell)).upper()
    if not clean:
        raise Wrong("Nomor peserta wajib diisi.", "Salin dari daftar BPJS Ketenagakerjaan.")
    if re.fullmatch(r"[0-9]([.,][0-9]+)?E\+?[0-9]+", clean):
        raise Wrong("Excel merusak nomor peserta.", "Ubah kolom menjadi Teks lalu ketik ulang.")
    if not _CARD.fullmatch(clean):
        raise Wrong(
            "Nomor peserta tidak terbaca.", "Hanya angka dan huruf, biasanya 11. Salin dari daftar BPJS."
        )
    return clean


def look_up(session: Session, file: ImportFile, by_index: Mapping[str, Found]) -> None:
    """Find the people of a page in the registry."""
    if file.kind == "numbers":
        _look_up_nominees(session, file.region_code, by_index)
    else:
        _look_up_dead(session, file.region_code, by_index)


def _look_up_nominees(session: Session, region_code: str, by_index: Mapping[str, Found]) -> None:
    rows = session.execute(
        select(Nominee.id, Nominee.national_id_index, Nominee.state, Worker.card_number)
        .outerjoin(Worker, Worker.id == Nominee.worker_id)
        .where(
            Nominee.national_id_index.in_(by_index),
            Nominee.state.in_(("accepted", "enrolled")),
            _under(Nominee.region_code, region_code),
        )
        .order_by(Nominee.starts_on)
    )
    known: dict[str, Any] = {}
    for row in rows:  # who waits for a number comes before who has one
        if row.national_id_index not in known or row.state == "accepted":
            known[row.national_id_index] = row
    for index, one in by_index.items():
        nominee = known.get(index)
        if nominee is None:
            one.refuse(
                "nik", "Tidak ada di usulan yang diterima.", "Periksa NIK-nya, atau terima usulannya dulu."
            )
        elif nominee.state == "enrolled" and nominee.card_number != one.checked.values.get("nomor_peserta"):
            one.refuse(
                "nomor_peserta", "Sudah terdaftar dengan nomor lain.", "Cocokkan dengan BPJS Ketenagakerjaan."
            )
        else:
            one.nominee_id, one.same = nominee.id, nominee.state == "enrolled"


def _look_up_dead(session: Session, region_code: str, by_index: Mapping[str, Found]) -> None:
    workers = session.scalars(
        select(Worker).where(Worker.national_id_index.in_(by_index), _under(Worker.region_code, region_code))
    )
    for worker in workers:
        one = by_index[worker.national_id_index]
        one.worker_id = worker.id
        died_on = one.checked.values.get("tanggal_meninggal")
        one.same = worker.died_on is not None and worker.died_on == died_on
        if worker.died_on is not None and not one.same:
            what = f"Sudah tercatat meninggal pada {worker.died_on:%d-%m-%Y}."
            one.refuse("tanggal_meninggal", what, "Bila tanggalnya keliru, ajukan perubahan data.")
        elif died_on is not None and died_on <= worker.born_on:
            one.refuse("tanggal_meninggal", "Tanggal meninggal sebelum tanggal lahir.", "Periksa tanggalnya.")
    for one in by_index.values():
        if one.worker_id is None:
            one.refuse("nik", "Bukan pekerja terdaftar di nagari ini.", "Hapus baris ini.")


def _under(column: InstrumentedAttribute[str], region_code: str) -> ColumnElement[bool]:
    return or_(column == region_code, column.startswith(f"{region_code}.", autoescape=True))


def _read(row: CheckedRow, column: str, read: Callable[[Cell], Any], cells: Mapping[str, Cell]) -> None:
    try:
        row.values[column] = read(cells.get(column, _EMPTY))
    except Wrong as wrong:
        row.problems.append(Problem(column, wrong.what, wrong.cure))
