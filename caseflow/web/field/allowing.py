"""“Keluarga boleh dikunjungi lagi”: written down at a desk for a family that has no phone of its own."""

from collections.abc import Sequence
from datetime import date, datetime, time

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from caseflow import clock
from caseflow.monitoring import allowing, consents, plans
from caseflow.monitoring.allowing import Word
from caseflow.monitoring.models import Plan
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.field import field
from caseflow.web.field.families import family_frame
from caseflow.web.forms import BaseForm, DayField, HourField, NameField
from caseflow.web.security import requires


class AllowForm(BaseForm):
    """Who said so, when, and how."""

    said_by = NameField(
        "Siapa yang menyampaikan?", [InputRequired("Tulis nama anggota keluarga yang menyampaikan.")]
    )
    way = RadioField(
        "Bagaimana menyampaikannya?",
        validators=[InputRequired("Pilih cara keluarga menyampaikan.")],
        choices=list(allowing.WAYS.items()),
    )
    said_on = DayField("Hari disampaikan", [InputRequired("Isi tanggalnya.")])
    said_at = HourField("Jam disampaikan", [InputRequired("Isi jamnya, misalnya 09.30.")])
    read = BooleanField("Kalimat di atas sudah dibacakan, dan keluarga bersedia dikunjungi")


@field.get("/keluarga/<plan_id>/bolehkan")
@requires("visit.allow")
def allow_page(plan_id: str) -> ResponseReturnValue:
    """Ask who said so, when and how."""
    return _page(_plan(plan_id), AllowForm(formdata=None, data={"said_on": clock.today()}), [])


@field.post("/keluarga/<plan_id>/bolehkan")
@requires("visit.allow")
def allow_post(plan_id: str) -> ResponseReturnValue:
    """Let the visits go on."""
    form = AllowForm()
    _plan(plan_id)

    def work() -> str:
        said_at = datetime.combine(form.said_on.data or date.max, form.said_at.data or time(), clock.WIB)
        word = Word(form.said_by.data or "", said_at, form.way.data or "", bool(form.read.data))
        allowing.allow(here.session(), _plan(plan_id), word, by=here.actor(), now=here.now())
        flash("Tersimpan: keluarga ini boleh dikunjungi lagi. Kunjungan yang belum dijalani tampil di bawah.")
        return url_for("field.family_page", plan_id=plan_id)

    return attempt(work, lambda refused: _page(_plan(plan_id), form, refused), form)


def _plan(plan_id: str) -> Plan:
    return plans.get_plan(here.session(), plan_id, by=here.actor(), permission=allowing.PERMISSION)


def _page(plan: Plan, form: AllowForm, refused: Sequence[str]) -> str:
    return render_template(
        "field/allow.html",
        **family_frame(plan),
        form=form,
        text=consents.text_on(clock.today()),
        refused=refused,
    )
