"""The report of a visit (L7) as PDF: for the office, and the family's own copy."""

from collections.abc import Sequence
from typing import cast

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from caseflow.errors import NotFound
from caseflow.monitoring import plans
from caseflow.monitoring.models import PlannedVisit
from caseflow.monitoring.titles import VISITS
from caseflow.notices import registry_letters, visit_report
from caseflow.notices.visit_report import Copy
from caseflow.registry.letter_models import RegistryLetter
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.field import field
from caseflow.web.field.trail import trail_again
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.letters import programme_sender, send_draft, send_letter
from caseflow.web.security import requires

_COPIES: dict[str | None, Copy] = {None: "office", "kantor": "office", "keluarga": "family"}


class RevokeReportForm(BaseForm):
    """Why a report of a visit no longer holds."""

    why = LongTextField("Alasan pencabutan", [InputRequired("Tulis alasannya, paling sedikit 10 huruf.")])


@field.get("/kunjungan/<visit_id>/laporan.pdf")
@requires("trail.read")
def report_letter(visit_id: str) -> Response:
    """Open the report that was issued; before that, a draft of it."""
    visit, copy = _visit(visit_id, "trail.read"), _copy(request.args.get("untuk"))
    issued = visit_report.find_report(here.session(), visit, copy)
    if issued is not None:
        body = registry_letters.open_registry_letter(here.session(), here.store(), issued, by=here.actor())
        return send_letter(issued, body, save=False)
    sender = programme_sender()
    said = visit_report.visit_report(here.session(), here.store(), visit, sender, copy)
    return send_draft(registry_letters.preview_registry_letter(said, sender, now=here.now()))


@field.post("/kunjungan/<visit_id>/laporan")
@requires("visit.validate")
def report_post(visit_id: str) -> ResponseReturnValue:
    """Issue the report and the family's copy of it."""
    visit = _visit(visit_id, "visit.validate")
    plan_id = plans.plan_of(here.session(), visit).public_id

    def work() -> str:
        for copy in cast(tuple[Copy, ...], ("office", "family")):
            letter = visit_report.issue_report(
                here.session(),
                here.store(),
                visit,
                copy,
                programme_sender(),
                sign=here.settings().programme_sign,
                by=here.actor(),
                now=here.now(),
            )
        flash(f"Laporan terbit, salinan keluarga bernomor {letter.number}. Cetak salinannya untuk keluarga.")
        return url_for("field.trail_page", plan_id=plan_id)

    return attempt(work, lambda refused: trail_again(plan_id, refused))


@field.get("/kunjungan/<visit_id>/laporan/cabut")
@requires("visit.validate")
def report_revoke_page(visit_id: str) -> ResponseReturnValue:
    """Ask why the report of a visit no longer holds."""
    return _revoke_page(visit_id, RevokeReportForm(formdata=None))


@field.post("/kunjungan/<visit_id>/laporan/cabut")
@requires("visit.validate")
def report_revoke(visit_id: str) -> ResponseReturnValue:
    """Revoke the report and the family's copy of it."""
    visit, form = _visit(visit_id, "visit.validate"), RevokeReportForm()

    def work() -> str:
        letters = visit_report.revoke_reports(
            here.session(), visit, form.why.data or "", by=here.actor(), now=here.now()
        )
        flash(f"Laporan nomor {_numbers(letters)} dicabut.")
        return url_for("field.trail_page", plan_id=plans.plan_of(here.session(), visit).public_id)

    return attempt(work, lambda refused: _revoke_page(visit_id, form, refused), form)


def _revoke_page(visit_id: str, form: RevokeReportForm, refused: Sequence[str] = ()) -> str:
    visit = _visit(visit_id, "visit.validate")
    letters = visit_report.reports_in_force(here.session(), [visit]).get(visit.id, ())
    return render_template(
        "field/report_revoke.html",
        plan=plans.plan_of(here.session(), visit),
        visit=visit,
        title=VISITS[visit.kind],
        numbers=_numbers(letters),
        form=form,
        refused=refused,
    )


def _numbers(letters: Sequence[RegistryLetter]) -> str:
    return " dan ".join(one.number for one in letters)


def _visit(visit_id: str, permission: str) -> PlannedVisit:
    return plans.get_visit(here.session(), visit_id, by=here.actor(), permission=permission)


def _copy(asked: str | None) -> Copy:
    if asked not in _COPIES:
        raise NotFound("Salinan laporan ini tidak ada. Pilih dari halaman jejak.")
    return _COPIES[asked]
