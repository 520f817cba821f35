"""Letters of a case: what was issued, what can be issued now, and each as the PDF that it is."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from caseflow.claims.decided import approved_statement
from caseflow.claims.letters import letters_of, revoke_letter
from caseflow.claims.models import Claim
from caseflow.errors import NotFound, NotPossible
from caseflow.formats import rupiah
from caseflow.notices.letters.invitation import Meeting, can_invite
from caseflow.notices.letters.operations import (
    KINDS,
    Wanted,
    issue_letter,
    open_letter,
    permission_for,
    preview_letter,
)
from caseflow.notices.letters.refusal import ENDS
from caseflow.notices.letters.request import papers_to_ask
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.casework import casework
from caseflow.web.casework.frame import Refusal, fetch, may, render
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm, DayField, HourField, LongTextField, ReasonField
from caseflow.web.letters import path_of, send_draft, send_letter, sender
from caseflow.web.security import requires

_TAB = "casework.letters_page"


class IssueForm(BaseForm):
    """Which letter to issue, on which paper."""

    kind = HiddenField(validators=[InputRequired()])
    paper = HiddenField(validators=[InputRequired()])


class MeetingForm(BaseForm):
    """Where and when the family meets."""

    place = StringField(
        "Tempat",
        [InputRequired("Tulis tempatnya, misalnya Kantor Nagari atau balai KAN."), Length(max=200)],
    )
    held_on = DayField("Tanggal", [InputRequired("Isi tanggal pertemuan.")])
    begins_at = HourField("Pukul", [InputRequired("Isi jam mulai, misalnya 09.30.")])
    invited = LongTextField(
        "Yang diundang", [InputRequired("Tulis siapa yang diundang, satu orang satu baris.")]
    )
    bring = LongTextField("Yang dibawa, selain KTP dan Kartu Keluarga")


class RevokeForm(BaseForm):
    """Why a letter no longer holds."""

    letter = HiddenField(validators=[InputRequired()])
    why = ReasonField("Mengapa dicabut", [InputRequired("Tulis mengapa surat ini dicabut.")])


@dataclass(frozen=True)
class Offer:
    """A letter that can be issued now; ``papers`` are the papers it comes on, each with its label."""

    kind: str
    label: str
    about: str
    papers: tuple[tuple[str, str], ...]


_A4 = (("a4", "Terbitkan surat"),)
_RECEIPTS = (("a4", "Terbitkan, A4"), ("counter", "Satu halaman A5"), ("roll", "Kertas 80 mm"))


@casework.get("/kasus/<number>/surat")
@requires("letter.read")
def letters_page(number: str) -> ResponseReturnValue:
    """Show the letters of a case, and those that can be issued."""
    return _page(fetch(number), None)


@casework.get("/kasus/<number>/surat-rincian")
@requires("letter.read")
def benefit_letter(number: str) -> ResponseReturnValue:
    """Lead on to the letters: this address stands in old notes."""
    fetch(number)
    return redirect(url_for(_TAB, number=number), 303)


@casework.get("/kasus/<number>/surat/<letter>.pdf")
@requires("letter.read")
def letter_file(number: str, letter: str) -> Response:
    """Show an issued letter: the stored bytes, however often."""
    claim = fetch(number)
    found, body = open_letter(here.session(), here.store(), claim.id, letter, by=here.actor())
    return send_letter(found, body, save=False)


@casework.get("/kasus/<number>/surat/pratinjau/<kind>/<paper>")
@requires("letter.read")
def letter_preview(number: str, kind: str, paper: str) -> Response:
    """Show a letter as it would be issued now; nothing is kept."""
    if paper not in {code for code, _label in _RECEIPTS}:
        raise NotFound("Surat seperti ini tidak ada.")
    return _draft(fetch(number), Wanted(kind, paper))


@casework.post("/kasus/<number>/surat")
@requires("letter.issue")
def letter_issue(number: str) -> ResponseReturnValue:
    """Issue a receipt, a request for papers or the explanation of a refusal."""
    return _issue(number, IssueForm())


@casework.post("/kasus/<number>/surat/keputusan")
@requires("letter.issue_decision")
def decision_issue(number: str) -> ResponseReturnValue:
    """Issue the letter of an approval."""
    return _issue(number, IssueForm(data={"kind": "decision", "paper": "a4"}), only="decision")


@casework.post("/kasus/<number>/surat/undangan")
@requires("letter.issue")
def invitation_issue(number: str) -> ResponseReturnValue:
    """Issue the invitation to a meeting; a former one is revoked."""
    form = MeetingForm()
    return _submit(number, form, lambda claim: _issued(claim, Wanted("invitation", meeting=_meeting(form))))


@casework.post("/kasus/<number>/surat/undangan/pratinjau")
@requires("letter.issue")
def invitation_preview(number: str) -> ResponseReturnValue:
    """Show the invitation as it would be issued; nothing is kept."""
    claim, form = fetch(number), MeetingForm()
    if not form.validate():
        return _page(claim, None, meeting=form), 422
    return _draft(claim, Wanted("invitation", meeting=_meeting(form)))


@casework.post("/kasus/<number>/surat/cabut")
@requires("letter.revoke")
def letter_revoke(number: str) -> ResponseReturnValue:
    """Revoke a letter: whoever checks it reads so."""
    form = RevokeForm()

    def revoked(claim: Claim) -> str:
        letter = revoke_letter(
            here.session(),
            claim,
            whole_number(form.letter.data, 0),
            why=form.why.data or "",
            by=here.actor(),
            now=here.now(),
        )
        return (
            f"Surat {letter.number} dicabut. Siapa pun yang memeriksanya membaca bahwa ia tidak berlaku lagi."
        )

    return _submit(number, form, revoked)


def _issue(number: str, form: IssueForm, *, only: str | None = None) -> ResponseReturnValue:
    wanted = Wanted(only or form.kind.data or "", form.paper.data or "a4")
    return _submit(number, form, lambda claim: _issued(claim, wanted))


def _submit(
    number: str, form: IssueForm | MeetingForm | RevokeForm, work: Callable[[Claim], str]
) -> ResponseReturnValue:
    def page(claim: Claim, refusal: Refusal | None) -> str:
        return _page(
            claim,
            refusal,
            meeting=form if isinstance(form, MeetingForm) else None,
            revoke=form if isinstance(form, RevokeForm) else None,
        )

    return submit(number, form, work, page, to=url_for(_TAB, number=number))


def _issued(claim: Claim, wanted: Wanted) -> str:
    session = here.session()
    before = {letter.id for letter in letters_of(session, claim.id)}
    letter = issue_letter(session, here.store(), claim, wanted, sender(), by=here.actor(), now=here.now())
    if letter.id in before:
        return f"Surat yang sama sudah terbit dengan nomor {letter.number}. Tidak ada yang terbit lagi."
    return f"Surat {letter.number} sudah terbit."


def _draft(claim: Claim, wanted: Wanted) -> Response:
    printed = preview_letter(here.session(), claim, wanted, sender(), by=here.actor(), now=here.now())
    return send_draft(printed)


def _meeting(form: MeetingForm) -> Meeting:
    if form.held_on.data is None:
        raise NotPossible("Isi tanggal pertemuan. Surat belum dibuat.")
    return Meeting(
        place=form.place.data or "",
        held_on=form.held_on.data,
        begins_at=form.begins_at.data,
        invited=form.invited.data or "",
        bring=form.bring.data or "",
    )


def _page(
    claim: Claim,
    refusal: Refusal | None,
    *,
    meeting: MeetingForm | None = None,
    revoke: RevokeForm | None = None,
) -> str:
    session = here.session()
    letters = letters_of(session, claim.id)
    return render(
        claim,
        _TAB,
        "letters.html",
        refusal=refusal,
        form=next((one for one in (meeting, revoke) if one is not None and one.errors), None),
        letters=letters,
        numbers={letter.id: letter.number for letter in letters},
        kinds=KINDS,
        path_of=path_of,
        offers=[offer for offer in _offers(claim) if may(permission_for(offer.kind))],
        meeting_form=(meeting or MeetingForm(formdata=None))
        if may("letter.issue") and can_invite(session, claim)
        else None,
        revoke_form=revoke or RevokeForm(formdata=None),
        may_revoke=may("letter.revoke"),
    )


def _offers(claim: Claim) -> list[Offer]:
    """Return what can be issued as the case stands; an invitation has a form of its own."""
    session = here.session()
    found = []
    asked = len(papers_to_ask(session, claim))
    if asked and claim.closed_at is None:
        about = f"{asked} dokumen: untuk apa, di mana, dan ke mana bertanya."
        found.append(Offer("document_request", KINDS["document_request"], about, _A4))
    approved = _approved_total(claim)
    if approved is not None:
        about = f"Santunan {rupiah(approved)}, baris demi baris dengan dasar aturannya."
        found.append(Offer("decision", KINDS["decision"], about, _A4))
    if claim.state in ENDS:
        about = "Baca pratinjaunya sebelum terbit. Yang memutuskan tidak menerbitkannya sendiri."
        found.append(Offer("refusal", KINDS["refusal"], about, _A4))
    if claim.state != "withdrawn":
        found.append(
            Offer(
                "receipt",
                KINDS["receipt"],
                "Siapa melapor, dokumen yang sudah diterima, dan kabar berikutnya.",
                _RECEIPTS,
            )
        )
    return found


def _approved_total(claim: Claim) -> int | None:
    found = approved_statement(here.session(), claim)
    return found[1].total_idr if found else None
