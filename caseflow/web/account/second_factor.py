"""The second factor: giving a code, and binding a phone to the account."""

import io
from datetime import UTC, datetime

import segno
from flask import Response, g, make_response, redirect, render_template, session
from flask.typing import ResponseReturnValue

from caseflow.audit.operations import record
from caseflow.errors import NotFound
from caseflow.extensions import db
from caseflow.people import accounts, throttle, totp
from caseflow.people.accounts import SignInFacts
from caseflow.people.actor import Actor
from caseflow.web import here
from caseflow.web.account import account
from caseflow.web.account.forms import CodeForm
from caseflow.web.account.sign_in import enter, redirect_to
from caseflow.web.identity import address, browser_session, half_signed_in
from caseflow.web.security import requires
from caseflow.web.step_up import WRONG_CODE, check_factor, require_step_up

_OFFER = "totp_offer"  # in the signed form cookie of the one browser that is shown the picture


@account.get("/masuk/kode")
@requires("account.sign_in")
def code() -> ResponseReturnValue:
    """Ask for the code of the phone."""
    if _half_signed_in() is None:
        return redirect("/masuk", code=303)
    return render_template("account/code.html", form=CodeForm())


@account.post("/masuk/kode")
@requires("account.sign_in")
def code_post() -> ResponseReturnValue:
    """Check the code and finish signing in, with a new token."""
    facts = _half_signed_in()
    if facts is None or facts.totp_secret is None:
        return redirect("/masuk", code=303)
    form = CodeForm()
    if form.validate():
        if check_factor(facts, form.code.data or ""):
            return enter(facts, finished=True)
        form.code.errors = [WRONG_CODE]
    return render_template("account/code.html", form=form), 422


@account.get("/masuk/daftar-kode")
@requires("account.sign_in")
def first_enrolment() -> ResponseReturnValue:
    """Show the picture to somebody who must have a second factor before the first work."""
    facts = _half_signed_in()
    if facts is None or facts.totp_secret is not None:
        return redirect("/masuk", code=303)
    return _enrolment_page(CodeForm())


@account.post("/masuk/daftar-kode")
@requires("account.sign_in")
def first_enrolment_post() -> ResponseReturnValue:
    """Bind the phone and finish signing in."""
    facts = _half_signed_in()
    if facts is None or facts.totp_secret is not None:
        return redirect("/masuk", code=303)
    form = CodeForm()
    if form.validate() and _enrolled(form, facts):
        actor = accounts.actor_of(here.session(), facts.user_id)
        record(here.session(), "staff.second_factor_enrolled", by=actor, subject=f"user:{facts.user_id}")
        return enter(facts, finished=True)
    return _enrolment_page(form), 422


@account.get("/akun/kode")
@requires("account.own")
def enrolment() -> ResponseReturnValue:
    """Show the picture to somebody who is signed in."""
    return _enrolment_page(CodeForm())


@account.post("/akun/kode")
@requires("account.own")
def enrolment_post() -> ResponseReturnValue:
    """Bind a phone, or another phone: the factor held now is asked first."""
    require_step_up()
    facts = accounts.get_facts(here.session(), g.browser.user_id)
    form = CodeForm()
    if form.validate() and _enrolled(form, facts):
        by: Actor = here.actor()
        record(here.session(), "staff.second_factor_enrolled", by=by, subject=f"user:{facts.user_id}")
        return redirect_to("/akun")
    return _enrolment_page(form), 422


@account.get("/masuk/daftar-kode/gambar.svg")
@requires("account.sign_in")
def enrolment_picture() -> ResponseReturnValue:
    """Draw the QR code of the secret offered to this browser."""
    offered, username = session.get(_OFFER), _username()
    if offered is None or username is None:
        raise NotFound
    out = io.BytesIO()
    segno.make(totp.address(offered, username), error="m").save(
        out, kind="svg", scale=5, svgclass=None, lineclass=None, omitsize=False
    )
    response = make_response(out.getvalue())
    response.mimetype = "image/svg+xml"
    return response


def _half_signed_in() -> SignInFacts | None:
    """Return the account whose own passphrase was given but whose second factor was not."""
    facts = half_signed_in()
    return facts if facts is not None and facts.temporary_until is None else None


def _username() -> str | None:
    found = browser_session()
    return accounts.get_facts(here.session(), found.user_id).username if found else None


def _enrolled(form: CodeForm, facts: SignInFacts) -> bool:
    """Bind the offered secret if the phone's first code fits; counted like any code."""
    try_id = throttle.begin(here.session(), "totp", facts.username, address(), now=here.now())
    db.session.commit()
    given, pepper = form.code.data or "", here.settings().pepper
    offered = session.get(_OFFER)
    if offered is None or not totp.enrol(
        here.session(), facts.user_id, offered, given, at=datetime.now(UTC), pepper=pepper
    ):
        form.code.errors = [WRONG_CODE]
        return False
    throttle.succeed(here.session(), try_id)
    session.pop(_OFFER, None)
    return True


def _enrolment_page(form: CodeForm) -> Response:
    secret = session.setdefault(_OFFER, totp.new_secret())
    grouped = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return make_response(render_template("account/enrolment.html", form=form, secret=grouped))
