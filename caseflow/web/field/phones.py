"""Phones prepared for visits: one's own, or those of the area; taking one back with a reason."""

from collections.abc import Sequence

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from caseflow.errors import NotFound
from caseflow.monitoring import devices
from caseflow.monitoring.devices import Phone
from caseflow.people import policy
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.field import field
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.security import requires


class RevokeForm(BaseForm):
    """Why a phone is taken back."""

    why = LongTextField("Alasan", [InputRequired("Tulis alasannya, paling sedikit 10 huruf.")])


@field.get("/perangkat")
@requires("visit.device")
def phone_list() -> ResponseReturnValue:
    """List the phones, what needs looking at first."""
    return render_template(
        "field/phones.html",
        rows=devices.phones(here.session(), by=here.actor()),
        of_area=policy.mark(here.actor(), "visit.device") == "full",
        now=here.now(),
    )


@field.get("/perangkat/<uuid>/cabut")
@requires("visit.device")
def phone_revoke_page(uuid: str) -> ResponseReturnValue:
    """Ask why."""
    return _page(uuid, RevokeForm(formdata=None), [])


@field.post("/perangkat/<uuid>/cabut")
@requires("visit.device")
def phone_revoke(uuid: str) -> ResponseReturnValue:
    """Take it back."""
    form = RevokeForm()
    _phone(uuid)

    def work() -> str:
        device = devices.revoke(here.session(), uuid, form.why.data or "", by=here.actor(), now=here.now())
        flash(
            f"{device.name} dicabut. HP itu menghapus data keluarga begitu tersambung, lalu memberi kabar di sini."
        )
        return url_for("field.phone_list")

    return attempt(work, lambda refused: _page(uuid, form, refused), form)


def _page(uuid: str, form: RevokeForm, refused: Sequence[str]) -> str:
    return render_template("field/phone_revoke.html", phone=_phone(uuid), form=form, refused=refused)


def _phone(uuid: str) -> Phone:
    found = next(
        (one for one in devices.phones(here.session(), by=here.actor()) if one.public_id == uuid), None
    )
    if found is None:
        raise NotFound("HP ini tidak ditemukan di daftar Anda.")
    return found
