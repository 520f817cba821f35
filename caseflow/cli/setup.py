"""Setting up: schema, rights of the application role, reference data, workflow edges, first accounts."""

import re

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import workflows
from caseflow.config import Settings
from caseflow.errors import CaseflowError
from caseflow.extensions import db
from caseflow.migrations import run as migrations
from caseflow.people import accounts
from caseflow.people.actor import SYSTEM
from caseflow.registry.seed import load_reference_data
from caseflow.training.seed import load_regions
from caseflow.workflow.edges import sync_edges

_NIK = re.compile(r"[0-9]{16}")


def settings() -> Settings:
    """Return the settings of the running application."""
    found: Settings = current_app.extensions["caseflow_settings"]
    return found


def set_up(owner_url: str, database_url: str, *, training: bool) -> None:
    """Bring the schema up to date, load what is missing and grant the application role its rights.

    :raises WorkflowRefused: a workflow file cannot be used, or changed without a new version.
    """
    migrations.upgrade(owner_url)
    engine = migrations.owner_engine(owner_url)
    with Session(engine) as session:
        load_reference_data(session)
        if training:
            load_regions(session)
        sync_edges(session, workflows.book())
        role = migrations.application_role(database_url)
        if role and role != migrations.application_role(owner_url):
            migrations.grant(session.connection(), role)
        session.commit()
    engine.dispose()


@click.command("init-db")
@with_appcontext
def init_db_command() -> None:
    """Create or upgrade the schema and load reference data; safe to run again."""
    given = settings()
    set_up(given.owner_url or given.database_url, given.database_url, training=given.training)
    current_app.extensions["caseflow_store"].prepare()
    click.echo("Basis data dan penyimpanan siap.")


@click.command("create-user")
@click.argument("username")
@click.option("--name", required=True, help="Nama lengkap.")
@click.option("--role", "role", required=True, help="Kode peran, lihat docs/permissions.md.")
@click.option("--area", required=True, help="Jenis dan kode wilayah, misalnya branch:solok.")
@click.option(
    "--nik", help="NIK, 16 angka. Wajib di luar latihan: satu orang tetap satu orang di semua akunnya."
)
@click.password_option("--passphrase", prompt="Frasa sandi (15 huruf atau lebih)")
@with_appcontext
def create_user_command(
    username: str, name: str, role: str, area: str, nik: str | None, passphrase: str
) -> None:
    """Create an account with one role."""
    kind, _, code = area.partition(":")
    if nik is None and not settings().training:
        raise click.UsageError(
            "Tulis --nik: dengan NIK dua akun dari satu orang dikenali sebagai satu orang."
        )
    if nik is not None and not _NIK.fullmatch(nik):
        raise click.UsageError("NIK terdiri dari 16 angka.")
    try:
        user = accounts.create_user(
            db.session(), username, name, passphrase, by=SYSTEM, now=clock.now(), national_id=nik
        )
        accounts.grant_role(
            db.session(), user.person_id, role, accounts.Scope(kind, code), by=SYSTEM, now=clock.now()
        )
    except CaseflowError as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    db.session.commit()
    click.echo(f"Akun {user.username} dibuat.")
