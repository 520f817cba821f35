"""The waiting lists of the nagari: who is next, which places became free, putting the first one forward."""

from collections.abc import Sequence

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import InputRequired

from caseflow import clock
from caseflow.people import policy
from caseflow.registry import nomination_queries as reads
from caseflow.registry import waiting
from caseflow.registry.nomination_models import Nomination
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.forms import BaseForm
from caseflow.web.nagari import nagari
from caseflow.web.security import requires


class RowForm(BaseForm):
    """Which state of a row the person saw."""

    version = HiddenField(validators=[InputRequired()])


class PromoteForm(BaseForm):
    """Of which quota the first in line is put forward."""

    quota = HiddenField(validators=[InputRequired()])


@nagari.get("/daftar-tunggu")
@requires("nomination.read")
def waiting_page() -> ResponseReturnValue:
    """Show who waits, in order, quota by quota."""
    return _page([])


@nagari.post("/daftar-tunggu")
@requires("nomination.edit")
def waiting_promote() -> ResponseReturnValue:
    """Put the first in line forward for a free place."""
    form = PromoteForm()

    def work() -> str:
        session, by = here.session(), here.actor()
        quota = waiting.get_quota(
            session, whole_number(form.quota.data, 0), by=by, permission="nomination.edit"
        )
        row = waiting.promote_next(session, quota, by=by, now=here.now())
        nomination = session.get_one(Nomination, row.nomination_id)
        flash(f"{row.full_name} diusulkan dalam usulan {nomination.number}.")
        return url_for("nagari.nomination_page", number=nomination.number)

    return attempt(work, _page, form)


@nagari.post("/daftar-tunggu/<public_id>/keluarkan")
@requires("nomination.edit")
def waiting_leave(public_id: str) -> ResponseReturnValue:
    """Take somebody off the waiting list."""
    form = RowForm()

    def work() -> str:
        session, by = here.session(), here.actor()
        row = waiting.get_waiting(session, public_id, by=by)
        waiting.leave_waiting_list(
            session, row, expected_version=whole_number(form.version.data), by=by, now=here.now()
        )
        flash(f"{row.full_name} dikeluarkan dari daftar tunggu. Urutan yang lain tetap.")
        return url_for("nagari.waiting_page")

    return attempt(work, _page, form)


def _page(refused: Sequence[str]) -> str:
    session, by = here.session(), here.actor()
    parts = [
        (
            use,
            waiting.waiting_list(session, use.quota, by=by),
            waiting.freed_places(session, use.quota, by=by),
        )
        for use in reads.quota_uses(session, by=by, on=clock.today())
    ]
    return render_template(
        "nagari/waiting_list.html",
        parts=[part for part in parts if part[1] or part[2]],
        funding=reads.FUNDING,
        may_edit=policy.allows(by, "nomination.edit"),
        refused=refused,
    )
