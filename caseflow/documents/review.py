"""An officer's word on a paper. Every verb writes the review, the requirement and the audit row together."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.documents.admission import locked_requirement
from caseflow.documents.catalogue import ReturnReason, catalogue
from caseflow.documents.models import Document, DocumentReview, Requirement
from caseflow.documents.preview import MAY_BE_OPENED
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible, Stale
from caseflow.people.actor import Actor
from caseflow.people.models import Person

SHORTEST_REASON = 10  # characters
_DONE = {
    "accepted": "diterima",
    "returned": "dikembalikan ke keluarga",
    "not_applicable": "ditandai tidak diperlukan",
}


def get_requirement(session: Session, casefile_id: int, code: str) -> Requirement:
    """Return what is asked of a case under that code; the caller has found out that the case may be reached.

    :raises NotFound: not asked for in this case.
    """
    found = session.scalar(
        select(Requirement).where(Requirement.casefile_id == casefile_id, Requirement.code == code)
    )
    if found is None:
        raise NotFound
    return found


def accept(
    session: Session,
    requirement: Requirement,
    *,
    method: str,
    by: Actor,
    seen: Collection[str] | None = None,
) -> None:
    """Accept a paper.

    :param method: how it was checked, a code of the catalogue.
    :param seen: public ids of the files that lay before the officer; one that arrived since makes it ``Stale``.
    """
    if method not in catalogue().methods:
        raise Invalid({"method": "Pilih cara memeriksa dokumen ini. Belum ada yang disimpan."})
    _lock(session, requirement, by, expected=("submitted",))
    files = _files(session, requirement)
    if not files:
        raise NotPossible("Belum ada berkas untuk dokumen ini. Tidak ada yang berubah.")
    if any(file.scan not in MAY_BE_OPENED for file in files):
        raise NotPossible(
            "Ada berkas yang masih menunggu pemeriksaan keamanan. Tidak ada yang berubah. Coba lagi sebentar lagi."
        )
    if seen is not None and {file.public_id for file in files} - set(seen):
        raise Stale(
            "Keluarga baru saja mengirim berkas lain. Belum ada yang disimpan. Periksa dulu berkas itu."
        )
    _put_down(session, requirement, "accepted", "accepted", by, method=method)


def return_document(
    session: Session,
    requirement: Requirement,
    reason_code: str,
    *,
    by: Actor,
    details: Mapping[str, str] | None = None,
    extra: str = "",
    honorific: str = "",
) -> None:
    """Send a paper back; the family reads the sentence of the reason, then ``extra``.

    :param details: answers to what the reason asks, e.g. ``{"page": "2"}``.
    """
    reason = catalogue().return_reasons.get(reason_code)
    if reason is None:
        raise Invalid({"reason": "Pilih alasan dari daftar. Belum ada yang disimpan."})
    sentence = _sentence(requirement, reason, details or {}, extra.strip(), honorific)
    _lock(session, requirement, by, expected=("submitted",))
    _put_down(session, requirement, "returned", "returned", by, reason_code=reason_code, sentence=sentence)
    requirement.return_reason, requirement.return_sentence = reason_code, sentence


def mark_not_applicable(session: Session, requirement: Requirement, reason: str, *, by: Actor) -> None:
    """Do without a paper that may be done without; the reason is kept."""
    paper = catalogue().papers.get(requirement.code)
    if requirement.need != "optional" and not (paper is not None and paper.waivable):
        raise NotPossible(
            "Dokumen ini diwajibkan peraturan dan tidak bisa ditiadakan. Tidak ada yang berubah."
        )
    _lock(session, requirement, by, expected=("missing", "submitted", "returned"))
    _put_down(session, requirement, "not_applicable", "not_applicable", by, sentence=_checked_reason(reason))


def reopen(session: Session, requirement: Requirement, reason: str, *, by: Actor) -> None:
    """Take an acceptance or a waiver back: the paper is to be checked, or to be sent, again."""
    _lock(session, requirement, by, expected=("accepted", "not_applicable"))
    status = "submitted" if _files(session, requirement) else "missing"
    _put_down(session, requirement, "reopened", status, by, sentence=_checked_reason(reason))


def mark_original_seen(session: Session, requirement: Requirement, *, by: Actor) -> None:
    """Note that the original was seen at the counter."""
    _person_of(by)
    locked_requirement(session, requirement.id)
    requirement.original_seen = True
    _audit(session, requirement, "document.original_seen", by)


def ask_for(session: Session, casefile_id: int, code: str, reason: str, *, by: Actor) -> Requirement:
    """Ask this family for one more paper of the catalogue; the reason is what they read.

    :raises NotPossible: it is already asked for.
    """
    _person_of(by)
    if code not in catalogue().papers:
        raise Invalid({"code": "Pilih dokumen dari daftar. Belum ada yang disimpan."})
    asked = select(Requirement.id).where(Requirement.casefile_id == casefile_id, Requirement.code == code)
    if session.scalar(asked) is not None:
        raise NotPossible("Dokumen ini sudah ada dalam daftar. Tidak ada yang berubah.")
    plan = catalogue().plan(code)
    requirement = Requirement(
        casefile_id=casefile_id,
        code=code,
        catalogue_version=plan.catalogue_version,
        position=plan.position,
        need=plan.need,
        asked_at=clock.now(),
        added_reason=_checked_reason(reason),
    )
    session.add(requirement)
    session.flush()
    _audit(session, requirement, "document.asked_for", by)
    return requirement


def _person_of(by: Actor) -> int:
    if by.kind != "staff" or by.person_id is None:
        raise NotPermitted
    return by.person_id


def _checked_reason(reason: str) -> str:
    plain = " ".join(reason.split())
    if len(plain) < SHORTEST_REASON:
        raise Invalid({"reason": "Tulis alasannya, paling sedikit 10 huruf. Belum ada yang disimpan."})
    return plain


def _sentence(
    requirement: Requirement, reason: ReturnReason, details: Mapping[str, str], extra: str, honorific: str
) -> str:
    """Return what the family reads; every question of the reason must be answered."""
    answers = {code: " ".join(details.get(code, "").split()) for code in reason.asks}
    open_questions = {
        code: f"{label} Belum ada yang disimpan." for code, label in reason.asks.items() if not answers[code]
    }
    if open_questions:
        raise Invalid(open_questions)
    if reason.family is None:
        if len(extra) < SHORTEST_REASON:
            raise Invalid({"extra": "Tulis satu kalimat untuk keluarga. Belum ada yang disimpan."})
        return extra
    paper = catalogue().papers.get(requirement.code)
    words = paper.words(honorific) if paper is not None else {}
    values = {
        "document": words.get("name", "dokumen yang diminta"),
        "example": words.get("example", "dokumen yang diminta"),
        "issuer": words.get("issued_by", "penerbitnya"),
    }
    return f"{reason.family.format(**values, **answers)} {extra}".strip()


def _lock(session: Session, requirement: Requirement, by: Actor, *, expected: Collection[str]) -> None:
    """Read the requirement anew under a lock and refuse when somebody was here before."""
    _person_of(by)
    locked_requirement(session, requirement.id)
    if requirement.status in expected:
        return
    if requirement.status == "missing":
        raise NotPossible("Dokumen ini belum dikirim. Tidak ada yang berubah.")
    if requirement.status == "submitted":
        raise NotPossible("Dokumen ini belum diperiksa. Tidak ada yang berubah.")
    who = session.scalar(
        select(Person.full_name)
        .join(DocumentReview, DocumentReview.person_id == Person.id)
        .where(DocumentReview.requirement_id == requirement.id)
        .order_by(DocumentReview.id.desc())
        .limit(1)
    )
    what = _DONE[requirement.status]
    raise Stale(
        f"Dokumen ini sudah {what} oleh {who or 'sistem'}. Tidak ada yang berubah. Muat ulang halaman.",
        done_by=who or "",
        what=what,
    )


def _files(session: Session, requirement: Requirement) -> list[Document]:
    return list(
        session.scalars(
            select(Document).where(
                Document.requirement_id == requirement.id,
                Document.status == "stored",
                Document.withdrawn_at.is_(None),
            )
        )
    )


def _put_down(
    session: Session,
    requirement: Requirement,
    outcome: str,
    status: str,
    by: Actor,
    *,
    reason_code: str | None = None,
    sentence: str | None = None,
    method: str | None = None,
) -> None:
    now: datetime = clock.now()
    session.add(
        DocumentReview(
            casefile_id=requirement.casefile_id,
            requirement_id=requirement.id,
            outcome=outcome,
            reviewed_at=now,
            person_id=_person_of(by),
            reason_code=reason_code,
            sentence=sentence,
            method=method,
        )
    )
    requirement.status, requirement.status_at = status, now
    requirement.return_reason = requirement.return_sentence = None
    _audit(session, requirement, f"document.{outcome}", by, reason=reason_code, method=method)


def _audit(session: Session, requirement: Requirement, action: str, by: Actor, **details: str | None) -> None:
    record(
        session,
        action,
        by=by,
        casefile_id=requirement.casefile_id,
        subject=f"requirement:{requirement.id}",
        details={"code": requirement.code, **{name: value for name, value in details.items() if value}},
    )
