"""Every page that families and the public can come to, read once for all who look at pages."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.app import CaseflowApp, create_app
from caseflow.extensions import db
from caseflow.launch.databases import DatabaseUrls
from caseflow.people.accounts import actor_of
from caseflow.people.models import StaffUser
from tests.conftest import START, copy_of, make_settings
from tests.pages.crawl import pages_from
from tests.phones import phones
from tests.story import Stage
from tests.web.public.test_report_pages import answer_all

PUBLIC = ("/", "/lapor", "/lapor/kecelakaan", "/privasi", "/masuk-keluarga", "/tidak-ada")
QUESTIONS = ("/lapor/periksa", "/lapor/apa", "/lapor/kecelakaan/siapa")


@dataclass(frozen=True)
class Read:
    """One page as it was read; ``where`` names the phone and the address."""

    where: str
    path: str
    html: str


@dataclass(frozen=True)
class Library:
    """All pages, and a browser to fetch what they load."""

    pages: tuple[Read, ...]
    browser: FlaskClient


@pytest.fixture(scope="session")
def library(
    cluster: DatabaseUrls, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    """From the report to money, refusal, care and school; every page that links and forms lead to."""
    clock.set_start(START)
    folder = tmp_path_factory.mktemp("objects")
    for database in copy_of(cluster, template):
        app = create_app(make_settings(database.app_url, folder), TESTING=True)
        store = app.extensions["caseflow_store"]
        with Session(database.engine, expire_on_commit=False) as session:
            users = session.execute(select(StaffUser.username, StaffUser.id)).all()
            found = {name: actor_of(session, number) for name, number in users}
            staff = {name: actor for name, actor in found.items() if actor is not None}
            stage = Stage(session, store, staff)
            pages = [*_public(app), *_families(app, stage)]
        yield Library(tuple(pages), app.test_client())
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _public(app: CaseflowApp) -> Iterator[Read]:
    """The way of a report, filled in and empty, and what is said to who presses too early."""
    filled, empty, accident = (app.test_client() for _ in range(3))
    answer_all(filled)
    app.config["WTF_CSRF_ENABLED"] = False
    empty.post("/lapor")
    accident.post("/lapor/kecelakaan")
    for who, browser in (("filled in", filled), ("empty", empty), ("accident", accident)):
        for path, html in pages_from(browser, *PUBLIC, *QUESTIONS):
            yield Read(f"{who} {path}", path, html)


def _families(app: CaseflowApp, stage: Stage) -> Iterator[Read]:
    client = app.test_client()
    for phone in phones(stage, client):
        browser = app.test_client()
        browser.set_cookie("kel", phone.token)
        for path, html in pages_from(browser, "/berkas"):
            yield Read(f"{phone.name} {path}", path, html)
