"""Papers of a visit: the form for days without a phone, and the letter of duty that is shown at the door."""

import io
from collections.abc import Sequence

from flask import Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import InputRequired

from caseflow import clock
from caseflow.documents.queries import OpenedDocument
from caseflow.errors import NotFound
from caseflow.monitoring import plans
from caseflow.monitoring.models import Plan
from caseflow.notices import registry_letters, visit_order
from caseflow.notices.visit_form import print_form
from caseflow.people import policy
from caseflow.registry.letter_models import RegistryLetter
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.field import field
from caseflow.web.field.families import family_frame
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.letters import path_of, programme_sender, send_letter
from caseflow.web.security import requires
from caseflow.web.streaming import streamed


class RevokeOrderForm(BaseForm):
    """Why a letter of duty no longer holds."""

    letter = HiddenField(validators=[InputRequired()])
    why = LongTextField("Alasan pencabutan", [InputRequired("Tulis alasannya, paling sedikit 10 huruf.")])


@field.get("/kunjungan/<visit_id>/formulir.pdf")
@requires("visit.plan")
def paper_form(visit_id: str) -> Response:
    """Print the form of a visit."""
    visit = plans.get_visit(here.session(), visit_id, by=here.actor(), permission="visit.plan")
    plan = plans.plan_of(here.session(), visit)
    printed = print_form(here.session(), visit, plan, programme_sender(), today=clock.today())
    name = f"formulir-{plan.number}-{visit.kind}.pdf"
    return streamed(OpenedDocument(io.BytesIO(printed.body), "application/pdf", name, attachment=False))


@field.get("/keluarga/<plan_id>/surat-tugas")
@requires("visit.order")
def order_page(plan_id: str) -> ResponseReturnValue:
    """Show the letters of duty for a family."""
    return _page(_plan(plan_id))


@field.post("/keluarga/<plan_id>/surat-tugas")
@requires("visit.assign")
def order_issue(plan_id: str) -> ResponseReturnValue:
    """Issue one for the present visitor."""
    plan = _plan(plan_id)

    def work() -> str:
        letter = visit_order.issue_order(
            here.session(), here.store(), plan, programme_sender(),
            sign=here.settings().programme_sign, by=here.actor(), now=here.now(),
        )  # fmt: skip
        flash(f"Surat tugas nomor {letter.number} terbit.")
        return url_for("field.order_page", plan_id=plan_id)

    return attempt(work, lambda refused: _page(_plan(plan_id), refused))


@field.post("/keluarga/<plan_id>/surat-tugas/cabut")
@requires("visit.assign")
def order_revoke(plan_id: str) -> ResponseReturnValue:
    """Revoke one."""
    form = RevokeOrderForm()
    plan = _plan(plan_id)

    def work() -> str:
        letter = _letter(plan, str(form.letter.data))
        registry_letters.revoke_registry_letter(
            here.session(),
            letter,
            why=str(form.why.data),
            permission="visit.assign",
            by=here.actor(),
            now=here.now(),
        )
        flash(f"Surat tugas nomor {letter.number} dicabut.")
        return url_for("field.order_page", plan_id=plan_id)

    return attempt(work, lambda refused: _page(_plan(plan_id), refused, form), form)


@field.get("/keluarga/<plan_id>/surat-tugas/<number>")
@requires("visit.order")
def order_letter(plan_id: str, number: str) -> Response:
    """Open a letter of duty."""
    letter = _letter(_plan(plan_id), number)
    body = registry_letters.open_registry_letter(here.session(), here.store(), letter, by=here.actor())
    return send_letter(letter, body, save=False)


def _plan(plan_id: str) -> Plan:
    return plans.get_plan(here.session(), plan_id, by=here.actor(), permission="visit.order")


def _letter(plan: Plan, number: str) -> RegistryLetter:
    found = next(
        (one.letter for one in visit_order.orders_of(here.session(), plan) if path_of(one.letter) == number),
        None,
    )
    if found is None:
        raise NotFound("Surat tugas ini tidak ditemukan. Periksa nomornya.")
    return found


def _page(plan: Plan, refused: Sequence[str] = (), form: RevokeOrderForm | None = None) -> str:
    orders = visit_order.orders_of(here.session(), plan)
    return render_template(
        "field/orders.html",
        **family_frame(plan),
        orders=[(one, path_of(one.letter)) for one in orders],
        may_issue=policy.allows(here.actor(), "visit.assign"),
        form=form,
        revoke=form or RevokeOrderForm(formdata=None),
        refused=refused,
    )
