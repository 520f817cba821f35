"""Shared by all tests: one PostgreSQL a run, a fresh copy of the prepared database where tests commit."""

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as properties
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine, pool, select, text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from caseflow import clock, sealing
from caseflow.app import CaseflowApp, create_app
from caseflow.cli.setup import set_up
from caseflow.config import Settings
from caseflow.launch.cluster import test_cluster as private_cluster
from caseflow.launch.databases import DatabaseUrls, create_from_template
from caseflow.people import hashing
from caseflow.people.accounts import actor_of
from caseflow.people.actor import Actor
from caseflow.people.models import StaffUser
from caseflow.training.people import PASSPHRASE
from caseflow.training.seed import load_training

# no test fails for being slow: a busy machine takes the time it needs
properties.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("unhurried")

START = datetime.fromisoformat("2026-11-20T10:00:00+07:00")
_serial = itertools.count(1)


@dataclass(frozen=True)
class FreshDatabase:
    """A database of its own, prepared and filled; tests may commit, race and break it."""

    app_url: str
    owner_url: str
    engine: Engine


def make_settings(database_url: str, folder: Path, **changes: object) -> Settings:
    """Settings of a practice installation over one database."""
    values: dict[str, object] = {
        "mode": "training",
        "database_url": database_url,
        "storage_url": f"folder://{folder}",
        "secret_key": "t" * 40,
        "pepper": "p" * 40,
        "data_keys": {"1": "d" * 40},
        "base_url": "http://localhost",
        "clock_start": START,
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


# the keys of make_settings, for tests that use verbs without an application
sealing.configure({"1": "d" * 40}, pepper="p" * 40)


@pytest.fixture(scope="session", autouse=True)
def _compiled_pages(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A page is compiled once a run, not once for every application that a test builds."""
    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("pages")))
    CaseflowApp.jinja_options = {**CaseflowApp.jinja_options, "bytecode_cache": kept}


@pytest.fixture(scope="session", autouse=True)
def _compiled_addresses() -> Iterator[None]:
    """So is what builds an address: an application has more than five hundred, and most tests build one."""
    compiled: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = rule.rule, repr(rule.defaults), rule.subdomain, rule.host, append_unknown
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _cheap_passphrases() -> Iterator[None]:
    """Passphrases are hashed as cheaply as argon2id can: tests sign in thousands of times. ``passphrases`` is real."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashing, "_PASSPHRASES", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(autouse=True)
def _keys() -> None:
    """Whatever the test before made of them."""
    sealing.configure({"1": "d" * 40}, pepper="p" * 40)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """Every test begins on Friday 20 November 2026, 10.00 WIB."""
    clock.set_start(START)
    yield
    clock.set_start(None)


@pytest.fixture(scope="session")
def cluster() -> Iterator[DatabaseUrls]:
    """One PostgreSQL for this run."""
    with private_cluster() as urls:
        yield urls


@pytest.fixture(scope="session")
def template(cluster: DatabaseUrls) -> str:
    """Name of a database with schema, reference data and training data, to be copied."""
    clock.set_start(START)
    name = f"template_{os.getpid()}"
    urls = cluster.named(name)
    with create_engine(
        cluster.admin, isolation_level="AUTOCOMMIT", poolclass=pool.NullPool
    ).connect() as admin:
        admin.execute(text(f"CREATE DATABASE {name} OWNER caseflow_owner"))
    set_up(urls.owner, urls.app, training=True)
    engine = create_engine(urls.app, poolclass=pool.NullPool)
    with Session(engine) as session:
        load_training(session)
        session.commit()
    engine.dispose()
    return name


@pytest.fixture(scope="session")
def shared_database(cluster: DatabaseUrls, template: str) -> Iterator[FreshDatabase]:
    """One copy for all tests that roll back."""
    yield from copy_of(cluster, template)


@pytest.fixture
def fresh_database(cluster: DatabaseUrls, template: str) -> Iterator[FreshDatabase]:
    """A copy of its own for one test."""
    yield from copy_of(cluster, template)


def copy_of(cluster: DatabaseUrls, template: str) -> Iterator[FreshDatabase]:
    name = f"test_{os.getpid()}_{next(_serial)}"
    create_from_template(cluster.admin, template, name)
    urls = cluster.named(name)
    engine = create_engine(urls.app, pool_size=8, max_overflow=80)
    yield FreshDatabase(urls.app, urls.owner, engine)
    engine.dispose()
    with create_engine(
        cluster.admin, isolation_level="AUTOCOMMIT", poolclass=pool.NullPool
    ).connect() as admin:
        admin.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture
def session(shared_database: FreshDatabase) -> Iterator[Session]:
    """A session whose work is checked against the deferred constraints, then rolled back."""
    with shared_database.engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as opened:
            yield opened
            opened.flush()
            if connection.in_transaction() and transaction.is_active:
                connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        transaction.rollback()


@pytest.fixture
def staff(request: pytest.FixtureRequest) -> Mapping[str, Actor]:
    """The training staff by user name, with the roles they hold."""
    name = "fresh_database" if "fresh_database" in request.fixturenames else "shared_database"
    database: FreshDatabase = request.getfixturevalue(name)
    with Session(database.engine) as opened:
        users = opened.execute(select(StaffUser.username, StaffUser.id)).all()
        found = {row.username: actor_of(opened, row.id) for row in users}
    return {username: actor for username, actor in found.items() if actor is not None}


@pytest.fixture
def app(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[CaseflowApp]:
    """The application over a database and a folder of its own."""
    built = create_app(make_settings(fresh_database.app_url, tmp_path / "objects"), TESTING=True)
    built.extensions["caseflow_store"].prepare()
    yield built
    with built.app_context():
        from caseflow.extensions import db

        db.engine.dispose()


@pytest.fixture
def client(app: CaseflowApp) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def sign_in() -> Callable[[FlaskClient, str], None]:
    """Sign a browser in as one of the training staff."""

    def signed_in(client: FlaskClient, username: str) -> None:
        page = client.get("/masuk")
        token = csrf_of(page.get_data(as_text=True))
        answer = client.post(
            "/masuk", data={"username": username, "passphrase": PASSPHRASE, "csrf_token": token}
        )
        assert answer.status_code in {302, 303}, answer.get_data(as_text=True)

    return signed_in


def csrf_of(page: str) -> str:
    """Return the form token of a page."""
    marker = 'name="csrf_token" value="'
    return page.split(marker, 1)[1].split('"', 1)[0]
