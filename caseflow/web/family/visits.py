"""“Kunjungan”: who comes, when, how to know them; not wanting to be visited, and allowing it again."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.errors import NotFound
from caseflow.monitoring import consents, lists, opening, visitors
from caseflow.monitoring.models import Plan
from caseflow.web import here
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.family.wording import is_close, require_close
from caseflow.web.security import requires


@family.get("/kunjungan")
@requires("family.visits")
def visits() -> ResponseReturnValue:
    """Show the visits, or that there are none."""
    claim, session = own_claim(), here.session()
    plan, close = opening.find_plan(session, claim.id), is_close(session, claim, by=here.actor())
    return render_template(
        "family/visits.html",
        claim=claim,
        plan=plan,
        close=close,
        visits=lists.visits_of(session, plan) if plan else [],
        visitor=visitors.name_of(session, plan.visitor_user_id) if plan else None,
        text=consents.text_on(clock.today()),
        word=consents.standing(session, plan.id) if plan else None,
    )


@family.post("/kunjungan/tolak")
@requires("family.visits")
def refuse_visits() -> ResponseReturnValue:
    """No more visits: one press, no reason."""
    plan = _own_plan()
    if plan.state == "following":
        consents.withdraw(here.session(), plan, said_by=here.actor().name, by=here.actor(), now=here.now())
    return redirect(url_for("family.visits"), 303)


@family.post("/kunjungan/bolehkan")
@requires("family.visits")
def allow_visits() -> ResponseReturnValue:
    """Visits again."""
    plan = _own_plan()
    if plan.state == "paused":
        consents.give(here.session(), plan, said_by=here.actor().name, by=here.actor(), now=here.now())
    return redirect(url_for("family.visits"), 303)


def _own_plan() -> Plan:
    claim = own_claim()
    require_close(here.session(), claim, by=here.actor())
    plan = opening.find_plan(here.session(), claim.id)
    if plan is None:
        raise NotFound("Belum ada kunjungan untuk keluarga ini. Tidak ada yang berubah.")
    return plan
