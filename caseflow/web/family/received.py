"""Did the money arrive whole? Asked on the family's own phone, three days after it was sent."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from caseflow import clock
from caseflow.claims import receipts
from caseflow.claims.models import Claim
from caseflow.claims.recipient import is_payee
from caseflow.errors import NotFound
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.family.wording import benefit_of, is_close, payee_of
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires

# never stored at the case: whoever chooses it goes on to the complaint, and this page forgets it
_LEVY = "levy"
_THANKS = {
    "full": "Terima kasih, jawaban Ibu/Bapak sudah kami catat.",
    "not_yet": "Jawaban Ibu/Bapak sudah kami catat. Petugas memeriksa ke bank, lalu menelepon.",
}


_CHOICES = [
    ("full", "Ya, sudah diterima utuh"),
    ("not_yet", "Belum masuk"),
    (_LEVY, "Ada yang meminta bagian"),
]


class ReceivedForm(BaseForm):
    """One question."""

    answer = RadioField(
        "Apakah sudah diterima utuh?",
        choices=_CHOICES,
        validators=[InputRequired("Pilih salah satu jawaban.")],
    )

    @classmethod
    def for_phone(cls, claim: Claim, **kwargs: object) -> "ReceivedForm":
        """Return the question as this phone is asked it: that all is there, only who was paid can say."""
        form = cls(**kwargs)
        if not is_payee(here.session(), claim, by=here.actor()):
            form.answer.choices = _CHOICES[1:]
        return form


@family.get("/sudah-diterima")
@requires("family.received")
def received() -> ResponseReturnValue:
    """Ask."""
    claim = _asked()
    return _page(claim, ReceivedForm.for_phone(claim, formdata=None), [])


@family.post("/sudah-diterima")
@requires("family.received")
def answer_received() -> ResponseReturnValue:
    """Keep the answer; that somebody asked for a share goes only to the inspector, from the next page."""
    claim = _asked()
    form = ReceivedForm.for_phone(claim)
    if form.validate() and form.answer.data == _LEVY:
        return redirect(url_for("family.complaint", tentang="uang"), 303)

    def work() -> str:
        receipts.answer_receipt(here.session(), claim, form.answer.data, by=here.actor(), now=here.now())
        flash(_THANKS[form.answer.data])
        return url_for("family.feedback" if form.answer.data == "full" else "family.status")

    return attempt(work, lambda refused: _page(_asked(), form, refused), form)


def _asked() -> Claim:
    """Return the claim whose family is asked.

    :raises NotFound: nothing was paid three days ago, or this phone is a helper's: of money it is told nothing.
    """
    claim = own_claim()
    since = receipts.asked_since(here.session(), claim)
    if since is None or clock.today() < since or not is_close(here.session(), claim, by=here.actor()):
        raise NotFound(
            "Pertanyaan ini tampil tiga hari sesudah santunan dikirim. Belum ada yang perlu dijawab."
        )
    return claim


def _page(claim: Claim, form: ReceivedForm, refused: Sequence[str]) -> str:
    return render_template(
        "family/received.html",
        claim=claim,
        form=form,
        is_payee=is_payee(here.session(), claim, by=here.actor()),
        benefit=benefit_of(claim),
        payee=payee_of(claim),
        errors=[("answer", sentence) for sentence in refused],
    )
