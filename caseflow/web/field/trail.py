"""The livelihood trail of a family, what its supervisor does with it, and how many businesses still give a living."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from caseflow import clock
from caseflow.audit.operations import note_look
from caseflow.monitoring import addenda, lists, pictures, plans, receipt_told, survival, validation
from caseflow.monitoring.models import Plan
from caseflow.monitoring.offers import KIND_LABELS
from caseflow.monitoring.referrals import STATE_LABELS, is_overdue
from caseflow.monitoring.titles import OUTCOMES, VISITS
from caseflow.monitoring.trail import PROMISE, Trail, trail_of
from caseflow.notices.visit_report import reports_in_force
from caseflow.people import policy
from caseflow.reports import trail_charts
from caseflow.reports.result_choice import freshness
from caseflow.reports.survival_counts import families_of_area
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.field import field
from caseflow.web.security import requires

NOT_SEEN_LABELS: Mapping[str, str] = {
    **{one: words.removeprefix("keluarga ") for one, words in OUTCOMES.items()},  # after a number of families
    "not_yet": "belum dikunjungi",
    "not_told": "ditemui tetapi tidak bercerita tentang usaha",
}


@field.get("/keluarga/<plan_id>/jejak")
@requires("trail.read")
def trail_page(plan_id: str) -> ResponseReturnValue:
    """Show the trail of one family."""
    return _page(_get(plan_id, "trail.read"))


@field.post("/keluarga/<plan_id>/santunan")
@requires("visit.validate")
def pass_on_post(plan_id: str) -> ResponseReturnValue:
    """Let the branch know that the family's money is not whole."""
    plan = _get(plan_id, "visit.validate")

    def work() -> str:
        receipt_told.pass_on(here.session(), plan, by=here.actor(), now=here.now())
        flash(
            "Kantor cabang sekarang melihat keluarga ini di daftar Belum diterima. Pembayaran tidak berubah."
        )
        return url_for("field.trail_page", plan_id=plan_id)

    return attempt(work, lambda refused: trail_again(plan_id, refused))


@field.post("/kunjungan/<visit_id>/periksa")
@requires("visit.validate")
def validate_post(visit_id: str) -> ResponseReturnValue:
    """Put down that the supervisor read a visit and found it in order."""
    visit = plans.get_visit(here.session(), visit_id, by=here.actor(), permission="visit.validate")
    plan = here.session().get_one(Plan, visit.plan_id)

    def work() -> str:
        validation.validate(here.session(), visit, by=here.actor(), now=here.now())
        flash("Isi kunjungan sudah Anda periksa.")
        return url_for("field.trail_page", plan_id=plan.public_id)

    return attempt(work, lambda refused: trail_again(plan.public_id, refused))


@field.get("/penghidupan")
@requires("trail.read")
def survival_page() -> ResponseReturnValue:
    """Show of how many families a business still gives a living, of one's own families or of the area."""
    session, by = here.session(), here.actor()
    own = policy.mark(by, "trail.read") == "own"
    if own:
        where = plans.reachable(by, "trail.read")
        families = survival.alike(survival.told_until(session, clock.today(), where))
    else:
        families = families_of_area(session, by=by, permission="trail.read")
    points = survival.curve(families)
    return render_template(
        "field/survival.html",
        points=points,
        chart=Markup(trail_charts.survival_line(points)),  # noqa: S704
        own=own,
        fresh=None if own else freshness(session),
        few=trail_charts.FEW,
        not_seen=NOT_SEEN_LABELS,
        promise=PROMISE,
    )


def trail_again(plan_id: str, refused: Sequence[str]) -> str:
    """Show the trail over its newest state, with what was refused."""
    return _page(_get(plan_id, "trail.read"), refused)


def trail_parts(plan: Plan) -> dict[str, Any]:
    """Return what ``field/parts/trail.html`` shows of a plan that was fetched."""
    by, today = here.actor(), clock.today()
    trail = trail_of(here.session(), plan, today=today)
    return {
        "trail": trail,
        "promise": PROMISE,
        "visit_titles": VISITS,
        "outcomes": OUTCOMES,
        "family": lists.name_of(trail.honorific, trail.subject),
        "help_kinds": KIND_LABELS,
        "referral_states": STATE_LABELS,
        "overdue": {one.id for one in trail.referrals if is_overdue(one, today)},
        "may_refer": policy.allows(by, "referral.edit"),
        "may_validate": policy.allows(by, "visit.validate"),
    }


def _get(plan_id: str, permission: str) -> Plan:
    return plans.get_plan(here.session(), plan_id, by=here.actor(), permission=permission)


def _page(plan: Plan, refused: Sequence[str] = ()) -> str:
    note_look(here.session(), plan.claim_id, by=here.actor())  # the family sees who opened its page
    parts = trail_parts(plan)
    visits = [step.visit for step in parts["trail"].steps]
    arrived = pictures.photos_of(here.session(), [visit.id for visit in visits])
    return render_template(
        "field/trail.html",
        plan=plan,
        refused=refused,
        charts=_charts(parts["trail"]),
        photos={key: [one for one in found if pictures.may_be_seen(one)] for key, found in arrived.items()},
        held={key: [one for one in found if not pictures.may_be_seen(one)] for key, found in arrived.items()},
        shows=pictures.SHOWS,
        addenda=addenda.addenda_of(here.session(), [visit.id for visit in visits]),
        may_add=lambda visit: addenda.may_add(visit) and plan.visitor_user_id == here.actor().user_id,
        reports=reports_in_force(here.session(), visits),
        **parts,
    )


def _charts(trail: Trail) -> dict[str, Any]:
    told = [
        (step.record.made_on, step.record.livelihood_stage)
        for step in trail.steps
        if step.record.livelihood_stage is not None
    ]
    return {
        "stages": Markup(trail_charts.stage_line(trail.plan.paid_on, told)) if told else None,  # noqa: S704
        "shares": {share.use: Markup(trail_charts.share_bar(share.percent)) for share in trail.shares},  # noqa: S704
    }
