"""What the rows are measured in: a private durable PostgreSQL with two populations, and a folder for objects."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Engine, create_engine, make_url, pool, select
from sqlalchemy.orm import Session

from bench.population import Size, populate
from caseflow import clock, sealing
from caseflow.cli.setup import set_up
from caseflow.config import Settings
from caseflow.documents.storage import open_store
from caseflow.launch.account import database_account
from caseflow.launch.cluster import Cluster
from caseflow.launch.databases import DatabaseUrls, create_from_template, libpq
from caseflow.people import sessions
from caseflow.people.accounts import actor_of
from caseflow.people.actor import Actor
from caseflow.people.models import StaffUser
from caseflow.training.seed import load_training

START = datetime.fromisoformat("2026-11-20T10:00:00+07:00")
PEPPER = "p" * 40
DATA_KEYS = {"1": "d" * 40}
SMALL = 10_000
TEMPLATE = "bench_template"


@dataclass(frozen=True)
class Place:
    """One population: its addresses, an engine of the application role, its size."""

    urls: DatabaseUrls
    engine: Engine
    size: Size

    @property
    def name(self) -> str:
        """Name of the database."""
        return make_url(self.urls.app).database or ""


@dataclass(frozen=True)
class World:
    """Everything a row needs.

    :ivar main: the population that was asked for; :ivar small: ten thousand cases with as many open ones.
    :ivar folder: a temporary folder on the disk of the database.
    """

    main: Place
    small: Place
    folder: Path

    def settings(self, place: Place) -> Settings:
        """Settings of a practice installation over one population."""
        return Settings(
            mode="training",
            database_url=place.urls.app,
            storage_url=f"folder://{self.folder / 'objects'}",
            secret_key="b" * 40,
            pepper=PEPPER,
            data_keys=DATA_KEYS,
            base_url="http://127.0.0.1",
            clock_start=START,
        )

    def environment(self, place: Place) -> dict[str, str]:
        """The same for a process of its own."""
        settings = self.settings(place)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CASEFLOW_")}
        return {
            **kept,
            "CASEFLOW_MODE": settings.mode,
            "CASEFLOW_DATABASE_URL": settings.database_url,
            "CASEFLOW_STORAGE_URL": settings.storage_url,
            "CASEFLOW_SECRET_KEY": settings.secret_key,
            "CASEFLOW_PEPPER": settings.pepper,
            "CASEFLOW_DATA_KEYS": settings.data_keys["1"],
            "CASEFLOW_BASE_URL": settings.base_url,
            "CASEFLOW_CLOCK": START.isoformat(),
        }


@contextmanager
def world(cases: int, open_per_branch: int) -> Iterator[World]:
    """Start the database and fill it; everything is gone afterwards."""
    clock.set_start(START)
    sealing.configure(DATA_KEYS, pepper=PEPPER)
    room = database_account().temporary_folder()
    folder = Path(f"{room}-objects")
    folder.mkdir(mode=0o700)
    try:
        with Cluster(room / "data", durable=True) as urls:
            _prepare(urls)
            main = _place(urls, "bench_main", Size(cases, open_per_branch))
            small = _place(urls, "bench_small", Size(SMALL, open_per_branch))
            built = World(main, small, folder)
            open_store(built.settings(main).storage_url).prepare()
            yield built
            main.engine.dispose()
            small.engine.dispose()
    finally:
        shutil.rmtree(room, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def staff(engine: Engine, username: str) -> Actor:
    """One of the practice staff, with the roles they hold."""
    with Session(engine) as session:
        user_id = session.scalars(select(StaffUser.id).where(StaffUser.username == username)).one()
        actor = actor_of(session, user_id)
    if actor is None:
        raise LookupError(username)
    return actor


def staff_token(engine: Engine, username: str) -> str:
    """Open a browser session for one of the practice staff and return what its cookie holds."""
    actor = staff(engine, username)
    with Session(engine) as session:
        now = clock.now()
        token = sessions.open_session(session, actor.user_id or 0, now=now, second_factor_at=now)
        session.commit()
    return token


def numbers(place: Place, statement: sql.SQL, values: Sequence[object]) -> list[str]:
    """Case numbers by a statement written for the check alone."""
    with psycopg.connect(libpq(place.urls.admin)) as connection:
        return [str(row[0]) for row in connection.execute(statement, values)]


def _prepare(urls: DatabaseUrls) -> None:
    template = urls.named(TEMPLATE)
    with psycopg.connect(libpq(urls.admin), autocommit=True) as admin:
        for setting in ("max_wal_size = '8GB'", "checkpoint_timeout = '30min'"):
            admin.execute(sql.SQL("ALTER SYSTEM SET ") + sql.SQL(setting))
        admin.execute("SELECT pg_reload_conf()")
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER caseflow_owner").format(sql.Identifier(TEMPLATE)))
    set_up(template.owner, template.app, training=True)
    engine = create_engine(template.app, poolclass=pool.NullPool)
    with Session(engine) as session:
        load_training(session)
        session.commit()
    engine.dispose()


def _place(urls: DatabaseUrls, name: str, size: Size) -> Place:
    begun = time.monotonic()
    create_from_template(urls.admin, TEMPLATE, name)
    named = urls.named(name)
    populate(named, size, start=START)
    print(f"{name}: {size.cases} cases, {size.open} open, {time.monotonic() - begun:.0f} s", flush=True)
    return Place(named, create_engine(named.app, pool_size=2), size)
