"""Cases that nobody can move on, each with why and what helps."""

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow.claims.stuck import stuck_cases
from caseflow.people import policy
from caseflow.web import here
from caseflow.web.oversight import oversight
from caseflow.web.oversight.tabs import tabs
from caseflow.web.security import requires


@oversight.get("/macet")
@requires("stuck.read")
def stuck_page() -> ResponseReturnValue:
    """List the stuck cases of the branch as they are at this moment."""
    by = here.actor()
    return render_template(
        "oversight/stuck.html",
        tabs=tabs("oversight.stuck_page"),
        found=stuck_cases(here.session(), branch_code=by.branch_code or ""),
        sees_cases=policy.allows(by, "claim.read"),
    )
