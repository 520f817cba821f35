"""Opening a case on another phone with the number and a code from the slip."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from caseflow.errors import CaseflowError, Invalid, NotPossible, TooMany
from caseflow.web.forms import BaseForm
from caseflow.web.identity import give_family_cookie
from caseflow.web.phones import open_phone
from caseflow.web.public import public
from caseflow.web.refusals import with_wait
from caseflow.web.security import requires

OWN, BORROWED = "sendiri", "pinjaman"


class SlipForm(BaseForm):
    """What is printed on the slip, and whose phone this is."""

    number = StringField("Nomor laporan", validators=[InputRequired("Tulis nomor laporan.")])
    code = StringField("Kode HP", validators=[InputRequired("Tulis salah satu kode di slip.")])
    owner = RadioField(
        "HP ini milik siapa?",
        choices=[(OWN, "Milik saya atau keluarga serumah"), (BORROWED, "Pinjaman atau dipakai banyak orang")],
        validators=[InputRequired("Pilih milik siapa HP ini.")],
    )


@public.get("/masuk-keluarga")
@requires("family.sign_in")
def slip() -> ResponseReturnValue:
    """Ask for number and code. A number given in the address is filled in, a code never is."""
    form = SlipForm(formdata=None, data={"number": request.args.get("nomor", "")[:40]})
    return render_template("public/slip.html", form=form)


@public.get("/k")
@requires("family.sign_in")
def slip_short() -> ResponseReturnValue:
    """The same page at the address of the QR code. The code stands behind the ``#``, which no server ever sees.

    A small script fills the form with it and clears the address; nothing is sent before the person presses.
    """
    return slip()


@public.post("/masuk-keluarga")
@requires("family.sign_in")
def open_slip() -> ResponseReturnValue:
    """Spend the code and open the case on this phone."""
    form = SlipForm()
    if not form.validate_on_submit():
        return render_template("public/slip.html", form=form), 422
    borrowed = form.owner.data == BORROWED
    try:
        token = open_phone(form.number.data or "", form.code.data or "", borrowed=borrowed)
    except (Invalid, NotPossible, TooMany) as refusal:
        return _refused(form, refusal)
    response = make_response(redirect(url_for("family.status"), 303))
    return give_family_cookie(response, token, borrowed=borrowed)


def _refused(form: SlipForm, refusal: CaseflowError) -> ResponseReturnValue:
    named = refusal.fields if isinstance(refusal, Invalid) else {"code": refusal.sentence}
    for name, sentence in named.items():
        form[name if name in form else "code"].errors = [sentence]
    return with_wait(render_template("public/slip.html", form=form), refusal)
