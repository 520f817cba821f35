"""The workflows as pictures with the figures of this moment, the same as tables, and the way of one case in them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from caseflow.claims import queries
from caseflow.claims.workflows import book
from caseflow.errors import NotFound
from caseflow.monitoring import opening
from caseflow.monitoring import steps as monitoring_steps
from caseflow.people import policy
from caseflow.registry import nomination_steps, nominations
from caseflow.reports.published_states import published_states
from caseflow.reports.suppression import Cell
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.frame import fetch, render
from caseflow.web.security import requires
from caseflow.workflow import diagram, table
from caseflow.workflow.definition import Workflow
from caseflow.workflow.journey import journey, trails
from caseflow.workflow.queries import StateFigures, state_figures


@casework.get("/alur")
@requires("workflow.read")
def flow_page() -> ResponseReturnValue:
    """Show the running definition; people from outside the branch see it with counts only."""
    names = sorted({definition.name for definition in book()})
    figures, totals = _figures_of(names)
    name = request.args.get("alur", max(names, key=lambda each: totals[each].value or 0))
    if name not in names:
        raise NotFound("Alur kerja ini tidak ada.")
    definition = book().latest(name)
    return render_template(
        "casework/flow.html",
        definition=definition,
        tabs=[_tab(each, totals[each].words, current=each == name) for each in names],
        picture=_picture(definition, figures[name]),
        rows=table.rows(definition, figures[name]),
        total=totals[name].words,
        masked=_is_masked(),
        archived=[each.version for each in book() if each.name == name and each is not definition],
    )


@casework.get("/kasus/<number>/alur")
@requires("history.read")
def case_flow_page(number: str) -> ResponseReturnValue:
    """Show the way of one case in the picture of each workflow that it went through."""
    claim = fetch(number)
    rows = queries.timeline(here.session(), claim.id)[::-1]
    steps = journey(rows, claim, book())
    return render(
        claim,
        "casework.history_page",
        "case_flow.html",
        steps=steps,
        ways=[(definition, _picture(definition, trail=trail), trail) for definition, trail in trails(steps)],
    )


def _figures_of(names: Sequence[str]) -> tuple[dict[str, Mapping[str, StateFigures]], dict[str, Cell]]:
    """Return the figures of each workflow and how many open cases it has; few are hidden from readers of aggregates."""
    figures = {each: _figures(each) for each in names}
    totals = {each: Cell(sum(one.count or 0 for one in figures[each].values())) for each in names}
    if _is_masked():
        for each in names:
            figures[each], totals[each] = published_states(figures[each])
    return figures, totals


def _is_masked() -> bool:
    return policy.mark(here.actor(), "workflow.read") == "masked"


def _figures(name: str) -> Mapping[str, StateFigures]:
    """Count the open cases in each state; complaints are counted for nobody, one alone would tell of itself."""
    by = here.actor()
    if name == "complaint":
        return {}
    areas = {nomination_steps.NAME: nominations.area, monitoring_steps.NAME: opening.area}
    place = areas[name](by.branch_code or "") if name in areas else by.branch_code
    return state_figures(here.session(), name, None if _is_masked() else place, now=here.now())


def _picture(
    definition: Workflow,
    figures: Mapping[str, StateFigures] | None = None,
    *,
    trail: diagram.Trail | None = None,
) -> Markup:
    return Markup(diagram.svg(definition, figures, trail=trail))  # noqa: S704 - drawn and escaped by ourselves


def _tab(name: str, count: str, *, current: bool) -> dict[str, Any]:
    return {
        "label": book().latest(name).title,
        "href": url_for("casework.flow_page", alur=name),
        "count": count,
        "current": current,
    }
