"""Every way out of a paper that is not there, and any other question to the officer; as plain forms."""

from collections.abc import Sequence
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from caseflow import clock
from caseflow.claims import request_queries, requests
from caseflow.claims.requests import LONGEST, PaperAsk
from caseflow.documents.catalogue import Paper, catalogue
from caseflow.documents.review import get_requirement
from caseflow.errors import NotFound
from caseflow.formats import weekday_date
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.family import family
from caseflow.web.family.asked import STUCK_AT, may_read, paper_help, shown
from caseflow.web.family.pages import own_claim
from caseflow.web.family.wording import paper_honorific
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.security import requires

_DAYS = {1: "Besok", 3: "3 hari lagi", 7: "7 hari lagi"}
_SAID = {
    "help_find": "Tidak apa-apa. Petugas akan membantu mencarikan cara lain.",
    "help_obtain": "Sudah kami catat. Petugas akan membantu mengurusnya.",
    "not_applicable": "Sudah kami catat. Petugas memeriksanya, lalu menjawab di sini.",
    "question": "Pertanyaan sudah terkirim. Jawabannya akan muncul di halaman ini.",
    "correct": "Sudah kami catat. Petugas memeriksanya, lalu menjawab di sini.",
}


class ObtainForm(BaseForm):
    """Where the paper is stuck; the place is judged by the verb."""

    stuck_at = RadioField("Tertahan di mana?", choices=list(STUCK_AT), validate_choice=False)
    words = LongTextField("Ceritakan singkat")


class NotNeededForm(BaseForm):
    """Why the family does not need the paper."""

    words = LongTextField("Mengapa dokumen ini tidak perlu?")


class RemindForm(BaseForm):
    """On which day; the choices say it in words."""

    days = RadioField("Kapan kami ingatkan?", validate_choice=False)


class QuestionForm(BaseForm):
    """Anything else for the officer."""

    kind = RadioField(
        "Tentang apa?",
        choices=[("question", "Saya mau bertanya"), ("correct", "Nama atau data saya salah tulis")],
        validate_choice=False,
        default="question",
    )
    words = LongTextField("Tulis di sini")


@family.context_processor
def _offer() -> dict[str, object]:
    """Let the templates of a paper ask for its help; nothing is read before they do."""
    return {"paper_help": paper_help}


@family.get("/dokumen/<code>/tidak-ditemukan")
@requires("family.read")
def not_found_again(code: str) -> ResponseReturnValue:
    """Go back to the paper whose button leads here."""
    return redirect(url_for("family.document", code=code))


@family.post("/dokumen/<code>/tidak-ditemukan")
@requires("family.ask")
def not_found(code: str) -> ResponseReturnValue:
    """Ask for help with a paper that cannot be found; one press is enough."""
    return _ask(code, PaperAsk("help_find"), None)


@family.get("/dokumen/<code>/tidak-bisa")
@requires("family.ask")
def obtain_page(code: str) -> ResponseReturnValue:
    """Ask where the paper is stuck."""
    return _page(code, "help_obtain", ObtainForm(formdata=None), [])


@family.post("/dokumen/<code>/tidak-bisa")
@requires("family.ask")
def obtain_post(code: str) -> ResponseReturnValue:
    """Ask for help with a paper that cannot be had."""
    form = ObtainForm()
    ask = PaperAsk("help_obtain", stuck_at=form.stuck_at.data, words=form.words.data or "")
    return _ask(code, ask, form)


@family.get("/dokumen/<code>/tidak-perlu")
@requires("family.ask")
def not_needed_page(code: str) -> ResponseReturnValue:
    """Ask why the paper is not needed."""
    return _page(code, "not_applicable", NotNeededForm(formdata=None), [])


@family.post("/dokumen/<code>/tidak-perlu")
@requires("family.ask")
def not_needed_post(code: str) -> ResponseReturnValue:
    """Ask to do without a paper."""
    form = NotNeededForm()
    return _ask(code, PaperAsk("not_applicable", words=form.words.data or ""), form)


@family.get("/dokumen/<code>/ingatkan")
@requires("family.ask")
def remind_page(code: str) -> ResponseReturnValue:
    """Ask for the day."""
    return _page(code, "remind", _remind_form(empty=True), [])


@family.post("/dokumen/<code>/ingatkan")
@requires("family.ask")
def remind_post(code: str) -> ResponseReturnValue:
    """Ask to be reminded once."""
    form = _remind_form()
    return _ask(code, PaperAsk("remind", remind_after_days=whole_number(form.days.data, 0)), form)


@family.post("/permintaan/<int:request_id>/batal")
@requires("family.ask")
def cancel_request(request_id: int) -> ResponseReturnValue:
    """Take one's own request back."""

    def work() -> str:
        requests.take_back(here.session(), own_claim(), request_id, by=here.actor(), now=here.now())
        flash("Permintaan itu sudah dibatalkan.")
        return _back()

    return attempt(work, lambda refused: _questions(QuestionForm(formdata=None), refused))


@family.get("/permintaan/<int:request_id>/batal")
@requires("family.ask")
def cancel_again(request_id: int) -> ResponseReturnValue:
    """Go back to the list of requests, whichever it was."""
    return redirect(url_for("family.ask_page", _anchor=f"permintaan-{request_id}"))


@family.get("/tanya")
@requires("family.ask")
def ask_page() -> ResponseReturnValue:
    """Ask anything, and read what was asked and answered so far."""
    return _questions(QuestionForm(formdata=None), [])


@family.post("/tanya")
@requires("family.ask")
def ask_post() -> ResponseReturnValue:
    """Send a question."""
    form = QuestionForm()

    def work() -> str:
        kind = form.kind.data or ""
        said = form.words.data or ""
        requests.ask_question(here.session(), own_claim(), kind, said, by=here.actor(), now=here.now())
        flash(_SAID[kind])
        return url_for("family.ask_page")

    return attempt(work, lambda refused: _questions(form, refused), form)


def _ask(code: str, ask: PaperAsk, form: BaseForm | None) -> ResponseReturnValue:
    def work() -> str:
        made = requests.ask_about_paper(
            here.session(), own_claim(), code, ask, by=here.actor(), now=here.now()
        )
        day = made.remind_on
        flash(f"Kami ingatkan {weekday_date(day)}, satu kali." if day else _SAID[made.kind])
        return url_for("family.document", code=code, _anchor="bantuan")

    return attempt(work, lambda refused: _page(code, ask.kind, form, refused), form)


def _remind_form(*, empty: bool = False) -> RemindForm:
    form = RemindForm(**({"formdata": None} if empty else {}))
    today = clock.today()
    form.days.choices = [
        (str(days), f"{label}, {weekday_date(today + timedelta(days=days))}") for days, label in _DAYS.items()
    ]
    return form


def _page(code: str, kind: str, form: BaseForm | None, refused: Sequence[str]) -> str:
    claim = own_claim()
    requirement, paper = get_requirement(here.session(), claim.id, code), _paper(code)
    return render_template(
        "family/paper_help.html",
        claim=claim,
        requirement=requirement,
        words=paper.words(paper_honorific(claim)),
        kind=kind,
        form=form,
        longest=LONGEST,
        refused=refused,
    )


def _paper(code: str) -> Paper:
    paper = catalogue().papers.get(code)
    if paper is None:
        raise NotFound
    return paper


def _questions(form: QuestionForm, refused: Sequence[str]) -> str:
    claim = own_claim()
    rows = request_queries.requests_of(here.session(), claim.id)
    return render_template(
        "family/ask.html",
        claim=claim,
        form=form,
        longest=LONGEST,
        refused=refused,
        asked=[shown(claim, row) for row in rows if may_read(row)],
    )


def _back() -> str:
    """Return where the button stood: the page of the paper it names, or the list of requests."""
    code = request.form.get("code", "")
    known = code in catalogue().papers
    return url_for("family.document", code=code, _anchor="bantuan") if known else url_for("family.ask_page")
