"""Every revision carries rows that are already there, goes back, and leaves the schema that the tables describe."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, pool, text

from caseflow.launch.databases import DatabaseUrls
from caseflow.migrations.run import alembic_config, downgrade, upgrade

A_DEATH_CLAIM = """
INSERT INTO region (code, level, name, training) VALUES ('13.03.99.2001', 'nagari', 'Koto Latihan', true);
INSERT INTO workflow_edge (workflow, workflow_version, action, from_state, to_state)
VALUES ('jkm', 1, 'report', 'draft', 'reported'), ('jkm', 1, 'start_intake', 'reported', 'documents_pending');
INSERT INTO casefile (kind, number, workflow, workflow_version, state, subject, region_code, branch_code,
    opened_at, entered_at, sort_on, version)
VALUES ('claim', 'SJJ-26-0001-3', 'jkm', 1, 'documents_pending', 'Samsir', '13.03.99.2001', 'solok',
    '2026-11-19 20:00+00', '2026-11-19 20:00+00', '9999-12-31', 2);
INSERT INTO claim (id, program, event_on, cause, honorific)
SELECT id, 'jkm', '2026-11-17', 'illness_or_other', 'almarhum' FROM casefile;
INSERT INTO history (casefile_id, version, state, action, workflow, workflow_version, at, actor_kind, actor_name,
    prev_version, from_state, details)
SELECT id, 0, 'draft', 'open', 'jkm', 1, now(), 'family', 'Pelapor', NULL, NULL, '{}'::jsonb FROM casefile
UNION ALL SELECT id, 1, 'reported', 'report', 'jkm', 1, now(), 'family', 'Pelapor', 0, 'draft', '{}' FROM casefile
UNION ALL SELECT id, 2, 'documents_pending', 'start_intake', 'jkm', 1, now(), 'system', 'Sistem', 1, 'reported', '{}'
    FROM casefile;
"""


@pytest.fixture
def urls(cluster: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """A database without a schema."""
    name = "migrations"
    with _admin(cluster) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} OWNER caseflow_owner"))
    yield cluster.named(name)
    with _admin(cluster) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def test_a_death_claim_that_is_under_way_lives_through_up_down_and_up(urls: DatabaseUrls) -> None:
    upgrade(urls.owner, "0001")
    _run(urls, A_DEATH_CLAIM)
    for _ in range(2):
        upgrade(urls.owner)
        row = _one(
            urls,
            "SELECT k.event_on, k.died_on, c.reported_on, c.follow_up_on, c.state FROM casefile c JOIN claim k USING (id)",
        )
        assert [str(value) for value in row] == [
            "2026-11-17",
            "2026-11-17",
            "2026-11-20",  # three in the morning, WIB
            "2026-12-11",
            "documents_pending",
        ]
        downgrade(urls.owner, "0001")
        assert _one(urls, "SELECT state, version FROM casefile") == ("documents_pending", 2)


def test_the_newest_schema_is_what_the_tables_say(urls: DatabaseUrls) -> None:
    upgrade(urls.owner)
    command.check(alembic_config(urls.owner))


def _admin(urls: DatabaseUrls) -> Connection:
    return create_engine(urls.admin, isolation_level="AUTOCOMMIT", poolclass=pool.NullPool).connect()


def _run(urls: DatabaseUrls, script: str) -> None:
    with create_engine(urls.owner, poolclass=pool.NullPool).begin() as connection:
        for statement in script.split(";\n"):
            if statement.strip():
                connection.execute(text(statement))


def _one(urls: DatabaseUrls, query: str) -> tuple[object, ...]:
    with create_engine(urls.owner, poolclass=pool.NullPool).connect() as connection:
        return tuple(connection.execute(text(query)).one())
