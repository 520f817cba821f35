"""Reporting a death: one question a page, works without JavaScript, can be left and continued."""

from typing import Any

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseflow.claims import opening, reporting
from caseflow.claims.models import ReportDraft
from caseflow.errors import Invalid, NotFound
from caseflow.people.actor import REPORTER
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.public import drafts, public, questions
from caseflow.web.public.accident_questions import DRAWER
from caseflow.web.public.questions import BY_NAME, QUESTIONS, Question
from caseflow.web.public.sent import confirmed, to_receipt
from caseflow.web.security import requires


@public.get("/lapor")
@requires("report.create")
def before_start() -> ResponseReturnValue:
    """What will be asked, how long it takes, who reads it."""
    draft = drafts.find_draft(here.session())
    goes_on = draft is not None and draft.casefile_id is None and bool(draft.answers.keys() - {DRAWER})
    return render_template("public/before_start.html", goes_on=goes_on)


@public.post("/lapor")
@requires("report.create")
def start() -> ResponseReturnValue:
    """Begin, or go on where somebody stopped."""
    draft = drafts.find_draft(here.session())
    if draft is not None and draft.casefile_id is None:
        return redirect(_next_page(draft.answers), 303)
    response = make_response(redirect(url_for("public.question", name=QUESTIONS[0].name), 303))
    drafts.new_draft(here.session(), response)
    return response


@public.get("/lapor/<name>")
@requires("report.create")
def question(name: str) -> ResponseReturnValue:
    """One question."""
    asked = _question(name)
    draft = drafts.find_draft(here.session())
    if draft is None:
        return redirect(url_for("public.before_start"))
    if draft.casefile_id is not None:
        return to_receipt(draft)
    form = questions.build_form(here.session(), asked, draft.answers)
    return _question_page(asked, form)


@public.post("/lapor/<name>")
@requires("report.create")
def answer(name: str) -> ResponseReturnValue:
    """Keep the answer and go to the next question."""
    asked = _question(name)
    draft = drafts.find_draft(here.session(), lock=True)
    if draft is None:
        return redirect(url_for("public.before_start"), 303)
    if draft.casefile_id is not None:
        return to_receipt(draft)
    form = questions.build_form(here.session(), asked)
    if not form.validate_on_submit():
        return _question_page(asked, form), 422
    answers = questions.stored_answers(asked, form)
    if answers.get("cause") == "accident":
        return redirect(url_for("public.accident"), 303)
    draft.answers = {**draft.answers, **answers}
    draft.changed_at = here.now()
    return redirect(_next_page(draft.answers), 303)


@public.get("/lapor/periksa")
@requires("report.create")
def check_answers() -> ResponseReturnValue:
    """All answers on one page, each with a way to change it."""
    draft = drafts.find_draft(here.session())
    if draft is None:
        return redirect(url_for("public.before_start"))
    if draft.casefile_id is not None:
        return to_receipt(draft)
    if questions.first_open(draft.answers) is not None:
        return redirect(_next_page(draft.answers))
    return _check_page(draft)


@public.post("/lapor/kirim")
@requires("report.create")
def send() -> ResponseReturnValue:
    """Send the report. Sent twice, it is still one report."""
    session = here.session()
    draft = drafts.find_draft(session, lock=True)
    if draft is None:
        return redirect(url_for("public.before_start"), 303)
    if draft.casefile_id is not None:
        return to_receipt(draft)
    if questions.first_open(draft.answers) is not None:
        return redirect(_next_page(draft.answers), 303)
    report = questions.to_report(draft.answers)
    if not confirmed() and reporting.similar_reports(session, report):
        return render_template(
            "public/already_reported.html",
            back=url_for("public.check_answers"),
            action=url_for("public.send"),
        ), 409
    settings = here.settings()
    try:
        claim = reporting.report_death(
            session,
            report,
            branch=opening.Branch(settings.branch_code, settings.regency_prefix),
            by=here.find_actor() or REPORTER,
            now=here.now(),
        )
    except Invalid as refusal:
        return _check_page(draft, problems=refusal.fields), 422
    draft.casefile_id = claim.id
    draft.answers = {"reporter_name": report.reporter_name}
    return to_receipt(draft)


@public.post("/lapor/hapus")
@requires("report.create")
def forget() -> ResponseReturnValue:
    """Throw the unfinished report away and clear this phone."""
    session = here.session()
    draft = drafts.find_draft(session, lock=True)
    if draft is not None and draft.casefile_id is None:
        session.delete(draft)
    response = make_response(redirect(url_for("public.home"), 303))
    drafts.forget_draft(response)
    return response


def _question(name: str) -> Question:
    found = BY_NAME.get(name)
    if found is None:
        raise NotFound
    return found


def _next_page(answers: dict[str, Any]) -> str:
    following = questions.first_open(answers)
    if following is None:
        return url_for("public.check_answers")
    return url_for("public.question", name=following.name)


def _question_page(asked: Question, form: Any) -> str:
    number = QUESTIONS.index(asked) + 1
    previous = QUESTIONS[number - 2].name if number > 1 else None
    return render_template(
        "public/question.html",
        question=asked,
        form=form,
        number=number,
        total=len(QUESTIONS),
        previous=previous,
    )


def _check_page(draft: ReportDraft, problems: dict[str, str] | None = None) -> str:
    answers = draft.answers
    return render_template(
        "public/check_answers.html",
        report=questions.to_report(answers),
        region=registry.region_name(here.session(), answers["region_code"]),
        causes=dict(questions.CAUSES),
        relations=dict(questions.RELATIONS),
        owners=dict(questions.PHONE_OWNERS),
        channels=dict(questions.CHANNELS),
        errors=[("isi", sentence) for sentence in (problems or {}).values()],
    )
