"""The workflow as a picture with the figures of this moment, and the same as a table."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from caseflow.claims.workflows import book
from caseflow.errors import NotFound
from caseflow.people import policy
from caseflow.web import here
from caseflow.web.casework import casework, words
from caseflow.web.security import requires
from caseflow.workflow import diagram, table
from caseflow.workflow.queries import state_figures


@casework.get("/alur")
@requires("workflow.read")
def flow_page() -> ResponseReturnValue:
    """Show the running definition; people from outside the branch see it with counts only."""
    names = sorted({definition.name for definition in book()})
    name = request.args.get("alur", names[0])
    if name not in names:
        raise NotFound("Alur kerja ini tidak ada.")
    definition = book().latest(name)
    by = here.actor()
    whole_service = policy.mark(by, "workflow.read") == "masked"
    figures = state_figures(here.session(), name, None if whole_service else by.branch_code, now=here.now())
    return render_template(
        "casework/flow.html",
        definition=definition,
        names=names,
        picture=Markup(diagram.svg(definition, figures)),  # noqa: S704 - drawn and escaped by ourselves
        rows=table.rows(definition, figures),
        words=words,
        total=sum(one.count for one in figures.values()),
    )
