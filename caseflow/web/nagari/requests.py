"""Letters at the nagari: those the branch asks about by number, and those a family could not get."""

from collections.abc import Sequence

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired, Length

from caseflow import clock
from caseflow.claims import letter_check_queries, letter_checks
from caseflow.claims.letter_check_queries import LABELS, InboxRow
from caseflow.claims.request_queries import nagari_requests
from caseflow.documents.catalogue import catalogue
from caseflow.errors import NotFound
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.nagari import nagari
from caseflow.web.security import requires

VERDICTS = (
    ("matches", "Ya, surat ini dari nagari kami dan isinya cocok"),
    ("differs", "Ada di buku kami, tetapi isinya berbeda"),
    ("not_ours", "Tidak ada di buku kami"),
)
_ANSWERED = 20


class AnswerForm(BaseForm):
    """Whether the nagari issued the letter."""

    verdict = RadioField(
        "Bagaimana menurut buku surat nagari?",
        choices=list(VERDICTS),
        validators=[InputRequired("Pilih salah satu.")],
    )
    note = LongTextField("Apa yang berbeda?", validators=[Length(max=500)])


@nagari.get("/surat")
@requires("letter_check.answer")
def letters_page() -> ResponseReturnValue:
    """List what the branch asks, the most urgent on top; below what families could not get."""
    return _letters()


@nagari.get("/permintaan")
@requires("request.read_nagari")
def requests_page() -> ResponseReturnValue:
    """The former address of the second part."""
    return _letters()


@nagari.get("/surat/<public_id>")
@requires("letter_check.answer")
def letter_page(public_id: str) -> ResponseReturnValue:
    """Show one question: kind, number, day, and the name of the dead; nothing else of the case."""
    return _one(_row(public_id), AnswerForm(formdata=None))


@nagari.post("/surat/<public_id>")
@requires("letter_check.answer")
def letter_answer(public_id: str) -> ResponseReturnValue:
    """Answer it, once."""
    row, form = _row(public_id), AnswerForm()

    def work() -> str:
        letter_checks.answer(
            here.session(),
            public_id,
            form.verdict.data or "",
            form.note.data or "",
            by=here.actor(),
            now=here.now(),
        )
        flash(f"Jawaban tersimpan: {row.letter_number}. Petugas kantor cabang membacanya.")
        return url_for("nagari.letters_page")

    return attempt(work, lambda refused: _one(_row(public_id), form, refused), form)


def _letters() -> str:
    session, by, papers, now = here.session(), here.actor(), catalogue().papers, here.now()
    stuck = [
        (row, papers[row.code].label if row.code in papers else row.code, (now - row.asked_at).days)
        for row in nagari_requests(session, by.region_codes)
    ]
    return render_template(
        "nagari/letters.html",
        asked=letter_check_queries.inbox(session, answered=False, by=by),
        answered=letter_check_queries.inbox(session, answered=True, by=by, limit=_ANSWERED),
        labels=LABELS,
        verdicts=dict(VERDICTS),
        today=clock.today(),
        stuck=stuck,
    )


def _row(public_id: str) -> InboxRow:
    row = letter_check_queries.inbox_row(here.session(), public_id, by=here.actor())
    if row is None:
        raise NotFound("Pertanyaan ini tidak ditemukan di nagari Anda.")
    return row


def _one(row: InboxRow, form: AnswerForm, refused: Sequence[str] = ()) -> str:
    return render_template(
        "nagari/letter.html",
        row=row,
        form=form,
        refused=refused,
        label=LABELS[row.kind],
        verdicts=dict(VERDICTS),
    )
