"""Doors for who helps families on the spot: petugas nagari, and an officer at the counter or on the telephone.

Not here: the work on a case (``casework``).
"""

from flask import Blueprint

nagari = Blueprint("nagari", __name__, url_prefix="/nagari")

from caseflow.web.nagari import (  # noqa: E402 (views register themselves)
    accident,  # noqa: F401
    death,  # noqa: F401
    meetings,  # noqa: F401
    nomination_check,  # noqa: F401
    nomination_rows,  # noqa: F401
    nominations,  # noqa: F401
    proofs,  # noqa: F401
    requests,  # noqa: F401
    waiting_list,  # noqa: F401
)
