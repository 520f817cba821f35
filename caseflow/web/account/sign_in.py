"""Signing in and out."""

from urllib.parse import urlencode

from flask import Response, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from caseflow.audit.operations import record
from caseflow.errors import NotPermitted
from caseflow.extensions import db
from caseflow.people import accounts, hashing, passphrases, sessions, throttle
from caseflow.people.accounts import SignInFacts
from caseflow.web import here, homes
from caseflow.web.account import account
from caseflow.web.account.forms import SignInForm
from caseflow.web.identity import (
    STAFF_COOKIE,
    address,
    browser_label,
    browser_session,
    give_staff_cookie,
    take_cookie,
)
from caseflow.web.security import requires, safe_next

# One sentence for every reason: who has an account here is nobody's business.
WRONG = "Nama pengguna atau frasa sandi tidak cocok. Periksa keduanya, lalu coba lagi."
PAPER_IS_OLD = "Frasa sandi di kertas sudah lewat masanya. Minta yang baru kepada kepala cabang."


@account.get("/masuk")
@requires("account.sign_in")
def sign_in() -> ResponseReturnValue:
    """Ask for user name and passphrase."""
    return render_template("account/sign_in.html", form=SignInForm())


@account.post("/masuk")
@requires("account.sign_in")
def sign_in_post() -> ResponseReturnValue:
    """Check them, and open a session; it is finished only when a second factor is not due."""
    form = SignInForm()
    if not form.validate():
        return render_template("account/sign_in.html", form=form), 422
    facts = _checked(form.username.data or "", form.passphrase.data or "")
    if facts is None:
        form.form_errors.append(WRONG)
        return render_template("account/sign_in.html", form=form), 422
    if facts.temporary_until is not None and facts.temporary_until <= here.now():
        form.form_errors.append(PAPER_IS_OLD)
        return render_template("account/sign_in.html", form=form), 422
    return next_step(facts)


def next_step(facts: SignInFacts) -> ResponseReturnValue:
    """Go on after the passphrase: an own one for the one on paper, then the second factor, then the work."""
    if facts.temporary_until is not None:
        return enter(facts, finished=False, then="/masuk/frasa-sandi")
    if facts.totp_secret:
        return enter(facts, finished=False, then="/masuk/kode")
    if here.settings().totp_required:
        return enter(facts, finished=False, then="/masuk/daftar-kode")
    return enter(facts, finished=True)


def _checked(username: str, passphrase: str) -> SignInFacts | None:
    """Return the account if the passphrase fits. Every try is counted, and takes equally long."""
    known_as = accounts.normal_username(username)
    try_id = throttle.begin(here.session(), "staff", known_as, address(), now=here.now())
    db.session.commit()
    facts = accounts.find_for_sign_in(here.session(), known_as)
    db.session.commit()  # hold no connection while the slow hash runs
    given = passphrases.normal(passphrase)
    if not hashing.passphrase_matches(facts.password_hash if facts else None, given) or facts is None:
        if facts:
            record(here.session(), "staff.sign_in_refused", by=None, subject=f"user:{facts.user_id}")
            db.session.commit()
        return None
    throttle.succeed(here.session(), try_id)
    if hashing.needs_rehash(facts.password_hash):
        accounts.store_passphrase(here.session(), facts.user_id, given)
    return facts


def enter(facts: SignInFacts, *, finished: bool, then: str | None = None) -> ResponseReturnValue:
    """Open a new session, end the one this browser came with, and go on.

    :param finished: whether the second factor was given or is not due.
    """
    now = here.now()
    actor = accounts.actor_of(here.session(), facts.user_id)
    if actor is None or not actor.roles:
        raise NotPermitted("Akun Anda belum punya peran yang berlaku. Minta peran kepada kepala cabang.")
    _end_present_session()
    token = sessions.open_session(
        here.session(),
        facts.user_id,
        now=now,
        second_factor_at=now if finished else None,
        address=address(),
        browser=browser_label(),
    )
    after = safe_next(request.args.get("next"), default="")
    if finished:
        record(here.session(), "staff.signed_in", by=actor, subject=f"user:{facts.user_id}")
        then = after or homes.home(actor)
    elif after:
        then = f"{then}?{urlencode({'next': after})}"
    return give_staff_cookie(redirect_to(then or "/akun"), token)


@account.post("/keluar")
@requires("account.sign_in")
def sign_out() -> ResponseReturnValue:
    """End the session on every process, and say so."""
    _end_present_session()
    session.clear()
    return take_cookie(redirect_to("/masuk?keluar=1"), STAFF_COOKIE)


def _end_present_session() -> None:
    found = browser_session()
    if found is not None:
        sessions.revoke(here.session(), found.user_id, found.short_id, now=here.now())


def redirect_to(path: str) -> Response:
    """Redirect after a POST."""
    return make_response(redirect(path, code=303))
