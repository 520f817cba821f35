"""How much a family's phone has to prove: level 1 is open, 2 unlocked, 3 never from a phone (permissions.yaml)."""

from urllib.parse import quote

from flask import Flask, Response, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import PasswordField, StringField

from caseflow import clock
from caseflow.errors import CaseflowError
from caseflow.extensions import db
from caseflow.people import pins, policy
from caseflow.web import here, resend
from caseflow.web.forms import BaseForm

UNLOCK = "/berkas/buka-kunci"


class UnlockForm(BaseForm):
    """Either of two proofs."""

    pin = PasswordField("PIN 6 angka")
    code = StringField("Kode slip yang belum dipakai")


class PhoneLocked(CaseflowError):
    """The act is theirs, but the phone is locked. Nothing was saved; what was typed is kept."""

    status = 401


class OnlyInPerson(CaseflowError):
    """Nothing that a phone can prove is enough."""

    status = 403


def init_phone_lock(app: Flask) -> None:
    """Answer with the page that unlocks, or with who to go to."""
    app.register_error_handler(PhoneLocked, _ask)
    app.register_error_handler(OnlyInPerson, _send_to_the_office)


def require_level(permission: str) -> ResponseReturnValue | None:
    """Let a phone go on that proves enough; lead it to unlocking otherwise.

    :raises PhoneLocked: for what was sent, with the form kept. :raises NotPermitted: the phone of a helper.
    """
    by = here.find_actor()
    if by is None or by.kind != "family" or policy.level_of(permission) < policy.UNLOCKED:
        return None
    pins.require_own(g.device)
    if g.device.is_unlocked(clock.now()):
        return None
    if request.method in {"GET", "HEAD"}:
        return redirect(f"{UNLOCK}?lanjut={quote(request.full_path.rstrip('?'))}", code=303)
    raise PhoneLocked("HP ini terkunci, jadi yang baru dikirim belum tersimpan.")


def refuse_level_three(permission: str) -> None:
    """Tell a family's phone that this is done in person, rather than asking it to sign in as staff.

    :raises OnlyInPerson: for the phone of a family.
    """
    if g.device is not None and policy.level_of(permission) == policy.IN_PERSON:
        raise OnlyInPerson("Ini tidak bisa lewat HP. Belum ada yang berubah.")


def _ask(error: PhoneLocked) -> Response:
    kept = resend.fields()
    db.session.rollback()
    body = render_template(
        "family/unlock.html",
        form=UnlockForm(formdata=None),
        sentence=error.sentence,
        has_pin=g.device.has_pin,
        target=request.path,
        kept=resend.folded(kept) if kept else "",
    )
    return make_response(body, error.status)


def _send_to_the_office(error: OnlyInPerson) -> Response:
    db.session.rollback()
    return make_response(render_template("family/in_person.html", sentence=error.sentence), error.status)
