"""The confidential flag: told to the inspector alone, and the page after it says so."""

from collections.abc import Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from caseflow.monitoring import flags, plans
from caseflow.monitoring.models import Plan
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.field import field
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.once import FIELD
from caseflow.web.security import requires

_LONGEST_KEY = 64


class FlagForm(BaseForm):
    """What was seen or told."""

    kind = RadioField(
        "Tentang apa?", choices=list(flags.KINDS.items()), validators=[InputRequired("Pilih tandanya.")]
    )
    words = LongTextField("Ceritakan", [InputRequired("Ceritakan apa yang dilihat atau didengar.")])


@field.get("/keluarga/<plan_id>/tanda")
@requires("referral.edit")
def flag_page(plan_id: str) -> ResponseReturnValue:
    """Ask what the inspector should know."""
    return _page(_get(plan_id), FlagForm(formdata=None))


@field.post("/keluarga/<plan_id>/tanda")
@requires("referral.edit")
def flag_post(plan_id: str) -> ResponseReturnValue:
    """Tell the inspector."""
    plan, form = _get(plan_id), FlagForm()

    def work() -> str:
        flags.flag(
            here.session(),
            plan,
            form.kind.data or "",
            form.words.data or "",
            key=request.form.get(FIELD, "")[:_LONGEST_KEY],
            by=here.actor(),
            now=here.now(),
        )
        return url_for("field.flag_sent", plan_id=plan_id)

    return attempt(work, lambda refused: _page(_get(plan_id), form, refused), form)


@field.get("/keluarga/<plan_id>/tanda/terkirim")
@requires("referral.edit")
def flag_sent(plan_id: str) -> ResponseReturnValue:
    """Say who reads it and who does not."""
    return render_template("field/flag_sent.html", plan=_get(plan_id))


def _get(plan_id: str) -> Plan:
    return plans.get_plan(here.session(), plan_id, by=here.actor(), permission="referral.edit")


def _page(plan: Plan, form: FlagForm, refused: Sequence[str] = ()) -> str:
    return render_template("field/flag.html", plan=plan, form=form, refused=refused)
