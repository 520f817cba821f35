"""A real Chromium against the real service."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from caseflow.training.people import PASSPHRASE
from tests.conftest import FreshDatabase
from tests.server import Service, service

CHROMIUM = os.environ.get("CASEFLOW_CHROMIUM", "/usr/bin/chromium")
PATIENCE_MS = 30_000  # a busy machine takes the time it needs
PICTURES = os.environ.get("CASEFLOW_PICTURES")
LOG_LINES = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that failed shows what the service answered last, and how long each answer took."""
    report = yield
    for given in getattr(item, "funcargs", {}).values():
        if report.failed and call.when == "call" and isinstance(given, Service):
            said = given.log.read_text(errors="replace").splitlines()
            report.sections.append((f"{given.log.name}, last lines", "\n".join(said[-LOG_LINES:])))
    return report


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """What a page is to show may take as long as what one presses."""
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, kept off every network but loopback."""
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture
def running(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Service]:
    """The service over a database of its own."""
    with service(fresh_database.app_url, tmp_path) as started:
        yield started


@pytest.fixture
def phone(browser: Browser, running: Service) -> Iterator[Page]:
    """A cheap phone: 320 px wide, touch, no JavaScript."""
    context = browser.new_context(
        base_url=running.url,
        viewport={"width": 320, "height": 640},
        has_touch=True,
        is_mobile=True,
        java_script_enabled=False,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture
def desk(browser: Browser, running: Service) -> Iterator[Callable[[str], Page]]:
    """A desktop browser signed in as one of the training staff; each has a browser of their own."""
    contexts: list[BrowserContext] = []

    def signed_in(username: str) -> Page:
        context = browser.new_context(
            base_url=running.url,
            viewport={"width": 1366, "height": 768},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.goto("/masuk")
        page.get_by_label("Nama pengguna").fill(username)
        page.get_by_label("Frasa sandi").fill(PASSPHRASE)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(lambda url: "/masuk" not in url)
        return page

    yield signed_in
    for number, context in enumerate(contexts):
        if PICTURES:
            context.pages[0].screenshot(path=f"{PICTURES}/last-{number}.png", full_page=True)
        context.close()


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keep a picture of a page when ``CASEFLOW_PICTURES`` names a folder."""

    def take(page: Page, name: str) -> None:
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)

    return take
