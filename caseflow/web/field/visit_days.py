"""Other days and extra visits: asked with a reason, kept with it."""

from collections.abc import Sequence
from datetime import date

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField
from wtforms.validators import InputRequired

from caseflow import formats
from caseflow.monitoring import plans
from caseflow.monitoring.models import PlannedVisit
from caseflow.monitoring.titles import VISITS
from caseflow.web import here
from caseflow.web.attempts import attempt, require_seen
from caseflow.web.field import field
from caseflow.web.field.families import family_frame
from caseflow.web.forms import BaseForm, DayField, LongTextField
from caseflow.web.security import requires


class VisitDayForm(BaseForm):
    """A day, and why."""

    to_on = DayField("Hari kunjungan", [InputRequired("Isi tanggalnya.")])
    anyway = BooleanField("Keluarga sendiri memilih hari Minggu atau hari libur itu")
    reason = LongTextField("Alasan", [InputRequired("Tulis alasannya, paling sedikit 10 huruf.")])


class WhyForm(BaseForm):
    """Why a visit is cancelled."""

    reason = LongTextField("Alasan", [InputRequired("Tulis alasannya, paling sedikit 10 huruf.")])


@field.get("/kunjungan/<visit_id>/hari")
@requires("visit.plan")
def visit_day(visit_id: str) -> ResponseReturnValue:
    """Ask for another day."""
    return _day_page(_visit(visit_id), VisitDayForm(formdata=None), [])


@field.post("/kunjungan/<visit_id>/hari")
@requires("visit.plan")
def visit_day_change(visit_id: str) -> ResponseReturnValue:
    """Move the visit."""
    visit, form = _visit(visit_id), VisitDayForm()

    def work() -> str:
        plans.reschedule(
            here.session(),
            visit,
            form.to_on.data or date.max,
            form.reason.data or "",
            by=here.actor(),
            now=here.now(),
            anyway=bool(form.anyway.data),
        )
        require_seen(visit.version)
        flash(f"{VISITS[visit.kind]} dipindah ke {formats.weekday_date(visit.due_on)}.")
        return _home_of(visit)

    return attempt(work, lambda refused: _day_page(_visit(visit_id), form, refused), form)


@field.get("/keluarga/<plan_id>/tambah")
@requires("visit.plan")
def extra_visit(plan_id: str) -> ResponseReturnValue:
    """Ask for an extra visit."""
    return _extra_page(plan_id, VisitDayForm(formdata=None), [])


@field.post("/keluarga/<plan_id>/tambah")
@requires("visit.plan")
def extra_visit_add(plan_id: str) -> ResponseReturnValue:
    """Plan it."""
    form = VisitDayForm()
    plans.get_plan(here.session(), plan_id, by=here.actor(), permission="visit.plan")

    def work() -> str:
        plan = plans.get_plan(here.session(), plan_id, by=here.actor(), permission="visit.plan")
        visit = plans.add_extra(
            here.session(),
            plan,
            form.to_on.data or date.max,
            form.reason.data or "",
            by=here.actor(),
            now=here.now(),
            anyway=bool(form.anyway.data),
        )
        flash(f"Kunjungan tambahan direncanakan {formats.weekday_date(visit.due_on)}.")
        return _home_of(visit)

    return attempt(work, lambda refused: _extra_page(plan_id, form, refused), form)


@field.get("/kunjungan/<visit_id>/batal")
@requires("visit.supervise")
def visit_cancel(visit_id: str) -> ResponseReturnValue:
    """Ask why a visit is cancelled."""
    return _cancel_page(visit_id, WhyForm(formdata=None), [])


@field.post("/kunjungan/<visit_id>/batal")
@requires("visit.supervise")
def visit_cancel_post(visit_id: str) -> ResponseReturnValue:
    """Cancel it."""
    visit, form = _visit(visit_id, "visit.supervise"), WhyForm()

    def work() -> str:
        plans.cancel(here.session(), visit, form.reason.data or "", by=here.actor(), now=here.now())
        require_seen(visit.version)
        flash(f"{VISITS[visit.kind]} dibatalkan.")
        return _home_of(visit)

    return attempt(work, lambda refused: _cancel_page(visit_id, form, refused), form)


def _visit(visit_id: str, permission: str = "visit.plan") -> PlannedVisit:
    return plans.get_visit(here.session(), visit_id, by=here.actor(), permission=permission)


def _home_of(visit: PlannedVisit) -> str:
    plan = plans.plan_of(here.session(), visit)
    return url_for("field.family_page", plan_id=plan.public_id)


def _day_page(visit: PlannedVisit, form: VisitDayForm, refused: Sequence[str]) -> str:
    frame = family_frame(plans.plan_of(here.session(), visit))
    return render_template(
        "field/visit_day.html", **frame, visit=visit, title=VISITS[visit.kind], form=form, refused=refused
    )


def _extra_page(plan_id: str, form: VisitDayForm, refused: Sequence[str]) -> str:
    plan = plans.get_plan(here.session(), plan_id, by=here.actor(), permission="visit.plan")
    return render_template("field/extra_visit.html", **family_frame(plan), form=form, refused=refused)


def _cancel_page(visit_id: str, form: WhyForm, refused: Sequence[str]) -> str:
    visit = _visit(visit_id, "visit.supervise")
    frame = family_frame(plans.plan_of(here.session(), visit))
    return render_template(
        "field/visit_cancel.html", **frame, visit=visit, title=VISITS[visit.kind], form=form, refused=refused
    )
