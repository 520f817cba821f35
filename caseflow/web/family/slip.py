"""The slip that the phone of the report prints once; every further one is made at the counter."""

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow.errors import NotPossible
from caseflow.people import mandates, slips
from caseflow.people.actor import SYSTEM
from caseflow.web import here
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.security import requires
from caseflow.web.slip_paper import paper_of


@family.post("/slip")
@requires("family.slip")
def print_slip() -> ResponseReturnValue:
    """Make the slip of whoever reported and show it once; going back in the browser does not show it again."""
    claim, session = own_claim(), here.session()
    mandates.require_family(here.actor())
    if slips.had_slip(session, claim.id, here.actor().name):
        raise NotPossible(
            "Slip untuk laporan ini sudah dicetak, jadi kodenya tidak tampil lagi. "
            "Slip hilang? Telepon atau datang ke kantor untuk slip baru."
        )
    printed = slips.issue_slip(
        session, claim.id, here.actor().name, by=SYSTEM, now=here.now(), pepper=here.settings().pepper
    )
    return render_template("family/slip.html", paper=paper_of(session, claim, printed))
