"""Every page of families in every prepared state at 320 px: axe with contrast 7, boxes, focus, larger letters."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from caseflow.app import CaseflowApp
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from tests.browser.conftest import PICTURES
from tests.browser.looks import LARGER_FONT, hidden_focus, sideways, too_small
from tests.conftest import FreshDatabase
from tests.pages.conftest import PUBLIC, QUESTIONS
from tests.pages.crawl import pages_from
from tests.phones import phones
from tests.server import Service
from tests.story import Stage

ALWAYS = ("/berkas", "/berkas/dokumen")
_STRICT = {"rules": {"color-contrast-enhanced": {"enabled": True}}}


def faults(page: Page) -> list[str]:
    """Everything that is wrong with the page that stands there."""
    found = [
        f"axe {one['id']}: {one['nodes'][0]['html'][:140]}"
        for one in Axe().run(page, options=_STRICT).response["violations"]
    ]
    found += too_small(page) + sideways(page) + sideways(page, font=LARGER_FONT) + hidden_focus(page)
    return found


def say(problems: list[str]) -> None:
    """Fail with the whole list."""
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def small_phone(browser: Browser, running: Service) -> BrowserContext:
    """A cheap phone, 320 px wide."""
    return browser.new_context(base_url=running.url, viewport={"width": 320, "height": 640}, locale="id-ID")


def test_every_page_of_every_phone(
    browser: Browser,
    running: Service,
    app: CaseflowApp,
    client: FlaskClient,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
) -> None:
    """Status and list of papers in each state, every other page once."""
    app.config["WTF_CSRF_ENABLED"] = False
    problems: list[str] = []
    looked_at: set[str] = set()
    with Session(fresh_database.engine, expire_on_commit=False) as session:
        stage = Stage(session, open_store(running.environment["CASEFLOW_STORAGE_URL"]), dict(staff))
        for number, phone in enumerate(phones(stage, client)):
            crawler = client.application.test_client()
            crawler.set_cookie("kel", phone.token)
            found = {path for path, _ in pages_from(crawler, *ALWAYS) if not path.startswith("POST")}
            context = small_phone(browser, running)
            context.add_cookies([{"name": "kel", "value": phone.token, "url": running.url}])
            page = context.new_page()
            for path in sorted(set(ALWAYS) | (found - looked_at)):
                page.goto(path)
                keep_picture(page, f"{number:02}{path}")
                problems += [f"{phone.name} {path}: {one}" for one in faults(page)]
            looked_at |= found
            context.close()
    assert set(ALWAYS) < looked_at
    say(problems)


def test_every_public_page(browser: Browser, running: Service) -> None:
    """The first pages, and the questions of both reports, empty and with their errors."""
    problems: list[str] = []
    context = small_phone(browser, running)
    page = context.new_page()
    for start in ("/lapor", "/lapor/kecelakaan"):
        page.goto(start)
        with page.expect_navigation():
            page.locator("main form button").first.click()
    for path in (*PUBLIC, *QUESTIONS):
        page.goto(path)
        keep_picture(page, f"public{path}")
        problems += [f"{path}: {one}" for one in faults(page)]
        send = page.locator("main form[method=post] button.button-primary")
        if path in QUESTIONS and send.count():
            with page.expect_navigation():
                send.first.click()
            keep_picture(page, f"public{path}-errors")
            problems += [f"{path}, sent empty: {one}" for one in faults(page)]
    context.close()
    say(problems)


def test_what_is_measured_can_be_found(browser: Browser, running: Service) -> None:
    """A page with everything that must not be: each measure says so."""
    context = small_phone(browser, running)
    page = context.new_page()
    page.set_content(
        '<html lang="id"><title>x</title><style>a:focus{outline:0} a{outline:0} p{color:#767676}</style><main><h1>x</h1>'
        '<a href="/x">kecil</a><p style="width:30rem">lebar</p></main>'
    )
    found = " ".join(faults(page))
    context.close()
    for word in (
        "color-contrast-enhanced",
        "px: <a",
        "wider than the screen",
        LARGER_FONT,
        "no focus to be seen",
    ):
        assert word in found, (word, found)


def keep_picture(page: Page, name: str) -> None:
    """Keep a picture when ``CASEFLOW_PICTURES`` names a folder."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES, f"{name.replace('/', '-')}.png"), full_page=True)
