"""The verbs of the import that people use: upload, name the columns, import, cancel, undo.

Reading and writing the rows is background work (``import_checking``, ``import_writing``). Nothing of a list becomes
part of the registry before :func:`start`; everything can be taken up again where it was left.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from caseflow import queue
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible, Stale
from caseflow.identifiers import public_id
from caseflow.people.actor import Actor
from caseflow.registry import import_columns, reach
from caseflow.registry.import_models import OPEN, ImportFile, ImportProgress, ImportRow
from caseflow.registry.nomination_models import Nominee, Quota, RegistryFile
from caseflow.workflow.models import CaseFile

PERMISSIONS: Mapping[str, str] = {
    "workers": "nomination.edit",
    "numbers": "worker.enrol",
    "deaths": "worker.deceased",
}
CHECK_TASK, WRITE_TASK = "registry.check_import", "registry.write_import"
UNDO_WITHIN = timedelta(hours=24)
IMPORTABLE = ("ready", "warning")
_CHANGED = "Daftar ini sudah berubah sejak halaman dibuka. Yang Anda kirim belum tersimpan. Keadaan terbaru ada di bawah."


def begin(
    session: Session, stored: RegistryFile, *, kind: str, quota_id: int | None, by: Actor, now: datetime
) -> ImportFile:
    """Put a stored list in line to be checked; the same list that is still open is simply taken up again.

    :raises NotFound: nagari or quota out of reach.
    """
    reach.require(stored.region_code, by, PERMISSIONS[kind])
    if by.user_id is None:
        raise NotPermitted
    if kind == "workers":
        _require_quota(session, quota_id, stored.region_code)
    open_one = session.scalar(
        select(ImportFile).where(
            ImportFile.region_code == stored.region_code,
            ImportFile.kind == kind,
            ImportFile.sha256 == stored.sha256,
            ImportFile.quota_id.is_not_distinct_from(quota_id),
            ImportFile.state.in_(OPEN),
        )
    )
    if open_one is not None:
        _take_up_again(session, open_one)
        return open_one
    file = ImportFile(
        public_id=public_id(),
        kind=kind,
        region_code=stored.region_code,
        file_id=stored.id,
        sha256=stored.sha256,
        state="checking",
        header_line=0,
        headers=[],
        mapped={},
        uploaded_at=now,
        uploaded_by_user_id=by.user_id,
        quota_id=quota_id,
    )
    session.add(file)
    session.flush()
    _note(session, "registry.import_uploaded", file, by=by, digest=stored.sha256)
    queue.enqueue(session, CHECK_TASK, import_file_id=file.id)
    return file


def _take_up_again(session: Session, file: ImportFile) -> None:
    """Ask again for work that waits: the job may be lost, and does nothing when the list does not wait for it."""
    task = {"checking": CHECK_TASK, "importing": WRITE_TASK}.get(file.state)
    if task is not None:
        queue.enqueue(session, task, import_file_id=file.id)


def _require_quota(session: Session, quota_id: int | None, region_code: str) -> None:
    found = session.scalar(select(Quota.id).where(Quota.id == quota_id, Quota.region_code == region_code))
    if found is None:
        raise NotFound("Kuota ini tidak ditemukan.")


def get_import(session: Session, public_id: str, *, by: Actor, lock: bool = False) -> ImportFile:
    """Return a list within somebody's reach; with ``lock``, nobody else changes it until the commit.

    :raises NotFound: not there, or not theirs.
    """
    query = select(ImportFile).where(ImportFile.public_id == public_id)
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    file = session.scalar(query)
    if file is None:
        raise NotFound("Daftar ini tidak ditemukan.")
    reach.require(file.region_code, by, PERMISSIONS[file.kind])
    return file


def rename_columns(
    session: Session, file: ImportFile, chosen: Mapping[str, int], *, by: Actor, seen: int
) -> None:
    """Take another reading of the columns (column → place from 0) and check again.

    :raises Invalid: a required column has no place, or two columns share one. :raises NotPossible: too late.
    """
    _require(file, by, seen, ("uploaded", "checked"))
    known = {one.name for one in import_columns.KINDS[file.kind]}
    mapped = {
        name: place for name, place in chosen.items() if name in known and 0 <= place < len(file.headers)
    }
    if lacking := import_columns.missing(mapped, file.kind):
        names = ", ".join(one.label for one in lacking)
        raise Invalid({"columns": f"Pilih juga kolom untuk: {names}. Belum ada yang berubah."})
    if len(set(mapped.values())) < len(mapped):
        raise Invalid({"columns": "Satu kolom di berkas dipilih dua kali. Belum ada yang berubah."})
    file.mapped = dict(mapped)
    file.state = "checking"
    file.version += 1
    session.execute(delete(ImportProgress).where(ImportProgress.import_file_id == file.id))
    _note(session, "registry.import_columns", file, by=by)
    queue.enqueue(session, CHECK_TASK, import_file_id=file.id)


def start(session: Session, file: ImportFile, *, by: Actor, now: datetime, seen: int) -> None:
    """Let every row without an error become part of the registry; the rows that cannot stay out.

    :raises NotPossible: nothing to import, or somebody was faster.
    """
    _require(file, by, seen, ("checked",))
    if by.user_id is None:
        raise NotPermitted
    anything = session.scalar(
        select(ImportRow.line)
        .where(ImportRow.import_file_id == file.id, ImportRow.verdict.in_(IMPORTABLE))
        .limit(1)
    )
    if anything is None:
        raise NotPossible(
            "Tidak ada baris yang bisa diimpor. Tidak ada yang berubah. Perbaiki berkasnya dulu."
        )
    file.state = "importing"
    file.imported_at = now
    file.imported_by_user_id = by.user_id
    file.version += 1
    session.execute(delete(ImportProgress).where(ImportProgress.import_file_id == file.id))
    _note(session, "registry.import_started", file, by=by)
    queue.enqueue(session, WRITE_TASK, import_file_id=file.id)


def cancel(session: Session, file: ImportFile, *, by: Actor, seen: int) -> None:
    """Drop a list of which nothing was imported; its rows are forgotten, the file stays in the record.

    :raises NotPossible: it was imported, or is being read now.
    """
    _require(file, by, seen, ("uploaded", "checked"))
    file.state = "cancelled"
    file.version += 1
    session.execute(delete(ImportRow).where(ImportRow.import_file_id == file.id))
    _note(session, "registry.import_cancelled", file, by=by)


def undo(session: Session, file: ImportFile, *, by: Actor, now: datetime, seen: int) -> int:
    """Take back what a list brought, within a day and while its nomination is a draft; return how many people.

    :raises NotPossible: too late, put forward already, or somebody on it was worked on since.
    """
    _require(file, by, seen, ("done",))
    if (why_not := undo_refused(session, file, now=now)) is not None:
        raise NotPossible(f"{why_not} Tidak ada yang berubah.")
    ids = session.scalars(
        select(ImportRow.nominee_id).where(
            ImportRow.import_file_id == file.id,
            ImportRow.nominee_id.is_not(None),
            ImportRow.done_at.is_not(None),
        )
    ).all()
    session.execute(
        update(ImportRow).where(ImportRow.nominee_id.in_(ids)).values(nominee_id=None, done_at=None)
    )
    session.execute(delete(Nominee).where(Nominee.id.in_(ids)))
    file.state = "undone"
    file.undone_at = now
    file.undone_by_user_id = by.user_id
    file.version += 1
    _note(session, "registry.import_undone", file, by=by, rows=len(ids))
    return len(ids)


def undo_refused(session: Session, file: ImportFile, *, now: datetime) -> str | None:
    """Return why a finished import cannot be taken back (any more), or ``None``."""
    if file.kind != "workers" or file.state != "done" or file.imported_at is None:
        return "Hanya impor daftar pekerja yang sudah selesai bisa diurungkan."
    if now > file.imported_at + UNDO_WITHIN:
        return "Impor hanya bisa diurungkan dalam 24 jam. Keluarkan orangnya satu per satu dari usulan."
    state = session.scalar(select(CaseFile.state).where(CaseFile.id == file.nomination_id))
    if state != "draft":
        return "Usulannya sudah diajukan, jadi impor ini tidak bisa diurungkan."
    touched = session.execute(
        select(Nominee.state, Nominee.full_name)
        .join(ImportRow, ImportRow.nominee_id == Nominee.id)
        .where(ImportRow.import_file_id == file.id, or_(Nominee.state != "draft", Nominee.version > 0))
        .order_by(Nominee.state == "draft", Nominee.id)
        .limit(1)
    ).one_or_none()
    if touched is None:
        return None
    if touched.state != "draft":
        return "Ada orang dari daftar ini yang sudah diproses."
    return (
        f"Data orang dari daftar ini sudah diperbaiki sesudah impor, misalnya {touched.full_name}; perbaikan itu akan "
        "hilang. Keluarkan orangnya satu per satu dari usulan."
    )


def _require(file: ImportFile, by: Actor, seen: int, states: tuple[str, ...]) -> None:
    reach.require(file.region_code, by, PERMISSIONS[file.kind])
    if file.version != seen or file.state not in states:
        raise Stale(_CHANGED)


def _note(session: Session, action: str, file: ImportFile, *, by: Actor, **details: str | int) -> None:
    record(session, action, by=by, subject=f"import_file:{file.public_id}", details=details)
