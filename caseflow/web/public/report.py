"""Reporting a death: one question a page, works without JavaScript, can be left and continued."""

from collections.abc import Iterable

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseflow.claims import reporting
from caseflow.claims.joining import Newcomer
from caseflow.claims.reporting import DeathReport
from caseflow.people import relations
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.public import drafts, public, questions, walker
from caseflow.web.public.walker import Answers, Walk
from caseflow.web.security import requires


def _reporter(report: DeathReport) -> Newcomer:
    return Newcomer(report.reporter_name, report.reporter_relation, report.reporter_phone)


def _check_page(answers: Answers, problems: Iterable[str]) -> str:
    report = questions.to_report(answers)
    return render_template(
        "public/check_answers.html",
        report=report,
        region=registry.region_name(here.session(), report.region_code),
        causes=dict(questions.CAUSES),
        relation=relations.words,
        owners=dict(questions.PHONE_OWNERS),
        channels=dict(questions.CHANNELS),
        errors=[("isi", sentence) for sentence in problems],
    )


DEATH = Walk(
    drawer="death",
    area="report",
    template="public/question.html",
    questions=questions.QUESTIONS,
    prepare=questions.prepare,
    to_report=questions.to_report,
    reporter=_reporter,
    similar=reporting.similar_reports,
    verb=reporting.report_death,
    check_page=_check_page,
)


@public.get("/lapor")
@requires("report.create")
def report_start() -> ResponseReturnValue:
    """What will be asked, how long it takes, who reads it."""
    return render_template("public/before_start.html", goes_on=walker.goes_on(DEATH))


@public.post("/lapor")
@requires("report.create")
def report_begin() -> ResponseReturnValue:
    """Begin, or go on where somebody stopped."""
    return walker.begin(DEATH)


@public.get("/lapor/<name>")
@requires("report.create")
def report_question(name: str) -> ResponseReturnValue:
    """One question."""
    return walker.show(DEATH, name)


@public.post("/lapor/<name>")
@requires("report.create")
def report_answer(name: str) -> ResponseReturnValue:
    """Keep the answer and go to the next question; an accident that nobody died of has its own."""

    def aside(given: Answers) -> str | None:
        return url_for("public.accident_start") if given.get("cause") == "accident" else None

    return walker.keep(DEATH, name, aside)


@public.get("/lapor/periksa")
@requires("report.create")
def report_check() -> ResponseReturnValue:
    """All answers on one page."""
    return walker.check(DEATH)


@public.post("/lapor/kirim")
@requires("report.create")
def report_send() -> ResponseReturnValue:
    """Send the report."""
    return walker.send(DEATH)


@public.post("/lapor/gabung")
@requires("report.create")
def report_join() -> ResponseReturnValue:
    """Be noted with the report that is already there."""
    return walker.join(DEATH)


@public.get("/lapor/gabung")
@requires("report.create")
def joined() -> ResponseReturnValue:
    """What happens after somebody asked to be added to a report; says nothing of that report."""
    return render_template("public/joined.html")


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
