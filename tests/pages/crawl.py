"""Every page that a phone can come to by its links, and every page that a form sent empty answers with."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask.testing import FlaskClient

STAFF = (
    "/petugas",
    "/keuangan",
    "/nagari",
    "/admin",
    "/pengawasan",
    "/akun",
    "/static",
    "/healthz",
    "/readyz",
    "/api",
)
DOORS = ("/masuk", "/keluar", "/masuk/kode")
# forms that end what is being looked at
LEAVING = ("/berkas/tutup", "/berkas/hp/cabut", "/lapor/hapus", "/berkas/kunci")
_MOST_PAGES = 150


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "form" and (given.get("method") or "").lower() == "post":
            self.forms.append(given.get("action") or "")


def pages_from(browser: FlaskClient, *starts: str) -> Iterator[tuple[str, str]]:
    """Give (address, HTML) of everything for families that links lead to; of numbered addresses one."""
    waiting, seen = list(starts), set[str]()
    forms: dict[str, None] = {}
    while waiting and len(seen) < _MOST_PAGES:
        path = waiting.pop(0)
        if _kind(path) in seen:
            continue
        seen.add(_kind(path))
        with browser.get(path, follow_redirects=True) as answer:
            if answer.mimetype != "text/html":
                continue
            page = answer.get_data(as_text=True)
        yield path, page
        reader = _Reader()
        reader.feed(page)
        waiting += [link for link in map(_ours, reader.links) if link]
        forms |= dict.fromkeys(_ours(action or path) for action in reader.forms)
    for action in forms:
        if action and not action.startswith(LEAVING):
            yield from _sent_empty(browser, action)


def _sent_empty(browser: FlaskClient, action: str) -> Iterator[tuple[str, str]]:
    """What is read by who presses the button too early."""
    with browser.post(action) as answer:
        if answer.status_code >= 400 and answer.mimetype == "text/html":
            yield f"POST {action}", answer.get_data(as_text=True)


def _ours(link: str) -> str:
    """Return the path of a link to a page for families, or nothing."""
    parts = urlsplit(link)
    path = parts.path
    outside = parts.scheme or parts.netloc or not path.startswith("/") or path in DOORS
    if outside or any(path == door or path.startswith(f"{door}/") for door in STAFF):
        return ""
    return f"{path}?{parts.query}" if parts.query else path


def _kind(path: str) -> str:
    return re.sub(r"\d{3,}", "…", path)
