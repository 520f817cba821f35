"""“Persetujuan”: what was agreed to and when, in the very words; taking it back, and giving it again."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims import consents
from caseflow.monitoring import opening
from caseflow.web import here
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.family.wording import is_close, require_close
from caseflow.web.helper_questions import ConsentForm
from caseflow.web.security import requires


@family.get("/persetujuan")
@requires("family.consent")
def consent() -> ResponseReturnValue:
    """Show what was said about consent, newest first, each with the text of its version."""
    return _page(ConsentForm(formdata=None))


@family.get("/persetujuan/tarik")
@requires("family.consent")
def take_back_page() -> ResponseReturnValue:
    """Say what happens then, before it happens."""
    claim = own_claim()
    require_close(here.session(), claim, by=here.actor())
    if consents.taken_back(here.session(), claim.id) is not None:
        return redirect(url_for("family.consent"))
    return render_template("family/consent_take_back.html", claim=claim)


@family.post("/persetujuan/tarik")
@requires("family.consent")
def take_back() -> ResponseReturnValue:
    """Take consent back; with it the consent to be visited."""
    claim = own_claim()
    require_close(here.session(), claim, by=here.actor())
    consents.take_back(here.session(), claim, by=here.actor(), now=here.now())
    opening.stop_visits(here.session(), claim, by=here.actor(), now=here.now())
    return redirect(url_for("family.consent"), 303)


@family.post("/persetujuan/beri")
@requires("family.consent")
def give_again() -> ResponseReturnValue:
    """Give consent again, to today's text."""
    form, claim = ConsentForm(), own_claim()
    require_close(here.session(), claim, by=here.actor())
    if not form.validate_on_submit():
        return _page(form), 422
    consents.give_again(here.session(), claim, by=here.actor(), now=here.now())
    return redirect(url_for("family.consent"), 303)


def _page(form: ConsentForm) -> str:
    claim = own_claim()
    said = consents.history(here.session(), claim.id)
    return render_template(
        "family/consent.html",
        claim=claim,
        form=form,
        said=[(one, consents.get_text(one.version)) for one in said],
        given=not said or said[0].given,
        today=consents.text_on(clock.today()),
        close=is_close(here.session(), claim, by=here.actor()),
    )
