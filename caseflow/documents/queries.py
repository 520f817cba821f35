"""What screens read of papers: only the columns they show, one statement each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import structlog
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.documents.intake import digest_of
from caseflow.documents.models import Document, DocumentReview, Requirement
from caseflow.documents.preview import MAY_BE_OPENED, preview_key
from caseflow.documents.storage import ObjectMissing, ObjectStore, StoreUnavailable
from caseflow.errors import NotFound, NotPossible
from caseflow.people.actor import Actor
from caseflow.people.models import FamilyDevice, HelperMandate, Person

_log = structlog.get_logger("caseflow.documents")


@dataclass(frozen=True)
class RequirementRow:
    """One line of the list. ``files`` counts what was sent and not withdrawn; ``sent_at`` is the latest."""

    id: int
    code: str
    need: str
    status: str
    status_at: datetime | None
    return_reason: str | None
    return_sentence: str | None
    original_seen: bool
    added_reason: str | None
    files: int
    sent_at: datetime | None


@dataclass(frozen=True)
class Progress:
    """Counts over what is required now (``asked``) and what may follow until payment (``to_follow``).

    Papers that an officer did without are not counted.

    :ivar sent_at: when the last required paper was sent; ``None`` while one is missing or returned.
    """

    asked: int
    sent: int
    accepted: int
    returned: int
    to_follow: int
    sent_at: datetime | None

    @property
    def all_sent(self) -> bool:
        """Nothing required is missing or returned."""
        return self.sent == self.asked

    @property
    def all_accepted(self) -> bool:
        """Everything required was accepted."""
        return self.accepted == self.asked


@dataclass(frozen=True)
class FileRow:
    """One file for the officer's viewer; ``digest`` is the whole SHA-256, ``flags`` are words with spaces.

    :ivar helper: who sent it for the family, with ``helper_relation`` to the worker; ``None``: the family or the counter.
    """

    public_id: str
    code: str
    display_name: str
    media_type: str
    size_bytes: int
    digest: str
    pages: int
    stored_at: datetime
    scan: str
    preview: str
    preview_pages: int
    flags: str
    uploaded_kind: str
    withdrawn_at: datetime | None
    helper: str | None = None
    helper_relation: str | None = None

    @property
    def signs(self) -> tuple[str, ...]:
        """What an officer should know: ``trailing_data``, ``active_content``, ``seen_elsewhere``, ``dark``, ``small``."""
        return tuple(self.flags.split())


@dataclass(frozen=True)
class SentFile:
    """One file as its sender may see it again: that it came, never what it shows."""

    display_name: str
    size_bytes: int
    stored_at: datetime
    digest: str
    waiting_for_scan: bool


@dataclass(frozen=True)
class ReviewRow:
    """What an officer said of a paper, and when."""

    code: str
    outcome: str
    reviewed_at: datetime
    reviewer: str
    reason_code: str | None
    sentence: str | None
    method: str | None


@dataclass(frozen=True)
class OpenedDocument:
    """A body to stream and then close. ``attachment``: to be saved, never shown inside a page of ours."""

    body: BinaryIO
    media_type: str
    file_name: str
    attachment: bool


def requirement_list(session: Session, casefile_id: int) -> list[RequirementRow]:
    """Return what is asked of a case, in the order of the catalogue."""
    living = and_(
        Document.requirement_id == Requirement.id,
        Document.status == "stored",
        Document.withdrawn_at.is_(None),
    )
    rows = session.execute(
        select(
            Requirement.id,
            Requirement.code,
            Requirement.need,
            Requirement.status,
            Requirement.status_at,
            Requirement.return_reason,
            Requirement.return_sentence,
            Requirement.original_seen,
            Requirement.added_reason,
            func.count(Document.id),
            func.max(Document.stored_at),
        )
        .outerjoin(Document, living)
        .where(Requirement.casefile_id == casefile_id)
        .group_by(Requirement.id)
        .order_by(Requirement.position, Requirement.id)
    )
    return [RequirementRow(*row) for row in rows]


def progress(rows: Sequence[RequirementRow]) -> Progress:
    """Count over a list that was read; asks the database nothing."""
    required = [row for row in rows if row.need == "required" and row.status != "not_applicable"]
    sent = [row for row in required if row.status in {"submitted", "accepted"}]
    instants = [row.sent_at for row in sent if row.sent_at is not None]
    return Progress(
        asked=len(required),
        sent=len(sent),
        accepted=sum(row.status == "accepted" for row in required),
        returned=sum(row.status == "returned" for row in rows),
        to_follow=sum(
            row.need == "before_payment" and row.status not in {"accepted", "not_applicable"} for row in rows
        ),
        sent_at=max(instants, default=None) if len(sent) == len(required) else None,
    )


def wanted_before_payment(rows: Sequence[RequirementRow]) -> list[RequirementRow]:
    """Return what may follow, is still to be sent or sent again, and without which nothing is paid."""
    return [row for row in rows if row.need == "before_payment" and row.status in {"missing", "returned"}]


def document_files(session: Session, casefile_id: int, code: str | None = None) -> list[FileRow]:
    """Return the files of a case (or of one paper) for the viewer, withdrawn ones last."""
    query = (
        select(
            Document.public_id,
            Requirement.code,
            Document.display_name,
            Document.media_type,
            Document.size_bytes,
            Document.sha256,
            Document.pages,
            Document.stored_at,
            Document.scan,
            Document.preview,
            Document.preview_pages,
            Document.flags,
            Document.uploaded_kind,
            Document.withdrawn_at,
            HelperMandate.helper_name,
            HelperMandate.helper_relation,
        )
        .join(Requirement, Requirement.id == Document.requirement_id)
        .outerjoin(FamilyDevice, FamilyDevice.id == Document.device_id)
        .outerjoin(HelperMandate, HelperMandate.id == FamilyDevice.mandate_id)
        .where(Document.casefile_id == casefile_id, Document.status == "stored")
        .order_by(Requirement.position, Document.withdrawn_at.is_not(None), Document.id)
    )
    if code is not None:
        query = query.where(Requirement.code == code)
    rows: Iterable[Any] = session.execute(query)
    return [FileRow(*row) for row in rows]


def sent_files(session: Session, casefile_id: int, code: str) -> list[SentFile]:
    """Return what the family sent for one paper and what still counts."""
    rows = session.execute(
        select(
            Document.display_name,
            Document.size_bytes,
            Document.stored_at,
            func.left(Document.sha256, 8),
            Document.scan == "waiting",
        )
        .join(Requirement, Requirement.id == Document.requirement_id)
        .where(
            Document.casefile_id == casefile_id,
            Requirement.code == code,
            Document.status == "stored",
            Document.withdrawn_at.is_(None),
        )
        .order_by(Document.id)
    )
    return [SentFile(*row) for row in rows]


def reviews(session: Session, casefile_id: int) -> list[ReviewRow]:
    """Return what officers said of the papers of a case, newest first."""
    rows = session.execute(
        select(
            Requirement.code,
            DocumentReview.outcome,
            DocumentReview.reviewed_at,
            Person.full_name,
            DocumentReview.reason_code,
            DocumentReview.sentence,
            DocumentReview.method,
        )
        .join(Requirement, Requirement.id == DocumentReview.requirement_id)
        .join(Person, Person.id == DocumentReview.person_id)
        .where(DocumentReview.casefile_id == casefile_id)
        .order_by(DocumentReview.id.desc())
    )
    return [ReviewRow(*row) for row in rows]


def open_document(
    session: Session,
    store: ObjectStore,
    casefile_id: int,
    public_id: str,
    *,
    by: Actor,
    page: int | None = None,
) -> OpenedDocument:
    """Open one page of the preview, or the original without ``page``; leaves an audit row, so commit.

    The caller has found out that ``by`` may reach the case. Families never see a file again.

    :raises NotFound: no such file here, or its bytes are gone or not those that came.
    :raises NotPossible: not scanned, or unsafe; :raises StoreUnavailable: the store is silent.
    """
    if by.kind != "staff":
        raise NotFound
    found = session.execute(
        select(
            Document.object_key,
            Document.media_type,
            Document.display_name,
            Document.scan,
            Document.preview_pages,
            Document.sha256,
        ).where(
            Document.casefile_id == casefile_id, Document.public_id == public_id, Document.status == "stored"
        )
    ).one_or_none()
    if found is None or (page is not None and not 1 <= page <= found.preview_pages):
        raise NotFound
    if found.scan == "quarantined":
        raise NotPossible(
            "Berkas ini tidak aman dan tidak bisa dibuka. Keluarga sudah diminta mengirim yang lain."
        )
    if found.scan not in MAY_BE_OPENED:
        raise NotPossible("Berkas ini masih menunggu pemeriksaan keamanan. Coba lagi sebentar lagi.")
    body = _body(store, found.object_key, page, found.sha256, public_id)
    record(
        session,
        "document.opened",
        by=by,
        casefile_id=casefile_id,
        subject=f"document:{public_id}",
        details={"page": page} if page is not None else {"original": True},
    )
    if page is not None:
        return OpenedDocument(body, "image/jpeg", f"{public_id}-{page}.jpg", attachment=False)
    return OpenedDocument(body, str(found.media_type), found.display_name, attachment=True)


def _body(store: ObjectStore, key: str, page: int | None, sha256: str, public_id: str) -> BinaryIO:
    """Open the bytes. An original is read through and compared before anybody relies on it."""
    try:
        if page is not None:
            return store.open(preview_key(key, page))
        if digest_of(store, key) == sha256:
            return store.open(key)
    except ObjectMissing:
        pass
    except StoreUnavailable as error:
        raise StoreUnavailable(
            "Penyimpanan sedang tidak bisa dihubungi. Dokumen tetap tersimpan. Coba lagi sebentar lagi."
        ) from error
    _log.error("object_damaged", document=public_id, key=key, page=page)
    raise NotFound(
        "Berkas ini tidak dapat dibuka. Dokumen lain tidak terpengaruh. Beri tahu pengelola sistem."
    )
