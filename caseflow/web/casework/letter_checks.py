"""Asking the nagari whether a letter is its own; where it is not, another proof that a second person decides on."""

from flask import url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from caseflow import clock
from caseflow.claims import letter_checks
from caseflow.claims.letter_check_queries import LABELS, Check, checks_of
from caseflow.claims.models import Claim
from caseflow.claims.states import PREPARING, REVIEWING
from caseflow.errors import NotFound
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.frame import Refusal, fetch, may, render
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm, DayField, LongTextField
from caseflow.web.public.questions import nagari_choices
from caseflow.web.security import requires

_TAB = "casework.papers_page"
_PAGE = "casework.letter_checks_page"
_WATCHED = (
    "claim.letter_asked",
    "claim.letter_answered",
    "claim.letter_proof_proposed",
    "claim.letter_proof_settled",
)


class AskForm(BaseForm):
    """Which letter, as it is written on its head."""

    kind = SelectField("Surat", choices=list(LABELS.items()))
    letter_number = StringField(
        "Nomor surat", validators=[DataRequired("Tulis nomor suratnya."), Length(max=80)]
    )
    issued_on = DayField("Tanggal surat", validators=[DataRequired("Tulis tanggal suratnya.")])
    region_code = SelectField("Nagari yang menerbitkan", validate_choice=False)

    @classmethod
    def about(cls, claim: Claim, *, empty: bool) -> "AskForm":
        """Return the form with the list of nagari, the case's own one chosen."""
        form = cls(formdata=None, data={"region_code": claim.region_code}) if empty else cls()
        form.region_code.choices = nagari_choices(here.session())
        return form


class ProofForm(BaseForm):
    """What proves the same."""

    reason = LongTextField("Bukti lain", validators=[DataRequired("Tulis bukti lain itu."), Length(max=1000)])


class SettleForm(BaseForm):
    """The second person's word."""

    verdict = RadioField(
        "Keputusan Anda",
        choices=[("confirmed", "Bukti lain ini cukup"), ("refused", "Belum cukup")],
        validators=[InputRequired("Pilih salah satu.")],
    )
    note = LongTextField("Alasan", validators=[DataRequired("Tulis alasannya."), Length(max=1000)])


@casework.get("/kasus/<number>/tanya-nagari")
@requires("claim.read")
def letter_checks_page(number: str) -> ResponseReturnValue:
    """Show what was asked and answered, and the form for another question."""
    claim = fetch(number)
    return _page(claim, None, AskForm.about(claim, empty=True))


@casework.post("/kasus/<number>/tanya-nagari")
@requires("letter_check.ask")
def letter_ask(number: str) -> ResponseReturnValue:
    """Ask about one letter."""
    form = AskForm.about(fetch(number), empty=False)

    def work(claim: Claim) -> str:
        check = letter_checks.ask(
            here.session(),
            claim,
            kind=form.kind.data or "",
            letter_number=form.letter_number.data or "",
            issued_on=form.issued_on.data,
            region_code=form.region_code.data or "",
            by=here.actor(),
            now=here.now(),
        )
        return f"Surat nomor {check.letter_number} ditanyakan kepada nagari."

    return submit(
        number, form, work, lambda claim, refusal: _page(claim, refusal, form),
        to=url_for(_PAGE, number=number), watching=_WATCHED,
    )  # fmt: skip


@casework.get("/kasus/<number>/tanya-nagari/<int:check_id>/bukti")
@requires("letter_check.ask")
def letter_proof_page(number: str, check_id: int) -> ResponseReturnValue:
    """Ask what proves the same."""
    return _proof_page(fetch(number), check_id, None, ProofForm(formdata=None))


@casework.post("/kasus/<number>/tanya-nagari/<int:check_id>/bukti")
@requires("letter_check.ask")
def letter_proof(number: str, check_id: int) -> ResponseReturnValue:
    """Propose another proof; a second person decides."""
    form = ProofForm()

    def work(claim: Claim) -> str:
        letter_checks.propose_proof(
            here.session(), claim, check_id, form.reason.data or "", by=here.actor(), now=here.now()
        )
        return "Bukti lain diusulkan. Pejabat kedua yang memutuskan."

    return submit(
        number, form, work, lambda claim, refusal: _proof_page(claim, check_id, refusal, form),
        to=url_for(_PAGE, number=number), watching=_WATCHED,
    )  # fmt: skip


@casework.get("/kasus/<number>/tanya-nagari/<int:check_id>/putusan")
@requires("letter_check.settle")
def letter_settle_page(number: str, check_id: int) -> ResponseReturnValue:
    """Show the nagari's word beside the proof."""
    return _settle_page(fetch(number), check_id, None, SettleForm(formdata=None))


@casework.post("/kasus/<number>/tanya-nagari/<int:check_id>/putusan")
@requires("letter_check.settle")
def letter_settle(number: str, check_id: int) -> ResponseReturnValue:
    """Confirm or refuse the proof."""
    form = SettleForm()
    proof_id = _check(fetch(number), check_id).proof_id or 0

    def work(claim: Claim) -> str:
        word = letter_checks.settle_proof(
            here.session(),
            claim,
            proof_id,
            form.verdict.data or "",
            form.note.data or "",
            by=here.actor(),
            now=here.now(),
        )
        return "Bukti lain diterima." if word.verdict == "confirmed" else "Bukti lain belum cukup."

    return submit(
        number, form, work, lambda claim, refusal: _settle_page(claim, check_id, refusal, form),
        to=url_for(_PAGE, number=number), watching=_WATCHED,
    )  # fmt: skip


def _check(claim: Claim, check_id: int) -> Check:
    found = next((one for one in checks_of(here.session(), claim.id) if one.id == check_id), None)
    if found is None:
        raise NotFound("Pertanyaan ini tidak ada pada kasus ini.")
    return found


def _page(claim: Claim, refusal: Refusal | None, form: AskForm) -> str:
    return render(
        claim,
        _TAB,
        "letter_checks.html",
        refusal=refusal,
        form=form,
        checks=checks_of(here.session(), claim.id),
        may_ask_nagari=may("letter_check.ask") and claim.state in REVIEWING | PREPARING,
        may_settle=may("letter_check.settle"),
        me=here.actor().person_id,
        today=clock.today(),
    )


def _proof_page(claim: Claim, check_id: int, refusal: Refusal | None, form: ProofForm) -> str:
    one = _check(claim, check_id)
    return render(claim, _TAB, "letter_proof.html", refusal=refusal, form=form, one=one)


def _settle_page(claim: Claim, check_id: int, refusal: Refusal | None, form: SettleForm) -> str:
    one = _check(claim, check_id)
    own = one.proof_by_person_id == here.actor().person_id
    return render(claim, _TAB, "letter_settle.html", refusal=refusal, form=form, one=one, own=own)
