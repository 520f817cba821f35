"""Recording a transfer of dues: first payer and months, then the people, the sum and the proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from caseflow import clock
from caseflow.errors import Invalid, NotPossible
from caseflow.formats import month_year
from caseflow.law.dated import NoNumber
from caseflow.law.ledger import first_of, month_number
from caseflow.registry import payments, rates
from caseflow.registry.models import Region
from caseflow.registry.nomination_models import FUNDING_SOURCES, RegistryFile
from caseflow.registry.payable import Payable, payable
from caseflow.registry.payment_models import MONTHS_AHEAD
from caseflow.registry.payments import Transfer
from caseflow.registry.rate_models import SECTORS
from caseflow.web import dues_words as words
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.forms import BaseForm, DayField, MoneyField, choices
from caseflow.web.nagari import nagari
from caseflow.web.nagari.area import asked_nagari
from caseflow.web.proofs import kept
from caseflow.web.security import requires

_MONTHS_BACK = 23
_PROOF_BYTES = 21 * 1024 * 1024
_LONGEST_LIST = 5000


class SpanForm(BaseForm):
    """Which payer, which months."""

    dana = SelectField("Siapa yang membayar?", choices=choices(rates.FUNDING_LABELS.items()))
    sektor = SelectField("Pekerjaan", choices=choices(rates.SECTOR_LABELS.items()), default="other")
    dari = SelectField("Dari bulan", validate_choice=False)
    sampai = SelectField("Sampai bulan", validate_choice=False)


class TransferForm(BaseForm):
    """What stands on the proof."""

    paid_on = DayField("Tanggal bayar", [InputRequired("Tulis tanggal di bukti bayar.")])
    receipt_number = StringField("Nomor bukti bayar", [InputRequired("Tulis nomor bukti bayar.")])
    amount_idr = MoneyField("Jumlah yang dibayar", [InputRequired("Tulis jumlah di bukti bayar.")])
    reason = StringField("Sebab jumlahnya berbeda", [Optional()])
    proof = FileField("Foto atau PDF bukti bayar")


@dataclass(frozen=True)
class Span:
    """Payer, kind of work and months, from the address; always something that can be shown."""

    funding_source: str
    sector: str
    first: date
    last: date

    @property
    def query(self) -> dict[str, str]:
        """The same as an address."""
        return {
            "dana": self.funding_source,
            "sektor": self.sector,
            "dari": f"{self.first:%Y-%m}",
            "sampai": f"{self.last:%Y-%m}",
        }


@nagari.get("/iuran/catat")
@requires("dues.record")
def record_page() -> ResponseReturnValue:
    """Ask for payer and months, then show who has open months in them."""
    region = asked_nagari(here.actor(), "dues.record")
    if region is None:
        return redirect(url_for("programme.arrears"), 303)
    return _page(region, _span(), TransferForm(formdata=None))


@nagari.post("/iuran/catat")
@requires("dues.record", max_bytes=_PROOF_BYTES, body_types=("multipart/form-data",))
def record_post() -> ResponseReturnValue:
    """Record the transfer; nobody is covered by it before the branch confirms it."""
    region = asked_nagari(here.actor(), "dues.record")
    if region is None:
        return redirect(url_for("programme.arrears"), 303)
    form, span = TransferForm(), _span()

    def work() -> str:
        told = _transfer(region, span, form)
        payments.quote(here.session(), told, by=here.actor(), now=here.now())
        proof = _keep_proof(region)
        payment = payments.record_payment(here.session(), told, proof, by=here.actor(), now=here.now())
        flash(
            "Pembayaran tercatat. Perlindungan mulai dihitung setelah kantor cabang memastikan uangnya masuk."
        )
        return url_for("nagari.payment", payment_id=payment.public_id)

    return attempt(work, lambda refused: _page(region, span, form, refused), form)


def _span() -> Span:
    asked = request.values
    this_month = clock.today().replace(day=1)
    funding_source = asked.get("dana", "")
    sector = asked.get("sektor", "")
    first = _month(asked.get("dari"), this_month)
    last = _month(asked.get("sampai"), first)
    return Span(
        funding_source if funding_source in FUNDING_SOURCES else "apb_nagari",
        sector if sector in SECTORS else "other",
        first,
        last if last >= first else first,
    )


def _month(text: str | None, otherwise: date) -> date:
    """Return a month written ``2026-11`` that can be chosen; anything else is ``otherwise``."""
    found = next((month for month in _months() if text == f"{month:%Y-%m}"), None)
    return found or otherwise


def _months() -> list[date]:
    now = month_number(clock.today())
    return [first_of(number) for number in range(now - _MONTHS_BACK, now + MONTHS_AHEAD + 1)]


def _transfer(region: Region, span: Span, form: TransferForm) -> Transfer:
    return Transfer(
        region_code=region.code,
        funding_source=span.funding_source,
        sector=span.sector,
        first_month=span.first,
        last_month=span.last,
        paid_on=cast(date, form.paid_on.data),
        receipt_number=str(form.receipt_number.data or ""),
        amount_idr=int(form.amount_idr.data or 0),
        workers=request.form.getlist("workers")[:_LONGEST_LIST],
        reason=str(form.reason.data or ""),
    )


def _keep_proof(region: Region) -> RegistryFile:
    proof = kept("proof", "payment_proof", region.code, permission="dues.record")
    if proof is None:
        raise Invalid({"proof": "Pilih foto atau PDF bukti bayar. Belum ada yang tersimpan."})
    return proof


def _page(region: Region, span: Span, form: TransferForm, refused: Sequence[str] = ()) -> str:
    span_form = SpanForm(formdata=None, data=span.query)
    listed = choices([(f"{month:%Y-%m}", month_year(month)) for month in _months()])
    span_form.dari.choices = span_form.sampai.choices = listed
    people = payable(here.session(), region.code, span.first, span.last)
    chosen = set(request.form.getlist("workers")) if request.method == "POST" else _expected(people, span)
    return render_template(
        "nagari/dues_record.html",
        region=region,
        is_own=here.actor().region_codes == {region.code},
        span=span,
        span_words=words.month_span(span.first, span.last),
        span_form=span_form,
        form=form,
        refused=refused,
        people=[(one, words.spans(one.months), one.public_id in chosen) for one in people],
        payers=rates.FUNDING_LABELS,
        **_reckoning(span, [one for one in people if one.public_id in chosen]),
    )


def _expected(people: Sequence[Payable], span: Span) -> set[str]:
    """Return who is ticked at first: alive, here, and this payer's; where nobody is this payer's, all of them."""
    here_now = [one for one in people if one.died_on is None and one.left_on is None]
    own = [one for one in here_now if one.funding_source == span.funding_source]
    unknown = [one for one in here_now if one.funding_source is None]
    return {one.public_id for one in ([*own, *unknown] if own else here_now)}


def _reckoning(span: Span, people: Sequence[Payable]) -> dict[str, Any]:
    """Return what the chosen people cost, or the sentence why that is not known."""
    months = rates.months_of(span.first, span.last)
    try:
        amounts = rates.amounts(here.session(), span.funding_source, span.sector, months)
    except (NoNumber, NotPossible) as unknown:
        return {"no_rate": unknown.sentence, "rate": None, "expected_idr": 0, "heads": len(people)}
    return {
        "no_rate": None,
        "rate": rates.rate_on(here.session(), span.funding_source, span.sector, span.first),
        "one_price": len(set(amounts.values())) == 1,
        "expected_idr": sum(amounts[month] for one in people for month in one.months),
        "heads": len(people),
        "lines": sum(len(one.months) for one in people),
    }
