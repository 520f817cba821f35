"""The PIN of this phone: set, change, unlock, lock again, do without. Without a PIN a code of the slip unlocks."""

from datetime import datetime

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import PasswordField

from caseflow.claims.holders import days_of
from caseflow.errors import CaseflowError, Invalid, NotPossible, TooMany
from caseflow.people import pins
from caseflow.people.devices import Device
from caseflow.web import here, phones, resend
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.family.wording import is_close, require_close
from caseflow.web.forms import BaseForm
from caseflow.web.phone_lock import UnlockForm
from caseflow.web.refusals import with_wait
from caseflow.web.security import requires, safe_next

NOT_ALIKE = "Dua PIN ini tidak sama. Tulis lagi keduanya. PIN belum tersimpan."
NOTHING_TYPED = "Tulis PIN, atau satu kode slip yang belum dipakai."


class PinForm(BaseForm):
    """A new PIN, twice against slips of the finger."""

    pin = PasswordField("PIN baru, 6 angka")
    again = PasswordField("Tulis PIN sekali lagi")


@family.get("/kunci")
@requires("family.devices")
def lock_page() -> ResponseReturnValue:
    """Whether this phone has a PIN, whether it is unlocked, and what can be done."""
    return _lock_page(PinForm(formdata=None))


@family.post("/kunci")
@requires("family.devices")
def set_pin() -> ResponseReturnValue:
    """Keep a PIN for this phone."""
    form, device = PinForm(), _device()
    try:
        pins.require_may_set(here.session(), device, now=here.now())
        require_close(here.session(), own_claim(), by=here.actor())
        pin_hash = phones.hashed_pin(device, _new_pin(form))
        pins.set_pin(here.session(), device, pin_hash, by=here.actor(), now=here.now())
    except Invalid as refused:
        for name, sentence in refused.fields.items():
            form[name].errors = [sentence]
        return _lock_page(form), refused.status
    flash("PIN tersimpan. Bagian yang dikunci terbuka 15 menit, lalu terkunci sendiri.")
    return redirect(url_for("family.lock_page"), 303)


@family.post("/kunci/tutup")
@requires("family.devices")
def lock_now() -> ResponseReturnValue:
    """Lock again before the quarter of an hour is over."""
    own_claim()
    pins.lock(here.session(), _device(), by=here.actor())
    flash("Terkunci.")
    return redirect(url_for("family.lock_page"), 303)


@family.post("/kunci/hapus")
@requires("family.devices")
def remove_pin() -> ResponseReturnValue:
    """Do without a PIN."""
    own_claim()
    pins.remove_pin(here.session(), _device(), by=here.actor(), now=here.now())
    flash("PIN dihapus. Bagian yang dikunci dibuka dengan kode slip.")
    return redirect(url_for("family.lock_page"), 303)


@family.get("/buka-kunci")
@requires("family.devices")
def unlock_page() -> ResponseReturnValue:
    """Ask for the PIN or a code, then go on to where one was going."""
    own_claim()
    target = _target(request.args.get("lanjut"))
    if _device().is_unlocked(here.now()):
        return redirect(target, 303)
    return _unlock_page(UnlockForm(formdata=None), target)


@family.post("/buka-kunci")
@requires("family.devices")
def unlock() -> ResponseReturnValue:
    """Unlock. A form that was kept is shown to be sent by the person; nothing is sent by itself."""
    claim, form = own_claim(), UnlockForm()
    target, number = _target(request.form.get("lanjut")), claim.number
    try:
        until = _unlocked(form, number)
    except (Invalid, NotPossible, TooMany) as refused:
        return _refused(form, target, refused)
    kept = resend.unfolded(request.form.get("isian", ""))
    if kept is None and "." not in target.rsplit("/", 1)[-1]:
        return redirect(target, 303)
    return render_template("family/unlocked.html", until=until, target=target, fields=kept)


def _new_pin(form: PinForm) -> str:
    pin = pins.read_pin(form.pin.data or "")
    if pin != pins.read_pin(form.again.data or ""):
        raise Invalid({"again": NOT_ALIKE})
    pins.check_strength(pin, days_of(here.session(), own_claim()))
    return pin


def _unlocked(form: UnlockForm, number: str) -> datetime:
    if form.code.data:
        return phones.unlock_with_code(_device(), number, form.code.data)
    if form.pin.data:
        return phones.unlock_with_pin(_device(), form.pin.data)
    raise Invalid({"pin" if _device().has_pin else "code": NOTHING_TYPED})


def _device() -> Device:
    device: Device = g.device
    return device


def _target(asked: str | None) -> str:
    """Return an address of this family's pages, and nothing else."""
    found = safe_next(asked, url_for("family.lock_page"))
    return found if found.startswith("/berkas/") else url_for("family.lock_page")


def _refused(form: UnlockForm, target: str, refused: CaseflowError) -> ResponseReturnValue:
    usual = "code" if form.code.data or not _device().has_pin else "pin"
    named = refused.fields if isinstance(refused, Invalid) else {usual: refused.sentence}
    for name, sentence in named.items():
        form[name if name in form else usual].errors = [sentence]
    return with_wait(_unlock_page(form, target), refused)


def _unlock_page(form: UnlockForm, target: str) -> str:
    return render_template(
        "family/unlock.html",
        form=form,
        sentence=None,
        has_pin=_device().has_pin,
        target=target,
        kept=request.form.get("isian", ""),
    )


def _lock_page(form: PinForm) -> str:
    device, claim, now = _device(), own_claim(), here.now()
    return render_template(
        "family/lock.html",
        claim=claim,
        form=form,
        device=device,
        helper=not is_close(here.session(), claim, by=here.actor()),
        open_until=device.unlocked_until if device.is_unlocked(now) else None,
        may_set=pins.may_set(here.session(), device, now=now),
    )
