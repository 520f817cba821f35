"""The doors of the house's own settings: the calendar of working days. No case is changed but its deadline."""

from flask import Blueprint

admin = Blueprint("admin", __name__, url_prefix="/admin")

from caseflow.web.admin import calendar  # noqa: E402 - views register themselves

__all__ = ["admin", "calendar"]
