"""Families who say that their money has not arrived: with the bank's reference to ask for, and the word that it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import InputRequired

from caseflow.claims import receipts
from caseflow.claims.queries import get_claim
from caseflow.payments import queries as payments
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.casework import casework
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires


class ArrivedForm(BaseForm):
    """Which family said on the telephone that it has the money now."""

    number = HiddenField(validators=[InputRequired()])


@dataclass(frozen=True)
class NotArrivedRow:
    """One family, and what the bank knows its transfer by."""

    told: receipts.NotArrived
    paid_on: date | None
    references: Sequence[str]


@casework.get("/belum-diterima")
@requires("receipt.read")
def not_arrived_page() -> ResponseReturnValue:
    """List them, longest waiting first."""
    return _page([])


@casework.post("/belum-diterima")
@requires("receipt.read")
def arrived_post() -> ResponseReturnValue:
    """Write down what the family said on the telephone."""
    form = ArrivedForm()

    def work() -> str:
        claim = get_claim(here.session(), form.number.data or "", by=here.actor())
        receipts.answer_receipt(here.session(), claim, "full", by=here.actor(), now=here.now())
        flash(f"Dicatat: santunan {claim.number} sudah diterima utuh.")
        return url_for("casework.not_arrived_page")

    return attempt(work, _page, form)


def _page(refused: Sequence[str]) -> str:
    session = here.session()
    return render_template(
        "casework/not_arrived.html",
        refused=refused,
        rows=[
            NotArrivedRow(
                told,
                payments.paid_on(session, told.claim_id),
                [one.reference for one in payments.instructions_of_claim(session, told.claim_id)],
            )
            for told in receipts.not_arrived(session, here.actor().branch_code or "")
        ],
    )
