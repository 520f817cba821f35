"""The desk of complaints: what was told, what was done, the answer that the complainant reads.

A levy and a complaint about the branch are on the inspector's desk alone; the head of the branch reads the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Optional

from caseflow import clock
from caseflow.claims import complaint_queries, complaints, workflows
from caseflow.claims.complaint_models import Complaint
from caseflow.claims.complaint_queries import ComplaintRow
from caseflow.errors import NotFound
from caseflow.formats import weekday_date
from caseflow.notices.messages import HOW
from caseflow.notices.texts import texts
from caseflow.notices.words import fill
from caseflow.payments import queries as payments
from caseflow.people import policy
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.casework.due import Due, due_words
from caseflow.web.forms import BaseForm, LongTextField, choices
from caseflow.web.oversight import oversight
from caseflow.web.oversight.tabs import tabs
from caseflow.web.security import requires
from caseflow.workflow import fire
from caseflow.workflow.definition import Action, Workflow
from caseflow.workflow.models import Outbox


class StepForm(BaseForm):
    """What a step asks; which of it is needed the workflow judges."""

    version = HiddenField(validators=[InputRequired()])
    reason_code = RadioField("Hasil", validate_choice=False)
    reason_text = LongTextField("Jawaban yang dibaca pengadu", [Optional()])
    note = LongTextField("Catatan untuk yang memeriksa", [Optional()])


class ToldForm(BaseForm):
    """How a message reached the complainant."""

    message = HiddenField(validators=[InputRequired()])
    how = RadioField(
        "Disampaikan lewat", choices=list(HOW.items()), validators=[InputRequired("Pilih salah satu.")]
    )


@dataclass(frozen=True)
class DeskRow:
    """One complaint in a list, in words."""

    number: str
    category: str
    accused: str
    state: str
    due: Due
    contact: bool


@dataclass(frozen=True)
class DeskMessage:
    """A message owed to whoever left a number."""

    outbox_id: int
    text: str
    href: str
    told: str | None


@oversight.get("/aduan")
@requires("complaint.read")
def complaints_page() -> ResponseReturnValue:
    """List the complaints of this person's desk by the day of their answer."""
    by = here.actor()
    return render_template(
        "oversight/complaints.html",
        tabs=tabs("oversight.complaints_page"),
        rows=_rows(complaint_queries.complaints(here.session(), by=by)),
        ended=_rows(complaint_queries.complaints(here.session(), by=by, closed=True)),
        all_desks=policy.mark(by, "complaint.read") == "full",
    )


@oversight.get("/aduan/<number>")
@requires("complaint.read")
def complaint_page(number: str) -> ResponseReturnValue:
    """Show one complaint; that it was opened is noted at the complaint and nowhere else."""
    complaint = complaint_queries.get_complaint(here.session(), number, by=here.actor())
    complaints.note_read(here.session(), complaint, by=here.actor())
    return _page(complaint, [])


@oversight.get("/aduan/<number>/<action>")
@requires("complaint.read")
def complaint_step(number: str, action: str) -> ResponseReturnValue:
    """Ask for what a step needs."""
    complaint = complaint_queries.get_complaint(here.session(), number, by=here.actor())
    return _step_page(complaint, _move(complaint, action), _form(complaint, action, empty=True), [])


@oversight.post("/aduan/<number>/<action>")
@requires("complaint.read")
def take_complaint_step(number: str, action: str) -> ResponseReturnValue:
    """Take the step; an answer is read by the complainant at once."""
    complaint = complaint_queries.get_complaint(here.session(), number, by=here.actor())
    form = _form(complaint, action)
    move = _move(complaint, action)

    def work() -> str:
        complaints.act_on(
            here.session(),
            complaint,
            action,
            by=here.actor(),
            expected_version=whole_number(form.version.data),
            now=here.now(),
            reason_code=form.reason_code.data or None,
            reason_text=form.reason_text.data or None,
            note=form.note.data or None,
        )
        flash(f"{move.done}.")
        return url_for("oversight.complaint_page", number=complaint.number)

    def again(refused: Sequence[str]) -> str:
        fresh = complaint_queries.get_complaint(here.session(), number, by=here.actor())
        return _step_page(fresh, move, form, refused)

    return attempt(work, again, form)


@oversight.post("/aduan/<number>/pesan")
@requires("complaint.read")
def complaint_told(number: str) -> ResponseReturnValue:
    """Tick off a message that somebody passed on."""
    complaint = complaint_queries.get_complaint(here.session(), number, by=here.actor())
    form = ToldForm()

    def work() -> str:
        complaints.mark_told(
            here.session(),
            complaint,
            whole_number(form.message.data),
            form.how.data,
            by=here.actor(),
            now=here.now(),
        )
        flash("Dicatat: pesan sudah disampaikan.")
        return url_for("oversight.complaint_page", number=complaint.number)

    def again(refused: Sequence[str]) -> str:
        fresh = complaint_queries.get_complaint(here.session(), number, by=here.actor())
        return _page(fresh, [*refused, *(form.how.errors or [])])

    return attempt(work, again, form)


def _page(complaint: Complaint, refused: Sequence[str]) -> str:
    session, definition = here.session(), _definition(complaint)
    claim = complaint_queries.claim_of(session, complaint)
    return render_template(
        "oversight/complaint.html",
        tabs=tabs("oversight.complaints_page"),
        complaint=complaint,
        category=complaints.CATEGORIES[complaint.category],
        accused=complaints.ACCUSED[complaint.accused],
        state=definition.states[complaint.state],
        due=_due(complaint.due_on),
        buttons=fire.available(definition, complaint, here.actor().roles),
        steps=[
            (step, _done(definition, step.action)) for step in complaint_queries.steps_of(session, complaint)
        ],
        reasons=_reasons(definition),
        claim=claim,
        claim_state=workflows.definition_of(claim).label_of(claim.state) if claim is not None else None,
        payments=payments.instructions_of_claim(session, claim.id) if claim is not None else [],
        paid_on=payments.paid_on(session, claim.id) if claim is not None else None,
        messages=_messages(complaint),
        how=HOW,
        refused=refused,
    )


def _step_page(complaint: Complaint, move: Action, form: StepForm, refused: Sequence[str]) -> str:
    return render_template(
        "oversight/complaint_step.html",
        tabs=tabs("oversight.complaints_page"),
        complaint=complaint,
        category=complaints.CATEGORIES[complaint.category],
        move=move,
        form=form,
        answers=move.reasons and move.name in {"answer", "answer_again"},
        refused=refused,
    )


def _form(complaint: Complaint, action: str, *, empty: bool = False) -> StepForm:
    options: dict[str, Any] = {"formdata": None} if empty else {}
    form = StepForm(**options)
    move = _definition(complaint).find_action(action)
    form.reason_code.choices = choices((reason.code, reason.label) for reason in move.reasons) if move else []
    return form


def _move(complaint: Complaint, name: str) -> Action:
    """Return a step that has a button; whether it can be taken now is judged when it is."""
    action = _definition(complaint).find_action(name)
    if action is None or not action.button:
        raise NotFound("Langkah ini tidak ada. Tidak ada yang berubah.")
    return action


def _definition(complaint: Complaint) -> Workflow:
    return workflows.book().get(complaint.workflow, complaint.workflow_version)


def _rows(found: Sequence[ComplaintRow]) -> list[DeskRow]:
    definition = workflows.book().latest("complaint")
    return [
        DeskRow(
            number=row.number,
            category=complaints.CATEGORIES[row.category],
            accused=complaints.ACCUSED[row.accused],
            state=definition.label_of(row.state),
            due=_due(row.due_on),
            contact=row.with_contact,
        )
        for row in found
    ]


def _due(due_on: Any) -> Due:
    today = clock.today()
    return due_words(
        due_on, today=today, calendar=registry.calendar(here.session(), today), waiting="tidak menunggu kita"
    )


def _done(definition: Workflow, action: str) -> str:
    move = definition.find_action(action)
    return move.done if move is not None else "Aduan diterima"


def _reasons(definition: Workflow) -> dict[str, str]:
    return {reason.code: reason.label for action in definition.actions.values() for reason in action.reasons}


def _messages(complaint: Complaint) -> list[DeskMessage]:
    """Return what the complainant is owed to hear; the texts say nothing of what it is about."""
    settings = here.settings()
    rows = here.session().scalars(
        select(Outbox).where(Outbox.casefile_id == complaint.id).order_by(Outbox.id.desc())
    )
    values = {
        "office": settings.branch_name,
        "phone": settings.branch_phone,
        "number": complaint.number,
        "due": weekday_date(complaint.due_on) if complaint.due_on else "hari yang sudah kami sebut",
    }
    phone = (complaint.contact_phone or "").lstrip("+")
    found = []
    for row in rows:
        text = fill(texts()[row.notice], values, row.values, sms=False)
        told = HOW.get(row.delivered_how or "", "catatan") if row.delivered_at else None
        found.append(DeskMessage(row.id, text, f"https://wa.me/{phone}?text={quote(text)}", told))
    return found
