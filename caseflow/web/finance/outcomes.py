"""What a person says about one order: taken back, the bank's answer lost, or ended by a letter of the bank."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from caseflow import clock
from caseflow.payments.instructions import cancel_instruction, mark_unknown, resolve_by_letter
from caseflow.payments.models import Instruction
from caseflow.web import here
from caseflow.web.attempts import attempt, require_seen
from caseflow.web.casework.words import PAYMENT_STATES
from caseflow.web.finance import finance, reads, words
from caseflow.web.forms import BaseForm, DayField, LongTextField, ReasonField
from caseflow.web.security import requires
from caseflow.web.step_up import require_step_up

_ASK = "Tulis alasannya, paling sedikit 10 huruf."


@dataclass(frozen=True)
class Act:
    """One act on an order that asks for a reason only: its words, its address, its verb."""

    title: str
    lead: str
    hint: str
    button: str
    endpoint: str
    done: str
    from_state: str
    verb: Callable[..., Instruction]


_CANCEL = Act(
    title="Batalkan perintah bayar?",
    lead="Perintah ini belum masuk berkas, jadi belum ada uang yang bergerak. Referensinya tidak dipakai lagi; "
    "kasus kembali menunggu perintah bayar yang baru.",
    hint="Dibaca petugas lain dan auditor.",
    button="Batalkan perintah bayar",
    endpoint="finance.cancel_post",
    done="Perintah bayar {reference} dibatalkan. Tidak ada uang yang bergerak.",
    from_state="queued",
    verb=cancel_instruction,
)
_UNKNOWN = Act(
    title="Tandai hasilnya belum pasti?",
    lead="Pakai ini bila jawaban bank hilang atau bertentangan. Uangnya mungkin sudah keluar, jadi tidak ada yang "
    "dikirim ulang sampai rekening koran atau surat bank memastikannya.",
    hint="Contoh: internet banking terputus sesudah file diunggah.",
    button="Tandai belum pasti",
    endpoint="finance.unknown_post",
    done="Transfer {reference} ditandai belum pasti. Tidak ada yang dikirim ulang.",
    from_state="sent",
    verb=mark_unknown,
)


class ReasonForm(BaseForm):
    """Why."""

    reason = ReasonField("Alasan", [InputRequired(_ASK)])


class LetterForm(BaseForm):
    """A signed letter of the bank."""

    outcome = RadioField(
        "Menurut surat bank, transfer ini",
        choices=[
            ("settled", "berhasil: uang sudah di rekening penerima"),
            ("failed", "gagal: uang tidak sampai"),
        ],
        validators=[InputRequired("Pilih: transfer berhasil, atau transfer gagal.")],
    )
    letter_number = StringField("Nomor surat", [InputRequired("Isi nomor surat bank."), Length(max=80)])
    letter_on = DayField("Tanggal surat", [InputRequired("Isi tanggal surat bank.")])
    # which of them are needed is judged by the workflow, not here
    reason_code = RadioField("Alasan gagal", validate_choice=False)
    note = LongTextField("Penjelasan untuk keluarga")

    def validate_letter_on(self, field: DayField) -> None:
        """A letter of tomorrow was misread."""
        if field.data is not None and field.data > clock.local(here.now()).date():
            raise ValidationError("Tanggal surat ini belum terjadi. Periksa hari, bulan, dan tahunnya.")


@finance.get("/perintah/<reference>/batalkan")
@requires("payment.instruct")
def cancel_page(reference: str) -> ResponseReturnValue:
    """Ask why an order is taken back."""
    return _reason_page(reference, _CANCEL, ReasonForm(formdata=None), [])


@finance.post("/perintah/<reference>/batalkan")
@requires("payment.instruct")
def cancel_post(reference: str) -> ResponseReturnValue:
    """Take back an order that is in no batch."""
    return _act(reference, _CANCEL)


@finance.get("/perintah/<reference>/belum-pasti")
@requires("payment.reconcile")
def unknown_page(reference: str) -> ResponseReturnValue:
    """Ask why the outcome of a transfer is not known."""
    return _reason_page(reference, _UNKNOWN, ReasonForm(formdata=None), [])


@finance.post("/perintah/<reference>/belum-pasti")
@requires("payment.reconcile")
def unknown_post(reference: str) -> ResponseReturnValue:
    """Say that the bank's answer was lost."""
    return _act(reference, _UNKNOWN)


@finance.get("/perintah/<reference>/surat-bank")
@requires("payment.reconcile")
def letter_page(reference: str) -> ResponseReturnValue:
    """Ask what the bank's letter says."""
    return _letter_page(reference, _letter_form(), [])


@finance.post("/perintah/<reference>/surat-bank")
@requires("payment.reconcile")
def letter_post(reference: str) -> ResponseReturnValue:
    """End a transfer by a letter of the bank."""
    form = _letter_form()
    order = reads.order(here.session(), reference, here.actor().branch_code)
    require_step_up()

    def work() -> str:
        ended = resolve_by_letter(
            here.session(),
            order.id,
            by=here.actor(),
            outcome=form.outcome.data or "",
            letter_number=form.letter_number.data or "",
            letter_on=form.letter_on.data or clock.local(here.now()).date(),
            reason_code=form.reason_code.data or None,
            note=form.note.data or "",
            now=here.now(),
        )
        require_seen(ended.version)
        flash(f"Transfer {order.reference}: {PAYMENT_STATES[ended.state][0].lower()}, menurut surat bank.")
        return url_for("finance.order_history", reference=order.reference)

    return attempt(work, lambda refused: _letter_page(reference, form, refused), form)


def _act(reference: str, act: Act) -> ResponseReturnValue:
    form = ReasonForm()
    order = reads.order(here.session(), reference, here.actor().branch_code)

    def work() -> str:
        changed = act.verb(
            here.session(), order.id, by=here.actor(), reason=form.reason.data or "", now=here.now()
        )
        require_seen(changed.version)
        flash(act.done.format(reference=order.reference))
        return url_for("finance.order_history", reference=order.reference)

    return attempt(work, lambda refused: _reason_page(reference, act, form, refused), form)


def _letter_form() -> LetterForm:
    form = LetterForm()
    form.reason_code.choices = [(reason.code, reason.label) for reason in words.failure().reasons]
    return form


def _reason_page(reference: str, act: Act, form: ReasonForm, refused: Sequence[str]) -> str:
    order = reads.order(here.session(), reference, here.actor().branch_code)
    return render_template(
        "finance/order_act.html",
        order=order,
        act=act,
        form=form,
        refused=refused,
        possible=order.state == act.from_state,
        state=PAYMENT_STATES[order.state][0],
    )


def _letter_page(reference: str, form: LetterForm, refused: Sequence[str]) -> str:
    session, by = here.session(), here.actor()
    order = reads.order(session, reference, by.branch_code)
    held = reads.held_duties(session, by.person_id, [order.claim_number]).get(order.claim_number)
    return render_template(
        "finance/letter.html",
        order=order,
        form=form,
        refused=refused,
        possible=order.state in {"sent", "unknown"},
        state=PAYMENT_STATES[order.state][0],
        guard=words.duty_guard(held, "reconcile"),
        family_hints={
            reason.code: f"Keluarga membaca: {reason.family}."
            for reason in words.failure().reasons
            if reason.family
        },
    )
