"""What cannot be taken back about a batch: lock it, release it, end it; and its file for the bank."""

from collections.abc import Sequence

from flask import Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from caseflow.payments import queries
from caseflow.payments.batches import Removed, lock_batch, void_batch
from caseflow.payments.models import Batch
from caseflow.payments.releases import fetch_bank_file, release_batch
from caseflow.web import here
from caseflow.web.attempts import attempt, require_seen
from caseflow.web.finance import file_reads, finance
from caseflow.web.finance.batches import show_batch
from caseflow.web.forms import BaseForm, ReasonField
from caseflow.web.security import requires
from caseflow.web.step_up import require_step_up


class VoidForm(BaseForm):
    """Why a locked batch must not leave."""

    reason = ReasonField("Alasan", [InputRequired("Tulis alasannya, paling sedikit 10 huruf.")])


@finance.get("/berkas/<number>/kunci")
@requires("payment.batch")
def lock_page(number: str) -> ResponseReturnValue:
    """Say once more what is locked."""
    return show_batch(number, [], act="lock")


@finance.post("/berkas/<number>/kunci")
@requires("payment.batch")
def lock_post(number: str) -> ResponseReturnValue:
    """Close the batch and build its file."""
    key = file_reads.batch_key(here.session(), number, here.actor().branch_code)
    require_step_up()

    def work() -> str:
        removed = lock_batch(here.session(), key.id, by=here.actor(), now=here.now())
        batch = here.session().get_one(Batch, key.id)
        require_seen(batch.version)
        if batch.state == "locked":
            flash(f"Berkas {number} dikunci. Sekarang orang lain memeriksa dan melepasnya.")
        for line in removed:
            flash(_why_removed(line), "warning")
        return url_for("finance.batch_page", number=number)

    return attempt(work, lambda refused: show_batch(number, refused, act="lock"))


@finance.get("/berkas/<number>/lepas")
@requires("payment.release")
def release_page(number: str) -> ResponseReturnValue:
    """Show count, total and digest before the money leaves."""
    return show_batch(number, [], act="release")


@finance.post("/berkas/<number>/lepas")
@requires("payment.release")
def release_post(number: str) -> ResponseReturnValue:
    """Let the batch leave."""
    key = file_reads.batch_key(here.session(), number, here.actor().branch_code)
    require_step_up()

    def work() -> str:
        batch = release_batch(here.session(), key.id, by=here.actor(), now=here.now())
        require_seen(batch.version)
        flash(f"Berkas {number} dilepas. Unduh filenya, lalu unggah satu kali di internet banking.")
        return url_for("finance.batch_page", number=number)

    return attempt(work, lambda refused: show_batch(number, refused, act="release"))


@finance.get("/berkas/<number>/batalkan")
@requires("payment.release")
def void_page(number: str) -> ResponseReturnValue:
    """Ask why a locked batch must not leave."""
    return _void_page(number, VoidForm(formdata=None), [])


@finance.post("/berkas/<number>/batalkan")
@requires("payment.release")
def void_post(number: str) -> ResponseReturnValue:
    """End a locked batch; its file is never handed out."""
    form = VoidForm()
    key = file_reads.batch_key(here.session(), number, here.actor().branch_code)

    def work() -> str:
        batch = void_batch(
            here.session(), key.id, by=here.actor(), reason=form.reason.data or "", now=here.now()
        )
        require_seen(batch.version)
        flash(f"Berkas {number} dibatalkan. Tidak ada uang yang bergerak; buat perintah bayar yang baru.")
        return url_for("finance.batch_page", number=number)

    return attempt(work, lambda refused: _void_page(number, form, refused), form)


@finance.get("/berkas/<number>/unduh")
@requires("payment.release")
def download(number: str) -> ResponseReturnValue:
    """Hand out the file of a released batch: the same bytes every time, each time written down."""
    key = file_reads.batch_key(here.session(), number, here.actor().branch_code)
    found = fetch_bank_file(here.session(), key.id, by=here.actor())
    response = Response(found.data, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response


def _void_page(number: str, form: VoidForm, refused: Sequence[str]) -> str:
    session, by = here.session(), here.actor()
    key = file_reads.batch_key(session, number, by.branch_code)
    return render_template(
        "finance/batch_void.html",
        batch=queries.find_batch(session, key.id),
        lines=queries.batch_lines(session, key.id, by.branch_code or ""),
        version=key.version,
        form=form,
        refused=refused,
    )


def _why_removed(line: Removed) -> str:
    return f"{line.reference} (kasus {line.case_number}) dikeluarkan dari berkas. {' '.join(line.sentences)}"
