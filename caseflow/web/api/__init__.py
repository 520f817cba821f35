"""The doors for other machines: what a message gateway reports. No person reads these answers."""

from flask import Blueprint

api = Blueprint("api", __name__, url_prefix="/api")

from caseflow.web.api import (
    messages,
)
