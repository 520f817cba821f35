"""Works on the service, told beforehand on /layanan: listed, announced, taken back."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Regexp

from caseflow import clock
from caseflow.reports import service_health
from caseflow.web import here
from caseflow.web.admin import admin
from caseflow.web.attempts import attempt
from caseflow.web.forms import BaseForm, DayField
from caseflow.web.security import requires

_TIME = re.compile(r"^([01]?[0-9]|2[0-3])[.:][0-5][0-9]$")
_TIME_WANTED = "Tulis jam seperti 19.30. Belum tersimpan."


class WorkForm(BaseForm):
    """From when until when, and what does not work meanwhile."""

    starts_on = DayField("Mulai tanggal", [InputRequired("Isi tanggal mulainya.")])
    starts_time = StringField(
        "Mulai jam (WIB)", [InputRequired("Isi jam mulainya."), Regexp(_TIME, message=_TIME_WANTED)]
    )
    ends_on = DayField("Selesai tanggal", [InputRequired("Isi tanggal selesainya.")])
    ends_time = StringField(
        "Selesai jam (WIB)", [InputRequired("Isi jam selesainya."), Regexp(_TIME, message=_TIME_WANTED)]
    )
    words = TextAreaField("Apa yang terganggu", [InputRequired("Tulis apa yang terganggu.")])


@admin.get("/pekerjaan")
@requires("work.announce")
def works_page() -> ResponseReturnValue:
    """List what is announced, and ask for more."""
    return _page(WorkForm(formdata=None), [])


@admin.post("/pekerjaan")
@requires("work.announce")
def works_post() -> ResponseReturnValue:
    """Announce works."""
    form = WorkForm()

    def work() -> str:
        service_health.announce(
            here.session(),
            _instant(form.starts_on.data, form.starts_time.data),
            _instant(form.ends_on.data, form.ends_time.data),
            form.words.data or "",
            by=here.actor(),
            now=here.now(),
        )
        flash("Pengumuman disimpan. Semua orang membacanya di halaman keadaan layanan.")
        return url_for("admin.works_page")

    return attempt(work, lambda refused: _page(form, refused), form)


@admin.post("/pekerjaan/<public_id>/cabut")
@requires("work.announce")
def works_withdraw(public_id: str) -> ResponseReturnValue:
    """Take an announcement back."""

    def work() -> str:
        service_health.withdraw(here.session(), public_id, by=here.actor(), now=here.now())
        flash("Pengumuman dicabut.")
        return url_for("admin.works_page")

    return attempt(work, lambda refused: _page(WorkForm(formdata=None), refused))


def _page(form: WorkForm, refused: Sequence[str]) -> str:
    works = service_health.planned(here.session(), now=here.now())
    return render_template("admin/works.html", form=form, refused=refused, works=works)


def _instant(day: date | None, at: str | None) -> datetime:
    hours, minutes = (int(part) for part in re.split("[.:]", at or "0.00"))
    return datetime.combine(day or clock.today(), time(hours, minutes), clock.WIB)
