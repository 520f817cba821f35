"""The pages of results in a real browser: no sideways scrolling on a small phone, and two sheets on paper."""

import io
import os
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.people.actor import Actor
from caseflow.reports.result_refresh import refresh
from caseflow.training.people import PASSPHRASE
from tests.conftest import FreshDatabase
from tests.reports import results_world as world
from tests.server import Service

PAGES = ("ringkasan", "layanan", "pendampingan")
PICTURES = os.environ.get("CASEFLOW_PICTURES")


@pytest.fixture
def filled(fresh_database: FreshDatabase, staff: Mapping[str, Actor]) -> None:
    """Sixty claims, counted."""
    with Session(fresh_database.engine) as session:
        world.population(session, staff, seed=5, claims=60)
        refresh(session, now=clock.now())
        session.commit()


def _signed_in(browser: Browser, running: Service, user: str, width: int) -> BrowserContext:
    context = browser.new_context(
        base_url=running.url, viewport={"width": width, "height": 800}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/masuk")
    page.fill("[name=username]", user)
    page.fill("[name=passphrase]", PASSPHRASE)
    with page.expect_navigation():
        page.click("main button[type=submit], main button:not([type])")
    return context


@pytest.mark.usefixtures("filled")
def test_small_phone_and_two_sheets_of_paper(browser: Browser, running: Service) -> None:
    """At 320 px nothing scrolls sideways; printed, each page fills two sheets of A4 landscape."""
    for user, width in (("dedi", 320), ("dedi", 1366), ("dprd", 320), ("siska", 1366)):
        context = _signed_in(browser, running, user, width)
        page = context.pages[0]
        for name in PAGES:
            answer = page.goto(f"/pengawasan/{name}")
            assert answer is not None
            if answer.status == 403:
                continue
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (user, name, width)
            _picture(page.screenshot(full_page=True), f"{user}-{name}-{width}.png")
            if width == 1366:
                paper = page.pdf(prefer_css_page_size=True)
                _picture(paper, f"{user}-{name}.pdf")
                with pikepdf.open(io.BytesIO(paper)) as sheets:
                    assert len(sheets.pages) == 2, (user, name)
                    box = sheets.pages[0].mediabox
                    assert float(box[2]) > float(box[3])
        context.close()


@pytest.mark.usefixtures("filled")
def test_coverage_of_the_whole_regency_is_two_sheets_of_paper(browser: Browser, running: Service) -> None:
    """Every nagari, every month: also for readers of aggregates, where words stand in place of numbers."""
    for user in ("bram", "dprd"):
        context = _signed_in(browser, running, user, 1366)
        page = context.new_page()
        page.goto("/pengawasan/kepesertaan")
        named = page.locator("#tabel-nagari tbody tr").count()
        assert named > 60
        paper = page.pdf(prefer_css_page_size=True)
        _picture(paper, f"{user}-kepesertaan.pdf")
        with pikepdf.open(io.BytesIO(paper)) as sheets:
            assert len(sheets.pages) == 2, user
        page.emulate_media(media="print")
        assert page.locator("#tabel-nagari tbody tr:visible").count() == named
        context.close()


@pytest.mark.usefixtures("filled")
def test_public_pages_fit_a_small_phone(browser: Browser, running: Service) -> None:
    """Statistics and the state of the service at 320 px."""
    context = browser.new_context(
        base_url=running.url, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    page = context.new_page()
    for name in ("statistik", "layanan"):
        page.goto(f"/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        _picture(page.screenshot(full_page=True), f"umum-{name}.png")
    context.close()


def _picture(content: bytes, name: str) -> None:
    """Keep what a person looks at, when asked to."""
    if PICTURES:
        (Path(PICTURES) / name).write_bytes(content)
