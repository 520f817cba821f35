"""Looking at the whole: days by party, cases that are stuck, rehearsals of changed rules. Nothing is changed here.

Not here: single cases (casework), settings (admin).
"""

from flask import Blueprint

oversight = Blueprint("oversight", __name__, url_prefix="/pengawasan")

from caseflow.web.oversight import days, rehearsal, stuck  # noqa: E402 - views register themselves

__all__ = ["days", "oversight", "rehearsal", "stuck"]
