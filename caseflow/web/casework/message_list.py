"""Messages of the whole branch that a person has to pass on: by hand from the start, or because no gateway could."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow.formats import instant_wib, phone
from caseflow.notices import queries
from caseflow.notices.messages import HOW
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.casework import casework, words
from caseflow.web.casework.message_words import ROLES, STATES
from caseflow.web.security import requires


@casework.get("/pesan")
@requires("notice.deliver")
def waiting_messages() -> ResponseReturnValue:
    """List them, the oldest first."""
    branch = here.actor().branch_code
    after = whole_number(request.args.get("setelah"), 0)
    found = queries.waiting_for_a_person(here.session(), branch, after=after)
    shown = found[: queries.PAGE]
    lines = [
        {
            "href": url_for("casework.messages_page", number=one.number),
            "number": one.number,
            "name": words.deceased(one.subject, one.honorific),
            "title": one.title,
            "since": instant_wib(one.owed_at),
            "to": f"{one.recipient} ({ROLES[one.role]})",
            "through": f"{HOW[one.channel]}, {phone(one.address)}" if one.address else "belum ada nomor",
            "state": STATES[one.state][0],
            "sentiment": STATES[one.state][1],
            "error": one.error,
        }
        for one in shown
    ]
    more = len(found) > queries.PAGE
    return render_template(
        "casework/message_list.html",
        lines=lines,
        count=queries.how_many_wait(here.session(), branch),
        first_page=after == 0,
        next_href=url_for("casework.waiting_messages", setelah=shown[-1].id) if more else None,
    )
