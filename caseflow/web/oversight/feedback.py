"""How families were served, as three counts; of nobody, and not at all while they are few."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims import complaint_queries
from caseflow.web import here
from caseflow.web.oversight import oversight
from caseflow.web.oversight.tabs import tabs
from caseflow.web.security import requires

FACES = {"good": "Baik", "fair": "Biasa", "bad": "Kurang baik"}
_DAYS = 90


@oversight.get("/tanggapan")
@requires("feedback.read")
def feedback_page() -> ResponseReturnValue:
    """Show the counts of the last ninety days."""
    since = clock.today() - timedelta(days=_DAYS)
    counts = complaint_queries.feedback_counts(here.session(), here.actor().branch_code or "", since)
    return render_template(
        "oversight/feedback.html",
        tabs=tabs("oversight.feedback_page"),
        since=since,
        faces=FACES,
        counts=counts,
        enough=all(one.count is not None for one in counts),
        fewest=complaint_queries.FEWEST,
        words=complaint_queries.feedback_words(here.session(), here.actor().branch_code or "", since),
    )
