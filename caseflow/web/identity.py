"""Who is asking: the cookie of a staff session or of a family's phone, read anew for every request."""

from typing import cast

from flask import Flask, Request, Response, g, request, session
from flask_login import UserMixin, current_user

from caseflow import clock
from caseflow.errors import CaseflowError
from caseflow.extensions import db, login_manager
from caseflow.people import accounts, devices, policy, sessions
from caseflow.people.actor import Actor
from caseflow.web import here

STAFF_COOKIE = "petugas"
FAMILY_COOKIE = "kel"
FORM_COOKIE = "isian"


class NotSignedIn(CaseflowError):
    """Nobody we know, or nobody any more; ``door`` is where to sign in."""

    status = 401

    def __init__(self, sentence: str, *, door: str) -> None:
        super().__init__(sentence)
        self.door = door


class SignedIn(UserMixin):
    """What Flask-Login calls the current user: an actor and the browser session it came with."""

    def __init__(self, actor: Actor, browser: sessions.BrowserSession) -> None:
        self.id = str(browser.user_id)
        self.actor = actor
        self.browser = browser


def init_identity(app: Flask) -> None:
    """Let Flask-Login find people by our own session rows; its own cookies are not used."""
    login_manager.init_app(app, add_context_processor=False)
    app.config["SESSION_PROTECTION"] = None  # our rows protect themselves
    login_manager.request_loader(_load)


def _load(asked: Request) -> SignedIn | None:
    token = asked.cookies.get(cookie_name(STAFF_COOKIE))
    found = sessions.find_signed_in(here.session(), token, now=clock.now()) if token else None
    return SignedIn(found[1], found[0]) if found else None


def browser_session() -> sessions.BrowserSession | None:
    """Return the session row of the staff cookie, also one that still lacks the second factor."""
    token = request.cookies.get(cookie_name(STAFF_COOKIE))
    return sessions.find_session(here.session(), token, now=clock.now()) if token else None


def half_signed_in() -> accounts.SignInFacts | None:
    """Return the account of a sign-in that is not finished: the passphrase was given, nothing is open yet."""
    found = browser_session()
    if found is None or found.second_factor_at is not None:
        return None
    return accounts.get_facts(here.session(), found.user_id)


def identify(permission: str) -> None:
    """Set ``g.actor`` to the one who may do this: staff before phone, nobody when only the public may."""
    g.actor = g.browser = g.device = None
    if policy.only_public(permission):
        return
    found = cast("SignedIn", current_user) if request.cookies.get(cookie_name(STAFF_COOKIE)) else None
    if found is not None and found.is_authenticated:
        g.browser, g.actor = found.browser, found.actor
        _keep(sessions.touch(here.session(), g.browser, now=clock.now()))
    if policy.allows_as_self(g.actor, permission):
        return
    g.device = _device()
    if g.device and policy.allows_as_self(g.device.actor, permission):
        g.actor = g.device.actor
        _keep(devices.touch(here.session(), g.device, now=clock.now()))
    elif policy.is_public(permission):
        g.actor = None


def _device() -> devices.Device | None:
    token = request.cookies.get(cookie_name(FAMILY_COOKIE))
    return devices.find_device(here.session(), token, now=clock.now()) if token else None


def _keep(written: bool) -> None:
    """Commit that somebody was here before the work begins: a page that only reads commits nothing else."""
    if written:
        db.session.commit()


def cookie_name(name: str) -> str:
    """Return the full name of a cookie: bound to this host where cookies are secure."""
    return f"__Host-{name}" if here.settings().secure_cookies else name


def give_staff_cookie(response: Response, token: str) -> Response:
    """Hand a staff token to the browser, and forget the form tokens of whoever was here before."""
    session.clear()
    return _give(response, STAFF_COOKIE, token, max_age=None)


def give_family_cookie(response: Response, token: str, *, borrowed: bool = False) -> Response:
    """Hand a phone its token; the database decides how long it opens anything.

    A borrowed phone forgets it with its browser.
    """
    longest = None if borrowed else int(devices.LONGEST.total_seconds())
    return _give(response, FAMILY_COOKIE, token, max_age=longest)


def take_cookie(response: Response, name: str) -> Response:
    """Remove one of our cookies."""
    return _give(response, name, "", max_age=0)


def _give(response: Response, name: str, token: str, *, max_age: int | None) -> Response:
    response.set_cookie(
        cookie_name(name),
        token,
        max_age=max_age,
        secure=here.settings().secure_cookies,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def address() -> str:
    """Return where the request came from; proxies are believed only as far as the settings say."""
    return request.remote_addr or ""


def browser_label() -> str:
    """Return a rough name for a phone or browser, for lists that people read."""
    agent = request.user_agent.string
    for mark, label in (
        ("Android", "HP Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
    ):
        if mark in agent:
            return label
    return "Komputer" if agent else "Peramban"
