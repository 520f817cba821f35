"""Deaths of the own nagari without a report."""

from flask.typing import ResponseReturnValue

from caseflow.web.nagari import nagari
from caseflow.web.security import requires
from caseflow.web.unclaimed import unclaimed_list


@nagari.get("/belum-klaim")
@requires("nagari.read")
def unclaimed_page() -> ResponseReturnValue:
    """List them, the oldest on top."""
    return unclaimed_list(at_home=True)
