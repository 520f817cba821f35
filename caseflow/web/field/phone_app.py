"""The app for visits without signal: its one page, its service worker, its manifest. What it holds, the phone holds alone.

Not here: what it fetches and sends (``api``); the same work on ordinary pages (the other doors of this folder).
"""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from caseflow.web import here
from caseflow.web.field import field
from caseflow.web.security import CONTENT_SECURITY_POLICY, requires

_OWN = "field/*.js"
_WORKER = "field/worker.js"  # not one of the files it keeps: the browser keeps it itself
_STYLES = ("css/base.css", "css/staff.css", "css/field_app.css")
_OTHERS = ("vendor/idb.js", "img/field.svg")
_PAGE = "field/app.html"
_SCOPE = "/pendamping/"
_LONGEST_VERSION = 16
# photos are looked at before they leave; the worker and the manifest are our own
_POLICY = CONTENT_SECURITY_POLICY.replace("img-src 'self'", "img-src 'self' blob:") + (
    "; worker-src 'self'; manifest-src 'self'"
)
_PERMISSIONS = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"


@field.get("/lapangan")
@requires("visit.record")
def app_page() -> ResponseReturnValue:
    """The page that the phone keeps. It names nobody: who works with it is asked of the server, or of the PIN."""
    page = Response(render_template(_PAGE, files=_kept(), scope=_SCOPE))
    page.headers["Content-Security-Policy"] = _POLICY
    page.headers["Permissions-Policy"] = _PERMISSIONS
    return page


@field.get("/sw.js")
@requires("public.read")
def service_worker() -> ResponseReturnValue:
    """The worker with the list of what it keeps. Its address decides its scope: everything under ``/pendamping/``."""
    shell = url_for("field.app_page")
    told = {"VERSION": _version(here.settings().training), "SHELL": shell, "FILES": _kept()}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items())
    return Response(head + (_static() / _WORKER).read_text(), mimetype="text/javascript")


@field.get("/manifest.webmanifest")
@requires("public.read")
def manifest() -> ResponseReturnValue:
    """What the phone shows on its home screen. Browsers fetch it without cookies."""
    start = url_for("field.app_page")
    told = {
        "id": start,
        "start_url": start,
        "scope": _SCOPE,
        "name": "Kunjungan keluarga",
        "short_name": "Kunjungan",
        "description": "Kunjungan kepada keluarga setelah santunan dibayarkan, juga tanpa sinyal.",
        "lang": "id",
        "display": "standalone",
        "background_color": "#f3f5f4",
        "theme_color": "#084a3e",
        "icons": [
            {"src": _address("img/field.svg"), "type": "image/svg+xml", "sizes": "any"},
            {"src": _address("img/field-192.png"), "type": "image/png", "sizes": "192x192"},
            {"src": _address("img/field-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "any maskable"},
        ],
    }  # fmt: skip
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json")


def _static() -> Path:
    return Path(current_app.static_folder or "")


def _address(name: str) -> str:
    """Return an address without the version of its contents: scripts import each other so."""
    return url_for("static", filename=name).partition("?")[0]


def _kept() -> list[str]:
    """Addresses of the page and of everything it needs."""
    own = sorted(path.name for path in _static().glob(_OWN) if path.name != Path(_WORKER).name)
    styles = [url_for("static", filename=name) for name in _STYLES]
    scripts = [_address(name) for name in (*(f"field/{name}" for name in own), *_OTHERS)]
    return [url_for("field.app_page"), *styles, *scripts]


@cache
def _version(training: bool) -> str:
    """Return a name of the contents of everything the phone keeps; another letter anywhere is another version."""
    digest = sha256(str(training).encode())
    page = Path(current_app.jinja_env.get_template(_PAGE).filename or "")
    for path in (page, *sorted(_static().glob(_OWN)), *(_static() / name for name in (*_STYLES, *_OTHERS))):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:_LONGEST_VERSION]
