"""What a family's phone shows: steps, what to do now, papers to send, the decision in plain words."""

from flask import Blueprint

family = Blueprint("family", __name__, url_prefix="/berkas")

from caseflow.web.family import (
    complaint,
    consent,
    feedback,
    help,
    helpers,
    letters,
    lock,
    messages,
    objection,
    opened,
    own_data,
    pages,
    papers,
    phones,
    received,
    school_year,
    slip,
    upload,
    visits,
)
