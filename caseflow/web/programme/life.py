"""The branch puts right a living person who is recorded as dead; never whoever recorded it."""

from collections.abc import Sequence

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, StringField
from wtforms.validators import DataRequired, Length

from caseflow.errors import NotPossible
from caseflow.registry import life
from caseflow.registry.models import Worker
from caseflow.registry.people import get_worker
from caseflow.web import here, proofs
from caseflow.web.attempts import attempt
from caseflow.web.forms import BaseForm, ReasonField
from caseflow.web.programme import programme
from caseflow.web.security import requires

_RIGHT = "life.correct"
_MULTIPART = ("multipart/form-data", "application/x-www-form-urlencoded")


class AliveForm(BaseForm):
    """Who says that the person lives, how that is known, and the proof."""

    told_by = StringField(
        "Siapa yang memberi tahu?",
        validators=[
            DataRequired("Tulis siapa yang memberi tahu, misalnya namanya sendiri."),
            Length(max=120),
        ],
    )
    reason = ReasonField(
        "Bagaimana Anda memastikannya?", validators=[DataRequired("Tulis alasannya, 10 huruf atau lebih.")]
    )
    proof = FileField("Foto bukti")


@programme.get("/pekerja/<public_id>/status-hidup")
@requires("life.correct")
def life_page(public_id: str) -> ResponseReturnValue:
    """Show what was told, and ask how one knows better."""
    worker = get_worker(here.session(), public_id, by=here.actor(), permission=_RIGHT)
    return _page(worker, AliveForm())


@programme.post("/pekerja/<public_id>/status-hidup")
@requires("life.correct", max_bytes=proofs.FORM_BYTES, body_types=_MULTIPART)
def life_post(public_id: str) -> ResponseReturnValue:
    """Record that the person lives."""
    session, by = here.session(), here.actor()
    worker = get_worker(session, public_id, by=by, permission=_RIGHT)
    form = AliveForm()

    def work() -> str:
        event = life.standing_death(session, worker.id)
        if event is None:
            raise NotPossible(f"{worker.full_name} tidak tercatat meninggal. Tidak ada yang berubah.")
        life.require_correctable(session, event, by=by)
        proof = proofs.kept("proof", "change_proof", worker.region_code, permission=_RIGHT)
        life.correct_life(
            session,
            event,
            told_by=form.told_by.data or "",
            reason=form.reason.data or "",
            by=by,
            now=here.now(),
            proof=proof,
        )
        flash(f"{worker.full_name} sekarang tercatat hidup. Tempatnya di kuota tidak kembali sendiri.")
        return url_for("nagari.worker_page", public_id=public_id)

    return attempt(work, lambda refused: _page(worker, form, refused), form)


def _page(worker: Worker, form: AliveForm, refused: Sequence[str] = ()) -> str:
    words = life.words_of(here.session(), worker.id)
    return render_template(
        "programme/life.html",
        worker=worker,
        words=words,
        standing=bool(words) and words[0].event.kind == "died",
        own=bool(words) and words[0].event.recorded_by_user_id == here.actor().user_id,
        form=form,
        refused=refused,
    )
