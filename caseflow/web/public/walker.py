"""One walk through the questions of a report: begin, answer page by page, stop and go on, check, send, join.

Death and accident take the same walk; what they ask is in ``questions`` and ``accident_questions``. Works without
JavaScript: every page is a form, and every answer lies in the draft of this phone until the report is sent.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Generic, Protocol, TypeVar

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import consents
from caseflow.claims.joining import Newcomer, ask_to_join
from caseflow.claims.models import Claim, ReportDraft
from caseflow.claims.opening import Branch
from caseflow.errors import Invalid, NotFound
from caseflow.people.actor import REPORTER, Actor
from caseflow.web import here
from caseflow.web.forms import BaseForm
from caseflow.web.public import drafts
from caseflow.web.public.sent import confirmed, to_receipt

Answers = Mapping[str, Any]
_AGREED_TO = "consent_version"  # beside the tick: the version of the words that were read
ReportT = TypeVar("ReportT")
ReportT_contra = TypeVar("ReportT_contra", contravariant=True)


@dataclass(frozen=True)
class Question:
    """One page of a report.

    :ivar name: last part of its address; :ivar fields: answers it gives; :ivar when: whether it is asked at all.
    """

    name: str
    heading: str
    form: type[BaseForm]
    fields: tuple[str, ...]
    when: Callable[[Answers], bool] = lambda _: True


class Reporting(Protocol[ReportT_contra]):
    """The verb that makes a case of a report."""

    def __call__(
        self, session: Session, report: ReportT_contra, /, *, branch: Branch, by: Actor, now: datetime
    ) -> Claim:
        """Open the case."""


@dataclass(frozen=True, kw_only=True)
class Walk(Generic[ReportT]):
    """What one kind of report asks and where its pages are.

    :ivar drawer: where its answers lie in a draft; :ivar area: what the names of its views begin with.
    :ivar prepare: gives a form what it takes from the database; :ivar reporter: who sends it.
    :ivar check_page: shows all answers, with what is wrong.
    """

    drawer: str
    area: str
    template: str
    questions: tuple[Question, ...]
    prepare: Callable[[Session, BaseForm], None]
    to_report: Callable[[Answers], ReportT]
    reporter: Callable[[ReportT], Newcomer]
    similar: Callable[[Session, ReportT], Sequence[str]]
    verb: Reporting[ReportT]
    check_page: Callable[[Answers, Iterable[str]], str]

    def answers(self, draft: ReportDraft) -> Answers:
        """Return what was answered so far; a consent to words that have changed since is asked for again."""
        found: Answers = draft.answers.get(self.drawer, {})
        if found.get(_AGREED_TO) == consents.text_on(clock.today()).version:
            return found
        return {name: value for name, value in found.items() if name not in {"consented", _AGREED_TO}}

    def asked(self, answers: Answers) -> list[Question]:
        """Return the pages that are asked, as far as the answers tell."""
        return [question for question in self.questions if question.when(answers)]

    def first_open(self, answers: Answers) -> Question | None:
        """Return the first page without an answer."""
        return next(
            (one for one in self.asked(answers) if not all(name in answers for name in one.fields)), None
        )

    def path(self, view: str) -> str:
        """Return the address of one of its views: ``start``, ``check``, ``send``, ``join``."""
        return url_for(f"public.{self.area}_{view}")

    def page(self, question: Question) -> str:
        """Return the address of one of its pages of questions."""
        return url_for(f"public.{self.area}_question", name=question.name)

    def next_page(self, answers: Answers) -> str:
        """Return where it goes on."""
        following = self.first_open(answers)
        return self.path("check") if following is None else self.page(following)


def goes_on(walk: Walk[Any]) -> bool:
    """Whether somebody began this report on this phone and has not sent it."""
    draft = drafts.find_draft(here.session())
    return draft is not None and draft.casefile_id is None and bool(walk.answers(draft))


def begin(walk: Walk[Any]) -> ResponseReturnValue:
    """Begin, or go on where somebody stopped."""
    draft = drafts.find_draft(here.session())
    if draft is not None and draft.casefile_id is None:
        return redirect(walk.next_page(walk.answers(draft)), 303)
    response = make_response(redirect(walk.next_page({}), 303))
    drafts.new_draft(here.session(), response)
    return response


def show(walk: Walk[Any], name: str) -> ResponseReturnValue:
    """Show one page, with the answer given before."""
    asked = _question(walk, name)
    draft = drafts.find_draft(here.session())
    if draft is None or draft.casefile_id is not None:
        return _elsewhere(walk, draft)
    answers = walk.answers(draft)
    if not asked.when(answers):
        return redirect(walk.next_page(answers))
    form = asked.form(data={one: from_stored(one, answers[one]) for one in asked.fields if one in answers})
    return _page(walk, asked, form, answers)


def keep(
    walk: Walk[Any], name: str, aside: Callable[[Answers], str | None] = lambda _: None
) -> ResponseReturnValue:
    """Keep the answers of a page and go to the next one.

    :param aside: where another report is meant, its address; then nothing is kept.
    """
    asked = _question(walk, name)
    draft = drafts.find_draft(here.session(), lock=True)
    if draft is None or draft.casefile_id is not None:
        return _elsewhere(walk, draft)
    form = asked.form()
    walk.prepare(here.session(), form)
    if not form.validate_on_submit():
        return _page(walk, asked, form, walk.answers(draft)), 422
    given = {one: _to_stored(form[one].data) for one in asked.fields}
    if "consented" in given:
        given[_AGREED_TO] = consents.text_on(clock.today()).version
    elsewhere = aside(given)
    if elsewhere is not None:
        return redirect(elsewhere, 303)
    answers = {**walk.answers(draft), **given}
    draft.answers = {**draft.answers, walk.drawer: answers}
    draft.changed_at = here.now()
    return redirect(walk.next_page(answers), 303)


def check(walk: Walk[Any]) -> ResponseReturnValue:
    """Show all answers on one page, each with a way to change it."""
    draft = drafts.find_draft(here.session())
    if draft is None or draft.casefile_id is not None:
        return _elsewhere(walk, draft)
    answers = walk.answers(draft)
    if walk.first_open(answers) is not None:
        return redirect(walk.next_page(answers))
    return walk.check_page(answers, ())


def send(walk: Walk[ReportT]) -> ResponseReturnValue:
    """Send the report. Sent twice, it is still one report."""
    session = here.session()
    draft = drafts.find_draft(session, lock=True)
    if draft is None or draft.casefile_id is not None:
        return _elsewhere(walk, draft)
    answers = walk.answers(draft)
    if walk.first_open(answers) is not None:
        return redirect(walk.next_page(answers), 303)
    report = walk.to_report(answers)
    if not confirmed() and walk.similar(session, report):
        return _already_reported(walk), 409
    settings, by = here.settings(), here.find_actor() or REPORTER
    branch = Branch(settings.branch_code, settings.regency_prefix)
    try:
        claim = walk.verb(session, report, branch=branch, by=by, now=here.now())
    except Invalid as refusal:
        return walk.check_page(answers, refusal.fields.values()), 422
    draft.casefile_id = claim.id
    draft.answers = {"reporter_name": walk.reporter(report).name}
    return to_receipt(draft)


def join(walk: Walk[ReportT]) -> ResponseReturnValue:
    """Ask the office to add this person to the report that is already there. That report opens to nobody here."""
    session = here.session()
    draft = drafts.find_draft(session, lock=True)
    if draft is None or draft.casefile_id is not None:
        return _elsewhere(walk, draft)
    answers = walk.answers(draft)
    if walk.first_open(answers) is not None:
        return redirect(walk.next_page(answers), 303)
    report = walk.to_report(answers)
    numbers = walk.similar(session, report)
    if not numbers:
        return redirect(walk.path("check"), 303)
    ask_to_join(session, numbers, walk.reporter(report), by=here.find_actor() or REPORTER, now=here.now())
    session.delete(draft)
    response = make_response(redirect(url_for("public.joined"), 303))
    drafts.forget_draft(response)
    return response


def typed_answers(answers: Answers) -> dict[str, Any]:
    """Return stored answers as the values that the forms gave."""
    return {name: from_stored(name, value) for name, value in answers.items()}


def from_stored(name: str, value: Any) -> Any:
    """Return one stored answer as the value that its form gave."""
    return _STORED.get(name, lambda same: same)(value)


def _to_stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _hour(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


_STORED: dict[str, Callable[[Any], Any]] = {"died_on": _day, "happened_on": _day, "happened_at": _hour}


def _question(walk: Walk[Any], name: str) -> Question:
    found = next((question for question in walk.questions if question.name == name), None)
    if found is None:
        raise NotFound
    return found


def _elsewhere(walk: Walk[Any], draft: ReportDraft | None) -> ResponseReturnValue:
    """Where a page of questions leads when there is nothing to answer: to the beginning, or to what was sent."""
    if draft is not None:
        return to_receipt(draft)
    if request.method == "POST":
        flash("Isian di HP ini sudah terhapus. Jawaban tadi belum tersimpan. Silakan mulai lagi.", "warning")
    return redirect(walk.path("start"), 303)


def _page(walk: Walk[Any], asked: Question, form: BaseForm, answers: Answers) -> str:
    walk.prepare(here.session(), form)
    pages = walk.asked(answers)
    number = pages.index(asked) + 1 if asked in pages else len(pages)
    return render_template(
        walk.template,
        question=asked,
        form=form,
        number=number,
        total=len(pages),
        back=walk.page(pages[number - 2]) if number > 1 else walk.path("start"),
        consent=consents.text_on(clock.today()),
    )


def _already_reported(walk: Walk[Any]) -> str:
    return render_template(
        "public/already_reported.html",
        back=walk.path("check"),
        action=walk.path("send"),
        join=walk.path("join"),
        accident=walk.area == "accident",
    )
