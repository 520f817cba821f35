"""Photos of a visit, for who follows the family: small on its trail, large when opened. Each opening is written down."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from caseflow.monitoring import pictures, plans
from caseflow.web import here
from caseflow.web.field import field
from caseflow.web.security import requires
from caseflow.web.streaming import streamed

SMALL = "kecil"


@field.get("/kunjungan/<visit_id>/foto/<photo_id>")
@requires("trail.read")
def visit_photo(visit_id: str, photo_id: str) -> ResponseReturnValue:
    """Show one photo."""
    return _opened(visit_id, photo_id, small=request.args.get("ukuran") == SMALL)


def _opened(visit_id: str, photo_id: str, *, small: bool) -> Response:
    visit = plans.get_visit(here.session(), visit_id, by=here.actor(), permission="trail.read")
    found = pictures.open_photo(
        here.session(), here.store(), visit.id, photo_id, by=here.actor(), small=small
    )
    return streamed(found)
