"""Commands are found by name, and only by whoever asks for them."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from flask.cli import ScriptInfo

from caseflow.app import CaseflowApp, create_app
from tests.conftest import make_settings

_HEAVY = ("alembic", "flask_migrate", "pikepdf", "PIL", "caseflow.training", "caseflow.jobs")


@pytest.fixture
def app(tmp_path: Path) -> CaseflowApp:
    """The application without a database: nothing here asks one."""
    return create_app(make_settings("postgresql+psycopg://nobody@/nothing", tmp_path), TESTING=True)


def test_every_command_is_at_home_where_the_list_says(app: CaseflowApp) -> None:
    context = click.Context(app.cli, obj=ScriptInfo(create_app=lambda: app))
    names = app.cli.list_commands(context)
    assert "init-db" in names
    for name in names:
        command = app.cli.get_command(context, name)
        assert command is not None
        assert command.name == name
    assert app.cli.get_command(context, "hapus-semua") is None


def test_a_command_runs(app: CaseflowApp) -> None:
    result = app.test_cli_runner().invoke(args=["training-accounts"])
    assert result.exit_code == 0
    assert "dedi" in result.output


def test_alembic_is_there_for_commands_only(app: CaseflowApp) -> None:
    assert "migrate" not in app.extensions
    with click.Context(click.Command("db")):
        settings = app.extensions["caseflow_settings"]
        assert "migrate" in create_app(settings, TESTING=True).extensions


def test_the_web_server_carries_no_commands(tmp_path: Path) -> None:
    program = (
        "import sys; from caseflow.app import create_app; create_app();"
        f"print([name for name in {_HEAVY!r} if name in sys.modules])"
    )
    environment = {
        "CASEFLOW_MODE": "training",
        "CASEFLOW_DATABASE_URL": "postgresql+psycopg://nobody@/nothing",
        "CASEFLOW_STORAGE_URL": f"folder://{tmp_path}",
        "CASEFLOW_SECRET_KEY": "t" * 40,
        "CASEFLOW_PEPPER": "p" * 40,
        "CASEFLOW_DATA_KEYS": "d" * 40,
        "CASEFLOW_BASE_URL": "http://localhost",
    }
    found = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(("more", "sentence"), [([], "--nik"), (["--nik", "123"], "16 angka")])
def test_accounts_outside_training_name_their_person(tmp_path: Path, more: list[str], sentence: str) -> None:
    """Without the NIK one human could be made two persons, and be their own second pair of eyes."""
    live = make_settings("postgresql+psycopg://nobody@/nothing", tmp_path, mode="live")
    runner = create_app(live, TESTING=True).test_cli_runner()
    words = "sawah padi lapau surau"
    given = ["--name", "Tuti", "--role", "officer", "--area", "branch:solok", "--passphrase", words, *more]
    result = runner.invoke(args=["create-user", "tuti", *given])
    assert result.exit_code == 2
    assert sentence in result.output
