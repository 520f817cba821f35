"""What a family's phone shows: steps, what to do now, papers to send, the decision in plain words."""

from flask import Blueprint

family = Blueprint("family", __name__, url_prefix="/berkas")

from caseflow.web.family import letters, pages, papers  # noqa: E402, F401 (views register themselves)
