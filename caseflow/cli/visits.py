"""Visits that came on another way than the phone's own: a sealed copy of its queue."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from caseflow import clock
from caseflow.cli.setup import settings
from caseflow.documents.scan import open_scanner
from caseflow.errors import CaseflowError
from caseflow.extensions import db
from caseflow.monitoring import phone_copies, photos
from caseflow.people import accounts
from caseflow.people.actor import Actor
from caseflow.people.models import StaffUser


@click.group("visits")
def visits_group() -> None:
    """Visits to families after the money."""


@visits_group.command("open-export")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--supervisor", required=True, help="Nama pengguna penyelia yang membawa salinan ini.")
@click.option("--only-look", is_flag=True, help="Hanya membuka dan menghitung; tidak menyimpan apa pun.")
@click.password_option(
    "--passphrase",
    prompt="Kata sandi salinan",
    confirmation_prompt=False,
    help="Lebih aman diketik saat diminta.",
)
@with_appcontext
def open_export_command(file: Path, supervisor: str, only_look: bool, passphrase: str) -> None:
    """Open a sealed copy of a phone's queue and bring its visits in."""
    try:
        copy = phone_copies.open_copy(file.read_bytes(), passphrase)
        click.echo(f"Salinan dari HP {copy.person}, dibuat {copy.made_at}: {len(copy.visits)} kunjungan.")
        if not only_look:
            _bring_in(copy, _supervisor(supervisor))
    except CaseflowError as refused:
        db.session.rollback()
        raise click.ClickException(refused.sentence) from None


def _bring_in(copy: phone_copies.PhoneCopy, by: Actor) -> None:
    def keep(one: phone_copies.BroughtIn) -> None:
        db.session.commit()
        refusal = one.arrival.refusal
        if refusal is not None:
            click.echo(f"{one.client_id}: tidak disimpan. {refusal.sentence}")
            return
        click.echo(f"{one.client_id}: {'sudah ada' if one.arrival.again else 'diterima'}.")
        for number in one.arrival.photos_wanted:
            if number in one.photos:
                _keep_photo(number, one.photos[number], by=one.visitor)

    phone_copies.bring_in(db.session(), copy, by=by, now=clock.now(), after_each=keep)
    db.session.commit()


def _keep_photo(number: str, content: bytes, *, by: Actor) -> None:
    """Keep the rest of a photo, of which some may have come from the phone itself."""
    sessions = sessionmaker(db.engine)
    try:
        with sessions() as session:
            at = photos.offset_of(session, photos.get_photo(session, number, by=by))
        photos.append(
            sessions, current_app.extensions["caseflow_store"], number, content[at:], at=at, by=by, now=clock.now(),
            scanner=open_scanner(settings().clamd_address),
        )  # fmt: skip
    except CaseflowError as refused:
        click.echo(f"  foto {number}: tidak disimpan. {refused.sentence}")


def _supervisor(username: str) -> Actor:
    user_id = db.session.scalar(select(StaffUser.id).where(StaffUser.username == username))
    by = accounts.actor_of(db.session(), user_id) if user_id is not None else None
    if by is None:
        raise click.ClickException(
            "Akun penyelia ini tidak ada atau sudah ditutup. Tidak ada yang tersimpan."
        )
    return by
