"""Puts the parts together: settings, database, doors, refusals, one commit per request."""

from typing import Any

import click
from flask import Flask, Response
from flask.typing import ResponseReturnValue

import caseflow.tables  # noqa: F401 (every table is known, whatever the doors import)
from caseflow import clock, sealing
from caseflow.cli import init_cli
from caseflow.config import Settings, load_settings
from caseflow.documents.storage import open_store
from caseflow.extensions import db
from caseflow.notices.texts import texts
from caseflow.web.shell import init_shell

_HIGHEST_GOOD_STATUS = 399


class CaseflowApp(Flask):
    """A Flask application that commits once, after a good answer; the refusal pages explain all others."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer the request in one transaction: good answers commit, all others leave nothing."""
        try:
            response: Response = self.make_response(super().dispatch_request())
            if response.status_code <= _HIGHEST_GOOD_STATUS:
                db.session.commit()
            else:
                db.session.rollback()
        except Exception:
            db.session.rollback()
            raise
        return response


def create_app(settings: Settings | None = None, **overrides: Any) -> CaseflowApp:
    """Build the application.

    :param settings: given by tests; otherwise read from the environment.
    :param overrides: Flask configuration for tests.
    :raises SettingsRefused: when a setting is missing or unusable. :raises TextsRefused: when a message has no words.
    """
    settings = settings or load_settings()
    texts()  # no start without words for every notice
    clock.set_start(settings.clock_start)
    sealing.configure(settings.data_keys, pepper=settings.pepper)
    app = CaseflowApp("caseflow", template_folder=str(settings.templates_dir), static_folder="static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "hide_parameters": True,  # no personal data in error messages
            "pool_size": 8,
            "max_overflow": 4,
            "pool_timeout": 10,
            "pool_pre_ping": True,
            # blocks come from memory or a disk without a head: a page finds its rows by index, whatever the archive
            "connect_args": {
                "options": "-c timezone=UTC -c lock_timeout=8000 -c statement_timeout=30000 -c random_page_cost=1.1"
            },
        },
    )
    app.config.update(overrides)
    app.extensions["caseflow_settings"] = settings
    app.extensions["caseflow_store"] = open_store(settings.storage_url)
    db.init_app(app)
    init_shell(app, settings)
    _register_doors(app)
    init_cli(app)
    _init_migrations(app)
    return app


def _init_migrations(app: Flask) -> None:
    """Make ``flask db`` work; only a command needs Alembic, and loading it takes longer than all our pages."""
    if click.get_current_context(silent=True) is None:
        return
    from flask_migrate import Migrate

    Migrate(app, db, directory="caseflow/migrations")


def _register_doors(app: Flask) -> None:
    from caseflow.web.account import account
    from caseflow.web.admin import admin
    from caseflow.web.api import api
    from caseflow.web.casework import casework
    from caseflow.web.family import family
    from caseflow.web.field import field
    from caseflow.web.finance import finance
    from caseflow.web.nagari import nagari
    from caseflow.web.ops import ops
    from caseflow.web.oversight import oversight
    from caseflow.web.programme import programme
    from caseflow.web.public import public

    for blueprint in (
        public, family, account, casework, nagari, programme, field, finance, admin, oversight, api, ops,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
