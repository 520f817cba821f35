"""Doors for who helps families on the spot: petugas nagari, and an officer at the counter or on the telephone.

Not here: the work on a case (``casework``).
"""

from flask import Blueprint

nagari = Blueprint("nagari", __name__, url_prefix="/nagari")

from caseflow.web.nagari import (  # noqa: E402 (views register themselves)
    accident,  # noqa: F401
    coverage,  # noqa: F401 (views register themselves)
    death,  # noqa: F401
    families,  # noqa: F401
    home,  # noqa: F401
    requests,  # noqa: F401
    unclaimed,  # noqa: F401
    worker_accident,  # noqa: F401
    worker_death,  # noqa: F401
)
