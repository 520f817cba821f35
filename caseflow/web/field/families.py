"""The families somebody follows, and one family: who is visited where, its words, its visits past and to come."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.audit.operations import note_look
from caseflow.claims.models import Claim
from caseflow.monitoring import consents, handing, lists, plans, proposed_days, steps, visitors
from caseflow.monitoring import family_list as family_list_of
from caseflow.monitoring.family_list import Filters
from caseflow.monitoring.models import Plan
from caseflow.people import policy, slips
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.field import field
from caseflow.web.field.trail import trail_parts
from caseflow.web.security import requires

# the words of the address
_STANDINGS = (
    ("", "open", "Didampingi"),
    ("berhenti", "paused", "Tidak mau dikunjungi"),
    ("selesai", "over", "Selesai"),
)


@field.get("/keluarga")
@requires("visit.plan")
def family_list() -> ResponseReturnValue:
    """List the families: searched and filtered by the address, page by page."""
    session, by = here.session(), here.actor()
    choices = family_list_of.nagari_choices(session, by=by)
    filters = _asked(dict(choices))
    found = family_list_of.page(session, filters, by=by, after=request.args.get("setelah", "")[:40] or None)
    query = _query(filters)
    return render_template(
        "field/families.html",
        found=found,
        filters=filters,
        filtered=bool(query),
        nagari=choices,
        standings=[
            {
                "label": label,
                "href": url_for("field.family_list", **_query(filters, keadaan=word)),
                "current": filters.standing == standing,
            }
            for word, standing, label in _STANDINGS
        ],
        keadaan=query.get("keadaan"),
        first_page="setelah" not in request.args,
        first_href=url_for("field.family_list", **query),
        next_href=url_for("field.family_list", **query, setelah=found.after) if found.after else None,
        names_visitor=policy.mark(by, "visit.plan") == "full",
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


def _asked(nagari: Mapping[str, str]) -> Filters:
    """Read the address; what it does not know it leaves out."""
    word, code = request.args.get("keadaan", ""), request.args.get("nagari", "")
    return Filters(
        search=request.args.get("cari", "").strip()[: family_list_of.LONGEST_SEARCH],
        region_code=code if code in nagari else None,
        standing=next((standing for one, standing, _ in _STANDINGS if one == word), "open"),
    )


def _query(filters: Filters, **changes: str | None) -> dict[str, Any]:
    """Return the filters as words of an address, some of them otherwise; without a page."""
    words = {
        "cari": filters.search,
        "nagari": filters.region_code,
        "keadaan": next(word for word, standing, _ in _STANDINGS if standing == filters.standing),
    }
    return {name: value for name, value in {**words, **changes}.items() if value}


def _phrases(plan: Plan) -> list[tuple[str, str]]:
    """Return whose slip has which two words: the visitor says them at the door."""
    return [(one.holder_name, one.phrase) for one in slips.live_slips(here.session(), plan.claim_id)]
