"""Opening a case on another phone with the number and a code from the slip."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired

from caseflow.errors import CaseflowError, Invalid, NotPossible, TooMany
from caseflow.web.forms import BaseForm
from caseflow.web.identity import give_family_cookie
from caseflow.web.phones import open_phone
from caseflow.web.public import public
from caseflow.web.security import requires


class SlipForm(BaseForm):
    """What is printed on the slip."""

    number = StringField("Nomor laporan", validators=[InputRequired("Tulis nomor laporan.")])
    code = StringField("Kode HP", validators=[InputRequired("Tulis salah satu kode di slip.")])


@public.get("/masuk-keluarga")
@requires("family.sign_in")
def slip() -> ResponseReturnValue:
    """Ask for number and code. A number given in the address is filled in, a code never is."""
    form = SlipForm(data={"number": request.args.get("nomor", "")[:40]})
    return render_template("public/slip.html", form=form)


@public.post("/masuk-keluarga")
@requires("family.sign_in")
def open_slip() -> ResponseReturnValue:
    """Spend the code and open the case on this phone."""
    form = SlipForm()
    if not form.validate_on_submit():
        return render_template("public/slip.html", form=form), 422
    try:
        token = open_phone(form.number.data or "", form.code.data or "")
    except (Invalid, NotPossible, TooMany) as refusal:
        return _refused(form, refusal)
    return give_family_cookie(make_response(redirect(url_for("family.status"), 303)), token)


def _refused(form: SlipForm, refusal: CaseflowError) -> ResponseReturnValue:
    named = refusal.fields if isinstance(refusal, Invalid) else {}
    errors = [(name if name in form else "code", sentence) for name, sentence in named.items()]
    response = make_response(
        render_template("public/slip.html", form=form, errors=errors or [("code", refusal.sentence)]),
        refusal.status,
    )
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
