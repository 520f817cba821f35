"""Who visits a family, changed by a supervisor; ending or finishing a family's plan."""

from collections.abc import Sequence

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from caseflow.errors import Invalid
from caseflow.monitoring import handing, plans, steps, visitors
from caseflow.monitoring.models import Plan
from caseflow.notices import visit_order
from caseflow.people.models import StaffUser
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.field import field
from caseflow.web.field.families import family_frame
from caseflow.web.forms import BaseForm, LongTextField, choices
from caseflow.web.security import requires

_NOBODY = "-"


class AssignForm(BaseForm):
    """Who shall visit."""

    visitor = RadioField("Petugas sosial", validators=[InputRequired("Pilih petugasnya.")], choices=[])
    whole_nagari = BooleanField("Semua keluarga di nagari ini, juga yang baru")


class EndForm(BaseForm):
    """Why a family is not followed any more."""

    why = RadioField("Sebab", validators=[InputRequired("Pilih sebabnya.")], choices=[])
    words = LongTextField("Keterangan", [InputRequired("Tulis keterangannya, paling sedikit 10 huruf.")])


@field.get("/keluarga/<plan_id>/petugas")
@requires("visit.assign")
def assign_page(plan_id: str) -> ResponseReturnValue:
    """Show who could visit, with how many families each follows."""
    plan = _plan(plan_id, "visit.assign")
    return _assign_page(plan, _assign_form(plan, empty=True), [])


@field.post("/keluarga/<plan_id>/petugas")
@requires("visit.assign")
def assign(plan_id: str) -> ResponseReturnValue:
    """Give the family, or the nagari, to somebody else."""
    form = _assign_form(_plan(plan_id, "visit.assign"))

    def work() -> str:
        session, plan = here.session(), _plan(plan_id, "visit.assign")
        able = {one.username: one for one in visitors.visitors_of(session, plan.region_code)}
        chosen = able.get(form.visitor.data or "")
        # also one who is gone: that is when a family most needs another
        seen = handing.find_visitor(session, request.form.get("seen", ""))
        if chosen is None:
            raise Invalid({"visitor": "Pilih petugas dari daftar ini. Belum ada yang berubah."})
        moved = plans.assign(
            session,
            plan,
            chosen.user_id,
            instead_of=seen.id if seen else None,
            by=here.actor(),
            now=here.now(),
            whole_nagari=bool(form.whole_nagari.data),
        )
        visit_order.revoke_replaced(session, plan.region_code, by=here.actor(), now=here.now())
        flash(
            f"{moved} keluarga sekarang didampingi {chosen.name}. HP petugas lama melepasnya saat tersambung."
            if moved
            else f"Tidak ada yang berubah: {chosen.name} sudah mendampingi."
        )
        return url_for("field.family_page", plan_id=plan_id)

    return attempt(work, lambda refused: _assign_page(_plan(plan_id, "visit.assign"), form, refused), form)


@field.get("/keluarga/<plan_id>/henti")
@requires("visit.supervise")
def end_page(plan_id: str) -> ResponseReturnValue:
    """Ask why."""
    return _end_page(_plan(plan_id, "visit.supervise"), _end_form(empty=True), [])


@field.post("/keluarga/<plan_id>/henti")
@requires("visit.supervise")
def end(plan_id: str) -> ResponseReturnValue:
    """End the plan and cancel what is still to come."""
    form = _end_form()
    _plan(plan_id, "visit.supervise")

    def work() -> str:
        plan = _plan(plan_id, "visit.supervise")
        if len(" ".join((form.words.data or "").split())) not in plans.REASON:
            raise Invalid(
                {"words": "Tulis keterangannya, 10 sampai 500 huruf. Pendampingan belum dihentikan."}
            )
        plans.take_step(
            here.session(),
            plan,
            "end",
            by=here.actor(),
            expected_version=whole_number(request.form.get("version")),
            now=here.now(),
            reason_code=form.why.data,
            reason_text=form.words.data,
        )
        flash("Pendampingan dihentikan. Kunjungan yang belum dijalani dibatalkan.")
        return url_for("field.family_page", plan_id=plan_id)

    return attempt(work, lambda refused: _end_page(_plan(plan_id, "visit.supervise"), form, refused), form)


def _plan(plan_id: str, permission: str) -> Plan:
    return plans.get_plan(here.session(), plan_id, by=here.actor(), permission=permission)


def _assign_form(plan: Plan, *, empty: bool = False) -> AssignForm:
    found = visitors.visitors_of(here.session(), plan.region_code)
    form = AssignForm(formdata=None, data={"visitor": _seen(plan)}) if empty else AssignForm()
    form.visitor.choices = choices((one.username, one.name) for one in found)
    return form


def _seen(plan: Plan) -> str:
    visitor = here.session().get(StaffUser, plan.visitor_user_id) if plan.visitor_user_id else None
    return visitor.username if visitor is not None else _NOBODY


def _assign_page(plan: Plan, form: AssignForm, refused: Sequence[str]) -> str:
    found = visitors.visitors_of(here.session(), plan.region_code)
    hints = {
        one.username: f"{one.here} keluarga di nagari ini, {one.families} keluarga semuanya" for one in found
    }
    return render_template(
        "field/assign.html",
        **family_frame(plan),
        form=form,
        hints=hints,
        seen=_seen(plan),
        gone=plan.visitor_user_id is not None and plan.visitor_user_id not in {one.user_id for one in found},
        anybody=bool(found),
        refused=refused,
    )


def _end_form(*, empty: bool = False) -> EndForm:
    form = EndForm(formdata=None) if empty else EndForm()
    reasons = steps.latest().actions["end"].reasons
    form.why.choices = choices((one.code, one.label) for one in reasons)
    return form


def _end_page(plan: Plan, form: EndForm, refused: Sequence[str]) -> str:
    return render_template("field/end.html", **family_frame(plan), form=form, refused=refused)
