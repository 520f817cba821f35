"""Commands for the people who run the installation: ``flask --app caseflow …``."""

from flask import Flask

from caseflow.cli.checks import check_command
from caseflow.cli.setup import create_user_command, init_db_command
from caseflow.cli.training import seed_command, training_accounts_command, training_papers_command
from caseflow.cli.work import run_worker_command, write_docs_command


def init_cli(app: Flask) -> None:
    """Add the commands."""
    for command in (
        init_db_command,
        create_user_command,
        seed_command,
        training_accounts_command,
        training_papers_command,
        run_worker_command,
        check_command,
        write_docs_command,
    ):
        app.cli.add_command(command)
