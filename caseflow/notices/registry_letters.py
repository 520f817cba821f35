"""Letters that belong to a nagari: issued once, kept whole, checked by anybody on /periksa, revoked with a reason.

What such a letter says is written by whoever wants it (``dues_reminder`` and others). Not here: letters of a case
(``notices.letters.operations``).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import BinaryIO

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow import clock, identifiers
from caseflow.audit.operations import record
from caseflow.documents.storage import ObjectMissing, ObjectStore
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.notices.letters.frame import Said, Sender, framed
from caseflow.notices.letters.operations import keep_pdf, next_number
from caseflow.notices.letters.press import PrintedLetter, print_letter
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.letter_models import RegistryLetter

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "dues_reminder": "Teguran iuran kepada nagari",
        "nomination_recap": "Rekap usulan nagari",
        "visit_order": "Surat tugas kunjungan",
        "visit_report": "Laporan kunjungan",
        "monthly_report": "Laporan bulanan",
    }
)
_SIGNS = {
    "dues_reminder": "TI", "nomination_recap": "UN", "visit_order": "ST", "visit_report": "LK", "monthly_report": "LB",
}  # fmt: skip
_WHY = range(10, 1001)  # letters
_log = structlog.get_logger("caseflow.notices")


@dataclass(frozen=True)
class About:
    """Which letter is wanted, and who writes it.

    :ivar subject: what it is about within its kind and nagari: a month, the number of a nomination.
    :ivar office: sign of the office in the number; :ivar permission: what allows to issue it.
    """

    region_code: str
    kind: str
    subject: str
    office: str
    permission: str


def preview_registry_letter(said: Said, sender: Sender, *, now: datetime) -> PrintedLetter:
    """Return the letter as it would be issued now, marked as a draft; nothing is kept."""
    words = framed(said, sender, day=clock.local(now).date(), number=None, check_code=None)
    return print_letter(words, "a4")


def issue_registry_letter(
    session: Session, store: ObjectStore, about: About, said: Said, sender: Sender, *, by: Actor, now: datetime
) -> RegistryLetter:  # fmt: skip
    """Issue a letter, or return the one in force that says the same.

    :raises NotPermitted: not the actor's to issue. :raises NotFound: the nagari is out of reach.
    :raises Unavailable: press or store do not work; nothing was issued.
    """
    if by.user_id is None:
        raise NotPermitted
    reach.require(about.region_code, by, about.permission)
    same = session.scalar(
        select(RegistryLetter).where(
            RegistryLetter.region_code == about.region_code,
            RegistryLetter.kind == about.kind,
            RegistryLetter.subject == about.subject,
            RegistryLetter.content_sha256 == said.sha256,
            RegistryLetter.revoked_at.is_(None),
        )
    )
    if same is not None:
        return same
    number = next_number(session, about.office, _SIGNS[about.kind], now=now)
    code = identifiers.check_code()
    words = framed(said, sender, day=clock.local(now).date(), number=number, check_code=code)
    printed = print_letter(words, "a4")
    letter = RegistryLetter(
        region_code=about.region_code,
        kind=about.kind,
        subject=about.subject,
        number=number,
        check_code=code,
        content_sha256=said.sha256,
        object_key=identifiers.object_key(),
        pdf_sha256=hashlib.sha256(printed.body).hexdigest(),
        size_bytes=len(printed.body),
        pages=printed.pages,
        issued_at=now,
        issued_by=by.name,
        issued_by_user_id=by.user_id,
    )
    keep_pdf(store, letter.object_key, printed.body)
    session.add(letter)
    session.flush()
    details = {"kind": letter.kind, "pdf_sha256": letter.pdf_sha256}
    record(session, "registry.letter_issued", by=by, subject=f"registry_letter:{letter.id}", details=details)
    return letter


def revoke_registry_letter(
    session: Session, letter: RegistryLetter, *, why: str, permission: str, by: Actor, now: datetime
) -> None:
    """Revoke a letter; whoever checks it reads from then on that it no longer holds.

    :raises Invalid: no reason. :raises NotPossible: revoked before.
    """
    reach.require(letter.region_code, by, permission)
    reason = " ".join(why.split())
    if len(reason) not in _WHY:
        raise Invalid({"why": "Tulis alasan pencabutan, 10 sampai 1.000 huruf. Surat tidak dicabut."})
    revoked = session.scalar(
        update(RegistryLetter)
        .where(RegistryLetter.id == letter.id, RegistryLetter.revoked_at.is_(None))
        .values(revoked_at=now, revoked_why=reason, revoked_by=by.name)
        .returning(RegistryLetter.id)
    )
    if revoked is None:
        raise NotPossible("Surat ini sudah dicabut. Tidak ada yang berubah.")
    record(session, "registry.letter_revoked", by=by, subject=f"registry_letter:{letter.id}")


def find_by_code(session: Session, check_code: str) -> RegistryLetter | None:
    """Return the letter that carries this code (``identifiers.read_check_code``)."""
    return session.scalar(select(RegistryLetter).where(RegistryLetter.check_code == check_code))


def get_registry_letter(session: Session, number: str, *, permission: str, by: Actor) -> RegistryLetter:
    """Return a letter within somebody's reach.

    :param number: with ``-`` or ``/`` between its parts. :raises NotFound: not there, or not theirs.
    """
    letter = session.scalar(select(RegistryLetter).where(RegistryLetter.number == number.replace("-", "/")))
    if letter is None:
        raise NotFound("Surat ini tidak ditemukan. Periksa nomornya.")
    reach.require(letter.region_code, by, permission)
    return letter


def open_registry_letter(
    session: Session, store: ObjectStore, letter: RegistryLetter, *, by: Actor
) -> BinaryIO:
    """Return the stored PDF of a letter that was fetched, to be streamed and closed; leaves an audit row.

    :raises NotFound: its bytes are gone.
    """
    try:
        body = store.open(letter.object_key)
    except ObjectMissing as error:
        _log.error("registry_letter_missing", letter=letter.id)
        raise NotFound("Surat ini tidak dapat dibuka. Beri tahu pengelola sistem.") from error
    record(session, "registry.letter_opened", by=by, subject=f"registry_letter:{letter.id}")
    return body


def letters_of_region(
    session: Session, region_code: str, *, kind: str, permission: str, by: Actor
) -> Sequence[RegistryLetter]:
    """Return the letters of a kind of a nagari, the newest first."""
    reach.require(region_code, by, permission)
    return session.scalars(
        select(RegistryLetter)
        .where(RegistryLetter.region_code == region_code, RegistryLetter.kind == kind)
        .order_by(RegistryLetter.issued_at.desc(), RegistryLetter.id.desc())
    ).all()
