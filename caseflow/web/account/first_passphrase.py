"""The first sign-in with a passphrase on paper: nothing is open before the owner has chosen their own."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from caseflow.errors import Invalid
from caseflow.people import accounts, staffing
from caseflow.people.accounts import SignInFacts
from caseflow.web import here
from caseflow.web.account import account
from caseflow.web.account.forms import OwnPassphraseForm
from caseflow.web.account.sign_in import next_step
from caseflow.web.identity import half_signed_in
from caseflow.web.security import requires


@account.get("/masuk/frasa-sandi")
@requires("account.sign_in")
def first_passphrase() -> ResponseReturnValue:
    """Ask for the owner's own passphrase."""
    if _with_paper() is None:
        return redirect("/masuk", code=303)
    return render_template("account/first_passphrase.html", form=OwnPassphraseForm())


@account.post("/masuk/frasa-sandi")
@requires("account.sign_in")
def first_passphrase_post() -> ResponseReturnValue:
    """Keep it, and go on signing in."""
    facts = _with_paper()
    if facts is None:
        return redirect("/masuk", code=303)
    form = OwnPassphraseForm()
    if not form.validate() or not _chosen(form, facts):
        return render_template("account/first_passphrase.html", form=form), 422
    return next_step(accounts.get_facts(here.session(), facts.user_id))


def _with_paper() -> SignInFacts | None:
    facts = half_signed_in()
    if facts is None or facts.temporary_until is None or facts.temporary_until <= here.now():
        return None
    return facts


def _chosen(form: OwnPassphraseForm, facts: SignInFacts) -> bool:
    by = accounts.actor_of(here.session(), facts.user_id)
    if by is None:
        return False
    try:
        staffing.choose_passphrase(
            here.session(), facts.user_id, form.new_passphrase.data or "", by=by, now=here.now()
        )
    except Invalid as refusal:
        form.new_passphrase.errors = [refusal.sentence]
        return False
    return True
