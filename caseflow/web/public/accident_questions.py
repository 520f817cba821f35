"""The pages of an accident notice on a phone. Their forms are ``web.accident_notice``."""

from caseflow.claims.accident_reporting import AccidentReport
from caseflow.web import accident_notice as notice
from caseflow.web.forms import BaseForm
from caseflow.web.helper_questions import MANDATE_FIELDS, ConsentForm, MandateForm
from caseflow.web.public import walker
from caseflow.web.public.walker import Answers, Question


def helps(answers: Answers) -> bool:
    """Whether who gives the notice goes on helping from outside, or says that others of the family go on."""
    role = answers.get("notifier_role")
    return notice.helps(role, only_helping=bool(answers.get("only_helping")))


def _question(name: str, heading: str, form: type[BaseForm], fields: str) -> Question:
    return Question(name, heading, form, tuple(fields.split()))


QUESTIONS: tuple[Question, ...] = (
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
        notice.NotifierPageForm,
        "notifier_role relation notifier_name only_helping",
    ),
    _question(
        "telepon",
        "Nomor berapa yang bisa dihubungi?",
        notice.ReachForm,
        "notifier_phone phone_owner contact_by",
    ),
    Question("izin", "Siapa dari keluarga yang mengizinkan?", MandateForm, MANDATE_FIELDS, helps),
    Question("persetujuan", "Boleh kami memakai data ini?", ConsentForm, ("consented",)),
)


def to_report(answers: Answers) -> AccidentReport:
    """Return the notice that the stored answers make together."""
    return notice.report_of(walker.typed_answers(answers), consented=bool(answers.get("consented")))
