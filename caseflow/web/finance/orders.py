"""One order to pay: made after the account was typed again blind, and its history."""

from collections.abc import Sequence

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from caseflow.audit.operations import note_look
from caseflow.claims.models import Claim
from caseflow.errors import NotFound
from caseflow.payments import queries
from caseflow.payments.instructions import prepare_instruction
from caseflow.registry.names import NameMatch, compare
from caseflow.web import here
from caseflow.web.attempts import attempt, require_seen
from caseflow.web.casework.words import PAYMENT_STATES, deceased
from caseflow.web.finance import finance, reads, words
from caseflow.web.finance.overview import may
from caseflow.web.finance.passbook import page_at, passbook_pages
from caseflow.web.finance.standing import standing_of
from caseflow.web.forms import BankAccountField, BaseForm, LongTextField, NameField
from caseflow.web.security import requires


class OrderForm(BaseForm):
    """The account typed again, and what the bank answered when asked for its owner."""

    account_number_again = BankAccountField(
        "Nomor rekening dari buku tabungan", [InputRequired("Ketik nomor rekening dari buku tabungan.")]
    )
    holder_name_found = NameField(
        "Nama pemilik menurut bank", [InputRequired("Isi nama pemilik rekening menurut bank.")]
    )
    name_note = LongTextField("Mengapa ini orang yang sama")


@finance.get("/perintah/<number>")
@requires("payment.read")
def order_page(number: str) -> ResponseReturnValue:
    """Show what was approved and ask for the account once more."""
    return _page(number, OrderForm(formdata=None), [])


@finance.post("/perintah/<number>")
@requires("payment.instruct")
def order_post(number: str) -> ResponseReturnValue:
    """Check the account and put the order into the queue."""
    session, by = here.session(), here.actor()
    form = OrderForm()
    claim = reads.claim_to_pay(session, number, by.branch_code)

    def work() -> str:
        made = prepare_instruction(
            session,
            claim.id,
            by=by,
            account_number_again=form.account_number_again.data or "",
            holder_name_found=form.holder_name_found.data or "",
            name_note=form.name_note.data or "",
            now=here.now(),
        )
        require_seen(session.get_one(Claim, claim.id).version, steps=0)
        flash(f"Perintah bayar {made.reference} dibuat dan menunggu masuk berkas.")
        return url_for("finance.overview")

    return attempt(work, lambda refused: _page(number, form, refused), form)


@finance.get("/perintah/<reference>/riwayat")
@requires("payment.read")
def order_history(reference: str) -> ResponseReturnValue:
    """Show every step of an order, newest first."""
    session, by = here.session(), here.actor()
    order = reads.order(session, reference, by.branch_code)
    note_look(session, order.casefile_id, by=by)
    steps = queries.payment_steps(session, order.id)
    return render_template(
        "finance/order_history.html",
        order=order,
        steps=list(reversed(steps)),
        order_states=PAYMENT_STATES,
        details=words.details,
        may=may(),
    )


def _page(number: str, form: OrderForm, refused: Sequence[str]) -> str:
    session, by = here.session(), here.actor()
    claim = reads.claim_to_pay(session, number, by.branch_code)
    if claim.holder_name is None:
        raise NotFound("Penerima dan rekening kasus ini belum disetujui.")
    note_look(session, claim.id, by=by)
    standing = standing_of(claim)
    pages = passbook_pages(claim) if standing.sees_passbook else []
    return render_template(
        "finance/order.html",
        claim=claim,
        name=deceased(claim.subject, claim.honorific),
        form=form,
        refused=refused,
        orders=standing.orders,
        payable=standing.payable,
        guard=standing.guard,
        pages=pages,
        page_at=page_at(pages),
        similar=_similar(claim.holder_name, form),
        order_states=PAYMENT_STATES,
        line_labels=words.LINES,
        may=may(),
    )


def _similar(approved_name: str, form: OrderForm) -> NameMatch | None:
    """Return how the two names compare once one was typed and is not simply the same."""
    found = form.holder_name_found.data
    match = compare(approved_name, found) if found else None
    return match if match is not None and match.kind == "similar" else None
