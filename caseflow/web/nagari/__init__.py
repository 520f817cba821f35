"""Doors for who helps families on the spot: petugas nagari, and an officer at the counter or on the telephone.

Not here: the work on a case (``casework``).
"""

from flask import Blueprint

nagari = Blueprint("nagari", __name__, url_prefix="/nagari")

from caseflow.web.nagari import (
    accident,
    budget,
    coverage,
    death,
    dues,
    dues_record,
    families,
    home,
    household,
    imports,
    meetings,
    nomination_check,
    nomination_rows,
    nominations,
    places,
    proofs,
    quarter,
    requests,
    unclaimed,
    waiting_list,
    worker,
    worker_accident,
    worker_death,
    worker_edit,
    worker_list,
)
