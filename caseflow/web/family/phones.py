"""Phones that open the case: the list, closing one, this one is borrowed, leaving it."""

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow.errors import NotFound
from caseflow.people import devices
from caseflow.web import here
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.identity import FAMILY_COOKIE, take_cookie
from caseflow.web.public import drafts
from caseflow.web.security import requires


@family.get("/hp")
@requires("family.devices")
def phones() -> ResponseReturnValue:
    """Which phones open this case for its holder."""
    claim, by = own_claim(), here.actor()
    listed = devices.list_devices(here.session(), claim.id, now=here.now(), holder_name=by.name)
    return render_template(
        "family/phones.html", claim=claim, phones=listed, this_phone=by.device_id, most=devices.MOST_OPEN
    )


@family.post("/hp/cabut")
@requires("family.devices")
def close_phone() -> ResponseReturnValue:
    """Close a phone that was lost, sold or never theirs."""
    claim = own_claim()
    device_id = request.form.get("device_id", "")
    if not (device_id.isascii() and device_id.isdigit()):
        raise NotFound("HP ini sudah tidak terdaftar.")
    devices.revoke_device(here.session(), claim.id, int(device_id[:18]), by=here.actor(), now=here.now())
    flash("HP itu tidak bisa membuka laporan ini lagi.")
    return redirect(url_for("family.phones"), 303)


@family.post("/hp/pinjaman")
@requires("family.devices")
def lend_phone() -> ResponseReturnValue:
    """Remember that this phone is somebody else's."""
    own_claim()
    devices.lend(here.session(), g.device, by=here.actor(), now=here.now())
    flash("Dicatat. Laporan di HP ini tertutup sendiri 60 menit setelah terakhir dipakai.")
    return redirect(url_for("family.phones"), 303)


@family.post("/tutup")
@requires("family.read")
def close() -> ResponseReturnValue:
    """Close the case on this phone and leave nothing of it behind.

    Not ``"storage"``: the phone may be a visitor's, and holds visits that no server has yet. Files that the family had
    waiting are forgotten by the form itself (``forms.js``).
    """
    claim = own_claim()
    if g.device is not None:
        devices.revoke_device(here.session(), claim.id, g.device.device_id, by=here.actor(), now=here.now())
    response = take_cookie(make_response(redirect(url_for("public.home"), 303)), FAMILY_COOKIE)
    drafts.note_opened(here.session(), claim.id)
    drafts.forget_draft(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
