"""The app's page, worker and manifest: what the phone keeps is whole, in one version, and names nobody."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from caseflow.app import CaseflowApp
from caseflow.web.field import phone_app
from caseflow.web.security import CONTENT_SECURITY_POLICY

SignIn = Callable[[FlaskClient, str], None]
PAGE, WORKER, MANIFEST = "/pendamping/lapangan", "/pendamping/sw.js", "/pendamping/manifest.webmanifest"


def told(script: str) -> Mapping[str, Any]:
    """What stands above the worker."""
    found = re.findall(r"^const (VERSION|SHELL|FILES) = (.*);$", script, re.MULTILINE)
    return {name: json.loads(value) for name, value in found}


def test_the_page_names_nobody_and_opens_only_what_it_needs(client: FlaskClient, sign_in: SignIn) -> None:
    assert client.get(PAGE).location.startswith("/masuk?next=")
    sign_in(client, "rina")
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Rina" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert {"script-src 'self'", "img-src 'self' blob:", "worker-src 'self'", "manifest-src 'self'"} <= {
        part.strip() for part in policy.split(";")
    }
    assert "geolocation=(self)" in page.headers["Permissions-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("username", ["dedi", "fitri", "siska"])
def test_only_who_visits_opens_it(client: FlaskClient, sign_in: SignIn, username: str) -> None:
    sign_in(client, username)
    assert client.get(PAGE).status_code == (200 if username == "siska" else 403)


def test_other_pages_keep_their_headers(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "rina")
    page = client.get("/akun")
    assert page.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "geolocation=()" in page.headers["Permissions-Policy"]


def test_the_worker_is_never_cached_and_lists_what_is_there(client: FlaskClient, sign_in: SignIn) -> None:
    worker = client.get(WORKER)  # also for who is signed out: an old one must be able to learn of a new one
    assert (worker.status_code, worker.mimetype) == (200, "text/javascript")
    assert worker.headers["Cache-Control"] == "no-store"
    found = told(worker.text)
    assert found["SHELL"] == PAGE
    assert re.fullmatch("[0-9a-f]{16}", found["VERSION"])
    sign_in(client, "rina")
    for address in found["FILES"]:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
    shell = client.get(PAGE).text
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', shell):
        assert {address, address.partition("?")[0]} & set(found["FILES"]), address


def test_every_script_that_another_imports_is_kept(client: FlaskClient, app: CaseflowApp) -> None:
    files = told(client.get(WORKER).text)["FILES"]
    for address in [one for one in files if one.startswith("/static/field/")]:
        with client.get(address) as answer:
            script = answer.get_data(as_text=True)
        for name in re.findall(r'from "\./([a-z_]+\.js)"', script):
            assert f"/static/field/{name}" in files, (address, name)
    assert "/static/field/worker.js" not in files
    assert not [one for one in files if "/api/" in one]


def test_another_letter_anywhere_is_another_version(
    client: FlaskClient, app: CaseflowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(client.get(WORKER).text)["VERSION"]
    phone_app._version.cache_clear()
    monkeypatch.setattr(phone_app, "_STYLES", ("css/base.css", "css/staff.css", "css/family.css"))
    assert told(client.get(WORKER).text)["VERSION"] != before
    phone_app._version.cache_clear()


def test_the_manifest_is_read_without_cookies(client: FlaskClient) -> None:
    manifest = client.get(MANIFEST)
    assert (manifest.status_code, manifest.mimetype) == (200, "application/manifest+json")
    said = manifest.get_json()
    assert (said["start_url"], said["scope"], said["display"]) == (PAGE, "/pendamping/", "standalone")
    for picture in said["icons"]:
        with client.get(picture["src"]) as answer:
            assert answer.status_code == 200
