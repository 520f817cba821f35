"""Deaths of the own nagari without a report."""

from flask import Response
from flask.typing import ResponseReturnValue

from caseflow.web.nagari import nagari
from caseflow.web.security import requires
from caseflow.web.unclaimed import unclaimed_list, unclaimed_sheet


@nagari.get("/belum-klaim")
@requires("nagari.read")
def unclaimed_page() -> ResponseReturnValue:
    """List them, the oldest on top."""
    return unclaimed_list(at_home=True)


@nagari.get("/belum-klaim/unduh.<kind>")
@requires("nagari.read")
def unclaimed_file(kind: str) -> Response:
    """Send the same list as a file."""
    return unclaimed_sheet(kind, "nagari.read")
