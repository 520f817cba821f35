"""Where a sent report leads: to the receipt on the phone that sent it, to the case for staff."""

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow.claims import queries
from caseflow.claims.models import Claim, ReportDraft
from caseflow.errors import NotFound
from caseflow.people import devices, policy
from caseflow.web import here
from caseflow.web.identity import FAMILY_COOKIE, browser_label, cookie_name, give_family_cookie
from caseflow.web.public import drafts, public
from caseflow.web.security import requires


@public.get("/lapor/terkirim")
@requires("report.create")
def sent_for_family() -> ResponseReturnValue:
    """Tell staff who wrote the report for a family what to give them; the case does not open here."""
    draft = drafts.find_draft(here.session())
    if draft is None or draft.casefile_id is None or not is_staff():
        return redirect(url_for("public.report_start"))
    claim = here.session().get_one(Claim, draft.casefile_id)
    may_print = policy.allows(here.find_actor(), "slip.issue")
    return render_template("public/sent_for_family.html", number=claim.number, may_print=may_print)


def to_receipt(draft: ReportDraft) -> ResponseReturnValue:
    """Lead to the receipt, and open it on this phone: also when the first answer was lost on the way.

    Never again once the receipt was seen or the phone closed. Staff do not become the family.
    """
    session, casefile_id = here.session(), draft.casefile_id or 0
    if is_staff():
        drafts.note_opened(session, casefile_id)
        return _to_case_of_staff(casefile_id)
    response = make_response(redirect(url_for("family.receipt"), 303))
    if _opens_already(draft):
        return response
    if not drafts.may_open(draft) or devices.was_closed(session, casefile_id):
        drafts.forget_draft(response)
        return response
    name = draft.answers.get("reporter_name", "Pelapor")
    token = devices.device_for_reporter(session, casefile_id, name, now=here.now(), label=browser_label())
    return give_family_cookie(response, token)


def is_staff() -> bool:
    """Whether somebody of the staff is signed in here, also one who reports only as everybody may."""
    return g.get("browser") is not None


def confirmed() -> bool:
    """Whether the reporter said that this is another case than the one already reported."""
    return request.form.get("confirm") == "1"


def _to_case_of_staff(casefile_id: int) -> ResponseReturnValue:
    by = here.find_actor()
    if by is not None and policy.mark(by, "claim.read") == "full":
        try:
            number = queries.get_claim_by_id(here.session(), casefile_id, by=by).number
        except NotFound:  # of another branch
            return redirect(url_for("public.sent_for_family"), 303)
        return redirect(url_for("casework.case", number=number), 303)
    return redirect(url_for("public.sent_for_family"), 303)


def _opens_already(draft: ReportDraft) -> bool:
    """Whether this phone already opens the case of the draft."""
    token = request.cookies.get(cookie_name(FAMILY_COOKIE), "")
    found = devices.find_device(here.session(), token, now=here.now()) if token else None
    return found is not None and found.casefile_id == draft.casefile_id
