"""Another amount for one line of the statement: proposed by the officer, answered by a second person."""

from flask import url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField

from caseflow.claims import adjustments, benefit
from caseflow.claims.adjustments import Adjusted
from caseflow.claims.models import Claim
from caseflow.claims.states import COMPUTING
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.formats import rupiah
from caseflow.law.statement import Line, Statement
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.benefit import TAB, show_benefit
from caseflow.web.casework.frame import Refusal, fetch, may, render
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm, LongTextField, MoneyOrNothingField
from caseflow.web.security import requires

_WATCHED = ("claim.adjustment_proposed", "claim.adjustment_answered", "claim.benefit_computed")


class ProposeForm(BaseForm):
    """Which line, how much, and why; all three are judged by the verb."""

    line_code = SelectField("Baris", validate_choice=False)
    amount_idr = MoneyOrNothingField("Jumlah yang diusulkan")
    reason = LongTextField("Alasan")


class AnswerAdjustmentForm(BaseForm):
    """The second person's word."""

    verdict = RadioField(
        "Jawaban Anda",
        choices=[("confirmed", "Setuju"), ("refused", "Tolak")],
        validate_choice=False,
    )
    reason = LongTextField("Alasan")


class WithdrawForm(BaseForm):
    """Taking one's own proposal back asks nothing."""


@casework.get("/kasus/<number>/perhitungan/penyesuaian")
@requires("adjustment.propose")
def propose_page(number: str) -> ResponseReturnValue:
    """Ask for another amount for a line."""
    return _propose(fetch(number), ProposeForm(formdata=None), None)


@casework.post("/kasus/<number>/perhitungan/penyesuaian")
@requires("adjustment.propose")
def propose_post(number: str) -> ResponseReturnValue:
    """Propose another amount for a line of what the law gives now."""
    form = ProposeForm()

    def work(claim: Claim) -> str:
        if form.amount_idr.data is None:
            raise Invalid({"amount_idr": "Tulis jumlah yang diusulkan. Belum tersimpan."})
        session, by, now = here.session(), here.actor(), here.now()
        statement = benefit.computed_statement(session, claim, now=now)
        adjustments.propose(
            session,
            claim,
            statement,
            form.line_code.data or "",
            form.amount_idr.data,
            form.reason.data or "",
            by=by,
            now=now,
        )
        return "Usul penyesuaian tersimpan. Pejabat kedua melihatnya di halaman Persetujuan."

    to = url_for(TAB, number=number, _anchor="penyesuaian")
    return submit(number, form, work, lambda c, r: _propose(c, form, r), to=to, watching=_WATCHED)


@casework.post("/kasus/<number>/perhitungan/penyesuaian/<int:adjustment_id>/tarik")
@requires("adjustment.propose")
def withdraw_adjustment(number: str, adjustment_id: int) -> ResponseReturnValue:
    """Take one's own proposal back."""

    def work(claim: Claim) -> str:
        adjustments.answer(
            here.session(), claim, adjustment_id, "withdrawn", "", by=here.actor(), now=here.now()
        )
        return "Usul penyesuaian ditarik. Hitungan tetap seperti semula."

    to = url_for(TAB, number=number, _anchor="penyesuaian")
    return submit(number, WithdrawForm(), work, show_benefit, to=to, watching=_WATCHED)


@casework.get("/kasus/<number>/penyesuaian/<int:adjustment_id>")
@requires("adjustment.answer")
def answer_page(number: str, adjustment_id: int) -> ResponseReturnValue:
    """Show the line beside the proposal and ask for the second person's word."""
    return _answer(fetch(number), adjustment_id, AnswerAdjustmentForm(formdata=None), None)


@casework.post("/kasus/<number>/penyesuaian/<int:adjustment_id>")
@requires("adjustment.answer")
def answer_post(number: str, adjustment_id: int) -> ResponseReturnValue:
    """Confirm or refuse somebody else's proposal."""
    form = AnswerAdjustmentForm()

    def work(claim: Claim) -> str:
        word = adjustments.answer(
            here.session(),
            claim,
            adjustment_id,
            form.verdict.data or "",
            form.reason.data or "",
            by=here.actor(),
            now=here.now(),
        )
        if word.verdict == "confirmed":
            return "Penyesuaian disetujui. Petugas menghitung lagi sebelum mengajukan."
        return "Penyesuaian ditolak. Hitungan tetap seperti semula."

    return submit(
        number,
        form,
        work,
        lambda claim, refusal: _answer(claim, adjustment_id, form, refusal),
        to=url_for(TAB, number=number, _anchor="penyesuaian"),
        watching=_WATCHED,
    )


def _propose(claim: Claim, form: ProposeForm, refusal: Refusal | None) -> str:
    statement = _statement(claim)
    lines = statement.lines if statement else ()
    choices = [(line.code, f"{line.label}: {rupiah(line.amount_idr)}") for line in lines]
    form.line_code.choices = [("", "Pilih baris"), *choices]
    return render(
        claim,
        TAB,
        "adjustment.html",
        refusal=refusal,
        form=form,
        possible=bool(lines) and claim.state in COMPUTING,
    )


def _answer(claim: Claim, adjustment_id: int, form: AnswerAdjustmentForm, refusal: Refusal | None) -> str:
    one = _found(claim, adjustment_id)
    return render(
        claim,
        TAB,
        "adjustment_answer.html",
        refusal=refusal,
        form=form,
        one=one,
        line=_line(claim, one),
        own=one.proposed_by_person_id == here.actor().person_id,
        open=one.verdict is None and claim.state in COMPUTING and may("adjustment.answer"),
    )


def _found(claim: Claim, adjustment_id: int) -> Adjusted:
    listed = adjustments.adjustments(here.session(), claim.id)
    one = next((one for one in listed if one.id == adjustment_id), None)
    if one is None:
        raise NotFound("Usul penyesuaian ini tidak ada pada kasus ini.")
    return one


def _line(claim: Claim, one: Adjusted) -> Line | None:
    """Return the line as the law gives it now; ``None`` once there is none of that code."""
    statement = _statement(claim)
    lines = statement.lines if statement else ()
    return next((line for line in lines if line.code == one.line_code), None)


def _statement(claim: Claim) -> Statement | None:
    try:
        return benefit.computed_statement(here.session(), claim, now=here.now())
    except NotPossible:
        return None
