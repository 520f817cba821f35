"""The families somebody follows, and one family: who is visited where, its words, its visits past and to come."""

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.audit.operations import note_look
from caseflow.claims.models import Claim
from caseflow.monitoring import consents, handing, lists, plans, proposed_days, steps, visitors
from caseflow.monitoring.models import Plan
from caseflow.people import policy, slips
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.field import field
from caseflow.web.field.trail import trail_parts
from caseflow.web.security import requires


@field.get("/keluarga")
@requires("visit.plan")
def family_list() -> ResponseReturnValue:
    """List the families."""
    found = lists.families(here.session(), by=here.actor())
    return render_template(
        "field/families.html",
        rows=found[: lists.PAGE],
        more=len(found) > lists.PAGE,
        names_visitor=policy.mark(here.actor(), "visit.plan") == "full",
    )


@field.get("/keluarga/<plan_id>")
@requires("visit.plan")
def family_page(plan_id: str) -> ResponseReturnValue:
    """S3: one family."""
    session, by = here.session(), here.actor()
    plan = plans.get_plan(session, plan_id, by=by, permission="visit.plan")
    note_look(session, plan.claim_id, by=by)  # the family sees who opened its page
    return render_template(
        "field/family.html", **family_frame(plan), **trail_parts(plan), phrases=_phrases(plan)
    )


def family_frame(plan: Plan) -> dict[str, object]:
    """Return what every page of one family shows on top, and its visits."""
    session = here.session()
    claim = session.get_one(Claim, plan.claim_id)
    state = steps.definition(plan.workflow_version).states[plan.state]
    return {
        "plan": plan,
        "name": lists.name_of(claim.honorific, plan.subject),
        "lives": claim.died_on is None,
        "nagari": registry.region_name(session, plan.region_code),
        "state": state,
        "visits": lists.visits_of(session, plan),
        "visitor": visitors.name_of(session, plan.visitor_user_id),
        "handed": handing.told_last(session, plan),
        "proposals": proposed_days.words,
        "word": consents.standing(session, plan.id),
        "today": clock.today(),
        "may_supervise": policy.allows(here.actor(), "visit.supervise"),
        "may_assign": policy.allows(here.actor(), "visit.assign"),
        "may_allow": policy.allows(here.actor(), "visit.allow"),
    }


def _phrases(plan: Plan) -> list[tuple[str, str]]:
    """Return whose slip has which two words: the visitor says them at the door."""
    return [(one.holder_name, one.phrase) for one in slips.live_slips(here.session(), plan.claim_id)]
