"""The doors of staff accounts: signing in and out, the second factor, the own account. No case is shown here."""

from flask import Blueprint

account = Blueprint("account", __name__)


__all__ = ["account", "first_passphrase", "own", "second_factor", "sign_in"]

from caseflow.web.account import (
    first_passphrase,
    own,
    second_factor,
    sign_in,
)
