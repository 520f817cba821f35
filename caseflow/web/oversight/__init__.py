"""Looking at the whole: days by party, cases that are stuck, rehearsals of changed rules; and the desk of complaints.

Not here: single claims (casework), settings (admin). Only complaints are changed here.
"""

from flask import Blueprint

oversight = Blueprint("oversight", __name__, url_prefix="/pengawasan")

from caseflow.web.oversight import (
    complaints,
    coverage,
    days,
    feedback,
    monthly,
    rehearsal,
    results,
    stuck,
)
