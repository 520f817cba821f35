"""Two nagari side by side, each with its own people, papers and cases, and an operator each who sees one of them.

What lies in a nagari is read from the tables themselves: every table with a public id counts, also those that are
made after this file. For the tests of ``test_isolation``.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import ForeignKey, Table, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import CaseflowApp, create_app
from caseflow.claims.letter_check_models import LetterCheck
from caseflow.db import Base
from caseflow.documents.storage import ObjectStore, open_store
from caseflow.extensions import db
from caseflow.identifiers import public_id
from caseflow.monitoring.models import Plan
from caseflow.monitoring.referrals import Asked, send_on
from caseflow.monitoring.visit_models import Visit, VisitPhoto
from caseflow.notices.letters.frame import Sender
from caseflow.notices.nomination_recap import nomination_recap
from caseflow.notices.registry_letters import About, issue_registry_letter
from caseflow.people import accounts
from caseflow.people.accounts import actor_of
from caseflow.people.actor import SYSTEM, Actor
from caseflow.people.models import StaffUser
from caseflow.registry import changes, households
from caseflow.registry.changes import Wish
from caseflow.registry.import_models import ImportFile
from caseflow.registry.letter_models import RegistryLetter
from caseflow.registry.models import Region, Worker
from caseflow.registry.nomination_models import Nomination, Quota, RegistryFile
from caseflow.training.people import PASSPHRASE
from tests import accident_story, story
from tests.accidents import MARZUKI
from tests.conftest import FreshDatabase, make_settings
from tests.families import FIRDAUS, SAMSIR, SYAFRIL
from tests.monitoring.visiting import visited
from tests.notices.letters import read
from tests.registry import dues
from tests.registry.lists import Lists
from tests.story import Stage

HERE, THERE = "13.03.99.2001", "13.03.99.2002"
OPERATORS = {HERE: "fitri", THERE: "ongku"}
PEOPLE = {
    HERE: ("Murniati Pematang", "1303994107800101", "1303990107800101"),
    THERE: ("Rosmanidar Kanari", "1303994207800102", "1303990207800102"),
}
PAID = {HERE: FIRDAUS, THERE: SYAFRIL}
FIRST = date(2026, 1, 1)
# through which a row belongs to a person, a household, a list or a case
_BELONGS = ("casefile_id", "plan_id", "household_id", "worker_id", "nomination_id", "id")
_TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Side:
    """What lies in one nagari.

    :ivar ids: table → public ids; :ivar numbers: of cases; :ivar letters: numbers of letters, as addresses have them;
    :ivar names: of people who are in this nagari alone; :ivar clients: what phones called their visits and photos.
    """

    region: str
    ids: Mapping[str, tuple[str, ...]]
    numbers: tuple[str, ...]
    letters: tuple[str, ...]
    names: frozenset[str]
    clients: tuple[str, ...]


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
    store = open_store(settings.storage_url)
    store.prepare()
    with Session(database.engine) as session:
        _second_operator(session)
        for region in (HERE, THERE):
            _furnish(session, store, region)
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
    """Every table whose rows have an address of their own."""
    return [table for table in Base.metadata.sorted_tables if "public_id" in table.columns]


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


def _furnish(session: Session, store: ObjectStore, region: str) -> None:
    """Workers, their household, dues, a list put forward, an import, cases and a letter, all of this nagari."""
    users = {row.username: row.id for row in session.execute(select(StaffUser.username, StaffUser.id))}
    staff = {
        name: actor for name, number in users.items() if (actor := actor_of(session, number)) is not None
    }
    operator, now = staff[OPERATORS[region]], clock.now()
    name, nik, _ = PEOPLE[region]
    worker = _worker(session, region, name, nik)
    card = f"13039901010{region[-4:]}0"
    household = households.open_household(
        session, worker, f"{card:0<16}", relation="head", by=operator, now=now
    )
    child = households.MemberFacts(f"{name} Kecil", "child", "f", date(2015, 5, 1))
    households.add_member(session, household, child, by=operator, now=now)
    proof = dues.proof(session, operator, region)
    wish = Wish("full_name", f"{name} Binti Ali", "Nama di KTP berbeda", proof)
    changes.ask_change(session, worker, wish, by=operator, now=now)
    dues.recorded(session, dues.transfer([worker], FIRST, FIRST, 16_800), by=operator)
    lists = Lists(session, staff)
    quota = lists.quota(region_code=region)
    nomination = lists.empty(quota, by=OPERATORS[region])
    lists.add(nomination, by=OPERATORS[region], full_name=f"{name} Calon")
    lists.submit(nomination, by=OPERATORS[region])
    lists.add(lists.empty(quota, by=OPERATORS[region]), by=OPERATORS[region], full_name=f"{name} Cadangan")
    _recap(session, store, nomination, operator)
    session.add(_import(lists.paper("import", region, operator), quota, operator.user_id or 0))
    stage = Stage(session, store, staff)
    _cases(stage, region)
    _after_the_money(stage, region)
    _store_papers(session, store, region)


def _recap(session: Session, store: ObjectStore, nomination: Nomination, operator: Actor) -> None:
    """The recap of a list, issued by its nagari."""
    nagari = session.get_one(Region, nomination.region_code)
    said = nomination_recap(session, nomination, nagari)
    about = About(nagari.code, "nomination_recap", nomination.number, "WN", "nomination.edit")
    sender = Sender(
        f"Pemerintah Nagari {nagari.name}", "Jalan Latihan 1", "0755123456", nagari.name, "", training=True
    )
    issue_registry_letter(session, store, about, said, sender, by=operator, now=clock.now())


def _store_papers(session: Session, store: ObjectStore, region: str) -> None:
    """The files of the registry lie in the store, so that their addresses open for their own nagari."""
    body = b"berkas latihan"
    for paper in session.scalars(select(RegistryFile).where(RegistryFile.region_code == region)):
        if store.stat(paper.object_key) is None:
            paper.sha256, paper.size_bytes = hashlib.sha256(body).hexdigest(), len(body)
            store.put(paper.object_key, io.BytesIO(body))


def _import(file: RegistryFile, quota: Quota, user_id: int) -> ImportFile:
    """A list that was checked and waits for "Impor"."""
    return ImportFile(
        public_id=public_id(), kind="workers", region_code=file.region_code, file_id=file.id, sha256=file.sha256,
        state="checked", header_line=1, headers=["NIK"], mapped={"NIK": "national_id"}, uploaded_at=clock.now(),
        uploaded_by_user_id=user_id, quota_id=quota.id, checked_at=clock.now(),
    )  # fmt: skip


def _cases(stage: Stage, region: str) -> None:
    """A death with papers and a letter that the nagari is asked about, and an accident."""
    name, _, dead_nik = PEOPLE[region]
    dead = replace(SAMSIR.report, worker_name=f"{name} Tua", national_id=dead_nik, region_code=region)
    claim = story.with_papers(stage, replace(SAMSIR, report=dead))
    assert claim.region_code == region
    stage.session.add(
        LetterCheck(
            public_id=public_id(), casefile_id=claim.id, kind="heir_letter", letter_number=f"400/{region}",
            issued_on=date(2026, 11, 18), region_code=region, due_on=date(2026, 11, 27), asked_at=clock.now(),
            asked_by_person_id=stage.verifier.person_id or 0,
        )
    )  # fmt: skip
    hurt = replace(MARZUKI.report, worker_name=f"{name} Muda", national_id=None, region_code=region)
    accident_story.notified(stage, replace(MARZUKI, report=hurt))


def _after_the_money(stage: Stage, region: str) -> None:
    """A family that was paid and visited, by two people who do not agree, and sent on to help."""
    visited(stage, PAID[region])
    plan = stage.session.scalars(select(Plan).where(Plan.region_code == region)).one()
    asked = Asked(
        kind="training", for_whom=plan.contact_name, to_whom="Balai Latihan Kerja latihan",
        words="Ingin belajar menjahit.", answer_by_on=date(2026, 12, 4),
    )  # fmt: skip
    send_on(stage.session, plan, asked, by=stage.staff["rina"], now=clock.now())


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
    letters = session.scalars(select(RegistryLetter.number).where(RegistryLetter.region_code == region))
    return Side(
        region,
        {table.name: _ids(session, table, region) for table in tables_with_public_ids()},
        tuple(numbers),
        tuple(one.replace("/", "-") for one in letters),
        _names(session, region) - _names(session, other),
        _clients(session, region),
    )


def _clients(session: Session, region: str) -> tuple[str, ...]:
    plans = select(Plan.id).where(Plan.region_code == region)
    return tuple(
        str(one)
        for table in (Visit, VisitPhoto)
        for one in session.scalars(select(table.client_id).where(table.plan_id.in_(plans)))
    )


def _ids(session: Session, table: Table, region: str) -> tuple[str, ...]:
    way = way_to_nagari(table)
    if way is None:
        return ()
    rows, last = select(table.c.public_id).select_from(table), table
    for key in way:
        rows, last = rows.join(key.column.table, key.column == key.parent), key.column.table
    # the newest first: what was furnished belongs together
    return tuple(session.scalars(rows.where(last.c.region_code == region).order_by(table.c.id.desc())))


def way_to_nagari(table: Table) -> tuple[ForeignKey, ...] | None:
    """Return the keys that lead from a table to one that names a nagari; ``None``: it is of no nagari."""
    if "region_code" in table.columns:
        return ()
    for column in _BELONGS:
        for key in table.c[column].foreign_keys if column in table.columns else ():
            beyond = way_to_nagari(key.column.table)
            if beyond is not None:
                return (key, *beyond)
    return None


def _names(session: Session, region: str) -> frozenset[str]:
    found = set()
    for table in Base.metadata.sorted_tables:
        for column in ("full_name", "subject", "worker_name"):
            if column in table.columns and "region_code" in table.columns:
                found |= set(session.scalars(select(table.c[column]).where(table.c.region_code == region)))
    return frozenset(found)
