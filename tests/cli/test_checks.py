"""``flask check`` on a whole installation and on broken ones: every problem is found, with its cure."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from caseflow.app import CaseflowApp, create_app
from caseflow.claims import workflows
from caseflow.cli.checks import problems
from caseflow.errors import NotPossible
from caseflow.extensions import db
from tests import story
from tests.conftest import FreshDatabase, make_settings
from tests.story import Stage

Spoil = Callable[[CaseflowApp, FreshDatabase], None]


@pytest.fixture
def house(app: CaseflowApp, fresh_database: FreshDatabase, staff: dict[str, object]) -> CaseflowApp:
    """An installation with one case on its way."""
    with Session(fresh_database.engine) as session:
        story.with_papers(Stage(session, app.extensions["caseflow_store"], staff))  # type: ignore[arg-type]
        session.commit()
    return app


def as_owner(database: FreshDatabase, *statements: str) -> None:
    """Do what the application may not."""
    engine = create_engine(database.owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def check(app: CaseflowApp) -> tuple[int, str]:
    """Run the command; return its end and what it said."""
    result = FlaskCliRunner(app).invoke(args=["check"])
    return result.exit_code, result.output


def test_a_whole_installation_is_well(house: CaseflowApp) -> None:
    """Nothing to say, and the command ends well."""
    assert check(house) == (0, "Semua baik.\n")


def _wait_for_scan(_app: CaseflowApp, database: FreshDatabase) -> None:
    as_owner(database, "UPDATE document SET scan = 'waiting' WHERE status = 'stored'")


def _lose_the_store(app: CaseflowApp, _database: FreshDatabase) -> None:
    folder = Path(app.extensions["caseflow_settings"].storage_url.removeprefix("folder://"))
    folder.rename(folder.with_name("elsewhere"))


def _forget_holidays(_app: CaseflowApp, database: FreshDatabase) -> None:
    as_owner(database, "DELETE FROM holiday")


def _forget_edges(_app: CaseflowApp, database: FreshDatabase) -> None:
    as_owner(database, "DELETE FROM workflow_edge WHERE action = 'start_verification'")


def _lose_history(_app: CaseflowApp, database: FreshDatabase) -> None:
    as_owner(
        database,
        "ALTER TABLE history DISABLE TRIGGER USER",
        "ALTER TABLE history DROP CONSTRAINT fk_history_follows_the_row_before",
        "DELETE FROM history WHERE version = 0 AND casefile_id IN (SELECT id FROM claim)",
    )


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_wait_for_scan, "berkas menunggu pemindai, tetapi pemindai tidak diatur"),
        (_lose_the_store, "Penyimpanan berkas tidak menjawab"),
        (_forget_holidays, "Hari libur 2026 belum diisi"),
        (_forget_edges, "start_verification"),
        (_lose_history, "Kebenaran I1_state_has_history dilanggar oleh 1 baris"),
    ],
)
def test_what_is_broken_is_named(
    house: CaseflowApp, fresh_database: FreshDatabase, spoil: Spoil, said: str
) -> None:
    """One line a problem, and the command ends badly."""
    spoil(house, fresh_database)
    code, output = check(house)
    assert code == 1
    assert said in output
    assert all(line.startswith("✗ ") for line in output.splitlines())


def test_papers_that_wait_are_no_problem_where_a_scanner_is(
    house: CaseflowApp, fresh_database: FreshDatabase
) -> None:
    """They are taken up when it speaks again."""
    _wait_for_scan(house, fresh_database)
    settings = house.extensions["caseflow_settings"]
    house.extensions["caseflow_settings"] = replace(settings, clamd_address="127.0.0.1:3310")
    with house.app_context():
        assert problems() == []


def test_an_unreadable_workflow_is_named_and_the_rest_still_checked(
    house: CaseflowApp, fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first problem does not hide the second."""

    def unreadable() -> None:
        raise NotPossible("jkm.yaml baris 3: kunci tidak dikenal.")

    monkeypatch.setattr(workflows, "book", unreadable)
    _wait_for_scan(house, fresh_database)
    with house.app_context():
        found = problems()
    assert found[0] == "jkm.yaml baris 3: kunci tidak dikenal."
    assert "pemindai" in found[1]


@pytest.fixture
def owners_house(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[CaseflowApp]:
    """A real installation that signs in as the owner of its tables."""
    settings = make_settings(
        fresh_database.owner_url, tmp_path / "objects", mode="production", clock_start=None
    )
    built = create_app(settings, TESTING=True)
    built.extensions["caseflow_store"].prepare()
    yield built
    with built.app_context():
        db.engine.dispose()


def test_an_owner_is_warned_in_production(owners_house: CaseflowApp) -> None:
    """Who owns the tables can rewrite history."""
    code, output = check(owners_house)
    assert code == 1
    assert "Aplikasi masuk sebagai pemilik tabel" in output
