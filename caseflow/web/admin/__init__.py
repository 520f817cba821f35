"""The doors of the house's own settings: working days, what families are told, accounts, dated limits and rates.

No case is changed but its deadline, and who has it when an account closes.
"""

from flask import Blueprint

admin = Blueprint("admin", __name__, url_prefix="/admin")

from caseflow.web.admin import (
    calendar,
    limits,
    messages,
    user_acts,
    users,
    works,
)
