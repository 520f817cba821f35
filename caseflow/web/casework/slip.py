"""The family's slip at the counter, in the nagari and at a visit: seen who it is, printed once, revoked unasked."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from caseflow import clock
from caseflow.claims import contacts
from caseflow.claims.holders import Holder, get_claim_of_area, holders
from caseflow.claims.models import Claim
from caseflow.claims.owing import owe
from caseflow.errors import Invalid, NotFound, NotPermitted, Stale
from caseflow.people import devices, slips
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.casework import casework
from caseflow.web.casework.frame import Refusal, fetch, may, render
from caseflow.web.casework.submit import require_fresh, show_again
from caseflow.web.forms import BaseForm, NameField, ReasonField
from caseflow.web.once import once, shown_once
from caseflow.web.security import requires
from caseflow.web.slip_paper import paper_of

_TAB = "casework.case"
_OTHER = "lain"
PLACES = {"phone": "dari HP pelapor", "counter": "di loket", "nagari": "di nagari", "visit": "saat kunjungan"}


class SlipForm(BaseForm):
    """Who gets the slip, what they are to the worker, and which card showed it."""

    member = RadioField("Untuk siapa slip ini", choices=[], default=_OTHER, validate_choice=False)
    holder_name = NameField("Nama penerima slip")
    relation = StringField("Hubungan dengan pekerja", [Length(max=60)])
    seen = RadioField(
        "Kartu asli yang dilihat",
        choices=list(slips.SEEN),
        validators=[InputRequired("Pilih kartu yang dilihat.")],
    )
    is_them = BooleanField("Wajah dan nama orang di depan saya cocok dengan kartu itu")


class RevokeForm(BaseForm):
    """Why a slip is no longer good."""

    slip_id = StringField("Slip", [InputRequired()])
    why = ReasonField("Mengapa dicabut", [InputRequired("Tulis mengapa slip dicabut, misalnya hilang.")])


class NumberForm(BaseForm):
    """Which case."""

    number = StringField("Nomor laporan", validators=[InputRequired("Tulis nomor laporan.")])


@casework.get("/slip-keluarga")
@requires("slip.issue")
def slip_find() -> ResponseReturnValue:
    """Ask for the number of the case: the door of who helps families and reads no cases."""
    form = NumberForm(formdata=request.args)
    if not form.number.data:
        return render_template("casework/slip_find.html", form=form)
    try:
        number = _fetch(form.number.data).number
    except NotFound as refusal:
        form.number.errors = [refusal.sentence]
        return render_template("casework/slip_find.html", form=form), refusal.status
    return redirect(url_for("casework.slip_page", number=number), 303)


@casework.get("/kasus/<number>/slip-keluarga")
@requires("slip.revoke")
def slip_page(number: str) -> ResponseReturnValue:
    """Show the slips in force and the phones that were opened."""
    claim = _fetch(number)
    return _page(claim, None, slip=_form(claim, empty=True))


@casework.post("/kasus/<number>/slip-keluarga")
@requires("slip.issue")
def slip_print(number: str) -> ResponseReturnValue:
    """Make a slip and show it to be printed; the codes are readable in this one answer only."""
    claim = _fetch(number)
    form = _form(claim)
    given = _given(claim, form)
    if given is None:
        return _page(claim, None, slip=form), 422
    name, proof = given

    def printed() -> str:
        if may("claim.read"):
            require_fresh(claim, ())
        settings = here.settings()
        slip = slips.issue_slip(
            here.session(),
            claim.id,
            name,
            by=here.actor(),
            now=here.now(),
            pepper=settings.pepper,
            proof=proof,
        )
        owe(
            here.session(),
            claim,
            "slip_printed",
            occasion=f"slip-{slip.slip_id}",
            now=here.now(),
            values={"initial": slip.holder_name[:1].upper()},
        )
        return render_template(
            "casework/slip_printed.html",
            paper=paper_of(here.session(), claim, slip),
            back_href=url_for("casework.slip_page", number=claim.number),
        )

    try:
        return shown_once(printed, afterwards=url_for("casework.slip_page", number=claim.number))
    except Stale as refusal:
        return show_again(number, form, lambda fresh, why: _page(fresh, why, slip=form), refusal)


@casework.post("/kasus/<number>/slip-keluarga/cabut")
@requires("slip.revoke")
def slip_revoke(number: str) -> ResponseReturnValue:
    """Void a slip and close every phone that was opened with it."""
    claim, form = _fetch(number), RevokeForm()
    if not form.validate():
        return _page(claim, None, revoke=form, slip=_form(claim, empty=True)), 422

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
    claim = _fetch(number)

    def revoked() -> str:
        device_id = whole_number(request.form.get("device_id"), 0)
        devices.revoke_device(here.session(), claim.id, device_id, by=here.actor(), now=here.now())
        flash("HP itu tidak bisa membuka kasus ini lagi.")
        return url_for("casework.slip_page", number=claim.number)

    return once(revoked)


def _fetch(number: str) -> Claim:
    """Return the case: of the branch, or of the own nagari or regency for who helps families there."""
    by = here.actor()
    if by.branch_code is None:
        return get_claim_of_area(here.session(), number, by=by)
    return fetch(number)


def _form(claim: Claim, *, empty: bool = False) -> SlipForm:
    """Offer the relatives on record; who reads no cases types the name from the card."""
    session, known = here.session(), _holders(claim)
    first = {}
    if empty and may("claim.read") and not known:
        first["holder_name"] = contacts.family_name(session, claim)
    form = SlipForm(formdata=None, data=first) if empty else SlipForm()
    form.member.choices = [
        *((str(one.member_id), _called(one)) for one in known),
        (_OTHER, "Orang lain, namanya ditulis di bawah"),
    ]
    return form


def _holders(claim: Claim) -> list[Holder]:
    return holders(here.session(), claim, on=clock.today()) if may("claim.read") else []


def _called(one: Holder) -> str:
    if not one.is_minor:
        return f"{one.member_name}, {one.relation}"
    guardian = f"walinya {one.name}" if one.name else "tulis nama walinya di bawah"
    return f"{one.member_name}, {one.relation}, belum dewasa: {guardian}"


def _given(claim: Claim, form: SlipForm) -> tuple[str, slips.Proof] | None:
    """Return whose slip it is and what was seen, or write beside the fields what is missing."""
    valid = form.validate()
    chosen = next((one for one in _holders(claim) if str(one.member_id) == form.member.data), None)
    name = chosen.name if chosen and chosen.name else form.holder_name.data
    relation = chosen.relation if chosen and not chosen.is_minor else form.relation.data
    if chosen and chosen.is_minor:
        relation = f"wali dari {chosen.relation}"
    for field, value, sentence in (
        (form.holder_name, name, "Tulis nama seperti di kartu yang ditunjukkan."),
        (form.relation, relation, "Tulis hubungannya dengan pekerja, misalnya istri atau anak."),
        (form.is_them, form.is_them.data, "Cocokkan dulu orangnya dengan kartu. Slip belum dibuat."),
    ):
        if not value and not field.errors:
            field.errors = [sentence]
            valid = False
    if not valid:
        return None
    return name or "", slips.Proof(
        relation=relation or "",
        seen=form.seen.data or "",
        member_id=chosen.member_id if chosen else None,
        guardian_of=chosen.member_name if chosen and chosen.is_minor else None,
    )


def _page(claim: Claim, refusal: Refusal | None, *, slip: SlipForm, revoke: RevokeForm | None = None) -> str:
    session = here.session()
    if request.method == "POST" and not may("slip.revoke"):
        raise NotPermitted
    phones = devices.list_devices(session, claim.id, now=here.now())
    live = slips.live_slips(session, claim.id)
    shown = {
        "slip_form": slip,
        "live": live,
        "devices": phones,
        "may_issue": may("slip.issue"),
        "parts": {one.member_id: one.member_name for one in _holders(claim)},
        "places": PLACES,
        "seen": dict(slips.SEEN),
    }
    if not may("claim.read"):
        return render_template(
            "casework/slip_closing.html", number=claim.number, form=slip, revoke_form=revoke, **shown
        )
    return render(
        claim,
        _TAB,
        "slip.html",
        refusal=refusal,
        form=revoke if revoke and revoke.errors else slip,
        revoke_form=revoke or RevokeForm(formdata=None),
        held_until=slips.held_until(session, claim.id, now=here.now()),
        **shown,
    )
