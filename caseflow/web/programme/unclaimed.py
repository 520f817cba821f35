"""Deaths without a report in all nagari of the own reach."""

from flask import Response
from flask.typing import ResponseReturnValue

from caseflow.web.programme import programme
from caseflow.web.security import requires
from caseflow.web.unclaimed import unclaimed_list, unclaimed_sheet


@programme.get("/belum-klaim")
@requires("unclaimed.read")
def unclaimed_page() -> ResponseReturnValue:
    """List them, the oldest on top."""
    return unclaimed_list(at_home=False)


@programme.get("/belum-klaim/unduh.<kind>")
@requires("unclaimed.read")
def unclaimed_file(kind: str) -> Response:
    """Send the same list as a file."""
    return unclaimed_sheet(kind, "unclaimed.read")
