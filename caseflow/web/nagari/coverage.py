"""A nagari's own coverage: the page of the regency with its own nagari fixed."""

from flask.typing import ResponseReturnValue

from caseflow.web.nagari import nagari
from caseflow.web.oversight import coverage
from caseflow.web.oversight.coverage import READ_NAGARI, Door
from caseflow.web.security import requires

_DOOR = Door("nagari.coverage_page", "nagari.coverage_file", READ_NAGARI)


@nagari.get("/kepesertaan")
@requires(READ_NAGARI)
def coverage_page() -> ResponseReturnValue:
    """Show the figures of one's own nagari."""
    return coverage.show(_DOOR, tabs=[])


@nagari.get("/kepesertaan/unduh/<part>.<kind>")
@requires(READ_NAGARI)
def coverage_file(part: str, kind: str) -> ResponseReturnValue:
    """Send one table of the page."""
    return coverage.send(_DOOR, part, kind)
