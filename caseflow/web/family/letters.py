"""The letters of a family: a list with sizes, and each as a file to keep. A helper's phone reads no decision."""

from collections.abc import Sequence

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from caseflow.claims.letter_models import Letter
from caseflow.claims.letters import letters_of
from caseflow.claims.models import Claim
from caseflow.errors import NotFound, NotPossible
from caseflow.notices.letters.operations import KINDS, Wanted, issue_letter, open_letter
from caseflow.web import here
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.family.wording import is_close, name_of
from caseflow.web.letters import path_of, send_letter, sender
from caseflow.web.security import requires

# what the case's own phone may read anyway; the others tell of money and of quarrels
OPEN_KINDS = frozenset({"receipt", "document_request"})


@family.get("/surat")
@requires("family.read")
def letters() -> ResponseReturnValue:
    """Which letters there are, how large, and which of them no longer hold."""
    claim = own_claim()
    return render_template(
        "family/letters.html",
        claim=claim,
        name=name_of(claim),
        letters=_shown(claim),
        kinds=KINDS,
        open_kinds=OPEN_KINDS,
        path_of=path_of,
    )


@family.get("/tanda-terima.pdf")
@requires("family.read")
def receipt_file() -> Response:
    """The receipt as a file; one that says the same as before is the same letter."""
    claim = own_claim()
    if claim.state == "withdrawn":
        raise NotPossible("Laporan ini sudah dibatalkan, jadi tanda terimanya tidak dibuat lagi.")
    letter = issue_letter(
        here.session(), here.store(), claim, Wanted("receipt"), sender(), by=here.actor(), now=here.now()
    )
    return _file(claim, path_of(letter))


@family.get("/surat/<letter>.pdf")
@requires("family.read")
def open_file(letter: str) -> Response:
    """A receipt or a request for papers."""
    claim = own_claim()
    _require(claim, letter, open_kind=True)
    return _file(claim, letter)


@family.get("/surat-keputusan/<letter>.pdf")
@requires("family.letter")
def decision_file(letter: str) -> Response:
    """A decision, the explanation of a refusal, or an invitation."""
    claim = own_claim()
    _require(claim, letter, open_kind=False)
    return _file(claim, letter)


def _shown(claim: Claim) -> Sequence[Letter]:
    """Return what this phone may see; of receipts the newest, since each tells what the one before told."""
    close = is_close(here.session(), claim, by=here.actor())
    found: list[Letter] = []
    for letter in letters_of(here.session(), claim.id):
        if letter.paper != "a4" or (letter.kind not in OPEN_KINDS and not close):
            continue
        if letter.kind == "receipt" and any(one.kind == "receipt" for one in found):
            continue
        found.append(letter)
    return found


def _require(claim: Claim, number: str, *, open_kind: bool) -> None:
    shown = {path_of(letter): letter for letter in _shown(claim)}
    if number not in shown or (shown[number].kind in OPEN_KINDS) is not open_kind:
        raise NotFound("Surat ini tidak ada pada laporan ini, atau hanya tampil di HP keluarganya.")
    if shown[number].revoked_at is not None:
        raise NotPossible(
            "Surat ini sudah dicabut, jadi tidak dibuka lagi. Lihat surat yang berlaku di daftar surat."
        )


def _file(claim: Claim, number: str) -> Response:
    letter, body = open_letter(here.session(), here.store(), claim.id, number, by=here.actor())
    return send_letter(letter, body, save=True)
