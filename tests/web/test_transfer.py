"""What travels: packed where no proxy packs, and a static file once until it changes."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from caseflow.app import create_app
from caseflow.extensions import db
from tests.conftest import FreshDatabase, make_settings

PACKED = {"Accept-Encoding": "gzip, deflate, br"}


@contextmanager
def browser_of(database: FreshDatabase, folder: Path, **settings: object) -> Iterator[FlaskClient]:
    """A browser before an application with these settings."""
    app = create_app(make_settings(database.app_url, folder, **settings), TESTING=True)
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def phone(shared_database: FreshDatabase, tmp_path: Path) -> Iterator[FlaskClient]:
    """A phone before an application without a proxy, as ``make run`` starts it."""
    with browser_of(shared_database, tmp_path) as browser:
        yield browser


def assets_of(page: str) -> list[str]:
    """Addresses of everything that a page loads."""
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


def test_pages_and_files_are_packed(phone: FlaskClient) -> None:
    for path in ("/", "/tidak-ada", *assets_of(phone.get("/").get_data(as_text=True))):
        with phone.get(path) as plain, phone.get(path, headers=PACKED) as packed:
            same = re.sub(rb"[A-Z0-9]{8}", b"", plain.data)  # the number of the request differs
            if len(plain.data) < 500:
                assert packed.headers.get("Content-Encoding") is None
                continue
            assert packed.headers["Content-Encoding"] == "gzip", path
            assert packed.headers["Vary"] == "Accept-Encoding" or "Accept-Encoding" in packed.headers["Vary"]
            assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
            assert re.sub(rb"[A-Z0-9]{8}", b"", gzip.decompress(packed.data)) == same


@pytest.mark.parametrize("wish", ["", "identity", "br", "gzip;q=0"])
def test_who_does_not_ask_gets_it_plain(phone: FlaskClient, wish: str) -> None:
    answer = phone.get("/", headers={"Accept-Encoding": wish})
    assert "Content-Encoding" not in answer.headers
    assert "Laporkan kematian" in answer.get_data(as_text=True)


def test_a_head_request_says_what_a_get_would_hold(phone: FlaskClient) -> None:
    answer = phone.head("/", headers=PACKED)
    assert (answer.status_code, answer.data) == (200, b"")


def test_behind_a_proxy_nothing_is_packed_twice(shared_database: FreshDatabase, tmp_path: Path) -> None:
    with browser_of(shared_database, tmp_path, proxy_hops=1) as browser:
        assert "Content-Encoding" not in browser.get("/", headers=PACKED).headers


def test_a_static_file_is_kept_until_it_changes(phone: FlaskClient) -> None:
    """Each address carries the stamp of the content; another stamp, or none, is asked for again each time."""
    addresses = assets_of(phone.get("/").get_data(as_text=True))
    assert len(addresses) >= 3
    for address in addresses:
        assert re.fullmatch(r"/static/[\w./-]+\?v=[0-9a-f]{8}", address)
        with phone.get(address, headers=PACKED) as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        for other in (address.split("?")[0], re.sub(r"v=.*", "v=00000000", address)):
            with phone.get(other, headers=PACKED) as answer:
                assert answer.headers["Cache-Control"] == "no-cache"
                etag = answer.headers["ETag"]
            with phone.get(other, headers={**PACKED, "If-None-Match": etag}) as again:
                assert (again.status_code, again.data) == (304, b"")


def test_pages_are_kept_by_nobody(phone: FlaskClient) -> None:
    assert phone.get("/", headers=PACKED).headers["Cache-Control"] == "no-store"


def test_a_file_that_is_not_there_has_no_stamp(phone: FlaskClient) -> None:
    with phone.get("/static/css/tidak-ada.css?v=00000000") as answer:
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"
