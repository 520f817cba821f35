"""The family's slip at the counter: seen who it is, printed once, revoked without questions."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from caseflow.claims import contacts
from caseflow.claims.models import Claim
from caseflow.errors import Invalid, NotPermitted, Stale
from caseflow.people import devices, slips
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.casework import casework
from caseflow.web.casework.frame import Refusal, fetch, may, render
from caseflow.web.casework.submit import require_fresh, show_again
from caseflow.web.forms import BaseForm, NameField, ReasonField
from caseflow.web.once import once
from caseflow.web.qr import qr_svg
from caseflow.web.security import requires

_TAB = "casework.case"


class SlipForm(BaseForm):
    """Who gets the slip, and that their card was seen."""

    holder_name = NameField(
        "Nama penerima slip", [InputRequired("Tulis nama seperti di KTP yang ditunjukkan.")]
    )
    seen = BooleanField("Saya sudah melihat KTP asli orang ini")


class RevokeForm(BaseForm):
    """Why a slip is no longer good."""

    slip_id = StringField("Slip", [InputRequired()])
    why = ReasonField("Mengapa dicabut", [InputRequired("Tulis mengapa slip dicabut, misalnya hilang.")])


@casework.get("/kasus/<number>/slip-keluarga")
@requires("slip.revoke")
def slip_page(number: str) -> ResponseReturnValue:
    """Show the slips in force and the phones that were opened."""
    claim = fetch(number)
    if not may("claim.read"):
        return _page(claim, None, slip=SlipForm(formdata=None))
    holder = contacts.family_name(here.session(), claim)
    return _page(claim, None, slip=SlipForm(formdata=None, data={"holder_name": holder}))


@casework.post("/kasus/<number>/slip-keluarga")
@requires("slip.issue")
def slip_print(number: str) -> ResponseReturnValue:
    """Make a slip and show it to be printed; the codes are readable in this one answer only."""
    claim, form = fetch(number), SlipForm()
    valid = form.validate()
    if valid and not form.seen.data:
        form.seen.errors = ["Lihat dulu KTP aslinya. Slip belum dibuat."]
        valid = False
    if not valid:
        return _page(claim, None, slip=form), 422
    try:
        require_fresh(claim, ())
    except Stale as refusal:
        return show_again(number, form, lambda fresh, why: _page(fresh, why, slip=form), refusal)
    settings = here.settings()
    printed = slips.issue_slip(
        here.session(),
        claim.id,
        form.holder_name.data or "",
        by=here.actor(),
        now=here.now(),
        pepper=settings.pepper,
    )
    address = f"{settings.base_url}/masuk-keluarga?nomor={claim.number}"
    return render_template(
        "casework/slip_printed.html",
        slip=printed,
        number=claim.number,
        worker_initial=claim.subject[:1].upper(),
        address=address,
        qr=qr_svg(address),
        back_href=url_for("casework.slip_page", number=claim.number),
    )


@casework.post("/kasus/<number>/slip-keluarga/cabut")
@requires("slip.revoke")
def slip_revoke(number: str) -> ResponseReturnValue:
    """Void a slip and close every phone that was opened with it."""
    claim, form = fetch(number), RevokeForm()
    if not form.validate():
        return _page(claim, None, revoke=form, slip=SlipForm(formdata=None)), 422

    def revoked() -> str:
        live = {slip.slip_id for slip in slips.live_slips(here.session(), claim.id)}
        slip_id = whole_number(form.slip_id.data, 0)
        if slip_id not in live:
            raise Invalid("Slip ini sudah tidak berlaku. Tidak ada yang berubah.")
        slips.revoke_slip(here.session(), slip_id, by=here.actor(), why=form.why.data or "", now=here.now())
        flash("Slip dicabut dan HP yang dibuka dengannya sudah ditutup.")
        return url_for("casework.slip_page", number=claim.number)

    return once(revoked)


@casework.post("/kasus/<number>/slip-keluarga/cabut-hp")
@requires("slip.revoke")
def phone_revoke(number: str) -> ResponseReturnValue:
    """Close one phone, also the one that the report was sent from."""
    claim = fetch(number)

    def revoked() -> str:
        device_id = whole_number(request.form.get("device_id"), 0)
        devices.revoke_device(here.session(), claim.id, device_id, by=here.actor(), now=here.now())
        flash("HP itu tidak bisa membuka kasus ini lagi.")
        return url_for("casework.slip_page", number=claim.number)

    return once(revoked)


def _page(claim: Claim, refusal: Refusal | None, *, slip: SlipForm, revoke: RevokeForm | None = None) -> str:
    session = here.session()
    if request.method == "POST" and not may("slip.revoke"):
        raise NotPermitted
    phones = devices.list_devices(session, claim.id, now=here.now())
    live = slips.live_slips(session, claim.id)
    if not may("claim.read"):
        return render_template(
            "casework/slip_closing.html", number=claim.number, live=live, devices=phones, revoke_form=revoke
        )
    return render(
        claim,
        _TAB,
        "slip.html",
        refusal=refusal,
        form=revoke if revoke and revoke.errors else slip,
        slip_form=slip,
        revoke_form=revoke or RevokeForm(formdata=None),
        live=live,
        devices=phones,
        may_issue=may("slip.issue"),
    )
