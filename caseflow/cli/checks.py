"""``flask check``: is this installation whole? Every problem comes with its cure."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text

from caseflow import clock
from caseflow.audit.checks import run_checks
from caseflow.claims import workflows
from caseflow.claims.eligibility import numbers
from caseflow.cli.setup import settings
from caseflow.documents.catalogue import catalogue
from caseflow.errors import CaseflowError
from caseflow.extensions import db
from caseflow.registry import queries as registry
from caseflow.workflow.edges import check_rows


def problems() -> list[str]:
    """Return every problem found, in words."""
    found: list[str] = []
    session = db.session()
    for part in (workflows.book, numbers, catalogue):
        try:
            part()
        except CaseflowError as refusal:
            found.append(refusal.sentence)
    if not found:
        found += check_rows(session, workflows.book())
    today = clock.today()
    calendar = registry.calendar(session, today)
    found += [
        f"Hari libur {year} belum diisi. Isi di Admin › Kalender sebelum tenggat tahun itu dihitung."
        for year in ((today.year,) if today.month < 11 else (today.year, today.year + 1))
        if not calendar.covers(year)
    ]
    owner = session.execute(
        text("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'history'")
    ).scalar()
    if owner and not settings().training:
        found.append(
            "Aplikasi masuk sebagai pemilik tabel, jadi riwayat bisa ditulis ulang. "
            "Pakai peran tersendiri di CASEFLOW_DATABASE_URL dan pemilik di CASEFLOW_DATABASE_OWNER_URL."
        )
    try:
        current_app.extensions["caseflow_store"].ready()
    except CaseflowError as refusal:
        found.append(f"Penyimpanan berkas tidak menjawab: {refusal.sentence}")
    for name, rows in run_checks(session.connection()).items():
        if rows:
            found.append(
                f"Kebenaran {name} dilanggar oleh {len(rows)} baris. Hentikan pembayaran, hubungi auditor."
            )
    return found


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
