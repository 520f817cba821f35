"""Doors for who follows families after the money: the visitor's day, visits without signal, the supervisor.

Not here: the family's own page about visits (``family``), figures for leaders (``oversight``).
"""

from flask import Blueprint

field = Blueprint("field", __name__, url_prefix="/pendamping")

from caseflow.web.field.api import api

field.register_blueprint(api)

from caseflow.web.field import (
    addendum,
    allowing,
    assigning,
    clashes,
    entry,
    families,
    flags,
    handing,
    offers,
    papers,
    phone_app,
    phones,
    referrals,
    reports,
    schedule,
    supervisor,
    trail,
    visit_days,
    visit_photos,
)
