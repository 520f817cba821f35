"""The branch's desk of dues: confirm, refuse or reverse what a nagari recorded."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Optional

from caseflow.errors import Invalid
from caseflow.people import policy
from caseflow.registry import payment_queries, payments, rates
from caseflow.registry.payment_queries import PaymentPage
from caseflow.web import dues_words as words
from caseflow.web import here
from caseflow.web.attempts import attempt, require_seen
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.nagari.dues import payment_facts
from caseflow.web.programme import programme
from caseflow.web.security import requires

_TABS = (
    ("recorded", "Menunggu"),
    ("confirmed", "Dipastikan"),
    ("refused", "Ditolak"),
    ("reversed", "Dibatalkan"),
)


class ConfirmForm(BaseForm):
    """A word with the confirmation; who is left out comes as boxes."""

    version = HiddenField(validators=[InputRequired()])
    why_left_out = StringField("Sebab yang dikecualikan", [Optional()])


class WhyForm(BaseForm):
    """Why a payment is refused or reversed."""

    version = HiddenField(validators=[InputRequired()])
    why = LongTextField("Alasan", [InputRequired("Tulis alasannya, paling sedikit 10 huruf.")])


@programme.get("/iuran")
@requires("dues.confirm")
def dues() -> ResponseReturnValue:
    """List payments by state; those that wait come first."""
    by = here.actor()
    asked = request.args.get("status", "recorded")
    state = asked if asked in dict(_TABS) else "recorded"
    after = request.args.get("setelah", "")[:40] or None
    found = payment_queries.payments_of(
        here.session(), by=by, state=state, after=after, permission="dues.confirm"
    )
    rows = found[: payment_queries.PAGE]
    waiting = payment_queries.waiting_count(here.session(), by=by)
    queues = [
        {
            "label": label,
            "href": url_for("programme.dues", status=name),
            "count": waiting if name == "recorded" else "",
            "current": name == state,
        }
        for name, label in _TABS
    ]
    return render_template(
        "programme/dues.html",
        rows=[(row, words.month_span(row.first_month, row.last_month)) for row in rows],
        queues=queues,
        state=state,
        first_href=url_for("programme.dues", status=state) if after else None,
        next_href=url_for("programme.dues", status=state, setelah=rows[-1].public_id)
        if len(found) > len(rows)
        else None,
        payers=rates.FUNDING_LABELS,
    )


@programme.get("/iuran/<payment_id>")
@requires("dues.confirm")
def payment(payment_id: str) -> ResponseReturnValue:
    """Show one payment, to be answered."""
    return _page(_get(payment_id))


@programme.post("/iuran/<payment_id>/pastikan")
@requires("dues.confirm")
def confirm_post(payment_id: str) -> ResponseReturnValue:
    """Confirm: the lines become paid months."""
    form = ConfirmForm()
    left_out = request.form.getlist("left_out")[:5000]

    def work() -> str:
        why = str(form.why_left_out.data or "")
        if left_out and len(why.strip()) < 10:
            raise Invalid(
                {
                    "why_left_out": "Tulis sebab mereka dikecualikan, paling sedikit 10 huruf. Tidak ada yang berubah."
                }
            )
        paid = payments.confirm_payment(
            here.session(), payment_id, left_out=dict.fromkeys(left_out, why), by=here.actor(), now=here.now()
        )
        require_seen(paid.version)
        flash(f"Pembayaran {paid.receipt_number} dipastikan. Bulan-bulannya sekarang tercatat lunas.")
        return url_for("programme.payment", payment_id=payment_id)

    return attempt(work, lambda refused: _page(_get(payment_id), refused, confirm=form), form)


@programme.post("/iuran/<payment_id>/tolak")
@requires("dues.confirm")
def refuse_post(payment_id: str) -> ResponseReturnValue:
    """Refuse: whoever recorded it reads why."""
    form = WhyForm(prefix="tolak-")

    def work() -> str:
        refused = payments.refuse_payment(
            here.session(), payment_id, why=str(form.why.data), by=here.actor(), now=here.now()
        )
        flash(f"Pembayaran {refused.receipt_number} ditolak. Pencatatnya membaca alasannya.")
        return url_for("programme.payment", payment_id=payment_id)

    return attempt(work, lambda refused: _page(_get(payment_id), refused, why=form), form)


@programme.post("/iuran/<payment_id>/batalkan")
@requires("dues.confirm")
def reverse_post(payment_id: str) -> ResponseReturnValue:
    """Reverse a confirmed payment; its months are unpaid again."""
    form = WhyForm(prefix="batal-")

    def work() -> str:
        back = payments.reverse_payment(
            here.session(), payment_id, why=str(form.why.data), by=here.actor(), now=here.now()
        )
        flash(f"Pembayaran {back.receipt_number} dibatalkan. Bulan-bulannya tidak lagi tercatat lunas.")
        return url_for("programme.payment", payment_id=payment_id)

    return attempt(work, lambda refused: _page(_get(payment_id), refused, why=form), form)


def _get(payment_id: str) -> PaymentPage:
    return payment_queries.get_payment(here.session(), payment_id, by=here.actor(), permission="dues.confirm")


def _page(
    page: PaymentPage,
    refused: Sequence[str] = (),
    *,
    confirm: ConfirmForm | None = None,
    why: WhyForm | None = None,
) -> str:
    answering: dict[str, Any] = {
        "confirm": confirm or ConfirmForm(formdata=None),
        "refuse": why or WhyForm(formdata=None, prefix="tolak-"),
        "reverse": why or WhyForm(formdata=None, prefix="batal-"),
    }
    by = here.actor()
    return render_template(
        "programme/payment.html",
        **payment_facts(page),
        **answering,
        refused=refused,
        left_out=set(request.form.getlist("left_out")),
        own_record=page.recorded_by_person_id == by.person_id,
        form=confirm or why,
        may_read=policy.allows(by, "dues.read"),
    )
