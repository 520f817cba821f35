"""Work that changed hands, for those whom it concerns: what came to me, what I give up before leave, what the branch sees."""

from collections.abc import Sequence

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from caseflow.claims import handover, handover_queries
from caseflow.claims.handover import Given
from caseflow.claims.handover_queries import Colleague
from caseflow.claims.workflows import book
from caseflow.errors import NotPermitted
from caseflow.people import policy
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.casework import casework
from caseflow.web.forms import BaseForm, LongTextField, choices
from caseflow.web.security import requires


class GiveForm(BaseForm):
    """Who gives up their work, to whom, why, and what was promised."""

    who = SelectField("Kasus siapa", validate_choice=False)
    why = RadioField(
        "Alasan",
        choices=[(code, handover.WHY[code]) for code in ("leave", "moved")],
        validators=[InputRequired("Pilih alasannya.")],
    )
    to = SelectField("Diserahkan kepada", validate_choice=False)
    note = LongTextField("Catatan untuk penerima", [Optional()])


@casework.get("/serah-terima")
@requires("handover.read")
def handovers_page() -> ResponseReturnValue:
    """List what was handed over, and what came to me and waits."""
    by = here.actor()
    return render_template(
        "casework/handovers.html",
        rows=handover_queries.recent(here.session(), by=by),
        waiting=handover_queries.to_take_up(here.session(), by=by),
        why=handover.WHY,
        may_give=policy.allows(by, "handover.give"),
        sees_all=policy.mark(by, "handover.read") == "full",
    )


@casework.get("/serah-terima/<handover_id>")
@requires("handover.read")
def handover_page(handover_id: str) -> ResponseReturnValue:
    """Show one hand-over: the note, and each case as it stood and with whom it is now."""
    by = here.actor()
    found = handover_queries.get_handover(here.session(), handover_id, by=by)
    cases = handover_queries.cases_of(here.session(), found.id, by=by)
    labels = [
        known.label_of(one.state) if (known := book().find(one.workflow, one.workflow_version)) else one.state
        for one in cases
    ]
    return render_template(
        "casework/handover.html",
        found=found,
        cases=list(zip(cases, labels, strict=True)),
        why=handover.WHY[found.why],
        sees_cases=policy.allows(by, "claim.read"),
    )


@casework.get("/serah-terima/baru")
@requires("handover.give")
def give_page() -> ResponseReturnValue:
    """Ask to whom the work goes."""
    form = _prepared(GiveForm(formdata=None))
    form.who.data = _asked()
    return _give_page(form, [])


@casework.post("/serah-terima/baru")
@requires("handover.give")
def give_post() -> ResponseReturnValue:
    """Hand everything over; the account stays open."""
    form = _prepared(GiveForm())

    def work() -> str:
        given = Given(whole_number(form.to.data) if form.to.data else None, form.note.data or "")
        moved = handover.hand_over(
            here.session(),
            _from(form),
            given,
            why=form.why.data or "",
            by=here.actor(),
            now=here.now(),
        )
        flash(f"{moved.cases} kasus diserahkan. Catatan Anda dibaca penerimanya.")
        return url_for("casework.handover_page", handover_id=moved.public_id)

    return attempt(work, lambda refused: _give_page(form, refused), form)


def _asked() -> str:
    """Return whose work the page is about, by user name: of those who may be named, else one's own."""
    known = {one.username for one in _givers()}
    asked = request.args.get("dari", "")
    return asked if asked in known else _own_name()


def _own_name() -> str:
    return next((one.username for one in _givers() if one.user_id == here.actor().user_id), "")


def _from(form: GiveForm) -> int:
    chosen = next((one.user_id for one in _givers() if one.username == form.who.data), None)
    if chosen is None:
        raise NotPermitted("Anda menyerahkan kasus Anda sendiri. Belum ada yang diserahkan.")
    return chosen


def _givers() -> Sequence[Colleague]:
    """Whose work may be handed over here: of everybody for who grants it, else only one's own."""
    by = here.actor()
    people = handover_queries.colleagues(here.session(), by=by)
    if policy.mark(by, "handover.give") == "full":
        return people
    return [one for one in people if one.user_id == by.user_id]


def _prepared(form: GiveForm) -> GiveForm:
    form.who.choices = choices((one.username, one.full_name) for one in _givers())
    _offer(form, but=None)
    return form


def _offer(form: GiveForm, *, but: Colleague | None) -> None:
    """Offer the colleagues who can receive; ``but``: whose work it is."""
    people = handover_queries.colleagues(here.session(), by=here.actor())
    named = [(str(one.user_id), one.full_name) for one in people if one != but]
    form.to.choices = choices([("", "Daftar bersama (Belum ditugaskan)"), *named])


def _give_page(form: GiveForm, refused: Sequence[str]) -> str:
    known = {one.username: one for one in _givers()}
    whose = known.get(form.who.data or "")
    _offer(form, but=whose)
    return render_template(
        "casework/handover_give.html",
        form=form,
        refused=refused,
        in_hand=handover.in_hand(here.session(), whose.user_id) if whose else [],
        whose=whose.full_name if whose else "",
        several=len(known) > 1,
        givers=list(known.values()),
    )
