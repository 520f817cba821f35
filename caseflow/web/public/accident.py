"""The first notice of an accident from a phone: a few short pages, no paper, can be left and continued."""

from collections.abc import Iterable

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow.claims import accident_reporting
from caseflow.claims.accident_reporting import AccidentReport
from caseflow.claims.joining import Newcomer
from caseflow.people import relations
from caseflow.registry import queries as registry
from caseflow.web import accident_notice as notice
from caseflow.web import here
from caseflow.web.public import accident_questions, public, questions, walker
from caseflow.web.public.walker import Answers, Walk
from caseflow.web.security import requires


def _reporter(report: AccidentReport) -> Newcomer:
    relation = "nagari" if report.notifier_role == "nagari" else report.relation
    return Newcomer(report.notifier_name, relation, report.notifier_phone)


def _check_page(answers: Answers, problems: Iterable[str]) -> str:
    report = accident_questions.to_report(answers)
    return render_template(
        "public/accident_check.html",
        report=report,
        region=registry.region_name(here.session(), report.region_code),
        labels=notice.LABELS,
        relation=relations.words,
        notifier=notice.notifier_words(report.notifier_role, report.relation),
        late=notice.came_late(report.happened_on, report.happened_at, here.now()),
        errors=[("isi", sentence) for sentence in problems],
    )


ACCIDENT = Walk(
    drawer="accident",
    area="accident",
    template="public/accident_question.html",
    questions=accident_questions.QUESTIONS,
    prepare=questions.prepare,
    to_report=accident_questions.to_report,
    reporter=_reporter,
    similar=accident_reporting.similar_accidents,
    verb=accident_reporting.report_accident,
    check_page=_check_page,
)


@public.get("/lapor/kecelakaan")
@requires("report.create")
def accident_start() -> ResponseReturnValue:
    """First the doctor, then the notice: what will be asked and who reads it."""
    return render_template("public/accident_start.html", goes_on=walker.goes_on(ACCIDENT))


@public.post("/lapor/kecelakaan")
@requires("report.create")
def accident_begin() -> ResponseReturnValue:
    """Begin, or go on where somebody stopped."""
    return walker.begin(ACCIDENT)


@public.get("/lapor/kecelakaan/<name>")
@requires("report.create")
def accident_question(name: str) -> ResponseReturnValue:
    """One page of questions."""
    return walker.show(ACCIDENT, name)


@public.post("/lapor/kecelakaan/<name>")
@requires("report.create")
def accident_answer(name: str) -> ResponseReturnValue:
    """Keep the answers and go to the next page."""
    return walker.keep(ACCIDENT, name)


@public.get("/lapor/kecelakaan/periksa")
@requires("report.create")
def accident_check() -> ResponseReturnValue:
    """All answers on one page."""
    return walker.check(ACCIDENT)


@public.post("/lapor/kecelakaan/kirim")
@requires("report.create")
def accident_send() -> ResponseReturnValue:
    """Send the notice."""
    return walker.send(ACCIDENT)


@public.post("/lapor/kecelakaan/gabung")
@requires("report.create")
def accident_join() -> ResponseReturnValue:
    """Be noted with the notice that is already there."""
    return walker.join(ACCIDENT)
