"""What families ask for: the list of a branch, and the answer that the family reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from caseflow.claims import queries, request_queries, requests
from caseflow.claims.models import Claim
from caseflow.claims.request_queries import PAGE, RequestRow, WaitingRow
from caseflow.claims.states import PREPARING, REVIEWING
from caseflow.documents.catalogue import catalogue
from caseflow.errors import Invalid, NotFound
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.casework import casework, words
from caseflow.web.casework.due import age_words
from caseflow.web.casework.frame import Refusal, fetch, may, render
from caseflow.web.casework.papers import label_of
from caseflow.web.casework.request_words import shown_request, title_of
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.security import requires

_TAB = "casework.papers_page"
_WAIVE, _KEEP = "waive", "keep"
_PAPER_STATES = {"submitted": "sudah dikirim", "accepted": "sudah diterima", "not_applicable": "tidak perlu"}


class AnswerForm(BaseForm):
    """The sentence for the family; whether a paper is done without is asked only where the family says so."""

    verdict = RadioField(
        "Apakah dokumen ini memang tidak perlu?",
        choices=[(_WAIVE, "Benar, tidak perlu"), (_KEEP, "Tetap perlu")],
        validate_choice=False,
    )
    words = LongTextField("Jawaban untuk keluarga")


@dataclass(frozen=True)
class Line:
    """One request in the list, in words."""

    href: str
    number: str
    name: str
    region: str
    title: str
    paper: str
    words: str
    asked_at: datetime
    age: str
    assignee: str | None


@casework.get("/permintaan")
@requires("request.read")
def requests_page() -> ResponseReturnValue:
    """List the open requests of the branch: own cases first, the oldest on top."""
    by, session = here.actor(), here.session()
    after = whole_number(request.args.get("setelah"), 0)
    mine = request_queries.waiting(session, by=by, mine=True) if not after else []
    others = request_queries.waiting(session, by=by, mine=False, after=after)
    more = len(others) > PAGE
    return render_template(
        "casework/requests.html",
        mine=_lines(mine),
        others=_lines(others[:PAGE]),
        first_page=not after,
        next_href=url_for("casework.requests_page", setelah=others[PAGE - 1].id) if more else None,
    )


@casework.get("/kasus/<number>/permintaan/<int:request_id>")
@requires("request.read")
def request_page(number: str, request_id: int) -> ResponseReturnValue:
    """Show what was asked, and ask for the answer."""
    return _page(fetch(number), request_id, AnswerForm(formdata=None), None)


@casework.post("/kasus/<number>/permintaan/<int:request_id>")
@requires("request.answer")
def request_post(number: str, request_id: int) -> ResponseReturnValue:
    """Answer; a paper that is really not needed is done without in the same step."""
    form = AnswerForm()

    def work(claim: Claim) -> str:
        row = _row(claim, request_id)
        if row.kind == "not_applicable" and form.verdict.data not in {_WAIVE, _KEEP}:
            raise Invalid({"verdict": "Pilih apakah dokumen ini perlu. Belum ada yang disimpan."})
        waived = row.kind == "not_applicable" and form.verdict.data == _WAIVE
        verb = requests.answer_by_waiving if waived else requests.answer
        verb(here.session(), claim, request_id, form.words.data or "", by=here.actor(), now=here.now())
        return "Jawaban tersimpan. Keluarga membacanya di HP, dan pesannya menunggu disampaikan."

    to = url_for("casework.requests_page")
    return submit(number, form, work, lambda c, r: _page(c, request_id, form, r), to=to)


def _page(claim: Claim, request_id: int, form: AnswerForm, refusal: Refusal | None) -> str:
    row = _row(claim, request_id)
    paper = catalogue().papers.get(row.code or "")
    return render(
        claim,
        _TAB,
        "request.html",
        refusal=refusal,
        one=shown_request(row),
        row=row,
        label=label_of(row.code) if row.code else None,
        paper=paper.words(claim.honorific) if paper else None,
        report=queries.get_report(here.session(), claim.id),
        may_waive=paper is not None and paper.waivable and claim.state in REVIEWING | PREPARING,
        may_answer=may("request.answer"),
        form=form,
    )


def _row(claim: Claim, request_id: int) -> RequestRow:
    rows = request_queries.requests_of(here.session(), claim.id)
    found = next((row for row in rows if row.id == request_id), None)
    if found is None:
        raise NotFound("Permintaan ini tidak ditemukan pada kasus ini.")
    return found


def _lines(rows: Sequence[WaitingRow]) -> list[Line]:
    return [
        Line(
            href=url_for("casework.request_page", number=row.number, request_id=row.id),
            number=row.number,
            name=words.deceased(row.subject, row.honorific),
            region=row.region,
            title=title_of(row.kind, row.stuck_at),
            paper=_paper(row),
            words=row.words,
            asked_at=row.asked_at,
            age=age_words((here.now() - row.asked_at).days),
            assignee=row.assignee,
        )
        for row in rows
    ]


def _paper(row: WaitingRow) -> str:
    if row.code is None:
        return "–"
    state = _PAPER_STATES.get(row.paper_status or "")
    return f"{label_of(row.code)} ({state})" if state else label_of(row.code)
