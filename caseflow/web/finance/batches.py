"""A batch for the bank: chosen, filled, looked at."""

from collections.abc import Sequence

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow.errors import Invalid, NotPossible
from caseflow.payments import queries, reconciliation
from caseflow.payments.batches import MAX_LINES, add_to_batch, open_batch, remove_from_batch
from caseflow.payments.models import Batch
from caseflow.payments.steps import lock_claims_of
from caseflow.web import here
from caseflow.web.attempts import attempt, require_seen
from caseflow.web.casework.words import PAYMENT_STATES
from caseflow.web.finance import file_reads, finance, reads, words
from caseflow.web.finance.overview import may
from caseflow.web.security import requires

CHOSEN = "perintah"


@finance.get("/berkas/baru")
@requires("payment.batch")
def new_batch() -> ResponseReturnValue:
    """Offer the orders that wait for a batch."""
    return _new_page([])


@finance.post("/berkas/baru")
@requires("payment.batch")
def new_batch_post() -> ResponseReturnValue:
    """Open a batch with the chosen orders."""

    def work() -> str:
        ids = _chosen()
        lock_claims_of(here.session(), list(ids.values()), by=here.actor())
        batch = open_batch(here.session(), by=here.actor(), now=here.now())
        _fill(batch.id, ids)
        flash(f"Berkas {batch.number} dibuat dengan {len(ids)} transfer. Periksa isinya, lalu kunci.")
        return url_for("finance.batch_page", number=batch.number)

    return attempt(work, _new_page)


@finance.get("/berkas/<number>")
@requires("payment.read")
def batch_page(number: str) -> ResponseReturnValue:
    """Show a batch and its lines."""
    return show_batch(number, [])


@finance.post("/berkas/<number>/tambah")
@requires("payment.batch")
def add_lines(number: str) -> ResponseReturnValue:
    """Put more orders into an open batch."""
    key = file_reads.batch_key(here.session(), number, here.actor().branch_code)

    def work() -> str:
        ids = _chosen()
        lock_claims_of(here.session(), list(ids.values()), by=here.actor())
        _fill(key.id, ids)
        require_seen(here.session().get_one(Batch, key.id).version, steps=len(ids))
        flash(f"{len(ids)} transfer ditambahkan ke berkas ini.")
        return url_for("finance.batch_page", number=number)

    return attempt(work, lambda refused: show_batch(number, refused))


@finance.post("/berkas/<number>/keluarkan")
@requires("payment.batch")
def remove_line(number: str) -> ResponseReturnValue:
    """Take one order out of an open batch; it waits again."""
    key = file_reads.batch_key(here.session(), number, here.actor().branch_code)

    def work() -> str:
        ((reference, order_id),) = _found([request.form.get(CHOSEN, "")]).items()
        remove_from_batch(here.session(), key.id, order_id, by=here.actor(), now=here.now())
        require_seen(here.session().get_one(Batch, key.id).version)
        flash(f"Perintah bayar {reference} dikeluarkan dan menunggu berkas lain.")
        return url_for("finance.batch_page", number=number)

    return attempt(work, lambda refused: show_batch(number, refused))


def show_batch(number: str, refused: Sequence[str], *, act: str | None = None) -> str:
    """Render a batch.

    :param refused: why the last act was not done.
    :param act: lock or release: the card that stands before it, instead of the lists.
    """
    session, by = here.session(), here.actor()
    key = file_reads.batch_key(session, number, by.branch_code)
    batch = queries.find_batch(session, key.id)
    lines = queries.batch_lines(session, key.id, by.branch_code or "")
    held = reads.held_duties(session, by.person_id, [line.claim_number for line in lines])
    guards = [
        f"Kasus {case}: {sentence}"
        for case, duty in held.items()
        if (sentence := words.duty_guard(duty, "release")) is not None
    ]
    if key.maker_person_id == by.person_id:
        guards = ["Anda membuat berkas ini, jadi pelepasan harus oleh orang lain."]
    return render_template(
        f"finance/batch_{act}.html" if act else "finance/batch.html",
        batch=batch,
        version=key.version,
        lines=lines,
        totals=reconciliation.batch_totals(session, key.id),
        queued=_queued()
        if batch is not None and batch.state == "open" and not act and may()["batch"]
        else [],
        chosen=set(request.form.getlist(CHOSEN)),
        guards=guards,
        refused=refused,
        may=may(),
        order_states=PAYMENT_STATES,
        batch_states=words.BATCH_STATES,
    )


def _new_page(refused: Sequence[str]) -> str:
    queued = _queued()
    by = here.actor()
    held = reads.held_duties(here.session(), by.person_id, [order.claim_number for order in queued])
    return render_template(
        "finance/batch_new.html",
        queued=queued,
        guards={case: words.duty_guard(duty, "make_batch") for case, duty in held.items()},
        chosen=set(request.form.getlist(CHOSEN)),
        refused=refused,
        most=MAX_LINES,
    )


def _queued() -> list[queries.InstructionRow]:
    return queries.queued_instructions(here.session(), here.actor().branch_code or "", limit=MAX_LINES)


def _chosen() -> dict[str, int]:
    """Return the ticked orders by reference, in the order of the page."""
    ticked = list(dict.fromkeys(request.form.getlist(CHOSEN)))[: MAX_LINES + 1]
    if not ticked:
        raise Invalid(
            "Belum ada perintah bayar yang dipilih. Tidak ada yang tersimpan; pilih paling sedikit satu."
        )
    return _found(ticked)


def _found(references: Sequence[str]) -> dict[str, int]:
    ids = reads.order_ids(here.session(), references, here.actor().branch_code)
    missing = [reference for reference in references if reference not in ids]
    if missing:
        raise NotPossible(f"Perintah bayar {missing[0][:20]} tidak ditemukan. Tidak ada yang tersimpan.")
    return {reference: ids[reference] for reference in references}


def _fill(batch_id: int, ids: dict[str, int]) -> None:
    """Put the orders into the batch, one after the other; their claims are locked already."""
    for reference, order_id in ids.items():
        try:
            add_to_batch(here.session(), batch_id, order_id, by=here.actor(), now=here.now())
        except NotPossible as refusal:
            raise NotPossible([f"{reference}: {sentence}" for sentence in refusal.sentences]) from refusal
