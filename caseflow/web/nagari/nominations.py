"""The nagari's lists of people to be covered: quotas and lists, one list, withdrawing it.

Not here: the people on a list (``nomination_rows``), what it rests on and putting it forward (``nomination_check``).
"""

from collections.abc import Sequence

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import InputRequired

from caseflow import clock
from caseflow.errors import Invalid
from caseflow.notices.registry_letters import letters_of_region
from caseflow.people import policy
from caseflow.registry import nomination_queries as reads
from caseflow.registry import nomination_steps, nominations, queries, returned, waiting
from caseflow.registry.nomination_models import Nomination, Nominee
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.casework.due import Due, due_words
from caseflow.web.forms import BaseForm, ReasonField
from caseflow.web.letters import path_of
from caseflow.web.nagari import nagari
from caseflow.web.security import requires
from caseflow.workflow.definition import State


class NewForm(BaseForm):
    """For which quota a list is begun."""

    quota = HiddenField(validators=[InputRequired()])


class WithdrawForm(BaseForm):
    """Why a list is taken back."""

    version = HiddenField(validators=[InputRequired()])
    reason = ReasonField("Alasan menarik usulan", [InputRequired("Tulis alasannya.")])


@nagari.get("/usulan")
@requires("nomination.read")
def nominations_page() -> ResponseReturnValue:
    """Show the quotas of the nagari and its lists."""
    return _page([])


@nagari.post("/usulan")
@requires("nomination.edit")
def nomination_new() -> ResponseReturnValue:
    """Begin a list for a quota."""
    form = NewForm()

    def work() -> str:
        session, by = here.session(), here.actor()
        quota = waiting.get_quota(
            session, whole_number(form.quota.data, 0), by=by, permission="nomination.edit"
        )
        nomination = nominations.open_nomination(
            session, quota, branch_code=here.settings().branch_code, by=by, now=here.now()
        )
        flash(f"Usulan {nomination.number} dibuat. Tambahkan orangnya.")
        return url_for("nagari.nomination_page", number=nomination.number)

    return attempt(work, _page, form)


@nagari.get("/usulan/<number>")
@requires("nomination.read")
def nomination_page(number: str) -> ResponseReturnValue:
    """Show one list with everybody on it."""
    return show_list(number, [])


@nagari.get("/usulan/<number>/tarik")
@requires("nomination.edit")
def withdraw_page(number: str) -> ResponseReturnValue:
    """Say what withdrawing does."""
    return _withdraw_page(number, WithdrawForm(formdata=None), [])


@nagari.post("/usulan/<number>/tarik")
@requires("nomination.edit")
def withdraw_post(number: str) -> ResponseReturnValue:
    """Take a list back."""
    form = WithdrawForm()

    def work() -> str:
        nomination = fetch(number, "nomination.edit")
        nominations.withdraw(
            here.session(),
            nomination,
            reason=form.reason.data or "",
            expected_version=whole_number(form.version.data),
            by=here.actor(),
            now=here.now(),
        )
        flash(f"Usulan {nomination.number} ditarik. Tempat dan NIK di daftarnya bebas lagi.")
        return url_for("nagari.nominations_page")

    return attempt(work, lambda refused: _withdraw_page(number, form, refused), form)


@nagari.post("/usulan/<number>/perbaiki")
@requires("nomination.edit")
def returned_post(number: str) -> ResponseReturnValue:
    """Move who came back from a list that went on to a draft of their own."""

    def work() -> str:
        draft = returned.take_back(
            here.session(), fetch(number, "nomination.edit"), by=here.actor(), now=here.now()
        )
        flash(f"Orang yang dikembalikan sekarang ada di usulan {draft.number}. Perbaiki, lalu ajukan lagi.")
        return url_for("nagari.nomination_page", number=draft.number)

    return attempt(work, lambda refused: show_list(number, refused))


def fetch(number: str, permission: str = "nomination.read") -> Nomination:
    """Return a list of this person's nagari.

    :raises NotFound: not there, or another nagari's.
    """
    return nominations.get_nomination(here.session(), number, by=here.actor(), permission=permission)


def state_of(nomination: Nomination) -> State:
    """Return where a list stands."""
    return nomination_steps.definition(nomination.workflow_version).states[nomination.state]


def due_of(nomination: Nomination) -> Due | None:
    """Return when the desk that has the list is to answer; ``None``: no deadline runs."""
    if nomination.due_on is None or nomination.closed_at is not None:
        return None
    today = clock.today()
    return due_words(
        nomination.due_on, today=today, calendar=queries.calendar(here.session(), today), unit="calendar_days"
    )


def may_write(nomination: Nomination) -> bool:
    """Return whether this person may write on a list now."""
    return nomination.state in nomination_steps.OPEN and policy.allows(here.actor(), "nomination.edit")


def show_list(number: str, refused: Sequence[str]) -> str:
    """Render one list over its newest state."""
    session, nomination = here.session(), fetch(number)
    quota = waiting.get_quota(session, nomination.quota_id, by=here.actor())
    chosen = request.args.get("keadaan")
    state = chosen if chosen in reads.ROW_STATES else None
    after = whole_number(request.args.get("setelah"), 0)
    rows = reads.people(session, nomination, state=state, after=after, limit=reads.PAGE + 1)
    shown = rows[: reads.PAGE]
    counts = nominations.count_by_state(session, nomination.id)
    return render_template(
        "nagari/nomination.html",
        nomination=nomination,
        nagari_name=queries.region_name(session, nomination.region_code),
        state=state_of(nomination),
        due=due_of(nomination),
        quota=quota,
        funding=reads.FUNDING,
        counts=counts,
        chosen=state,
        rows=_lines(shown),
        row_states=reads.ROW_STATES,
        after=after,
        next_after=shown[-1].id if len(rows) > reads.PAGE else None,
        writable=may_write(nomination),
        came_back=0 if nomination.state in nomination_steps.OPEN else counts.get("returned", 0),
        may_edit=policy.allows(here.actor(), "nomination.edit"),
        may_withdraw=nomination.state in {"draft", "returned", "submitted"}
        and policy.allows(here.actor(), "nomination.edit"),
        letters=_recaps(nomination),
        may_recap=nomination.state not in {*nomination_steps.OPEN, "withdrawn"}
        and policy.allows(here.actor(), "nomination.edit"),
        refused=refused,
    )


def _recaps(nomination: Nomination) -> Sequence[tuple[str, str]]:
    """Return the recaps of a list that were issued: number, and the same as it stands in an address."""
    found = letters_of_region(
        here.session(),
        nomination.region_code,
        kind="nomination_recap",
        permission="nomination.read",
        by=here.actor(),
    )
    return [
        (one.number, path_of(one)) for one in found if one.subject == nomination.number and not one.revoked_at
    ]


def _lines(rows: Sequence[Nominee]) -> list[tuple[Nominee, Sequence[str], Sequence[str]]]:
    notes = reads.notes_of(here.session(), rows)
    return [(row, reads.missing_of(row), notes[row.id]) for row in rows]


def _page(refused: Sequence[str]) -> str:
    session, by, today = here.session(), here.actor(), clock.today()
    definition = nomination_steps.latest()
    rows = reads.lists(session, by=by)
    return render_template(
        "nagari/nominations.html",
        uses=reads.quota_uses(session, by=by, on=today),
        rows=[(row, definition.states[row.state]) for row in rows],
        funding=reads.FUNDING,
        may_edit=policy.allows(by, "nomination.edit"),
        refused=refused,
    )


def _withdraw_page(number: str, form: WithdrawForm, refused: Sequence[str]) -> str:
    nomination = fetch(number, "nomination.edit")
    counts = nominations.count_by_state(here.session(), nomination.id)
    if nomination.closed_at is not None:
        raise Invalid("Usulan ini sudah selesai, jadi tidak bisa ditarik. Tidak ada yang berubah.")
    return render_template(
        "nagari/nomination_withdraw.html", nomination=nomination, form=form, counts=counts, refused=refused
    )
