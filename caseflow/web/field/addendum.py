"""Adding to a visit that was made, at a desk: the answers as they stand, to be changed with a reason.

It comes in like a visit (``arrival.receive``), names the visit it adds to, and says only what differs.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.errors import Invalid, NotPossible
from caseflow.monitoring import addenda, arrival, fields, plans
from caseflow.monitoring.arrival import Arrived
from caseflow.monitoring.household import Child, children_of
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.questions import FOR_INSPECTOR, by_name, field_names
from caseflow.monitoring.refused import at_desk
from caseflow.monitoring.titles import VISITS
from caseflow.payments.queries import instructions_of_claim
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.field import field
from caseflow.web.field.entry_form import (
    PEOPLE,
    AddendumForm,
    answers_by_form,
    beyond,
    data_of,
    form_for,
    without_its_answer,
)
from caseflow.web.security import requires

# where a sentence about part of a visit is shown on the form
_AT = {"respondents": "met_1", "uses": "use_daily_needs"}


@field.get("/kunjungan/<visit_id>/isi/tambah")
@requires("visit.record")
def addendum_page(visit_id: str) -> ResponseReturnValue:
    """Show what stands, to be added to."""
    visit = _visit(visit_id)
    versions = _versions(visit)
    data = data_of(addenda.values_at(here.session(), visit, versions))
    form = form_for(_children(visit), AddendumForm)(formdata=None, data={**data, "number": str(uuid.uuid4())})
    return _page(visit, form, versions)


@field.post("/kunjungan/<visit_id>/isi/tambah")
@requires("visit.record")
def addendum_keep(visit_id: str) -> ResponseReturnValue:
    """Take the addendum in."""
    form = form_for(_children(_visit(visit_id)), AddendumForm)()

    def work() -> str:
        visit = _visit(visit_id)
        _take(form, visit)
        flash("Tambahan tersimpan. Isi yang dulu tetap ada.")
        return url_for("field.trail_page", plan_id=plans.plan_of(here.session(), visit).public_id)

    return attempt(work, lambda refused: _page(_visit(visit_id), form, _shown_versions(), refused), form)


def _take(form: AddendumForm, visit: PlannedVisit) -> None:
    session, children, versions = here.session(), _children(visit), _shown_versions()
    problems = without_its_answer(form, children)
    if problems:
        raise Invalid(problems)
    stood = addenda.values_at(session, visit, versions)
    before = form_for(children, AddendumForm)(formdata=None, data=data_of(stood))
    said = addenda.said(
        addenda.earlier_of(session, visit),
        visit,
        form.why.data or "",
        _answers(form, children, stood),
        _answers(before, children, stood),
        versions,
    )
    found = arrival.receive(session, Arrived(form.number.data or "", said), by=here.actor(), now=here.now())
    if found.refusal is not None:
        problems = found.refusal.fields
        if problems:
            raise Invalid({_AT.get(name, name): sentence for name, sentence in problems.items()})
        raise NotPossible(at_desk(found.refusal))


def _answers(form: AddendumForm, children: Sequence[Child], stood: Mapping[str, Any]) -> dict[str, Any]:
    found = answers_by_form(form, children)
    for name, others in beyond(stood, children).items():
        if others:
            found[name] = [*found.get(name, ()), *others]
    return found


def _versions(visit: PlannedVisit) -> Mapping[str, int]:
    """Return the versions of all answers that are in force, of the visit and of the family."""
    session = here.session()
    rows = {
        **fields.in_force(session, visit.plan_id, None),
        **fields.in_force(session, visit.plan_id, visit.id),
    }
    return {name: row.version or 0 for name, row in rows.items() if name not in FOR_INSPECTOR}


def _shown_versions() -> Mapping[str, int]:
    """Return the versions that stood on the page when it was opened."""
    sent = {name: max(whole_number(request.form.get(f"base_{name}"), 0), 0) for name in field_names()}
    return {name: version for name, version in sent.items() if version}


def _visit(visit_id: str) -> PlannedVisit:
    visit = plans.get_visit(here.session(), visit_id, by=here.actor(), permission="visit.record")
    addenda.earlier_of(here.session(), visit)
    return visit


def _children(visit: PlannedVisit) -> list[Child]:
    plan = plans.plan_of(here.session(), visit)
    return [child for child in children_of(here.session(), plan.claim_id) if child.known]


def _page(
    visit: PlannedVisit, form: AddendumForm, bases: Mapping[str, int], refused: Sequence[str] = ()
) -> str:
    session = here.session()
    plan: Plan = plans.plan_of(session, visit)
    made_on = clock.local(addenda.earlier_of(session, visit).started_at).date()
    paid = [one.amount_idr for one in instructions_of_claim(session, plan.claim_id) if one.state == "settled"]
    return render_template(
        "field/visit_addendum.html",
        plan=plan,
        visit=visit,
        title=VISITS[visit.kind],
        made_on=made_on,
        form=form,
        children=_children(visit),
        people=PEOPLE,
        uses=by_name()["uses"].choices,
        questions=by_name(),
        received_idr=sum(paid),
        asks_livelihood=made_on >= plan.livelihood_from_on,
        bases=bases,
        refused=refused,
    )
