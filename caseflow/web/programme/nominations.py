"""Reviewing the lists of the nagari: what waits, one list row by row, moving it on.

Disnakertrans and DPMN read first, the branch second; each sees only the buttons of its own desk.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import get_args
from urllib.parse import urlencode

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseflow import clock
from caseflow.errors import Invalid, NotFound
from caseflow.people import policy
from caseflow.registry import nomination_queries as reads
from caseflow.registry import nomination_signals, nomination_steps, nominations, queries, reviews, waiting
from caseflow.registry.nomination_models import Meeting, Nomination, Nominee, RegistryFile
from caseflow.registry.reviews import VERDICTS, Verdict
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.casework.due import Due, due_words
from caseflow.web.forms import BaseForm, choices
from caseflow.web.programme import programme
from caseflow.web.security import requires
from caseflow.workflow.definition import Action
from caseflow.workflow.fire import available

# the filter of the address → states of lists; the first is what waits for whoever looks
FILTERS: Mapping[str, tuple[str, ...]] = {
    "diajukan": ("submitted",),
    "diteruskan": ("forwarded",),
    "diterima": ("accepted",),
    "dikembalikan": ("returned",),
    "selesai": ("enrolled", "refused", "withdrawn"),
}
_LABELS = {
    "diajukan": "Diajukan nagari",
    "diteruskan": "Di BPJS Ketenagakerjaan",
    "diterima": "Menunggu nomor peserta",
    "dikembalikan": "Dikembalikan",
    "selesai": "Selesai",
}
# rows that are the nagari's own matter
_AT_HOME = ("draft", "waiting")


class RowForm(BaseForm):
    """What is said of one row."""

    version = HiddenField(validators=[InputRequired()])
    verdict = HiddenField(validators=[InputRequired("Pilih tindakannya.")])
    reason = StringField("Alasan", [Optional(), Length(max=500)])


class StepForm(BaseForm):
    """What a step of the whole list asks."""

    version = HiddenField(validators=[InputRequired()])
    reason_code = RadioField("Alasan", validate_choice=False)
    reason_text = StringField("Tulis alasannya untuk nagari", [Optional(), Length(max=500)])


@programme.get("/usulan")
@requires("nomination.review")
def nominations_page() -> ResponseReturnValue:
    """Show the lists that wait, with counts beside quota and budget."""
    by, session = here.actor(), here.session()
    at_branch = "programme_officer" not in by.roles
    chosen = request.args.get("tahap") or ("diteruskan" if at_branch else "diajukan")
    if chosen not in FILTERS:
        raise NotFound("Saringan ini tidak ada.")
    region = request.args.get("nagari") or None
    counts = reads.count_lists(session, by=by, region_code=region)
    begin = min(whole_number(request.args.get("mulai"), 0), sum(counts.values()))
    found = reads.lists(
        session, by=by, states=FILTERS[chosen], region_code=region, limit=reads.PAGE + 1, offset=begin
    )
    rows = found[: reads.PAGE]
    definition = nomination_steps.latest()
    return render_template(
        "programme/nominations.html",
        tabs=[
            {
                "label": label,
                "href": url_for("programme.nominations_page", tahap=name, nagari=region),
                "count": sum(counts.get(state, 0) for state in FILTERS[name]),
                "current": name == chosen,
            }
            for name, label in _LABELS.items()
        ],
        rows=[(row, definition.states[row.state], _due(row.due_on)) for row in rows],
        prev_href=_turn(chosen, region, begin - reads.PAGE) if begin else None,
        next_href=_turn(chosen, region, begin + reads.PAGE) if len(found) > len(rows) else None,
        funding=reads.FUNDING,
        region=queries.region_name(session, region) if region else None,
        signs=nomination_signals.signs_by_nagari(
            session, by=by, since=clock.today() - timedelta(days=365), on=clock.today()
        ),
        bands=nomination_signals.days_to_death(session, by=by),
        clear_href=f"{url_for('programme.nominations_page')}?{urlencode({'tahap': chosen})}",
    )


@programme.get("/usulan/<number>")
@requires("nomination.review")
def nomination_page(number: str) -> ResponseReturnValue:
    """Show one list row by row."""
    return _page(number, [])


@programme.post("/usulan/<number>/baris/<public_id>")
@requires("nomination.review")
def row_post(number: str, public_id: str) -> ResponseReturnValue:
    """Say something of one person."""
    form = RowForm()

    def work() -> str:
        row = _row(_fetch(number), public_id)
        reviews.review(
            here.session(),
            row,
            _verdict(form.verdict.data),
            reason=form.reason.data,
            expected_version=whole_number(form.version.data),
            by=here.actor(),
            now=here.now(),
        )
        flash(
            f"{row.full_name}: {reads.ROW_STATES[row.state][0].lower() if row.state != 'proposed' else 'diteruskan'}."
        )
        return url_for("programme.nomination_page", number=number)

    def again(refused: Sequence[str]) -> str:
        return _page(number, [*refused, *(form.verdict.errors or []), *(form.reason.errors or [])])

    return attempt(work, again, form)


@programme.post("/usulan/<number>/semua")
@requires("nomination.review")
def rest_post(number: str) -> ResponseReturnValue:
    """Wave through every row that nobody has decided or held."""

    def work() -> str:
        done = reviews.review_rest(
            here.session(),
            _fetch(number),
            expected_version=whole_number(request.form.get("version")),
            by=here.actor(),
            now=here.now(),
        )
        flash(f"{done} baris ditandai." if done else "Tidak ada baris yang tersisa.")
        return url_for("programme.nomination_page", number=number)

    return attempt(work, lambda refused: _page(number, refused))


@programme.get("/usulan/<number>/langkah/<action>")
@requires("nomination.review")
def step_page(number: str, action: str) -> ResponseReturnValue:
    """Ask for what a step of the whole list needs."""
    nomination = _fetch(number)
    return _step_page(nomination, _step(nomination, action), _step_form(nomination, action, empty=True), [])


@programme.post("/usulan/<number>/langkah/<action>")
@requires("nomination.review")
def step_post(number: str, action: str) -> ResponseReturnValue:
    """Move a whole list."""
    nomination = _fetch(number)
    move, form = _step(nomination, action), _step_form(nomination, action)

    def work() -> str:
        case = _fetch(number)
        reviews.take_step(
            here.session(),
            case,
            action,
            expected_version=whole_number(form.version.data),
            by=here.actor(),
            now=here.now(),
            reason_code=form.reason_code.data or None,
            reason_text=form.reason_text.data or None,
        )
        flash(f"{case.number}: {move.done.lower()}.")
        return url_for("programme.nomination_page", number=number)

    def again(refused: Sequence[str]) -> str:
        return _step_page(_fetch(number), move, form, refused)

    return attempt(work, again, form)


def _turn(chosen: str, region: str | None, begin: int) -> str:
    """Return the address of another page of the lists."""
    return url_for("programme.nominations_page", tahap=chosen, nagari=region, mulai=max(0, begin) or None)


def _fetch(number: str) -> Nomination:
    return nominations.get_nomination(here.session(), number, by=here.actor(), permission="nomination.review")


def _row(nomination: Nomination, public_id: str) -> Nominee:
    row = here.session().scalar(
        select(Nominee).where(Nominee.nomination_id == nomination.id, Nominee.public_id == public_id)
    )
    if row is None:
        raise NotFound("Baris ini tidak ada di usulan ini.")
    return row


def _verdict(typed: str | None) -> Verdict:
    for one in get_args(Verdict):
        if typed == one:
            return one  # type: ignore[no-any-return]
    raise Invalid("Pilih tindakannya dulu. Tidak ada yang berubah.")


def _step(nomination: Nomination, action: str) -> Action:
    """Return a step with a button for this person; whether its rules allow it is judged when it is taken."""
    definition = nomination_steps.definition(nomination.workflow_version)
    found = definition.find_action(action)
    if found is None or found.by.isdisjoint(here.actor().roles):
        raise NotFound("Langkah ini tidak ada. Tidak ada yang berubah.")
    return found


def _step_form(nomination: Nomination, action: str, *, empty: bool = False) -> StepForm:
    form = StepForm(formdata=None) if empty else StepForm()
    reasons = _step(nomination, action).reasons
    form.reason_code.choices = choices((reason.code, reason.label) for reason in reasons)
    return form


def _due(due_on: date | None) -> Due | None:
    if due_on is None:
        return None
    today = clock.today()
    return due_words(
        due_on, today=today, calendar=queries.calendar(here.session(), today), unit="calendar_days"
    )


def _page(number: str, refused: Sequence[str]) -> str:
    session, by, nomination = here.session(), here.actor(), _fetch(number)
    definition = nomination_steps.definition(nomination.workflow_version)
    chosen = request.args.get("keadaan")
    state = chosen if chosen in reads.ROW_STATES else None
    after = whole_number(request.args.get("setelah"), 0)
    found = reads.people(session, nomination, state=state, after=after, limit=reads.PAGE + 1, but=_AT_HOME)
    shown = found[: reads.PAGE]
    notes = reads.notes_of(session, shown)
    meeting = session.get(Meeting, nomination.meeting_id) if nomination.meeting_id else None
    wave = reviews.wave_for(nomination, by)
    return render_template(
        "programme/nomination.html",
        nomination=nomination,
        nagari_name=queries.region_name(session, nomination.region_code),
        state=definition.states[nomination.state],
        due=_due(nomination.due_on) if nomination.closed_at is None else None,
        quota=waiting.get_quota(session, nomination.quota_id, by=by),
        funding=reads.FUNDING,
        counts=_counts(nomination),
        chosen=state,
        rows=[(row, notes[row.id]) for row in shown],
        row_states=reads.ROW_STATES,
        after=after,
        next_after=shown[-1].id if len(found) > reads.PAGE else None,
        verdicts=[(one, VERDICTS[one]) for one in reviews.verdicts_for(nomination, by)],
        wave=(wave, VERDICTS[wave]) if wave else None,
        steps=available(definition, nomination, by.roles),
        meeting=meeting,
        minutes=_file(meeting.minutes_file_id if meeting else None),
        decree=_file(nomination.decree_file_id),
        may_see_list=policy.allows(by, "nomination.read"),
        refused=refused,
    )


def _counts(nomination: Nomination) -> Mapping[str, int]:
    counts = nominations.count_by_state(here.session(), nomination.id)
    return {state: number for state, number in counts.items() if state not in _AT_HOME}


def _file(file_id: int | None) -> RegistryFile | None:
    return here.session().get(RegistryFile, file_id) if file_id else None


def _step_page(nomination: Nomination, move: Action, form: StepForm, refused: Sequence[str]) -> str:
    return render_template(
        "programme/nomination_step.html",
        nomination=nomination,
        nagari_name=queries.region_name(here.session(), nomination.region_code),
        counts=_counts(nomination),
        row_states=reads.ROW_STATES,
        move=move,
        form=form,
        refused=refused,
    )
