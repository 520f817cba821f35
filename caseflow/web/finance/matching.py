"""Bookings of the bank tied to transfers: nothing is matched by itself, a person says yes to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.payments import reconciliation
from caseflow.payments.reconciliation import UnmatchedLine
from caseflow.payments.statements import match_line
from caseflow.payments.steps import lock_claims_of
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.finance import finance, reads, words
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.security import requires
from caseflow.web.step_up import require_step_up

AT_ONCE = 20  # more than this many yeses is no longer looking
CHOSEN = "baris"
Place = Literal["exact", "alert", "other"]


@dataclass(frozen=True)
class Booking:
    """A line of the statement beside the transfer it seems to be.

    :ivar place: ``exact`` can be confirmed here; ``alert`` names one of our references and does not fit,
        or brings money back; ``other`` names none. :ivar guard: why this person may not confirm it.
    """

    line: UnmatchedLine
    order: reads.Order | None
    place: Place
    guard: str | None


class MatchForm(BaseForm):
    """Which transfer a booking is."""

    reference = StringField(
        "Referensi perintah bayar", [InputRequired("Isi referensi perintah bayar."), Length(max=20)]
    )
    # which of them are needed is judged by the verb, not here
    reason_code = RadioField("Alasan bank mengembalikan uang", validate_choice=False)
    note = LongTextField("Penjelasan")


@finance.get("/rekening-koran/cocokkan")
@requires("payment.reconcile")
def matching_page() -> ResponseReturnValue:
    """Show bookings that explain nothing yet, the sure ones first."""
    return _page([])


@finance.post("/rekening-koran/cocokkan")
@requires("payment.reconcile")
def match_chosen() -> ResponseReturnValue:
    """Confirm the chosen suggestions, all or none."""
    require_step_up()

    def work() -> str:
        pairs = _chosen_pairs()
        lock_claims_of(here.session(), [order_id for _, order_id, _ in pairs], by=here.actor())
        for line_id, order_id, reference in pairs:
            try:
                match_line(here.session(), line_id, order_id, by=here.actor(), now=here.now())
            except NotPossible as refusal:
                raise NotPossible([f"{reference}: {sentence}" for sentence in refusal.sentences]) from refusal
            except Invalid as refusal:
                raise NotPossible(f"{reference}: {refusal.sentence}") from refusal
        flash(f"{len(pairs)} transfer dipastikan terkirim. Keluarga akan diberi kabar.")
        return url_for("finance.matching_page")

    return attempt(work, _page)


@finance.get("/rekening-koran/baris/<line_id>")
@requires("payment.reconcile")
def line_page(line_id: str) -> ResponseReturnValue:
    """Show one booking and ask which transfer it is."""
    booking = _booking(line_id)
    typed = request.args.get("referensi", "")[:20] or booking.line.reference
    return _line_page(line_id, _match_form({"reference": typed}), [])


@finance.post("/rekening-koran/baris/<line_id>")
@requires("payment.reconcile")
def line_post(line_id: str) -> ResponseReturnValue:
    """Tie one booking to the transfer that a person names."""
    form = _match_form(None)
    require_step_up()

    def work() -> str:
        order = reads.order(here.session(), form.reference.data or "", here.actor().branch_code)
        effect = match_line(
            here.session(),
            whole_number(line_id, 0),
            order.id,
            by=here.actor(),
            now=here.now(),
            reason_code=form.reason_code.data or None,
            note=form.note.data or "",
        )
        flash(_DONE[effect].format(reference=order.reference))
        return url_for("finance.matching_page")

    def worked() -> str:
        try:
            return work()
        except NotFound as refusal:
            raise Invalid({"reference": refusal.sentence}) from refusal

    return attempt(worked, lambda refused: _line_page(line_id, form, refused), form)


_DONE = {
    "settled": "Transfer {reference} dipastikan terkirim. Keluarga akan diberi kabar.",
    "failed": "Transfer {reference} dicatat gagal: uangnya kembali. Petugas akan menelepon keluarga.",
    "noted": "Baris ini dicatat untuk {reference}; hasilnya sudah diketahui dari surat bank.",
}


def _bookings(after_id: int, limit: int) -> list[Booking]:
    session, by = here.session(), here.actor()
    lines = reconciliation.suggest_matches(session, after_id=after_id, limit=limit)
    orders = reads.orders_by_id(
        session, [line.instruction_id for line in lines if line.instruction_id is not None], by.branch_code
    )
    held = reads.held_duties(session, by.person_id, [order.claim_number for order in orders.values()])
    found = []
    for line in lines:
        order = orders.get(line.instruction_id or 0)
        guard = words.duty_guard(held.get(order.claim_number), "reconcile") if order else None
        found.append(Booking(line, order, _place(line, order), guard))
    return found


def _place(line: UnmatchedLine, order: reads.Order | None) -> Place:
    if order is None:
        return "other"
    return "exact" if line.fits and line.kind == "debit" else "alert"


def _page(refused: Sequence[str]) -> str:
    found = _bookings(whole_number(request.args.get("setelah"), 0), reconciliation.PAGE)
    ticked = set(request.form.getlist(CHOSEN))
    return render_template(
        "finance/matching.html",
        exact=[one for one in found if one.place == "exact"],
        alerts=[one for one in found if one.place == "alert"],
        others=[one for one in found if one.place == "other"],
        next_after=found[-1].line.id if len(found) == reconciliation.PAGE else None,
        at_once=AT_ONCE,
        ticked=ticked,
        kinds=words.KINDS,
        refused=refused,
    )


def _chosen_pairs() -> list[tuple[int, int, str]]:
    """Return line, order and reference of every ticked suggestion."""
    ticked = list(dict.fromkeys(request.form.getlist(CHOSEN)))
    if not ticked:
        raise Invalid("Belum ada baris yang dicentang. Buka tiap baris, periksa, lalu centang.")
    if len(ticked) > AT_ONCE:
        raise Invalid(f"Paling banyak {AT_ONCE} baris sekali pastikan. Tidak ada yang tersimpan.")
    named = [(whole_number(line), reference) for line, _, reference in (one.partition(":") for one in ticked)]
    ids = reads.order_ids(here.session(), [reference for _, reference in named], here.actor().branch_code)
    missing = [reference for _, reference in named if reference not in ids]
    if missing:
        raise NotPossible(f"Perintah bayar {missing[0][:20]} tidak ditemukan. Tidak ada yang tersimpan.")
    return [(line_id, ids[reference], reference) for line_id, reference in named]


def _match_form(data: dict[str, str | None] | None) -> MatchForm:
    form = MatchForm(formdata=None, data=data) if data is not None else MatchForm()
    form.reason_code.choices = [(reason.code, reason.label) for reason in words.failure().reasons]
    return form


def _booking(line_id: str) -> Booking:
    """Return one unmatched booking.

    :raises NotFound: no such line, or it explains a transfer already.
    """
    wanted = whole_number(line_id, 0)
    found = _bookings(wanted - 1, 1)
    if not found or found[0].line.id != wanted:
        raise NotFound("Baris rekening koran ini tidak ada, atau sudah dicocokkan.")
    return found[0]


def _line_page(line_id: str, form: MatchForm, refused: Sequence[str]) -> str:
    booking = _booking(line_id)
    line = booking.line
    return render_template(
        "finance/match_line.html",
        booking=booking,
        line=line,
        form=form,
        refused=refused,
        candidates=reads.transfers(
            here.session(),
            here.actor().branch_code,
            ("sent", "unknown"),
            amount_idr=line.amount_idr,
            limit=AT_ONCE,
        ),
        kinds=words.KINDS,
        family_hints={
            reason.code: f"Keluarga membaca: {reason.family}."
            for reason in words.failure().reasons
            if reason.family
        },
    )
