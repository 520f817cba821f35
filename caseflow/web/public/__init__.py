"""Pages for everybody: home, reporting a death or an accident, coming back with a slip, privacy."""

from flask import Blueprint

public = Blueprint("public", __name__)

from caseflow.web.public import accident, check, pages, report, sent, slip  # noqa: E402, F401 (views register themselves)
