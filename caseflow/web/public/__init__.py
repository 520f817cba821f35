"""Pages for everybody: home, whether we are entitled, reporting a death or an accident, coming back, privacy."""

from flask import Blueprint

public = Blueprint("public", __name__)

from caseflow.web.public import (
    accident,
    check,
    complaint,
    entitled,
    pages,
    report,
    sent,
    slip,
    statistics,
)
