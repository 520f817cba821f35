"""``flask check``: is this installation whole? Every problem comes with its cure."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from caseflow import clock, sealing
from caseflow.audit.checks import run_checks
from caseflow.claims import consents, handover, workflows
from caseflow.claims.cover import numbers
from caseflow.claims.stuck import problems_in_words
from caseflow.cli.reseal import rows_by_key
from caseflow.cli.setup import settings
from caseflow.documents.catalogue import catalogue
from caseflow.documents.models import Document
from caseflow.errors import CaseflowError
from caseflow.extensions import db
from caseflow.monitoring import records
from caseflow.notices.texts import texts
from caseflow.registry import queries as registry
from caseflow.workflow.edges import check_rows

NEXT_YEAR_FROM_MONTH = 11  # by then the holidays of the coming year have been published


def problems() -> list[str]:
    """Return every problem found, in words."""
    session = db.session()
    return [
        *_files_and_rows(session),
        *_holidays(session),
        *_owner(session),
        *_storage(),
        *_scanner(session),
        *_seals(session),
        *_broken_truths(session),
        *_drifted(session),
        *_ownerless(session),
        *_stuck(session),
    ]


def _files_and_rows(session: Session) -> list[str]:
    """Whether workflows, numbers and papers can be read, and the rows are theirs."""
    found = []
    for part in (workflows.book, numbers, catalogue, texts, consents.texts):
        try:
            part()
        except CaseflowError as refusal:
            found.append(refusal.sentence)
    return found or check_rows(session, workflows.book())


def _holidays(session: Session) -> list[str]:
    today = clock.today()
    calendar = registry.calendar(session, today)
    years = (today.year,) if today.month < NEXT_YEAR_FROM_MONTH else (today.year, today.year + 1)
    return [
        f"Hari libur {year} belum diisi. Isi di Admin › Kalender sebelum tenggat tahun itu dihitung."
        for year in years
        if not calendar.covers(year)
    ]


def _owner(session: Session) -> list[str]:
    owner = session.execute(
        text("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'history'")
    ).scalar()
    if not owner or settings().training:
        return []
    sentence = (
        "Aplikasi masuk sebagai pemilik tabel, jadi riwayat bisa ditulis ulang. "
        "Pakai peran tersendiri di CASEFLOW_DATABASE_URL dan pemilik di CASEFLOW_DATABASE_OWNER_URL."
    )
    return [sentence]


def _storage() -> list[str]:
    try:
        current_app.extensions["caseflow_store"].ready()
    except CaseflowError as refusal:
        return [f"Penyimpanan berkas tidak menjawab: {refusal.sentence}"]
    return []


def _scanner(session: Session) -> list[str]:
    """Whether papers wait for a scanner that is not there: nobody can open them."""
    if settings().clamd_address is not None:
        return []
    waiting = session.execute(
        select(func.count())
        .select_from(Document)
        .where(Document.status == "stored", Document.scan == "waiting", Document.withdrawn_at.is_(None))
    ).scalar_one()
    if not waiting:
        return []
    sentence = (
        f"{waiting} berkas menunggu pemindai, tetapi pemindai tidak diatur, jadi berkas itu tidak bisa dibuka. "
        "Isi CASEFLOW_CLAMD_ADDRESS, lalu mulai ulang layanan."
    )
    return [sentence]


def _seals(session: Session) -> list[str]:
    """Whether numbers of people wait for ``flask reseal``, or lie under a key that is not here."""
    current, *older = sealing.key_names()
    said = []
    for name, rows in rows_by_key(session.connection()).items():
        if name in older:
            said.append(
                f"{rows} segel masih memakai kunci “{name}”, bukan “{current}”. "
                "Jalankan flask reseal; jangan hapus kunci itu sebelum selesai."
            )
        elif name != current:
            said.append(
                f"{rows} segel memakai kunci “{name}” yang tidak ada, jadi NIK di baris itu tidak terbaca. "
                "Kembalikan kuncinya ke CASEFLOW_DATA_KEYS dari salinan rahasia."
            )
    return said


def _broken_truths(session: Session) -> list[str]:
    return [
        f"Kebenaran {name} dilanggar oleh {len(rows)} baris. Hentikan pembayaran, hubungi auditor."
        for name, rows in run_checks(session.connection()).items()
        if rows
    ]


def _drifted(session: Session) -> list[str]:
    """Whether a record of a visit says something else than its answers."""
    found = records.drift(session)
    if not found:
        return []
    sentence = (
        f"{len(found)} catatan kunjungan berbeda dari isiannya, jadi angka pendampingan bisa salah. "
        "Jangan terbitkan laporan; beri tahu pengelola sistem."
    )
    return [sentence]


def _ownerless(session: Session) -> list[str]:
    """Whether somebody who is gone still has cases: the work of the night gives them back."""
    gone = handover.ownerless(session)
    if not gone:
        return []
    sentence = (
        f"{len(gone)} petugas yang sudah tidak aktif masih memegang kasus terbuka. Setiap malam kasus itu kembali "
        "ke daftar bersama; bila kalimat ini masih ada besok pagi, jalankan ulang pekerja latar."
    )
    return [sentence]


def _stuck(session: Session) -> list[str]:
    """Whether a case can never go on; files that cannot be read are told above."""
    try:
        return problems_in_words(session)
    except CaseflowError:
        return []


@click.command("check")
@with_appcontext
def check_command() -> None:
    """Check settings, files, rows and storage."""
    found = problems()
    for problem in found:
        click.echo(f"✗ {problem}")
    if found:
        raise SystemExit(1)
    click.echo("Semua baik.")
