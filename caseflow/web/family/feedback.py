"""Three faces and a sentence, if the family likes. Of nobody: neither case nor phone is kept with it."""

import hashlib

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired, Length, Optional

from caseflow.claims import receipts
from caseflow.errors import Invalid
from caseflow.web import here
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.once import FIELD
from caseflow.web.security import requires


class FeedbackForm(BaseForm):
    """A face, and words that may be left out."""

    face = RadioField(
        "Bagaimana kami melayani?",
        choices=[("good", "Baik"), ("fair", "Biasa"), ("bad", "Kurang baik")],
        validators=[InputRequired("Pilih salah satu.")],
    )
    words = LongTextField(
        "Ada yang ingin disampaikan?",
        [Optional(), Length(max=receipts.LONGEST_FEEDBACK, message="Paling banyak 1.000 huruf.")],
    )


@family.get("/tanggapan")
@requires("family.received")
def feedback() -> ResponseReturnValue:
    """Ask, and say that nobody is named."""
    own_claim()
    return render_template("family/feedback.html", form=FeedbackForm(formdata=None))


@family.post("/tanggapan")
@requires("family.received")
def give_feedback() -> ResponseReturnValue:
    """Keep the face; the form's random key makes sure that it counts once."""
    own_claim()
    form = FeedbackForm()
    if not form.validate():
        return render_template("family/feedback.html", form=form), 422
    key = request.form.get(FIELD, "")
    if not key:
        raise Invalid(
            "Formulir ini tidak lengkap, jadi tidak ada yang disimpan. Muat ulang halaman, lalu kirim lagi."
        )
    receipts.give_feedback(
        here.session(),
        form.face.data,
        form.words.data or "",
        branch_code=here.settings().branch_code,
        key_sha256=hashlib.sha256(key.encode()).hexdigest(),
        now=here.now(),
    )
    flash("Terima kasih atas tanggapannya.")
    return redirect(url_for("family.status"), 303)
