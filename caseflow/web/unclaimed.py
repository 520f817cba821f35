"""Deaths without a report as a list, for the nagari and for those above it: the same page, each its own people."""

from flask import render_template

from caseflow import clock
from caseflow.claims.unclaimed import MOST, unclaimed
from caseflow.people import policy
from caseflow.web import here

SOON_DAYS = 180


def unclaimed_list(*, at_home: bool) -> str:
    """Render the list.

    :param at_home: the nagari's own page: its name stands above, not in every row.
    """
    today, by = clock.today(), here.actor()
    rows = unclaimed(here.session(), by=by)
    return render_template(
        "nagari/unclaimed.html",
        rows=[(row, row.days_left(today)) for row in rows],
        may_report=policy.allows(by, "worker.report"),
        at_home=at_home,
        soon=SOON_DAYS,
        most=MOST,
    )
