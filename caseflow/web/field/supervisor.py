"""S5, the supervisor's page: who has how much, what is late, what waits for a word, phones that have not sent."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.monitoring import quality, supervision
from caseflow.web import here
from caseflow.web.field import field
from caseflow.web.security import requires


@field.get("/penyelia/")
@requires("visit.supervise")
def supervisor() -> ResponseReturnValue:
    """Everything on one page, the urgent above; what is more than a page holds goes on by the address."""
    session, by, now = here.session(), here.actor(), here.now()
    only, phone = request.args.get("sebab", ""), request.args.get("hp", "")[:40] or None
    only = only if only in supervision.WHY else ""
    return render_template(
        "field/supervisor.html",
        decide=supervision.to_decide(
            session, by=by, only=only, after=request.args.get("setelah", "")[:40] or None
        ),
        only=only,
        why=supervision.WHY,
        loads=supervision.loads(session, by=by, now=now),
        unsent=supervision.unsent(session, by=by, now=now, after=phone),
        later_phones=phone is not None,
        questions=quality.questions(session, by=by, now=now),
        today=clock.today(),
    )
