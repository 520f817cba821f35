"""“Siapa yang membantu”: who acts for the family, since when, until when, what they did, and ending it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow.claims.queries import get_report
from caseflow.people import mandates, relations
from caseflow.people.mandates import Deed
from caseflow.people.models import HelperMandate
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.family.wording import is_close, require_close
from caseflow.web.identity import FAMILY_COOKIE, take_cookie
from caseflow.web.public import drafts
from caseflow.web.security import requires

_DID = {
    "device.opened": "Membuka laporan di HP",
    "document.stored": "Mengirim dokumen",
    "device.revoked": "Menutup laporan di sebuah HP",
}
_DID_SOMETHING = "Mengisi sesuatu di laporan"
_WROTE = "Menuliskan laporan"
_ENDED_BY_FAMILY = "dihentikan keluarga"
_ENDED_BY_HELPER = "pembantu berhenti sendiri"


@dataclass(frozen=True)
class Helper:
    """One helper as the family reads it; ``ended`` says how it ended, ``None`` while it lasts."""

    mandate_id: int
    name: str
    relation: str
    given_by: str
    given_how: str
    since: datetime
    until: date
    ended: str | None
    deeds: tuple[tuple[str, datetime], ...]


@family.get("/pembantu")
@requires("family.helpers")
def helpers() -> ResponseReturnValue:
    """Show every helper of the case; a helper sees only the own mandate, and who only gave the notice none."""
    claim, session, by = own_claim(), here.session(), here.actor()
    report, close = get_report(session, claim.id), is_close(session, claim, by=by)
    did = mandates.deeds(session, claim.id)
    shown = [
        _helper(
            one,
            did.get(one.id, ()),
            wrote=one.helper_name == report.reporter_name or bool(one.helped_by_user_id),
        )
        for one in mandates.every(session, claim.id)
        if close or one.id == by.mandate_id
    ]
    return render_template("family/helpers.html", claim=claim, helpers=shown, by=by, close=close)


@family.post("/pembantu/hentikan")
@requires("family.helpers")
def end_help() -> ResponseReturnValue:
    """End a helper's rights at once. Who ends the own help leaves nothing on this phone."""
    claim, by = own_claim(), here.actor()
    if not by.is_helper:
        require_close(here.session(), claim, by=by)
    why = _ENDED_BY_HELPER if by.is_helper else _ENDED_BY_FAMILY
    mandates.end(
        here.session(), claim.id, whole_number(request.form.get("mandate_id"), 0), why, by=by, now=here.now()
    )
    if not by.is_helper:
        flash("Bantuan dihentikan. HP pembantu tidak bisa membuka laporan ini lagi.")
        return redirect(url_for("family.helpers"), 303)
    response = take_cookie(make_response(redirect(url_for("public.home"), 303)), FAMILY_COOKIE)
    drafts.note_opened(here.session(), claim.id)
    drafts.forget_draft(response)
    return response


def _helper(mandate: HelperMandate, did: Iterable[Deed], *, wrote: bool) -> Helper:
    deeds = [(_DID.get(deed.action, _DID_SOMETHING), deed.at) for deed in did]
    if wrote:
        deeds.append((_WROTE, mandate.given_at))
    return Helper(
        mandate_id=mandate.id,
        name=mandate.helper_name,
        relation=relations.words(mandate.helper_relation),
        given_by=f"{mandate.given_by_name} ({relations.words(mandate.given_by_relation)})",
        given_how=mandates.HOW[mandate.given_how],
        since=mandate.given_at,
        until=mandate.ends_on,
        ended=mandate.ended_why
        or (None if mandates.is_in_force(mandate, here.now()) else "harinya sudah lewat"),
        deeds=tuple(deeds),
    )
