"""Two nagari side by side, each with its own people, papers and cases, and an operator each who sees one of them.

What lies in a nagari is read from the tables themselves: every table with a public id counts, also those that are
made after this file. For the tests of ``test_isolation``.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Table, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import CaseflowApp, create_app
from caseflow.db import Base
from caseflow.documents.storage import open_store
from caseflow.extensions import db
from caseflow.identifiers import object_key, public_id
from caseflow.people import accounts
from caseflow.people.accounts import actor_of
from caseflow.people.actor import SYSTEM
from caseflow.people.models import StaffUser
from caseflow.registry.models import CoverMonth, Worker
from caseflow.registry.nomination_models import RegistryFile
from caseflow.training.people import PASSPHRASE
from tests import accident_story, story
from tests.accidents import MARZUKI
from tests.conftest import FreshDatabase, make_settings
from tests.families import SAMSIR
from tests.notices.letters import read
from tests.story import Stage

HERE, THERE = "13.03.99.2001", "13.03.99.2002"
OPERATORS = {HERE: "fitri", THERE: "ongku"}
PEOPLE = {
    HERE: ("Murniati Pematang", "1303994107800101", "1303990107800101"),
    THERE: ("Rosmanidar Kanari", "1303994207800102", "1303990207800102"),
}
FIRST = date(2026, 1, 1)
_TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Side:
    """What lies in one nagari.

    :ivar ids: table → public ids; :ivar numbers: of cases; :ivar names: of people who are in this nagari alone.
    """

    region: str
    ids: Mapping[str, tuple[str, ...]]
    numbers: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True)
class Two:
    """The application, both nagari, and a browser for each operator."""

    app: CaseflowApp
    database: FreshDatabase
    sides: Mapping[str, Side]
    browsers: Mapping[str, FlaskClient]


@contextmanager
def two_nagari(database: FreshDatabase, folder: Path) -> Iterator[Two]:
    """Furnish both, sign both operators in."""
    settings = make_settings(database.app_url, folder)
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    with Session(database.engine) as session:
        _second_operator(session)
        for region in (HERE, THERE):
            _furnish(session, open_store(settings.storage_url), region)
        session.commit()
        sides = {region: _side(session, region, other) for region, other in ((HERE, THERE), (THERE, HERE))}
    browsers = {region: app.test_client() for region in sides}
    for region, browser in browsers.items():
        answer = browser.post("/masuk", data={"username": OPERATORS[region], "passphrase": PASSPHRASE})
        assert answer.status_code == 303
    yield Two(app, database, sides, browsers)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def tables_with_public_ids() -> list[Table]:
    """Every table whose rows have an address of their own and belong to a nagari or to a case of it."""
    return [
        table
        for table in Base.metadata.sorted_tables
        if "public_id" in table.columns and {"region_code", "casefile_id"} & set(table.columns.keys())
    ]


def words_of(answer: TestResponse) -> str:
    """Return everything an answer tells: a page, a table, the cells of a sheet, the text of a PDF."""
    body = answer.get_data()
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as sheet:
            return " ".join(sheet.read(name).decode(errors="replace") for name in sheet.namelist())
    if body.startswith(b"%PDF"):
        return read(body).words
    plain = body.decode(errors="replace")
    return f"{plain} {' '.join(_TAGS.sub(' ', plain).split())}"


def rows_of(database: FreshDatabase, region: str) -> dict[str, list[str]]:
    """Return every row of a nagari as it lies, by table."""
    found = {}
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if "region_code" in table.columns:
                rows = select(text("t::text")).select_from(text(f"{table.name} AS t"))
                rows = rows.where(text("region_code = :region")).order_by(text("1"))
                found[table.name] = list(connection.scalars(rows, {"region": region}))
    return found


def _second_operator(session: Session) -> None:
    name = OPERATORS[THERE]
    user = accounts.create_user(session, name, "Ongku Malano", PASSPHRASE, by=SYSTEM, now=clock.now())
    scope = accounts.Scope("nagari", THERE)
    accounts.grant_role(session, user.person_id, "nagari_operator", scope, by=SYSTEM, now=clock.now())


def _furnish(session: Session, store: object, region: str) -> None:
    """A worker with months, a file, a death and an accident, all by or about people of this nagari."""
    users = {row.username: row.id for row in session.execute(select(StaffUser.username, StaffUser.id))}
    staff = {
        name: actor for name, number in users.items() if (actor := actor_of(session, number)) is not None
    }
    stage = Stage(session, store, staff)  # type: ignore[arg-type]
    name, nik, dead_nik = PEOPLE[region]
    worker = _worker(session, region, name, nik)
    session.add(
        CoverMonth(
            worker_id=worker.id, month=FIRST, paid_on=date(2026, 1, 9), funding_source="apb_nagari",
            amount_idr=16_800, receipt_number=f"KWT-{region}",
        )
    )  # fmt: skip
    session.add(
        RegistryFile(
            public_id=public_id(), region_code=region, kind="payment_proof", object_key=object_key(),
            display_name=f"bukti {name}.pdf", media_type="application/pdf", size_bytes=9, sha256="a" * 64,
            created_at=clock.now(), created_by_user_id=users[OPERATORS[region]], stored_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    dead = replace(SAMSIR.report, worker_name=f"{name} Tua", national_id=dead_nik, region_code=region)
    claim = story.with_papers(stage, replace(SAMSIR, report=dead))
    assert claim.region_code == region
    hurt = replace(MARZUKI.report, worker_name=f"{name} Muda", national_id=None, region_code=region)
    accident_story.notified(stage, replace(MARZUKI, report=hurt))


def _worker(session: Session, region: str, name: str, nik: str) -> Worker:
    worker = Worker(
        national_id=nik,
        full_name=name,
        born_on=date(1980, 7, 1),
        sex="f",
        region_code=region,
        jorong="Pasar",
        occupation="Petani",
        registered_on=FIRST,
    )
    session.add(worker)
    session.flush()
    return worker


def _side(session: Session, region: str, other: str) -> Side:
    numbers = session.scalars(
        text("SELECT number FROM casefile WHERE region_code = :region"), {"region": region}
    )
    return Side(
        region,
        {table.name: _ids(session, table, region) for table in tables_with_public_ids()},
        tuple(numbers),
        _names(session, region) - _names(session, other),
    )


def _ids(session: Session, table: Table, region: str) -> tuple[str, ...]:
    if "region_code" in table.columns:
        return tuple(session.scalars(select(table.c.public_id).where(table.c.region_code == region)))
    cases = Base.metadata.tables["casefile"]
    rows = select(table.c.public_id).join(cases, cases.c.id == table.c.casefile_id)
    return tuple(session.scalars(rows.where(cases.c.region_code == region)))


def _names(session: Session, region: str) -> frozenset[str]:
    found = set()
    for table in Base.metadata.sorted_tables:
        for column in ("full_name", "subject", "worker_name"):
            if column in table.columns and "region_code" in table.columns:
                found |= set(session.scalars(select(table.c[column]).where(table.c.region_code == region)))
    return frozenset(found)
