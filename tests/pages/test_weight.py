"""No page for families weighs more than 60 KB with everything it loads, packed as it travels (screens.md §0.2)."""

import gzip
import re
from functools import cache

from flask.testing import FlaskClient

from tests.pages.conftest import Library

MOST_BYTES = 60_000
MOST_SCRIPT_BYTES = 35_000
_LOADED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_IMPORTED = re.compile(rb'(?:from|import)\s*\(?["\'](\.{1,2}/[^"\']+)["\']')


def loaded_by(browser: FlaskClient, html: str) -> dict[str, int]:
    """Address and packed size of everything a page loads; what scripts load in turn counts too."""

    @cache
    def content(address: str) -> bytes:
        with browser.get(address) as answer:
            assert answer.status_code == 200, address
            return bytes(answer.data)

    waiting, sizes = _LOADED.findall(html), {}
    while waiting:
        address = waiting.pop().split("?")[0]
        if address not in sizes:
            sizes[address] = len(gzip.compress(content(address)))
            folder = address.rpartition("/")[0]
            found = (
                [name.decode() for name in _IMPORTED.findall(content(address))]
                if address.endswith(".js")
                else []
            )
            waiting += [f"{folder}/{name.removeprefix('./')}" for name in found]
    return sizes


def test_every_page_is_light(library: Library) -> None:
    heavy: list[str] = []
    for page in library.pages:
        sizes = loaded_by(library.browser, page.html)
        whole = len(gzip.compress(page.html.encode())) + sum(sizes.values())
        script = sum(size for address, size in sizes.items() if address.endswith(".js"))
        if whole > MOST_BYTES or script > MOST_SCRIPT_BYTES:
            heavy.append(f"{page.where}: {whole} bytes, of which script {script}")
    assert heavy == []


def test_no_page_loads_anything_from_elsewhere(library: Library) -> None:
    """No font, no picture, no script of anybody else: neither seen nor waited for."""
    elsewhere = re.compile(
        r'<(?:link|script|img|iframe|source|video)[^>]+(?:href|src)="(?!/static/|data:)([^"]*)"'
    )
    found = {(page.path, address) for page in library.pages for address in elsewhere.findall(page.html)}
    assert found == set()
