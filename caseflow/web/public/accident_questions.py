"""The pages of an accident notice on a phone: four to fill in, one to check. Their forms are ``web.accident_notice``."""

from collections.abc import Mapping
from typing import Any

from caseflow.claims.accident_reporting import AccidentReport
from caseflow.web import accident_notice as notice
from caseflow.web.forms import BaseForm
from caseflow.web.public import questions
from caseflow.web.public.questions import Question

# where the answers lie in a draft, beside those of a death report
DRAWER = "accident"


def _question(name: str, heading: str, form: type[BaseForm], fields: str) -> Question:
    return Question(name, heading, form, tuple(fields.split()))


QUESTIONS = (
    _question(
        "siapa",
        "Siapa yang mengalami?",
        notice.WhoForm,
        "worker_name national_id participant_number region_code jorong",
    ),
    _question("kapan", "Kapan dan di mana?", notice.WhenForm, "happened_on happened_at place"),
    _question(
        "apa",
        "Apa yang terjadi?",
        notice.WhatForm,
        "kind job years_of_service exposure diagnosis chronology result died_on injury facility",
    ),
    _question(
        "kabar",
        "Siapa yang memberi kabar?",
        notice.NotifierForm,
        "notifier_role relation notifier_name notifier_phone phone_owner contact_by",
    ),
)
BY_NAME = {question.name: question for question in QUESTIONS}
# the last page, where everything is read once more
PAGES = len(QUESTIONS) + 1


def first_open(answers: Mapping[str, Any]) -> Question | None:
    """Return the first page without an answer."""
    return questions.first_open(answers, QUESTIONS)


def to_report(answers: Mapping[str, Any], *, consented: bool) -> AccidentReport:
    """Return the notice that the stored answers make together."""
    return notice.report_of(questions.typed_answers(answers), consented=consented)
