"""Background work: read a list that was uploaded, check every row, keep what was found. Changes nothing else.

One transaction, under the lock of the list: a job that runs twice does it once. How far it is, is written by short
transactions of their own.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from typing import BinaryIO, cast

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from caseflow import clock, sealing
from caseflow.documents.storage import CHUNK, ObjectStore
from caseflow.registry import import_columns, import_progress, life, number_checks, regions, row_checks
from caseflow.registry.import_found import Found
from caseflow.registry.import_models import ImportFile, ImportRow
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import GONE, Nominee, Quota, RegistryFile
from caseflow.registry.sheet_reading import SheetRefused, SheetRow, read_rows

Sessions = Callable[[], Session]
_PAGE = 500
_MOVED = "Hubungi DPMN bila orangnya pindah."


@dataclass(slots=True)
class Run:
    """What is known while a list is read: its place, its period, whom it already named."""

    session: Session
    file: ImportFile
    today: date
    quota: Quota | None = None
    nagari: str = ""
    held: int = 0  # places taken, or wanted by other drafts
    wanted: int = 0  # by this list
    lines: dict[str, int] = field(default_factory=dict)  # blind index → line of the first row with it
    cards: dict[str, int] = field(default_factory=dict)  # participant number → line of the first row with it
    places: dict[str, str | None] = field(default_factory=dict)
    jorong: Sequence[str] = ()


def run_check(sessions: Sessions, store: ObjectStore, import_file_id: int, *, now: datetime) -> None:
    """Check a list. Does nothing when it is not waiting to be checked."""
    with sessions() as session, session.begin():
        file = _locked(session, import_file_id)
        if file is None:
            return
        session.execute(delete(ImportRow).where(ImportRow.import_file_id == file.id))
        try:
            with session.begin_nested(), _body(session, store, file) as (body, media_type):
                _check(sessions, _run(session, file, clock.local(now).date()), read_rows(body, media_type))
        except SheetRefused as refused:
            file.state, file.problem = "failed", refused.sentence
        file.checked_at = now
        file.version += 1


def _locked(session: Session, import_file_id: int) -> ImportFile | None:
    return session.scalar(
        select(ImportFile)
        .where(ImportFile.id == import_file_id, ImportFile.state == "checking")
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


@contextmanager
def _body(session: Session, store: ObjectStore, file: ImportFile) -> Iterator[tuple[BinaryIO, str]]:
    """Give the stored file as a stream that can be read from any place, and its type."""
    kept = session.get_one(RegistryFile, file.file_id)
    with tempfile.TemporaryFile(prefix="caseflow-", suffix=".list") as body:
        with store.open(kept.object_key) as stored:
            while chunk := stored.read(CHUNK):
                body.write(chunk)
        body.seek(0)
        yield cast(BinaryIO, body), kept.media_type


def _run(session: Session, file: ImportFile, today: date) -> Run:
    run = Run(session, file, today)
    if file.quota_id is not None:
        run.quota = session.get_one(Quota, file.quota_id)
        drafts = select(func.count()).where(
            Nominee.quota_id == file.quota_id, Nominee.state.in_(("draft", "returned"))
        )
        run.held = run.quota.taken + int(session.execute(drafts).scalar_one())
        run.jorong = [one.name for one in regions.jorong(session, file.region_code, on=today)]
    nagari = regions.nagari_of(session, file.region_code)
    run.nagari = nagari.name if nagari else ""
    return run


def _check(sessions: Sessions, run: Run, rows: Iterable[SheetRow]) -> None:
    file, coming = run.file, iter(rows)
    first = list(islice(coming, import_columns.HEADER_WITHIN))
    if not _read_header(file, first):
        return
    file.first_over_quota = file.first_over_budget = None
    file.trimmed = done = 0
    lines = (row for row in chain(first, coming) if row.line > file.header_line)
    while page := list(islice(lines, _PAGE)):
        found = [one for row in page if (one := _look(run, row)) is not None]
        _look_up(run, found)
        for one in found:
            _count(run, one)
        if found:
            run.session.execute(insert(ImportRow), [one.columns(file.id) for one in found])
        done += len(page)
        import_progress.report(sessions, file.id, done)
    if done == 0:
        raise SheetRefused(
            "Tidak ada baris di bawah judul kolom. Belum ada yang diimpor. Isi daftarnya, lalu kirim lagi."
        )
    file.state = "checked"


def _read_header(file: ImportFile, first: Sequence[SheetRow]) -> bool:
    """Find the row of headers; ``False``: somebody must say which column is which."""
    header = import_columns.find_header(first, file.kind)
    if header is None:
        raise SheetRefused("Berkas ini kosong. Belum ada yang diimpor. Pilih berkas yang berisi daftar.")
    if file.mapped:
        return True  # chosen by hand
    file.header_line, file.headers, file.mapped = header.line, list(header.texts), header.mapped
    if import_columns.missing(header.mapped, file.kind):
        file.state = "uploaded"
        return False
    return True


def _look(run: Run, row: SheetRow) -> Found | None:
    cells = import_columns.picked(row, run.file.mapped)
    if run.file.kind != "workers":
        return Found(row, cells, number_checks.check_row(cells, run.file.kind, today=run.today))
    if row_checks.is_example(cells):
        return None
    assert run.quota is not None  # noqa: S101 (a list of workers has one: constraint workers_have_a_quota)
    found = Found(row, cells, row_checks.check_row(cells, starts_on=run.quota.starts_on, today=run.today))
    _look_at_place(run, found)
    return found


def _look_at_place(run: Run, found: Found) -> None:
    """The nagari must be this one, the jorong one of its list (or any, while nobody entered the list)."""
    values = found.checked.values
    nagari = values.get("nagari") or ""
    if nagari and nagari != run.file.region_code and regions.spelled(nagari) != regions.spelled(run.nagari):
        found.refuse(
            "nagari",
            f"Baris ini untuk nagari lain: {nagari}.",
            "Hapus baris ini; nagari itu mengusulkannya sendiri.",
        )
    written = values.get("jorong")
    if not written or not run.jorong:
        return
    if written not in run.places:
        place = regions.find_jorong(run.session, run.file.region_code, written, on=run.today)
        run.places[written] = None if place is None else place.name
    known = run.places[written]
    if known is None:
        found.refuse("jorong", f"Jorong “{written}” tidak ada di daftar.", f"Pilih: {', '.join(run.jorong)}.")
    else:
        values["jorong"] = known


def _look_up(run: Run, page: Sequence[Found]) -> None:
    """Compare a page with the rows before it and with the registry."""
    by_index: dict[str, Found] = {}
    for one in page:
        if one.nik is None:
            continue
        index = sealing.blind(one.nik)
        earlier = run.lines.setdefault(index, one.row.line)
        if earlier != one.row.line:
            one.refuse("nik", f"Sudah ada di baris {earlier}.", "Hapus salah satu baris.")
        else:
            by_index[index] = one
    if run.file.kind == "workers":
        _look_up_workers(run, by_index)
    else:
        number_checks.look_up(run.session, run.file, by_index, run.cards)


def _look_up_workers(run: Run, by_index: Mapping[str, Found]) -> None:
    assert run.quota is not None  # noqa: S101 (as above)
    nominated = run.session.execute(
        select(Nominee.national_id_index, Nominee.quota_id, Nominee.region_code).where(
            Nominee.national_id_index.in_(by_index),
            Nominee.state.not_in(GONE),
            Nominee.starts_on <= run.quota.ends_on,
            Nominee.ends_on >= run.quota.starts_on,
        )
    )
    for row in nominated:
        one = by_index[row.national_id_index]
        if row.quota_id == run.quota.id:
            one.same = True
        elif row.region_code == run.file.region_code:
            one.refuse("nik", "Sudah ada di usulan lain nagari ini untuk masa yang sama.", "Hapus baris ini.")
        else:
            one.refuse("nik", "NIK ini sudah terdaftar.", _MOVED)
    workers = run.session.execute(
        select(Worker.national_id_index, Worker.region_code, Worker.died_on, Worker.left_on).where(
            Worker.national_id_index.in_(by_index)
        )
    )
    cards = life.dead_on_cards(run.session, by_index.keys())
    dead = {index: code == run.file.region_code for index, code in cards.items()}
    for worker in workers:
        own = worker.region_code == run.file.region_code
        if worker.died_on is not None:
            dead[worker.national_id_index] = own
        elif not own and worker.left_on is None:
            by_index[worker.national_id_index].refuse("nik", "NIK ini sudah terdaftar.", _MOVED)
    for index, own in dead.items():
        # of other nagari nothing is told but that the NIK is taken
        what = "Orang ini tercatat sudah meninggal." if own else "NIK ini sudah terdaftar."
        cure = "Hapus baris ini. Bila keliru, hubungi kantor cabang." if own else _MOVED
        by_index[index].refuse("nik", what, cure)


def _count(run: Run, one: Found) -> None:
    """Give the row a place of the quota, in the order of the file; without one it stays out."""
    run.file.trimmed += one.checked.trimmed
    if run.quota is None or one.verdict not in {"ready", "warning"}:
        return
    run.wanted += 1
    if run.held + run.wanted > run.quota.slots:
        run.wanted -= 1
        run.file.first_over_quota = run.file.first_over_quota or one.row.line
        one.refuse(
            "",
            f"Melebihi kuota {run.quota.slots} orang.",
            "Keluarkan orang lain, atau usulkan lewat daftar tunggu.",
        )
    elif run.held + run.wanted > run.quota.budgeted:
        run.file.first_over_budget = run.file.first_over_budget or one.row.line
