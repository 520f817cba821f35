"""The messages that we sent this family, so that a false one can be told from ours."""

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow.notices.messages import HOW, sent_messages
from caseflow.web import here
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.security import requires


@family.get("/pesan")
@requires("family.read")
def messages() -> ResponseReturnValue:
    """Show what we sent: day, way and words, newest first."""
    claim = own_claim()
    sent = sent_messages(here.session(), claim, here.settings(), by=here.actor())
    return render_template("family/messages.html", claim=claim, messages=sent, how=HOW)
