"""Telling a complaint and reading its answer: the same form and the same check of number and code at every door.

Nothing here says who told it: no cookie is given, and no answered request is kept under a phone's key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseflow import clock
from caseflow.claims import complaint_queries, complaints, workflows
from caseflow.claims.complaint_models import Complaint
from caseflow.claims.models import Claim
from caseflow.errors import Invalid
from caseflow.extensions import db
from caseflow.formats import long_date, weekday_date
from caseflow.identifiers import read_slip_code
from caseflow.people import hashing, throttle
from caseflow.web import here
from caseflow.web.forms import BaseForm, LongTextField, NameField, PhoneField
from caseflow.web.identity import address
from caseflow.web.once import FIELD
from caseflow.workflow.definition import State

_UNPROCESSABLE = 422
_LONGEST_KEY = 100
_UNKNOWN = "Nomor atau kode tidak cocok. Periksa angka di kertas, lalu coba lagi."
_LATE = "Hari itu sudah lewat dan kami belum menjawab. Kami mohon maaf. Tanyakan juga lewat 175."
_ANSWERS = frozenset({"answer", "answer_again"})


class ComplaintForm(BaseForm):
    """What is told. Names and numbers are never asked for, only offered."""

    category = RadioField(
        "Tentang apa?",
        choices=list(complaints.CATEGORIES.items()),
        validators=[InputRequired("Pilih aduan ini tentang apa.")],
    )
    accused = RadioField(
        "Siapa yang diadukan?",
        choices=list(complaints.ACCUSED.items()),
        validators=[InputRequired("Pilih siapa, atau “Tidak tahu”.")],
    )
    words = LongTextField(
        "Apa yang terjadi?",
        [
            InputRequired("Ceritakan apa yang terjadi."),
            Length(complaints.SHORTEST, complaints.LONGEST, "Ceritakan dengan 10 sampai 2.000 huruf."),
        ],
    )
    linked = RadioField(
        "Boleh pembaca aduan tahu ini tentang laporan Ibu/Bapak?",
        choices=[("yes", "Boleh, supaya uangnya bisa diperiksa"), ("no", "Tidak, tanpa nama")],
        validators=[Optional()],
    )
    contact_name = NameField("Nama", [Optional()])
    contact_phone = PhoneField("Nomor telepon", [Optional()])


class CodeForm(BaseForm):
    """What is written on the complainant's paper."""

    number = StringField("Nomor aduan", [InputRequired("Tulis nomor aduan.")])
    code = StringField("Kode", [InputRequired("Tulis kodenya.")])


class AgainForm(CodeForm):
    """The same, and why the answer is not enough."""

    words = LongTextField(
        "Apa yang belum selesai?",
        [
            InputRequired("Tulis apa yang belum selesai."),
            Length(complaints.SHORTEST, complaints.LONGEST, "Tulis dengan 10 sampai 2.000 huruf."),
        ],
    )


@dataclass(frozen=True)
class ShownAnswer:
    """What was answered, and on which day."""

    words: str
    on: date


@dataclass(frozen=True)
class ShownComplaint:
    """A complaint as its complainant reads it; its own words are not shown again, for phones are borrowed."""

    number: str
    category: str
    told_on: date | None
    label: str
    sentence: str
    answers: tuple[ShownAnswer, ...]
    may_ask_again: bool


def tell(
    form: ComplaintForm, again: Callable[[], str], done: str, *, about: Claim | None = None
) -> ResponseReturnValue:
    """Write down what was told and answer with the paper to keep; sent twice, it is the same paper.

    :param again: renders the form; :param done: the template of the paper; :param about: the claim of this phone.
    """
    if not form.validate():
        return again(), _UNPROCESSABLE
    told = complaints.Told(
        category=form.category.data,
        accused=form.accused.data,
        words=form.words.data or "",
        key=request.form.get(FIELD, "")[:_LONGEST_KEY],
        about=about if form.linked.data == "yes" else None,
        contact_name=form.contact_name.data,
        contact_phone=form.contact_phone.data,
        helped_by_user_id=_helper(),
    )
    settings = here.settings()
    filed = complaints.file_complaint(
        here.session(), told, branch_code=settings.branch_code, now=here.now(), pepper=settings.pepper
    )
    complaint = complaint_queries.find_by_number(here.session(), filed.number)
    return render_template(
        done,
        filed=filed,
        groups=_groups(filed.code),
        due_on=complaint.due_on if complaint else None,
        told=told,
    )


def with_code(form: CodeForm) -> Complaint:
    """Return the complaint whose number and code were typed. The try is counted before it is checked.

    No transaction is open while the slow hash runs.

    :raises Invalid: mistyped, or no such pair. :raises TooMany: too many wrong tries.
    """
    number, code = _typed(form)
    try_id = throttle.begin(here.session(), "complaint", number, address(), now=here.now())
    db.session.commit()
    found = complaint_queries.find_by_number(here.session(), number)
    key, stored = (found.id, found.code_hash) if found is not None else (0, None)
    db.session.rollback()
    if not hashing.code_matches(stored, code, key, pepper=here.settings().pepper):
        raise Invalid({"code": _UNKNOWN})
    throttle.succeed(here.session(), try_id)
    complaint = complaint_queries.find_by_number(here.session(), number)
    if complaint is None:
        raise Invalid({"code": _UNKNOWN})
    return complaint


def shown(complaint: Complaint) -> ShownComplaint:
    """Return what the complainant reads."""
    steps = complaint_queries.steps_of(here.session(), complaint)
    return ShownComplaint(
        number=complaint.number,
        category=complaints.CATEGORIES[complaint.category],
        told_on=complaint.reported_on,
        label=_state_of(complaint).family_label,
        sentence=told_sentence(complaint),
        answers=tuple(
            ShownAnswer(step.reason_text, clock.local(step.at).date())
            for step in steps
            if step.action in _ANSWERS and step.reason_text
        ),
        may_ask_again=complaint.state == "answered",
    )


def told_sentence(complaint: Complaint) -> str:
    """Return how far a complaint is, in the words of its workflow."""
    due = weekday_date(complaint.due_on) if complaint.due_on else long_date(clock.today())
    state = _state_of(complaint)
    said = state.tell_family({"due_date": due})
    if state.deadline and complaint.due_on and complaint.due_on < clock.today():
        said += " " + _LATE
    return said


def first_data(about: Claim | None) -> Mapping[str, Any]:
    """Return what is chosen before anything is typed: what the link that led here was about."""
    levy = {"category": "levy"} if request.args.get("tentang") == "uang" else {}
    return {**levy, **({"linked": "yes"} if about is not None else {})}


def _typed(form: CodeForm) -> tuple[str, str]:
    number = complaint_queries.read_number(form.number.data or "")
    code = read_slip_code(form.code.data or "")
    wrong = {}
    if number is None:
        wrong["number"] = "Nomor aduan salah ketik. Periksa angkanya di kertas."
    if code is None:
        wrong["code"] = "Kode salah ketik. Kode ada 12 angka. Periksa angkanya di kertas."
    if number is None or code is None:
        raise Invalid(wrong)
    return number, code


def _state_of(complaint: Complaint) -> State:
    return workflows.book().get(complaint.workflow, complaint.workflow_version).states[complaint.state]


def _groups(code: str) -> list[str]:
    return [code[start : start + 4] for start in range(0, len(code), 4)]


def _helper() -> int | None:
    """Return which of the staff writes this for somebody; a family's phone and a stranger are nobody."""
    by = here.find_actor()
    return by.user_id if by is not None else None
