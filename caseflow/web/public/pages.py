"""Home and the pages that only tell something."""

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow.web.public import public
from caseflow.web.security import requires


@public.get("/")
@requires("public.read")
def home() -> ResponseReturnValue:
    """The two doors, and the way back to a report already sent."""
    return render_template("public/home.html")


@public.get("/privasi")
@requires("public.read")
def privacy() -> ResponseReturnValue:
    """What happens with the data, in plain words."""
    return render_template("public/privacy.html")
