"""What a family's phone shows: steps, what to do now, papers to send, the decision in plain words."""

from flask import Blueprint

family = Blueprint("family", __name__, url_prefix="/berkas")

from caseflow.web.family import (  # noqa: E402 (views register themselves)
    complaint,  # noqa: F401
    consent,  # noqa: F401
    feedback,  # noqa: F401
    help,  # noqa: A004, F401
    helpers,  # noqa: F401
    letters,  # noqa: F401
    lock,  # noqa: F401
    messages,  # noqa: F401
    objection,  # noqa: F401
    opened,  # noqa: F401
    own_data,  # noqa: F401
    pages,  # noqa: F401
    papers,  # noqa: F401
    phones,  # noqa: F401
    received,  # noqa: F401
    school_year,  # noqa: F401
    slip,  # noqa: F401
    upload,  # noqa: F401
)
