"""Alembic's entry: runs the numbered revisions as the owner of the tables."""

from alembic import context
from sqlalchemy import create_engine, pool

import caseflow.tables  # noqa: F401 (fills the metadata)
from caseflow.config import load_settings
from caseflow.db import Base


def _url() -> str:
    given = context.config.attributes.get("url")
    if given:
        return str(given)
    settings = load_settings()
    return settings.owner_url or settings.database_url


def run() -> None:
    """Upgrade or downgrade in one transaction."""
    engine = create_engine(_url(), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            include_name=lambda name, kind, _parents: kind != "table" or name in Base.metadata.tables,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
