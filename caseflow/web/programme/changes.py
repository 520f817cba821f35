"""The branch answers changes of what identifies a worker: old and new beside the proof, never by who asked."""

from collections.abc import Sequence
from datetime import date

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from caseflow.formats import grouped_nik, long_date
from caseflow.registry import changes, queries
from caseflow.registry.changes import FIELD_LABELS, OpenChange
from caseflow.registry.nomination_models import RegistryFile
from caseflow.web import here, proofs
from caseflow.web.attempts import attempt
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.nagari.worker import SEXES
from caseflow.web.programme import programme
from caseflow.web.security import requires


class AnswerForm(BaseForm):
    """Yes or no; a no has its reason."""

    answer = RadioField(
        "Apakah sesuai dengan buktinya?",
        choices=[
            ("accept", "Sesuai: terima, datanya berubah sekarang"),
            ("refuse", "Tidak sesuai: tolak, datanya tetap"),
        ],
        validators=[InputRequired("Pilih terima atau tolak. Belum ada yang berubah.")],
    )
    note = LongTextField("Alasan bila ditolak", validators=[Optional()])


@programme.get("/perubahan")
@requires("change.answer")
def changes_page() -> ResponseReturnValue:
    """List what waits, the oldest on top."""
    after = request.args.get("setelah", "")[:40] or None
    found = changes.open_changes(here.session(), by=here.actor(), after=after)
    rows = found[: changes.PAGE]
    session = here.session()
    return render_template(
        "programme/changes.html",
        rows=[
            (one, FIELD_LABELS[one.change.field], queries.region_name(session, one.worker.region_code))
            for one in rows
        ],
        first_page=after is None,
        next_href=url_for("programme.changes_page", setelah=rows[-1].change.public_id)
        if len(found) > changes.PAGE
        else None,
    )


@programme.get("/perubahan/<public_id>")
@requires("change.answer")
def change_page(public_id: str) -> ResponseReturnValue:
    """Show one change beside its proof."""
    return _page(changes.get_change(here.session(), public_id, by=here.actor()), AnswerForm())


@programme.post("/perubahan/<public_id>")
@requires("change.answer")
def change_post(public_id: str) -> ResponseReturnValue:
    """Answer it; accepted, the worker's data follow."""
    found, form = changes.get_change(here.session(), public_id, by=here.actor()), AnswerForm()

    def work() -> str:
        changes.answer_change(
            here.session(),
            found.change,
            accept=form.answer.data == "accept",
            note=form.note.data or "",
            by=here.actor(),
            now=here.now(),
        )
        label = FIELD_LABELS[found.change.field]
        said = "diterima dan sudah berubah" if form.answer.data == "accept" else "ditolak; datanya tetap"
        flash(f"{label} {found.worker.full_name}: {said}.")
        return url_for("programme.changes_page")

    return attempt(work, lambda refused: _page(found, form, refused), form)


@programme.get("/perubahan/<public_id>/bukti")
@requires("change.answer")
def change_proof(public_id: str) -> Response:
    """Show the paper behind a change."""
    found = changes.get_change(here.session(), public_id, by=here.actor())
    return proofs.opened(here.session().get_one(RegistryFile, found.change.proof_file_id))


def _page(found: OpenChange, form: AnswerForm, refused: Sequence[str] = ()) -> str:
    change, worker = found.change, found.worker
    return render_template(
        "programme/change.html",
        change=change,
        worker=worker,
        region=queries.region_name(here.session(), worker.region_code),
        label=FIELD_LABELS[change.field],
        old=_shown(change.field, change.old_value),
        new=_shown(change.field, change.new_value),
        asked_by=found.asked_by,
        own=change.asked_by_user_id == here.actor().user_id,
        form=form,
        refused=refused,
    )


def _shown(field: str, value: str) -> str:
    """Whole numbers: who answers compares them with the paper."""
    if not value:
        return "belum diisi"
    if field in {"national_id", "family_card_number"}:
        return grouped_nik(value)
    if field == "born_on":
        return long_date(date.fromisoformat(value))
    return SEXES.get(value, value) if field == "sex" else value
