"""Status, the decision as data, receipt."""

import json
from urllib.parse import quote

from flask import g, make_response, render_template
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims import consents
from caseflow.claims.accident_models import AccidentNotice
from caseflow.claims.models import Claim, Report
from caseflow.claims.queries import get_claim_by_id, get_report
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.documents import queries as papers
from caseflow.errors import NotFound
from caseflow.formats import phone
from caseflow.people import pins, relations, slips
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.accident_notice import came_late, notifier_words
from caseflow.web.family import family
from caseflow.web.family.accident import is_in_care
from caseflow.web.family.view import approved_statement, family_status
from caseflow.web.family.wording import benefit_of, is_about_a_death, is_close, name_of, payee_of
from caseflow.web.public import drafts
from caseflow.web.security import requires
from caseflow.web.statement_words import document_for_family


def own_claim() -> Claim:
    """Return the one case this phone may reach."""
    return get_claim_by_id(here.session(), here.actor().casefile_id or 0, by=here.actor())


@family.get("")
@requires("family.read")
def status() -> ResponseReturnValue:
    """Where the case stands and what to do now."""
    claim, session = own_claim(), here.session()
    rows = papers.requirement_list(session, claim.id)
    progress = papers.progress(rows)
    missing = progress.asked - progress.sent
    close = is_close(session, claim, by=here.actor())
    found = family_status(session, claim, missing, close=close, helps=here.actor().is_helper)
    # while an objection is looked at papers are welcome, and none is asked for
    asks = claim.state in OPEN_FOR_PAPERS - {"objection"}
    return render_template(
        "family/status.html",
        claim=claim,
        name=name_of(claim),
        benefit=benefit_of(claim),
        payee=payee_of(claim),
        status=found,
        close=close,
        taken_back=close and claim.closed_at is None and consents.taken_back(session, claim.id) is not None,
        in_care=is_in_care(claim),
        progress=progress,
        to_send=missing if asks else 0,
        before_payment=len(papers.wanted_before_payment(rows)) if asks else 0,
        steps=[vars(step) for step in found.steps],
    )


@family.get("/rincian.json")
@requires("family.read")
def decision_document() -> ResponseReturnValue:
    """The approved statement as data, for whoever wants to do the sum again."""
    claim = own_claim()
    found = approved_statement(here.session(), claim)
    if found is None or not is_close(here.session(), claim, by=here.actor()):
        raise NotFound("Rinciannya belum ada, atau hanya tampil di HP pekerja atau keluarganya.")
    decision, statement = found
    document = {
        "number": claim.number,
        "decided_on": clock.local(decision.decided_at).date().isoformat(),
        **document_for_family(statement),
    }
    response = make_response(json.dumps(document, ensure_ascii=False, indent=2))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="rincian-{claim.number}.json"'
    return response


@family.get("/tanda-terima")
@requires("family.read")
def receipt() -> ResponseReturnValue:
    """The receipt of the report; safe to bookmark and to print."""
    claim, session = own_claim(), here.session()
    report = get_report(session, claim.id)
    notice = session.get(AccidentNotice, claim.id) if claim.program == "jkk" else None
    drafts.note_opened(session, claim.id)
    slip_open = is_close(session, claim, by=here.actor()) and not slips.had_slip(
        session, claim.id, here.actor().name
    )
    text = f"Nomor laporan {claim.number}. Simpan nomor ini. Layanan gratis."
    body = render_template(
        "family/receipt.html",
        claim=claim,
        name=name_of(claim),
        payee=payee_of(claim),
        grieves=is_about_a_death(claim),
        report=report,
        notice=notice,
        late=notice is not None and _came_late(notice, report),
        region=registry.region_name(session, report.region_code),
        relation=_relation(notice, report),
        reporter_phone=phone(report.reporter_phone),
        whatsapp_href=f"https://wa.me/?text={quote(text)}",
        may_print_slip=slip_open and pins.may_set(session, g.device, now=here.now()),
        slip_locked=slip_open and g.device.has_pin,
    )
    response = make_response(body)
    drafts.forget_draft(response)
    return response


def _relation(notice: AccidentNotice | None, report: Report) -> str:
    if notice is not None:
        return notifier_words(notice.notifier_role, report.reporter_relation)
    return relations.words(report.reporter_relation)


def _came_late(notice: AccidentNotice, report: Report) -> bool:
    return came_late(notice.happened_on, notice.happened_at, report.reported_at)
