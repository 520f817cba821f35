"""A new data key in use: what the older one sealed is sealed again, also after a stop; a lost key is named."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from caseflow import sealing
from caseflow.app import CaseflowApp, create_app
from caseflow.claims.models import Report
from caseflow.cli import reseal
from caseflow.cli.reseal import Outcome, reseal_page, rows_by_key, sealed_tables
from caseflow.documents.storage import open_store
from caseflow.extensions import db
from caseflow.people.actor import Actor
from caseflow.registry.models import Worker
from tests import story
from tests.conftest import FreshDatabase, make_settings
from tests.families import SAMSIR
from tests.story import Stage

OLD, NEW = {"1": "d" * 40}, {"2": "e" * 40}


@pytest.fixture
def house(fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path) -> Iterator[CaseflowApp]:
    """A case under way, sealed with the old key; then an installation with a new one on top."""
    settings = make_settings(
        fresh_database.app_url, tmp_path / "objects", owner_url=fresh_database.owner_url, data_keys=NEW | OLD
    )
    with Session(fresh_database.engine) as session:
        story.verified(Stage(session, open_store(settings.storage_url), staff))
        session.commit()
    built = create_app(settings, TESTING=True)
    yield built
    with built.app_context():
        db.engine.dispose()
    sealing.configure(OLD, pepper="p" * 40)


def test_everything_is_sealed_again_and_opens_with_the_new_key_alone(
    house: CaseflowApp, fresh_database: FreshDatabase
) -> None:
    code, said = run(house, "check")
    assert code == 1
    assert "segel masih memakai kunci “1”, bukan “2”. Jalankan flask reseal" in said
    before = under_keys(fresh_database)
    code, said = run(house, "reseal")
    assert code == 0, said
    assert "report: 1 disegel ulang." in said
    assert said.endswith("Semua segel memakai kunci “2”.\n")
    assert under_keys(fresh_database) == {"2": sum(before.values())}
    assert run(house, "check") == (0, "Semua baik.\n")
    sealing.configure(NEW, pepper="p" * 40)
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(Report.national_id)).one() == SAMSIR.report.national_id
        index = sealing.blind(SAMSIR.report.national_id or "")
        assert (
            session.scalars(select(Worker).where(Worker.national_id_index == index)).one().full_name
            == "Samsir"
        )


def test_a_stop_costs_nothing(
    house: CaseflowApp, fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that was committed stays; the next run does what is left, and no row twice."""
    monkeypatch.setattr(reseal, "PAGE", 2)
    workers = next(one for one in sealed_tables() if one.bare.name == "worker")
    engine = create_engine(fresh_database.owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        assert reseal_page(connection, workers, None, Outcome()) is not None
    with engine.connect() as connection:  # and is closed before it commits
        assert reseal_page(connection, workers, None, Outcome()) is not None
    assert under_keys(fresh_database)["2"] == 2
    left = under_keys(fresh_database)["1"]
    code, said = run(house, "reseal")
    assert code == 0
    done = [int(line.split(": ")[1].split()[0]) for line in said.splitlines()[:-1]]
    assert sum(done) == left
    assert under_keys(fresh_database) == {"2": left + 2}


def test_a_lost_key_is_named_and_what_opens_is_done(
    house: CaseflowApp, fresh_database: FreshDatabase
) -> None:
    sealing.configure({"0": "f" * 40} | OLD, pepper="p" * 40)
    with Session(fresh_database.engine) as session:
        session.get_one(Worker, 1).family_card_number = "1303991501090077"
        session.commit()
    sealing.configure(NEW | OLD, pepper="p" * 40)
    code, said = run(house, "reseal")
    assert code == 1
    assert "1 segel tidak terbuka dengan kunci yang ada" in said
    assert under_keys(fresh_database)["0"] == 1
    assert "1" not in under_keys(fresh_database)
    code, said = run(house, "check")
    assert code == 1
    assert "1 segel memakai kunci “0” yang tidak ada" in said


def test_rows_that_nobody_may_change_are_guarded_again_afterwards(
    house: CaseflowApp, fresh_database: FreshDatabase
) -> None:
    assert run(house, "reseal")[0] == 0
    engine = create_engine(fresh_database.owner_url, poolclass=NullPool)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="only added, never changed"):
        connection.exec_driver_sql("UPDATE report SET worker_name = 'x'")


def run(app: CaseflowApp, command: str) -> tuple[int, str]:
    result = FlaskCliRunner(app).invoke(args=[command])
    return result.exit_code, result.output


def under_keys(database: FreshDatabase) -> dict[str, int]:
    with database.engine.connect() as connection:
        return rows_by_key(connection)
