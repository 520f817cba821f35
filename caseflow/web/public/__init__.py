"""Pages for everybody: home, reporting a death, coming back with a slip, privacy."""

from flask import Blueprint

public = Blueprint("public", __name__)

from caseflow.web.public import pages, report, slip  # noqa: E402, F401 (views register themselves)
