"""Letters that families cannot get at their own nagari: number of the case, paper, since when; no name."""

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow.claims.request_queries import nagari_requests
from caseflow.documents.catalogue import catalogue
from caseflow.web import here
from caseflow.web.nagari import nagari
from caseflow.web.security import requires


@nagari.get("/permintaan")
@requires("request.read_nagari")
def requests_page() -> ResponseReturnValue:
    """List what is stuck, the oldest on top."""
    papers, now = catalogue().papers, here.now()
    rows = [
        (row, papers[row.code].label if row.code in papers else row.code, (now - row.asked_at).days)
        for row in nagari_requests(here.session(), here.actor().region_codes)
    ]
    return render_template("nagari/requests.html", rows=rows)
