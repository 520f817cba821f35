"""Home and the pages that only tell something."""

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims import consents
from caseflow.claims.cover import numbers
from caseflow.web import here
from caseflow.web.public import drafts, public
from caseflow.web.public.accident import ACCIDENT
from caseflow.web.public.report import DEATH
from caseflow.web.security import requires


@public.get("/")
@requires("public.read")
def home() -> ResponseReturnValue:
    """The two doors, what was begun on this phone, and the way back to a report already sent."""
    draft = drafts.find_draft(here.session())
    begun = [walk.path("start") for walk in (DEATH, ACCIDENT) if draft and walk.answers(draft)]
    book, today = numbers(), clock.today()
    return render_template(
        "public/home.html",
        begun=begun if draft and draft.casefile_id is None else [],
        days={name: book.on(f"{name}_payment_working_days", today).value for name in ("jkm", "jkk")},
    )


@public.get("/privasi")
@requires("public.read")
def privacy() -> ResponseReturnValue:
    """What happens with the data, in plain words."""
    return render_template("public/privacy.html", consent=consents.text_on(clock.today()))
