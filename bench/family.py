"""Rows 15 and 16: the pages of families on a cheap phone: what they weigh and when the first word is seen.

A real Chromium, 320 px wide, at 400 kbit/s with 400 ms to every answer, its processor six times slower, nothing
kept from before. The limit is an empty page in the same browser on the same line.
"""

import os
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.result import Row
from bench.web import server
from bench.world import World
from caseflow import clock
from caseflow.app import create_app
from caseflow.claims.models import Claim
from caseflow.documents.catalogue import catalogue
from caseflow.people.devices import device_for_reporter
from caseflow.web.identity import FAMILY_COOKIE
from caseflow.web.public.questions import QUESTIONS

EMPTY = "/bench-bare/hello"
_LATER = {"/berkas/sudah-diterima"}  # asked only once something was paid
_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_SLOWER = 6
_TRIES = 3
_CHROMIUM = ("chromium", "google-chrome-stable", "google-chrome", "chromium-browser")
_FIRST_PAINT = """() => new Promise(done => {
  const seen = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  if (seen() !== undefined) return done(seen());
  new PerformanceObserver(() => seen() !== undefined && done(seen())).observe({type: 'paint', buffered: true});
})"""


@dataclass(frozen=True)
class Seen:
    """One page: packed bytes of everything it loaded, milliseconds until its first word, what is wrong with it."""

    path: str
    size: int
    first_ms: float
    wrong: str = ""


def measure(world: World) -> list[Row]:
    """Measure every page that needs no number in its address, and one paper and one question."""
    with Session(world.main.engine) as session:
        claim = session.scalars(
            select(Claim)
            .where(Claim.state == "documents_pending", Claim.program == "jkm")
            .order_by(Claim.id)
            .limit(1)
        ).one()
        token = device_for_reporter(session, claim.id, "Yusra", now=clock.now())
        session.commit()
    environment, log = world.environment(world.main), world.folder / "family.log"
    with server("bench.wsgi:app", environment, log, workers=1) as served, _browser() as browser:
        base = f"http://127.0.0.1:{served.port}"
        empty = _look(browser, base, EMPTY, token)
        seen = [found for path in _paths(world) if (found := _look(browser, base, path, token)).size]
        second = _second_page(browser, base, token)
    return _rows(seen, empty, second)


def _rows(seen: list[Seen], empty: Seen, second: int) -> list[Row]:
    wrong = [page.wrong for page in seen if page.wrong]
    slowest, heaviest = max(seen, key=lambda page: page.first_ms), max(seen, key=lambda page: page.size)
    by_path = [
        f"{page.path:<34} {page.size / 1000:5.1f} KB  {page.first_ms / 1000:4.2f} s  "
        f"{page.first_ms / empty.first_ms:.2f} × empty"
        for page in seen
    ]
    notes = [*by_path, f"empty page {empty.first_ms / 1000:.2f} s; each the median of {_TRIES}"]
    return [
        Row(
            "17", "family pages, first word (slowest)", f"an empty page; here {slowest.path}",
            slowest.first_ms / 1000, 2.5, 1.5, high=False, unit=" s", notes=notes, wrong=wrong,
        ),
        Row(
            "18", "family pages, all they load (heaviest)", f"60 KB; here {heaviest.path}",
            heaviest.size / 1000, 60, 30, high=False, unit=" KB",
            notes=[f"the next page of the same phone: {second / 1000:.1f} KB"], wrong=wrong,
        ),
    ]  # fmt: skip


def _paths(world: World) -> list[str]:
    """Addresses of the two blueprints of families, by the map of the application itself."""
    app = create_app(world.settings(world.main))
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in {"public", "family"}
        and "GET" in (rule.methods or ())
        and not rule.arguments
        and rule.rule not in _LATER
        and "." not in rule.rule.rpartition("/")[2]  # a file, such as the receipt as PDF, is no page
    }
    return [
        *sorted(found),
        f"/lapor/{QUESTIONS[0].name}",
        f"/berkas/dokumen/{next(iter(catalogue().papers))}",
    ]


@contextmanager
def _browser() -> Iterator[Browser]:
    chromium = os.environ.get("CASEFLOW_CHROMIUM") or next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if chromium is None:
        raise RuntimeError("Chromium is missing: install it (apt-get install chromium) and run again.")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


def _phone(browser: Browser, base: str, token: str) -> BrowserContext:
    context = browser.new_context(
        base_url=base, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True, locale="id-ID"
    )
    context.add_cookies([{"name": FAMILY_COOKIE, "value": token, "url": base}])
    return context


def _look(browser: Browser, base: str, path: str, token: str) -> Seen:
    """Open a page a few times, each time as if for the first time; what is no page has no size."""
    sizes, times = [], []
    for _ in range(_TRIES):
        context = _phone(browser, base, token)
        if path.startswith("/lapor/"):
            context.request.post(f"{base}/lapor")
        page = context.new_page()
        size, first_ms, kind, status = _open(page, path)
        context.close()
        if kind != "text/html":
            return Seen(path, 0, 0)
        if status != HTTPStatus.OK:
            return Seen(path, size, first_ms, f"{path}: {status}")
        sizes.append(size)
        times.append(first_ms)
    return Seen(path, max(sizes), statistics.median(times))


def _open(page: Page, path: str) -> tuple[int, float, str, int]:
    """Open on the slow line; return bytes that came over it, milliseconds to the first word, kind and status."""
    line = page.context.new_cdp_session(page)
    came: list[float] = []
    line.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", _LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    answer = page.goto(path, wait_until="load")
    if answer is None:
        return 0, 0, "", 0
    kind = answer.headers.get("content-type", "").split(";")[0]
    first_ms = float(page.evaluate(_FIRST_PAINT)) if kind == "text/html" else 0
    return int(sum(came)), first_ms, kind, answer.status


def _second_page(browser: Browser, base: str, token: str) -> int:
    """What the list of papers costs a phone that has just seen the status."""
    context = _phone(browser, base, token)
    page = context.new_page()
    page.goto("/berkas", wait_until="load")
    size, *_ = _open(page, "/berkas/dokumen")
    context.close()
    return size
