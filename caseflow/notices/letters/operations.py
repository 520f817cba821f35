"""Issuing a letter: what it says is fixed, numbered, set, stored, read back, and only then a row.

The object is put before its row is committed; one whose row never came is swept like any other orphan.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock, identifiers
from caseflow.audit.operations import record
from caseflow.claims.letter_models import Letter, LetterSerial
from caseflow.claims.letters import name_successor, revoke_former
from caseflow.claims.models import Claim
from caseflow.claims.states import lock
from caseflow.documents.storage import CHUNK, ObjectMissing, ObjectStore, StoreUnavailable
from caseflow.errors import NotFound, NotPossible
from caseflow.notices.letters.decision import decision_letter
from caseflow.notices.letters.frame import Said, Sender, framed
from caseflow.notices.letters.invitation import Meeting, invitation
from caseflow.notices.letters.press import PrintedLetter, print_letter
from caseflow.notices.letters.receipt import receipt
from caseflow.notices.letters.refusal import refusal_letter
from caseflow.notices.letters.request import document_request
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.workflow.fire import take_duty

KINDS = {
    "receipt": "Tanda terima laporan",
    "document_request": "Permintaan kelengkapan dokumen",
    "decision": "Surat keputusan dan perincian santunan",
    "refusal": "Penjelasan keputusan: tidak dapat dibayarkan",
    "invitation": "Undangan musyawarah ahli waris",
}
# letters in the number of a letter, as offices here write it: 0042/SK/SOLOK/XI/2026
_SIGNS = {
    "receipt": "TT",
    "document_request": "PD",
    "decision": "SK",
    "refusal": "PK",
    "invitation": "UM",
}
_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_NOT_STORED = "Penyimpanan sedang tidak bisa dihubungi. Surat belum terbit. Coba lagi sebentar lagi."
_log = structlog.get_logger("caseflow.notices")


@dataclass(frozen=True)
class Wanted:
    """Which letter is wanted.

    :ivar paper: ``a4``, and for a receipt ``counter`` or ``roll`` too; :ivar meeting: for an invitation.
    """

    kind: str
    paper: str = "a4"
    meeting: Meeting | None = None


@dataclass(frozen=True)
class _Stated:
    """A letter's words with what it states: a decision by its digest, or the move of a refusal."""

    said: Said
    version: int
    state: str
    decision: dict[str, Any]


def preview_letter(
    session: Session, claim: Claim, wanted: Wanted, sender: Sender, *, by: Actor, now: datetime
) -> PrintedLetter:
    """Return the letter as it would be issued now, marked as a draft, without number and code; nothing is kept."""
    _require(wanted, by)
    words = framed(
        _state(session, claim, wanted, sender, by=by).said,
        sender,
        day=clock.local(now).date(),
        number=None,
        check_code=None,
    )
    return print_letter(words, wanted.paper)


def issue_letter(
    session: Session,
    store: ObjectStore,
    claim: Claim,
    wanted: Wanted,
    sender: Sender,
    *,
    by: Actor,
    now: datetime,
) -> Letter:
    """Issue a letter, or return the one in force that says the same.

    :raises NotPermitted: not the actor's to issue. :raises NotPossible: the case does not stand so, or the actor
        decided the refusal that somebody else must read. :raises Unavailable: press or store do not work.
    """
    _require(wanted, by)
    lock(session, claim)
    if wanted.kind == "refusal":
        take_duty(session, claim, "verify", by=by, now=now)
    stated = _state(session, claim, wanted, sender, by=by)
    same = _in_force(session, claim, wanted, stated.said.sha256)
    if same is not None:
        return same
    day = clock.local(now).date()
    number = next_number(session, claim.branch_code, _SIGNS[wanted.kind], now=now)
    code = identifiers.check_code()
    printed = print_letter(framed(stated.said, sender, day=day, number=number, check_code=code), wanted.paper)
    letter = Letter(
        casefile_id=claim.id,
        kind=wanted.kind,
        paper=wanted.paper,
        number=number,
        check_code=code,
        history_version=stated.version,
        state=stated.state,
        content_sha256=stated.said.sha256,
        object_key=identifiers.object_key(),
        pdf_sha256=hashlib.sha256(printed.body).hexdigest(),
        size_bytes=len(printed.body),
        pages=printed.pages,
        issued_at=now,
        issued_by=by.name,
        person_id=by.person_id,
        device_id=by.device_id,
        duty="verify" if wanted.kind == "refusal" else None,
        **stated.decision,
    )
    keep_pdf(store, letter.object_key, printed.body)
    former = revoke_former(session, letter, claim, by=by)
    session.add(letter)
    session.flush()
    name_successor(session, former, letter)
    record(
        session, "letter.issued", by=by, casefile_id=claim.id, subject=f"letter:{letter.id}",
        details={"kind": letter.kind, "pdf_sha256": letter.pdf_sha256},
    )  # fmt: skip
    return letter


def open_letter(
    session: Session, store: ObjectStore, casefile_id: int, number: str, *, by: Actor
) -> tuple[Letter, BinaryIO]:
    """Return a letter of the case and its stored PDF, to be streamed and closed; leaves an audit row, so commit.

    :param number: with ``-`` or ``/`` between its parts.
    :raises NotFound: no such letter of this case, or its bytes are gone.
    """
    letter = session.scalar(
        select(Letter).where(Letter.casefile_id == casefile_id, Letter.number == number.replace("-", "/"))
    )
    if letter is None:
        raise NotFound("Surat ini tidak ada pada kasus ini. Periksa nomornya.")
    try:
        body = store.open(letter.object_key)
    except ObjectMissing as error:
        _log.error("letter_missing", letter=letter.id)
        raise NotFound(
            "Surat ini tidak dapat dibuka. Surat lain tidak terpengaruh. Beri tahu pengelola sistem."
        ) from error
    record(session, "letter.opened", by=by, casefile_id=casefile_id, subject=f"letter:{letter.id}")
    return letter, body


def permission_for(kind: str) -> str:
    """Return the permission by which staff issue a letter of this kind."""
    return "letter.issue_decision" if kind == "decision" else "letter.issue"


def _require(wanted: Wanted, by: Actor) -> None:
    if wanted.kind not in KINDS or (wanted.paper != "a4" and wanted.kind != "receipt"):
        raise NotFound("Surat seperti ini tidak ada. Tidak ada yang dibuat.")
    if by.kind == "family" and wanted.kind == "receipt":
        policy.require(by, "family.read")
    else:
        policy.require(by, permission_for(wanted.kind))


def _state(session: Session, claim: Claim, wanted: Wanted, sender: Sender, *, by: Actor) -> _Stated:
    if wanted.kind == "decision":
        said, decision = decision_letter(session, claim, sender)
        named = {
            "decision_id": decision.id,
            "decision_sha256": decision.content_sha256,
            "total_idr": decision.total_idr,
        }
        return _Stated(said, claim.version, claim.state, named)
    if wanted.kind == "refusal":
        said, move = refusal_letter(session, claim, sender, by=by)
        return _Stated(said, move.version, move.state, {})
    plain: dict[str, Callable[[], Said]] = {
        "receipt": lambda: receipt(session, claim, sender, paper=wanted.paper),
        "document_request": lambda: document_request(session, claim, sender, by=by),
        "invitation": lambda: _invitation(session, claim, wanted, sender, by=by),
    }
    return _Stated(plain[wanted.kind](), claim.version, claim.state, {})


def _invitation(session: Session, claim: Claim, wanted: Wanted, sender: Sender, *, by: Actor) -> Said:
    if wanted.meeting is None:
        raise NotPossible("Isi dulu tempat dan hari pertemuan. Surat belum dibuat.")
    return invitation(session, claim, wanted.meeting, sender, by=by)


def _in_force(session: Session, claim: Claim, wanted: Wanted, content_sha256: str) -> Letter | None:
    return session.scalar(
        select(Letter).where(
            Letter.casefile_id == claim.id,
            Letter.kind == wanted.kind,
            Letter.paper == wanted.paper,
            Letter.content_sha256 == content_sha256,
            Letter.revoked_at.is_(None),
        )
    )


def next_number(session: Session, office: str, sign: str, *, now: datetime) -> str:
    """Return the next number of an office and year: ``0042/SK/SOLOK/XI/2026``; two at once wait for each other."""
    day = clock.local(now).date()
    row = insert(LetterSerial).values(branch_code=office, year=day.year, last=1)
    serial = session.execute(
        row.on_conflict_do_update(
            index_elements=["branch_code", "year"], set_={"last": LetterSerial.last + 1}
        ).returning(LetterSerial.last)
    ).scalar_one()
    return f"{serial:04d}/{sign}/{office.upper()}/{_MONTHS[day.month - 1]}/{day.year}"


def keep_pdf(store: ObjectStore, key: str, body: bytes) -> None:
    """Store the PDF and read its digest back."""
    wanted = hashlib.sha256(body).hexdigest()
    try:
        store.put(key, io.BytesIO(body), len(body))
        found = hashlib.sha256()
        with store.open(key) as stream:
            while chunk := stream.read(CHUNK):
                found.update(chunk)
    except (StoreUnavailable, ObjectMissing) as error:
        raise StoreUnavailable(_NOT_STORED) from error
    if found.hexdigest() != wanted:
        _log.error("letter_not_stored_whole")
        raise StoreUnavailable(_NOT_STORED)
