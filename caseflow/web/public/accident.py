"""The first notice of an accident from a phone: five short pages, no paper, can be left and continued."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseflow.claims import accident_reporting, opening
from caseflow.claims.models import ReportDraft
from caseflow.errors import Invalid, NotFound
from caseflow.people.actor import REPORTER
from caseflow.registry import queries as registry
from caseflow.web import accident_notice as notice
from caseflow.web import here
from caseflow.web.forms import BaseForm
from caseflow.web.public import drafts, public, questions
from caseflow.web.public.accident_questions import BY_NAME, DRAWER, PAGES, QUESTIONS, first_open, to_report
from caseflow.web.public.questions import Question
from caseflow.web.public.sent import confirmed, to_receipt
from caseflow.web.security import requires


@public.get("/lapor/kecelakaan")
@requires("report.create")
def accident() -> ResponseReturnValue:
    """First the doctor, then the notice: what will be asked and who reads it."""
    draft = drafts.find_draft(here.session())
    goes_on = draft is not None and draft.casefile_id is None and bool(_answers(draft))
    return render_template("public/accident_start.html", goes_on=goes_on)


@public.post("/lapor/kecelakaan")
@requires("report.create")
def accident_start() -> ResponseReturnValue:
    """Begin, or go on where somebody stopped."""
    draft = drafts.find_draft(here.session())
    if draft is not None and draft.casefile_id is None:
        return redirect(_next_page(_answers(draft)), 303)
    response = make_response(redirect(_page_of(QUESTIONS[0]), 303))
    drafts.new_draft(here.session(), response)
    return response


@public.get("/lapor/kecelakaan/<name>")
@requires("report.create")
def accident_question(name: str) -> ResponseReturnValue:
    """One page of questions."""
    asked = _question(name)
    draft = drafts.find_draft(here.session())
    if draft is None:
        return redirect(url_for("public.accident"))
    if draft.casefile_id is not None:
        return to_receipt(draft)
    return _question_page(asked, questions.build_form(here.session(), asked, _answers(draft)))


@public.post("/lapor/kecelakaan/<name>")
@requires("report.create")
def accident_answer(name: str) -> ResponseReturnValue:
    """Keep the answers and go to the next page."""
    asked = _question(name)
    draft = drafts.find_draft(here.session(), lock=True)
    if draft is None:
        return redirect(url_for("public.accident"), 303)
    if draft.casefile_id is not None:
        return to_receipt(draft)
    form = questions.build_form(here.session(), asked)
    if not form.validate_on_submit():
        return _question_page(asked, form), 422
    answers = {**_answers(draft), **questions.stored_answers(asked, form)}
    draft.answers = {**draft.answers, DRAWER: answers}
    draft.changed_at = here.now()
    return redirect(_next_page(answers), 303)


@public.get("/lapor/kecelakaan/periksa")
@requires("report.create")
def accident_check() -> ResponseReturnValue:
    """All answers on one page, each with a way to change it, and the question of consent."""
    draft = drafts.find_draft(here.session())
    if draft is None:
        return redirect(url_for("public.accident"))
    if draft.casefile_id is not None:
        return to_receipt(draft)
    answers = _answers(draft)
    return (
        redirect(_next_page(answers)) if first_open(answers) else _check_page(answers, notice.ConsentForm())
    )


@public.post("/lapor/kecelakaan/kirim")
@requires("report.create")
def accident_send() -> ResponseReturnValue:
    """Send the notice. Sent twice, it is still one notice."""
    session = here.session()
    draft = drafts.find_draft(session, lock=True)
    if draft is None:
        return redirect(url_for("public.accident"), 303)
    if draft.casefile_id is not None:
        return to_receipt(draft)
    answers = _answers(draft)
    if first_open(answers) is not None:
        return redirect(_next_page(answers), 303)
    form = notice.ConsentForm()
    if not form.validate_on_submit():
        return _check_page(answers, form), 422
    report = to_report(answers, consented=True)
    if not confirmed() and accident_reporting.similar_accidents(session, report):
        return _already_reported(), 409
    settings = here.settings()
    try:
        claim = accident_reporting.report_accident(
            session,
            report,
            branch=opening.Branch(settings.branch_code, settings.regency_prefix),
            by=here.find_actor() or REPORTER,
            now=here.now(),
        )
    except Invalid as refusal:
        return _check_page(answers, form, refusal.fields.values()), 422
    draft.casefile_id = claim.id
    draft.answers = {"reporter_name": report.notifier_name}
    return to_receipt(draft)


def _answers(draft: ReportDraft) -> Mapping[str, Any]:
    found: Mapping[str, Any] = draft.answers.get(DRAWER, {})
    return found


def _question(name: str) -> Question:
    found = BY_NAME.get(name)
    if found is None:
        raise NotFound
    return found


def _page_of(asked: Question) -> str:
    return url_for("public.accident_question", name=asked.name)


def _next_page(answers: Mapping[str, Any]) -> str:
    following = first_open(answers)
    return url_for("public.accident_check") if following is None else _page_of(following)


def _question_page(asked: Question, form: BaseForm) -> str:
    number = QUESTIONS.index(asked) + 1
    back = _page_of(QUESTIONS[number - 2]) if number > 1 else url_for("public.accident")
    return render_template(
        "public/accident_question.html", question=asked, form=form, number=number, total=PAGES, back=back
    )


def _check_page(answers: Mapping[str, Any], form: notice.ConsentForm, problems: Iterable[str] = ()) -> str:
    report = to_report(answers, consented=False)
    return render_template(
        "public/accident_check.html",
        form=form,
        report=report,
        region=registry.region_name(here.session(), report.region_code),
        labels=notice.LABELS,
        notifier=notice.notifier_words(report.notifier_role, report.relation),
        late=notice.came_late(report.happened_on, report.happened_at, here.now()),
        number=PAGES,
        errors=[("isi", sentence) for sentence in problems],
    )


def _already_reported() -> str:
    return render_template(
        "public/already_reported.html",
        back=url_for("public.accident_check"),
        action=url_for("public.accident_send"),
        consented=True,
    )
