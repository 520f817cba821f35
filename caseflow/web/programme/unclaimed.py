"""Deaths without a report in all nagari of the own reach."""

from flask.typing import ResponseReturnValue

from caseflow.web.programme import programme
from caseflow.web.security import requires
from caseflow.web.unclaimed import unclaimed_list


@programme.get("/belum-klaim")
@requires("unclaimed.read")
def unclaimed_page() -> ResponseReturnValue:
    """List them, the oldest on top."""
    return unclaimed_list(at_home=False)
