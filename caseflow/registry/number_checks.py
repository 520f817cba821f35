"""Checks of the two short lists: participant numbers that come back, and deaths that a nagari's own system knows.

The rows name people whom the registry must know already; they are found by NIK within the list's own region.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from caseflow.registry import cell_values, life
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


def look_up(
    session: Session, file: ImportFile, by_index: Mapping[str, Found], cards: MutableMapping[str, int]
) -> None:
    """Find the people of a page in the registry.

    :param cards: participant numbers of the pages before, with the line of the first row; grows.
    """
    if file.kind == "numbers":
        _refuse_numbers_twice(session, by_index, cards)
        _look_up_nominees(session, file.region_code, by_index)
    else:
        _look_up_dead(session, file.region_code, by_index)


def _refuse_numbers_twice(
    session: Session, by_index: Mapping[str, Found], cards: MutableMapping[str, int]
) -> None:
    """A participant number is one person's: in the list, and in the registry."""
    written = {index: one.checked.values.get("nomor_peserta") for index, one in by_index.items()}
    holders = session.execute(
        select(Worker.card_number, Worker.national_id_index).where(
            Worker.card_number.in_([number for number in written.values() if number])
        )
    )
    held = {row.card_number: row.national_id_index for row in holders}
    for index, number in written.items():
        if number is None:
            continue
        earlier = cards.setdefault(number, by_index[index].row.line)
        if earlier != by_index[index].row.line:
            what = f"Nomor peserta ini sudah ada di baris {earlier}."
            by_index[index].refuse(
                "nomor_peserta", what, "Satu nomor untuk satu orang. Cocokkan dengan daftar BPJS."
            )
        elif held.get(number, index) != index:
            by_index[index].refuse(
                "nomor_peserta",
                "Nomor peserta ini sudah dipakai orang lain.",
                "Cocokkan dengan BPJS Ketenagakerjaan.",
            )


def _look_up_nominees(session: Session, region_code: str, by_index: Mapping[str, Found]) -> None:
    rows = session.execute(
        select(
            Nominee.id,
            Nominee.national_id_index,
            Nominee.state,
            Nominee.born_on,
            Worker.card_number,
        )
        .outerjoin(Worker, Worker.national_id_index == Nominee.national_id_index)
        .where(
            Nominee.national_id_index.in_(by_index),
            Nominee.state.in_(("accepted", "enrolled")),
            _under(Nominee.region_code, region_code),
        )
        .order_by(Nominee.starts_on)
    )
    dead = life.dead_among(session, by_index.keys())
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
        elif nominee.card_number and nominee.card_number != one.checked.values.get("nomor_peserta"):
            one.refuse(
                "nomor_peserta", "Sudah terdaftar dengan nomor lain.", "Cocokkan dengan BPJS Ketenagakerjaan."
            )
        else:
            one.nominee_id, one.same = nominee.id, nominee.state == "enrolled"
            _refuse_day(one, nominee.born_on, dead.get(index))


def _refuse_day(one: Found, born_on: date, died_on: date | None) -> None:
    """What enrolment would refuse is told at its row: one such row would keep all others out."""
    registered_on = one.checked.values.get("tanggal_daftar")
    if registered_on is None or one.same:
        return
    if registered_on <= born_on:
        one.refuse("tanggal_daftar", "Tanggal daftar sebelum hari lahir.", "Periksa tahunnya.")
    elif died_on is not None and registered_on >= died_on:
        what = f"Orang ini tercatat meninggal pada {died_on:%d-%m-%Y}."
        one.refuse("tanggal_daftar", what, "Periksa tanggalnya; bila status hidupnya keliru, betulkan dulu.")


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
        elif died_on is not None and died_on < worker.registered_on and not one.same:
            what = f"Tanggal meninggal sebelum hari terdaftar ({worker.registered_on:%d-%m-%Y})."
            cure = "Periksa tanggalnya; bila memang benar, hubungi petugas cabang."
            one.refuse("tanggal_meninggal", what, cure)
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
