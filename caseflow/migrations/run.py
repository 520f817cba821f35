"""Bring a database to the newest schema and give the application role exactly what it needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, make_url, pool, text

import caseflow.tables  # noqa: F401 (fills the metadata)
from caseflow.db import Base

_HERE = Path(__file__).resolve().parent
_QUEUE_TABLES = (
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_events",
    "procrastinate_workers",
)


def alembic_config(owner_url: str) -> Config:
    """Return Alembic's configuration for one database."""
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["url"] = owner_url
    return config


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Run all revisions up to ``revision`` as the owner."""
    command.upgrade(alembic_config(owner_url), revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Run revisions back to ``revision`` as the owner; for tests."""
    command.downgrade(alembic_config(owner_url), revision)


def owner_engine(owner_url: str) -> Engine:
    """Return an engine without a pool, for one errand."""
    return create_engine(owner_url, poolclass=pool.NullPool)


def grant(connection: Connection, role: str) -> None:
    """Let ``role`` read everything, add everywhere, change what may change, delete almost nothing."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quoted}"))
    connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}"))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}"))
    for name, table in Base.metadata.tables.items():
        connection.execute(text(f"GRANT {_rights(table.info)} ON {name} TO {quoted}"))
    for name in _QUEUE_TABLES:
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {quoted}"))
    connection.execute(text(f"GRANT SELECT ON alembic_version TO {quoted}"))


def _rights(info: dict[str, bool]) -> str:
    if info.get("reference"):
        return "SELECT"
    if info.get("append_only"):
        return "SELECT, INSERT"
    if info.get("deletable"):
        return "SELECT, INSERT, UPDATE, DELETE"
    return "SELECT, INSERT, UPDATE"


def application_role(database_url: str) -> str | None:
    """Return the user name in an address."""
    return make_url(database_url).username
