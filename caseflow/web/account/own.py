"""The own account: where it is signed in, and the passphrase."""

from flask import flash, g, render_template
from flask.typing import ResponseReturnValue

from caseflow.audit.operations import record
from caseflow.errors import Invalid
from caseflow.extensions import db
from caseflow.people import accounts, hashing, passphrases, sessions, throttle
from caseflow.people.accounts import SignInFacts
from caseflow.people.policy import policy
from caseflow.web import here
from caseflow.web.account import account
from caseflow.web.account.forms import PassphraseForm, ShortIdForm
from caseflow.web.account.sign_in import redirect_to
from caseflow.web.identity import address
from caseflow.web.security import requires


@account.get("/akun")
@requires("account.own")
def own() -> ResponseReturnValue:
    """Show the account: roles, sessions, second factor."""
    facts = _facts()
    return render_template(
        "account/own.html",
        username=facts.username,
        roles=[policy().roles[role].label for role in sorted(here.actor().roles)],
        has_second_factor=facts.totp_secret is not None,
        sessions=sessions.list_sessions(here.session(), facts.user_id, now=here.now()),
        present=g.browser.short_id,
    )


@account.post("/akun/sesi/cabut")
@requires("account.own")
def revoke_session() -> ResponseReturnValue:
    """End one of the own sessions."""
    form = ShortIdForm()
    if form.validate():
        ended = sessions.revoke(here.session(), g.browser.user_id, form.session_id.data or "", now=here.now())
        if ended:
            record(
                here.session(), "staff.session_revoked", by=here.actor(), subject=f"user:{g.browser.user_id}"
            )
            flash("Sesi itu sudah dihentikan.")
    return redirect_to("/akun")


@account.post("/akun/sesi/cabut-semua")
@requires("account.own")
def revoke_other_sessions() -> ResponseReturnValue:
    """End all own sessions but this one."""
    sessions.revoke_all(here.session(), g.browser.user_id, now=here.now(), but=g.browser.token_sha256)
    record(here.session(), "staff.session_revoked", by=here.actor(), subject=f"user:{g.browser.user_id}")
    flash("Semua sesi lain sudah dihentikan.")
    return redirect_to("/akun")


@account.get("/akun/frasa-sandi")
@requires("account.own")
def passphrase() -> ResponseReturnValue:
    """Ask for the old and the new passphrase."""
    return render_template("account/passphrase.html", form=PassphraseForm())


@account.post("/akun/frasa-sandi")
@requires("account.own")
def passphrase_post() -> ResponseReturnValue:
    """Change the passphrase and end all other sessions."""
    form = PassphraseForm()
    if form.validate() and _changed(form):
        flash("Frasa sandi sudah diganti. Sesi lain sudah dihentikan.")
        return redirect_to("/akun")
    return render_template("account/passphrase.html", form=form), 422


def _changed(form: PassphraseForm) -> bool:
    facts, now = _facts(), here.now()
    try_id = throttle.begin(here.session(), "staff", facts.username, address(), now=now)
    db.session.commit()
    if not hashing.passphrase_matches(facts.password_hash, passphrases.normal(form.passphrase.data or "")):
        form.passphrase.errors = ["Frasa sandi sekarang tidak cocok. Yang lama masih berlaku."]
        return False
    throttle.succeed(here.session(), try_id)
    db.session.commit()
    try:
        accounts.change_passphrase(
            here.session(), facts, form.new_passphrase.data or "", by=here.actor(), now=now
        )
    except Invalid as refusal:
        form.new_passphrase.errors = [refusal.sentence]
        return False
    sessions.revoke_all(here.session(), facts.user_id, now=now, but=g.browser.token_sha256)
    return True


def _facts() -> SignInFacts:
    return accounts.get_facts(here.session(), g.browser.user_id)
