"""Commands for the people who run the installation: ``flask --app caseflow …``.

A command is imported when somebody asks for it, so that the web server carries none of them.
"""

from importlib import import_module

from click import Command, Context
from flask import Flask
from flask.cli import AppGroup

# command: module, function
_HOMES = {
    "init-db": ("setup", "init_db_command"),
    "create-user": ("setup", "create_user_command"),
    "seed": ("training", "seed_command"),
    "training-accounts": ("training", "training_accounts_command"),
    "training-papers": ("training", "training_papers_command"),
    "run-worker": ("work", "run_worker_command"),
    "reseal": ("reseal", "reseal_command"),
    "check": ("checks", "check_command"),
    "write-docs": ("work", "write_docs_command"),
    "visits": ("visits", "visits_group"),
}


class Commands(AppGroup):
    """The commands of the application by name."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the name of every command."""
        return sorted({*super().list_commands(ctx), *_HOMES})

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Return the command of that name, imported now."""
        if cmd_name not in _HOMES:
            return super().get_command(ctx, cmd_name)
        module, function = _HOMES[cmd_name]
        command: Command = getattr(import_module(f"{__name__}.{module}"), function)
        return command


def init_cli(app: Flask) -> None:
    """Add the commands."""
    app.cli = Commands(app.name)
