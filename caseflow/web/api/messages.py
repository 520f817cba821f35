"""Where the gateway reports whether a message arrived. Its signature is what lets it in."""

from flask import request
from flask.typing import ResponseReturnValue

from caseflow.errors import CaseflowError, NotFound, NotPermitted
from caseflow.extensions import csrf, db
from caseflow.notices import reports
from caseflow.web import here
from caseflow.web.api import api
from caseflow.web.security import requires

_MOST_BYTES = 16 * 1024
_NOT_SIGNED = 401


@api.post("/kabar-pesan")
@requires("notice.report", max_bytes=_MOST_BYTES, body_types=("application/json",))
def message_report() -> ResponseReturnValue:
    """Take a report over; the same one twice is refused, and so is one without our secret."""
    signature = request.headers.get("X-Signature", "").lower()
    body = request.get_data(cache=False)
    try:
        secret = here.settings().messages.report_secret
        if not secret:
            raise NotFound("Di sini tidak ada gateway pesan.")
        reports.check(secret, request.headers.get("X-Timestamp", ""), signature, body, now=here.now())
        reports.take(here.session(), reports.read(body), signature, now=here.now())
    except CaseflowError as refusal:
        db.session.rollback()
        status = _NOT_SIGNED if isinstance(refusal, NotPermitted) else refusal.status
        return {"error": refusal.sentence}, status
    return {"status": "ok"}


csrf.exempt(message_report)  # no form and no cookie: a signature
