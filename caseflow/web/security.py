"""What every request passes: known host, small body, a permission on every page, headers on every answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import structlog
from flask import Flask, Response, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.middleware.proxy_fix import ProxyFix

from caseflow.audit.operations import record
from caseflow.config import Settings
from caseflow.errors import NotPermitted
from caseflow.extensions import csrf, db
from caseflow.identifiers import random_token
from caseflow.people import policy
from caseflow.web import here
from caseflow.web.identity import FORM_COOKIE, NotSignedIn, identify, init_identity
from caseflow.web.log import init_log
from caseflow.web.phone_lock import init_phone_lock, refuse_level_three, require_level
from caseflow.web.refusals import init_refusals
from caseflow.web.step_up import init_step_up

View = TypeVar("View", bound=Callable[..., Any])

FORM_BYTES = 1 << 20
FIELD_BYTES = 500_000  # of words in a form that also carries files
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_STAFF_DOOR = "/masuk"
_FAMILY_DOOR = "/masuk-keluarga"
_LONGEST_NEXT = 500
_FOR_PROGRAMS = "field.api"  # a program is told that nobody is signed in; no page would help it
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_log = structlog.get_logger("caseflow.web")


def requires(
    permission: str, *, max_bytes: int = FORM_BYTES, body_types: tuple[str, ...] = _FORM_TYPES
) -> Callable[[View], View]:
    """Mark a view with the permission it needs. A view without a mark answers nobody.

    Write it nearest to the function, under the route.

    :param max_bytes: largest body taken; views that take files say how large.
    :param body_types: content types taken by writing requests.
    :raises PolicyRefused: at start, for a permission that does not exist, or a view marked twice.
    """
    policy.policy().permission(permission)

    def mark(view: View) -> View:
        if getattr(view, "permission", permission) != permission:
            raise policy.PolicyRefused(
                f"Halaman {view.__name__} sudah memakai izin lain; buat fungsi sendiri."
            )
        view.permission = permission  # type: ignore[attr-defined]  # read back by the guard
        view.max_bytes = max_bytes  # type: ignore[attr-defined]
        view.body_types = body_types  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(app: Flask, endpoint: str) -> str | None:
    """Return the permission an endpoint is marked with."""
    return getattr(app.view_functions.get(endpoint), "permission", None)


def init_security(app: Flask, settings: Settings) -> None:
    """Put guard, form tokens, headers and refusals around the application."""
    hosts = [urlsplit(settings.base_url).hostname or "", *settings.trusted_hosts, "127.0.0.1", "localhost"]
    app.config.update(
        TRUSTED_HOSTS=[host for host in hosts if host],
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FIELD_BYTES,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME=f"__Host-{FORM_COOKIE}" if settings.secure_cookies else FORM_COOKIE,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        # a phone closes its browser between two questions: form tokens, and the cookie they hang on, outlive that
        WTF_CSRF_TIME_LIMIT=None,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,
        # our own pages send no referrer; Sec-Fetch-Site is asked instead
        WTF_CSRF_SSL_STRICT=False,
        PREFERRED_URL_SCHEME=urlsplit(settings.base_url).scheme,
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0)  # type: ignore[method-assign]
    init_log()
    init_identity(app)
    app.before_request(_begin)
    app.before_request(_guard)
    csrf.init_app(app)
    app.after_request(_finish)
    init_refusals(app)
    init_step_up(app)
    init_phone_lock(app)
    app.jinja_env.globals["request_key"] = random_token
    requires("public.read")(app.view_functions["static"])


def _begin() -> None:
    """Give the request a number people can read out, and refuse what no browser of ours sends."""
    g.reference = random_token()[:8].upper().replace("-", "7").replace("_", "4")
    g.actor = None
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(reference=g.reference)
    values = [*request.args.values(), *(request.view_args or {}).values()]
    if any("\x00" in str(value) for value in values):
        raise BadRequest
    if request.method not in _WRITES or request.endpoint is None:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise NotPermitted(
            "Isian ini dikirim dari situs lain, jadi tidak kami terima. Buka halaman ini langsung."
        )
    view = request_view()
    request.max_content_length = getattr(view, "max_bytes", FORM_BYTES)
    if request.headers.get("Content-Encoding"):
        raise UnsupportedMediaType
    if request.mimetype and request.mimetype not in getattr(view, "body_types", _FORM_TYPES):
        raise UnsupportedMediaType


def request_view() -> Callable[..., Any] | None:
    """Return the view that answers this request."""
    return current_app.view_functions.get(request.endpoint or "")


def _guard() -> ResponseReturnValue | None:
    """Let in only whom the permission of the page names; a page without one lets in nobody."""
    if request.routing_exception is not None or request.endpoint is None:
        return None
    permission = getattr(request_view(), "permission", None)
    if permission is None:
        _log.error("page_without_permission", endpoint=request.endpoint)
        raise NotPermitted("Halaman ini belum dibuka untuk siapa pun.")
    identify(permission)
    if policy.allows(here.find_actor(), permission):
        unlocking = require_level(permission)
        if unlocking is not None:
            return unlocking
        if request.mimetype == "multipart/form-data":
            db.session.rollback()  # who asks is known; no connection is held while the body travels
        return None
    return _turn_away(permission)


def _turn_away(permission: str) -> ResponseReturnValue:
    by = here.find_actor()
    if by is not None:
        record(here.session(), "access.refused", by=by, subject=f"page:{request.endpoint}")
        db.session.commit()
        policy.require(by, permission)
    refuse_level_three(permission)
    door = _FAMILY_DOOR if policy.is_for_families_only(permission) else _STAFF_DOOR
    if request.method not in {"GET", "HEAD"} or request.blueprint == _FOR_PROGRAMS:
        closed = "Laporan ini" if door == _FAMILY_DOOR else "Akun ini"
        raise NotSignedIn(
            f"{closed} sudah ditutup di perangkat ini. Yang baru dikirim belum tersimpan.", door=door
        )
    if door == _STAFF_DOOR:
        door = f"{door}?next={quote(request.full_path.rstrip('?'))}"
    return redirect(door, code=303)


def safe_next(target: str | None, default: str = "/") -> str:
    """Return a path on this server to go on to; anything else becomes ``default``."""
    if not target or len(target) > _LONGEST_NEXT or not target.isprintable() or "\\" in target:
        return default
    return target if target.startswith("/") and not target.startswith("//") else default


def _finish(response: Response) -> Response:
    if session.modified:
        session.permanent = True
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Request-ID"] = g.get("reference", "-")
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
