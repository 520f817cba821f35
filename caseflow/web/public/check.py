"""Is this letter ours? Anybody may ask, with the code on the paper; the answer names nobody."""

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims.letter_models import Letter
from caseflow.claims.letters import find_letter
from caseflow.errors import TooMany
from caseflow.extensions import db
from caseflow.identifiers import grouped_code, read_check_code
from caseflow.notices.letters.operations import KINDS
from caseflow.notices.registry_letters import KINDS as REGISTRY_KINDS
from caseflow.notices.registry_letters import find_by_code
from caseflow.people import throttle
from caseflow.registry.letter_models import RegistryLetter
from caseflow.web import here
from caseflow.web.identity import address
from caseflow.web.public import public
from caseflow.web.security import requires

_THROTTLED = "letter"
_LONGEST_SHOWN = 40
_MISTYPED = (
    "Kode salah ketik. Kode ada 16 huruf dan angka, tertulis 4-4-4-4 di surat. Periksa lagi, lalu coba lagi."
)


@public.get("/periksa")
@requires("public.read")
def check() -> ResponseReturnValue:
    """Ask for the code; a code that was typed is looked up at once."""
    typed = request.args.get("kode", "")
    return _answer(typed) if typed.strip() else render_template("public/check.html", typed="")


@public.get("/periksa/<code>")
@requires("public.read")
def check_code(code: str) -> ResponseReturnValue:
    """Say whether the letter of this code is ours and still holds; the QR code of a letter leads here."""
    return _answer(code)


def _answer(typed: str) -> ResponseReturnValue:
    shown = typed[:_LONGEST_SHOWN]
    code = read_check_code(typed[: 4 * _LONGEST_SHOWN])
    if code is None:
        page = render_template("public/check.html", typed=shown, errors=[("kode", _MISTYPED)])
        return make_response(page, 422)
    letter = find_letter(here.session(), code) or find_by_code(here.session(), code)
    if letter is not None:
        kind = {**KINDS, **REGISTRY_KINDS}[letter.kind]
        return render_template("public/check_known.html", letter=letter, kind=kind, day=_day(letter))
    return _unknown(code)


def _unknown(code: str) -> ResponseReturnValue:
    """Count the try before answering: a stranger who tries codes is slowed down, who holds a letter is not."""
    try:
        throttle.begin(here.session(), _THROTTLED, address(), address(), now=clock.now())
    except TooMany as refusal:
        page = render_template(
            "public/check.html", typed=grouped_code(code), errors=[("kode", refusal.sentence)]
        )
        response = make_response(page, refusal.status)
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    db.session.commit()
    page = render_template(
        "public/check_unknown.html", code=grouped_code(code), again=url_for("public.check")
    )
    return make_response(page, 404)


def _day(letter: Letter | RegistryLetter) -> dict[str, object]:
    return {
        "issued": clock.local(letter.issued_at).date(),
        "revoked": clock.local(letter.revoked_at).date() if letter.revoked_at else None,
    }
