"""How far a file in pieces is: what its sender may know, and where to go on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow.documents.intake import Receipt, receipt_of
from caseflow.documents.models import Document
from caseflow.documents.refusals import Gone, refusal
from caseflow.documents.upload_models import PiecewiseUpload, UploadPiece
from caseflow.errors import CaseflowError, NotFound
from caseflow.people.actor import Actor

KEEP_UNFINISHED = timedelta(days=7)


class Refused(CaseflowError):
    """What was said of this file before, said again."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Progress:
    """How far one upload is.

    :ivar arrived: bytes that are safe; :ivar length: bytes announced; :ivar sha256: of the whole, if announced.
    :ivar receipt: there once the file is stored.
    """

    id: int
    public_id: str
    casefile_id: int
    requirement_id: int
    name: str
    length: int
    arrived: int
    sha256: str | None
    expires_at: datetime
    receipt: Receipt | None

    @property
    def offset(self) -> int:
        """Where the sender goes on; the length only once the file is stored."""
        return self.length if self.receipt else min(self.arrived, self.length - 1)


def get_upload(
    session: Session, casefile_id: int, requirement_id: int, public_id: str, *, by: Actor
) -> Progress:
    """Return how far an upload is; the caller has found out that the case may be reached.

    :raises NotFound: there is none, in another case, or of another phone.
    :raises CaseflowError: 410 stopped or forgotten, otherwise what the file was refused with.
    """
    found = session.scalar(
        select(PiecewiseUpload).where(
            PiecewiseUpload.casefile_id == casefile_id,
            PiecewiseUpload.requirement_id == requirement_id,
            PiecewiseUpload.public_id == public_id,
            PiecewiseUpload.device_id == by.device_id,
        )
    )
    if found is None:
        raise NotFound("Kiriman ini tidak ditemukan. Berkasnya belum tersimpan; kirim lagi dari awal.")
    return progress_of(session, found)


def unfinished(session: Session, casefile_id: int, requirement_id: int, *, by: Actor) -> list[Progress]:
    """Return what this phone has still on its way for one paper, oldest first."""
    rows = session.scalars(
        select(PiecewiseUpload)
        .where(
            PiecewiseUpload.casefile_id == casefile_id,
            PiecewiseUpload.requirement_id == requirement_id,
            PiecewiseUpload.device_id == by.device_id,
            PiecewiseUpload.state == "open",
        )
        .order_by(PiecewiseUpload.id)
    )
    return [progress_of(session, row) for row in rows]


def progress_of(session: Session, row: PiecewiseUpload) -> Progress:
    """Return how far this row is.

    :raises CaseflowError: 410 stopped or forgotten, otherwise what the file was refused with.
    """
    if row.refusal_sentence is not None:
        raise Refused(row.refusal_status or Gone.status, row.refusal_sentence)
    if row.state in {"stopped", "expired"}:
        raise refusal("upload_gone")
    stored = session.get_one(Document, row.document_id) if row.document_id is not None else None
    return Progress(
        id=row.id,
        public_id=row.public_id,
        casefile_id=row.casefile_id,
        requirement_id=row.requirement_id,
        name=row.display_name,
        length=row.length_bytes,
        arrived=row.length_bytes if stored is not None else arrived_of(session, row.id),
        sha256=row.sha256,
        expires_at=row.changed_at + KEEP_UNFINISHED,
        receipt=receipt_of(stored) if stored is not None else None,
    )


def arrived_of(session: Session, upload_id: int) -> int:
    """Return how many bytes are safe, the last one included."""
    last = select(func.max(UploadPiece.to_byte)).where(UploadPiece.upload_id == upload_id)
    return session.scalar(last) or 0
