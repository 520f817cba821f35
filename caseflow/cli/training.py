"""Training data: invented people, invented nagari, real workings."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from caseflow import clock
from caseflow.cli.setup import settings
from caseflow.extensions import db
from caseflow.reports import result_refresh
from caseflow.training import seed
from caseflow.training.cases import load_cases
from caseflow.training.help import load_help
from caseflow.training.papers import write_samples
from caseflow.training.people import ACCOUNTS, PASSPHRASE
from caseflow.training.visits import load_families


@click.command("seed")
@click.option("--training", is_flag=True, help="Muat data latihan.")
@with_appcontext
def seed_command(training: bool) -> None:
    """Load training data; a second run changes nothing."""
    if not training or not settings().training:
        raise click.ClickException("Data latihan hanya untuk CASEFLOW_MODE=training: flask seed --training")
    added = seed.load_training(db.session())
    if added:
        store = current_app.extensions["caseflow_store"]
        load_cases(db.session(), store, settings())
        load_families(db.session(), store, settings())
        load_help(db.session())
        result_refresh.refresh(db.session(), now=clock.now())
    db.session.commit()
    click.echo("Data latihan dimuat." if added else "Data latihan sudah ada.")


@click.command("training-papers")
@click.argument("folder", type=click.Path(path_type=Path))
def training_papers_command(folder: Path) -> None:
    """Write invented papers, good and bad, to practise uploads with."""
    for name in write_samples(folder):
        click.echo(folder / name)


@click.command("training-accounts")
def training_accounts_command() -> None:
    """Print the sign-ins for practice."""
    click.echo(f"Frasa sandi semua akun latihan: {PASSPHRASE}")
    for account in ACCOUNTS:
        click.echo(f"  {account.username:<8} {account.title}")
