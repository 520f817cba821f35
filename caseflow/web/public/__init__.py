"""Pages for everybody: home, whether we are entitled, reporting a death or an accident, coming back, privacy."""

from flask import Blueprint

public = Blueprint("public", __name__)

from caseflow.web.public import (  # noqa: E402 (views register themselves)
    accident,  # noqa: F401
    check,  # noqa: F401
    complaint,  # noqa: F401
    entitled,  # noqa: F401
    pages,  # noqa: F401
    report,  # noqa: F401
    sent,  # noqa: F401
    slip,  # noqa: F401
)
