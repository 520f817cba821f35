"""A copy of the own data to take away, and what is only done in person."""

import json

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims.own_data import decision_for, own_data
from caseflow.web import here
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.security import requires
from caseflow.web.statement_words import document_for_family


@family.get("/data-saya.json")
@requires("family.export")
def export() -> ResponseReturnValue:
    """Give what this person gave us and what was decided for them; nothing of others."""
    claim, session, by = own_claim(), here.session(), here.actor()
    document = {"taken_at": clock.now().isoformat(), **own_data(session, claim, by=by)}
    found = decision_for(session, claim, by=by)
    if found is not None:
        decision, statement = found
        document["decision"] = {
            "decided_on": clock.local(decision.decided_at).date().isoformat(),
            **document_for_family(statement),
        }
    record(session, "family.exported", by=by, casefile_id=claim.id, subject=f"device:{by.device_id}")
    response = make_response(json.dumps(document, ensure_ascii=False, indent=2))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="data-saya-{claim.number}.json"'
    return response


@family.get("/di-kantor")
@requires("family.read")
def in_person() -> ResponseReturnValue:
    """What never goes by phone, to whom to go instead, and what to bring."""
    own_claim()
    return render_template("family/in_person.html", sentence=None)
