"""The doors of the house's own settings: working days and what families are told. No case is changed but its deadline."""

from flask import Blueprint

admin = Blueprint("admin", __name__, url_prefix="/admin")

from caseflow.web.admin import calendar, messages  # noqa: E402, F401 (views register themselves)
