"""Who helps the family of a case, for the officer: on whose word, until when, and ending it at the counter."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired

from caseflow.claims.models import Claim
from caseflow.people import mandates, relations
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.casework import casework
from caseflow.web.casework.frame import fetch, may, render
from caseflow.web.forms import BaseForm, ReasonField
from caseflow.web.once import once
from caseflow.web.security import requires

_TAB = "casework.case"


class EndForm(BaseForm):
    """Why the help ends."""

    mandate_id = StringField("Pembantu", [InputRequired()])
    why = ReasonField(
        "Mengapa dihentikan", [InputRequired("Tulis mengapa, dan siapa dari keluarga yang meminta.")]
    )


@casework.get("/kasus/<number>/pembantu")
@requires("claim.read")
def helpers_page(number: str) -> ResponseReturnValue:
    """Show every mandate of the case, past ones too."""
    return _page(fetch(number), EndForm(formdata=None))


@casework.post("/kasus/<number>/pembantu")
@requires("slip.revoke")
def helpers_end(number: str) -> ResponseReturnValue:
    """End a helper's rights because the family asked for it."""
    claim, form = fetch(number), EndForm()
    if not form.validate():
        return _page(claim, form), 422

    def ended() -> str:
        mandate_id = whole_number(form.mandate_id.data, 0)
        mandates.end(
            here.session(), claim.id, mandate_id, form.why.data or "", by=here.actor(), now=here.now()
        )
        flash("Bantuan dihentikan. HP pembantu itu tidak bisa membuka laporan lagi.")
        return url_for("casework.helpers_page", number=claim.number)

    return once(ended)


def _page(claim: Claim, form: EndForm) -> str:
    given = mandates.every(here.session(), claim.id)
    return render(
        claim,
        _TAB,
        "helpers.html",
        given=[(one, mandates.is_in_force(one, here.now())) for one in given],
        relation=relations.words,
        how=mandates.HOW,
        form=form,
        may_end=may("slip.revoke"),
    )
