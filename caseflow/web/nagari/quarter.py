"""The report of a quarter that a nagari prints for camat and DPMN."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims.cover import numbers
from caseflow.registry.queries import region_name
from caseflow.reports.coverage_figures import DUE_DAY, SOURCE
from caseflow.reports.days import FEWEST
from caseflow.reports.nagari_quarter import quarter
from caseflow.web import here
from caseflow.web.nagari import nagari
from caseflow.web.oversight.coverage import READ_NAGARI
from caseflow.web.oversight.days import PROGRAMS, quarters
from caseflow.web.security import requires


@nagari.get("/laporan")
@requires(READ_NAGARI)
def quarter_page() -> ResponseReturnValue:
    """Show the report of the quarter that the address names; the present one, where it names none."""
    by, today = here.actor(), clock.today()
    known = quarters(today)
    chosen = next((one for one in known if one.key == request.args.get("triwulan")), known[0])
    return render_template(
        "nagari/quarter.html",
        quarters=known,
        chosen=chosen,
        found=quarter(
            here.session(),
            chosen.since,
            chosen.until,
            by=by,
            permission=READ_NAGARI,
            grace=numbers().on("grace_months", today).value,
        ),
        names=[region_name(here.session(), code) for code in sorted(by.region_codes)],
        programs=PROGRAMS,
        fewest=FEWEST,
        due_day=DUE_DAY,
        source=SOURCE,
        today=today,
        running=chosen.until > today,
    )
