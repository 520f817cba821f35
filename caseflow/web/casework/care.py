"""Days of care, days unable to work, and receipts of an accident: added, ended, taken off."""

from flask import url_for
from flask.typing import ResponseReturnValue

from caseflow.claims import accident
from caseflow.claims.accident import Period, Receipt
from caseflow.claims.models import Claim
from caseflow.errors import Invalid, NotFound
from caseflow.formats import rupiah
from caseflow.law.accident import COST_LABELS
from caseflow.web import here
from caseflow.web.casework import accident_words, casework
from caseflow.web.casework.accident import TAB, WATCHED, render_form, show_accident
from caseflow.web.casework.accident_forms import CostForm, EndForm, PeriodForm, RemoveForm
from caseflow.web.casework.frame import Refusal, fetch
from caseflow.web.casework.submit import submit
from caseflow.web.security import requires


@casework.get("/kasus/<number>/kecelakaan/masa")
@requires("accident.record")
def period_page(number: str) -> ResponseReturnValue:
    """Ask for days of care or of being unable to work."""
    return _period(fetch(number), PeriodForm(formdata=None), None)


@casework.post("/kasus/<number>/kecelakaan/masa")
@requires("accident.record")
def period_post(number: str) -> ResponseReturnValue:
    """Add a period; days that are counted already are refused."""
    form = PeriodForm()

    def work(claim: Claim) -> str:
        if form.starts_on.data is None:
            raise Invalid({"starts_on": "Tulis hari pertama masa ini. Belum tersimpan."})
        period = Period(
            kind=form.kind.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            facility=form.facility.data or "",
            source=form.source.data or "",
        )
        accident.add_period(here.session(), claim, period, by=here.actor(), now=here.now())
        return f"{accident_words.PERIODS[period.kind]} sudah dicatat."

    to = url_for(TAB, number=number, _anchor="masa")
    return submit(number, form, work, lambda c, r: _period(c, form, r), to=to, watching=WATCHED)


@casework.get("/kasus/<number>/kecelakaan/masa/<int:period_id>/akhiri")
@requires("accident.record")
def period_end_page(number: str, period_id: int) -> ResponseReturnValue:
    """Ask on which day a period ended."""
    return _end(fetch(number), period_id, EndForm(formdata=None), None)


@casework.post("/kasus/<number>/kecelakaan/masa/<int:period_id>/akhiri")
@requires("accident.record")
def period_end_post(number: str, period_id: int) -> ResponseReturnValue:
    """Say on which day a period ended."""
    form = EndForm()

    def work(claim: Claim) -> str:
        if form.ends_on.data is None:
            raise Invalid({"ends_on": "Tulis hari terakhir masa ini. Belum tersimpan."})
        accident.end_period(
            here.session(), claim, period_id, form.ends_on.data, by=here.actor(), now=here.now()
        )
        return "Hari terakhir sudah dicatat."

    to = url_for(TAB, number=number, _anchor="masa")
    return submit(number, form, work, lambda c, r: _end(c, period_id, form, r), to=to, watching=WATCHED)


@casework.post("/kasus/<number>/kecelakaan/masa/<int:period_id>/keluarkan")
@requires("accident.record")
def period_remove(number: str, period_id: int) -> ResponseReturnValue:
    """Take a period off the list; the row stays for the record."""

    def work(claim: Claim) -> str:
        accident.remove_period(here.session(), claim, period_id, by=here.actor(), now=here.now())
        return "Masa itu sudah dikeluarkan dari daftar. Catatannya tetap tersimpan."

    to = url_for(TAB, number=number, _anchor="masa")
    return submit(number, RemoveForm(), work, show_accident, to=to, watching=WATCHED)


@casework.get("/kasus/<number>/kecelakaan/biaya")
@requires("accident.record")
def cost_page(number: str) -> ResponseReturnValue:
    """Ask for a receipt."""
    return _cost(fetch(number), CostForm(formdata=None), None)


@casework.post("/kasus/<number>/kecelakaan/biaya")
@requires("accident.record")
def cost_post(number: str) -> ResponseReturnValue:
    """Add a receipt; its paper is asked for."""
    form = CostForm()

    def work(claim: Claim) -> str:
        accident.add_cost(here.session(), claim, _receipt(form), by=here.actor(), now=here.now())
        return (
            f"Kuitansi {rupiah(form.amount_idr.data)} sudah dicatat. Kuitansinya diminta di daftar dokumen."
        )

    to = url_for(TAB, number=number, _anchor="biaya")
    return submit(number, form, work, lambda c, r: _cost(c, form, r), to=to, watching=WATCHED)


@casework.post("/kasus/<number>/kecelakaan/biaya/<int:cost_id>/keluarkan")
@requires("accident.record")
def cost_remove(number: str, cost_id: int) -> ResponseReturnValue:
    """Take a receipt off the list; the row stays for the record."""

    def work(claim: Claim) -> str:
        accident.remove_cost(here.session(), claim, cost_id, by=here.actor(), now=here.now())
        return "Kuitansi itu sudah dikeluarkan dari daftar. Catatannya tetap tersimpan."

    to = url_for(TAB, number=number, _anchor="biaya")
    return submit(number, RemoveForm(), work, show_accident, to=to, watching=WATCHED)


def _receipt(form: CostForm) -> Receipt:
    problems = {}
    if form.kind.data not in COST_LABELS:
        problems["kind"] = "Pilih jenis biaya. Belum tersimpan."
    if form.amount_idr.data is None:
        problems["amount_idr"] = "Tulis jumlah menurut kuitansi. Belum tersimpan."
    if form.spent_on.data is None:
        problems["spent_on"] = "Tulis tanggal kuitansi. Belum tersimpan."
    if problems or form.amount_idr.data is None or form.spent_on.data is None:
        raise Invalid(problems)
    return Receipt(
        kind=form.kind.data,
        amount_idr=form.amount_idr.data,
        spent_on=form.spent_on.data,
        source=form.source.data or "",
        mode=form.mode.data or None,
        reference_price_idr=form.reference_price_idr.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
    )


def _period(claim: Claim, form: PeriodForm, refusal: Refusal | None) -> str:
    return render_form(claim, "accident_period.html", refusal, form=form)


def _end(claim: Claim, period_id: int, form: EndForm, refusal: Refusal | None) -> str:
    found = accident.periods(here.session(), claim.id)
    period = next((one for one in found if one.id == period_id), None)
    if period is None:
        raise NotFound("Masa ini tidak ada pada kasus ini. Tidak ada yang berubah.")
    return render_form(
        claim, "accident_period_end.html", refusal, form=form, period=period, kk=accident_words
    )


def _cost(claim: Claim, form: CostForm, refusal: Refusal | None) -> str:
    return render_form(claim, "accident_cost.html", refusal, form=form)
