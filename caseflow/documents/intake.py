"""How a paper comes in. In this order, so that a crash at any point loses nothing that was acknowledged:

body on disk and checked → pending row → object → digest read back → stored row → receipt.

Every attempt has a row and an object key of its own, and may finish only while its row is pending: an attempt
that was overtaken, or given up by the sweeper, can neither finish nor touch what another one stored.
"""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import structlog
from sqlalchemy import exists, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.documents.admission import (
    check_quotas,
    lock_case,
    locked_requirement,
    refuse_closed,
    require_open_phone,
    requirement_for,
)
from caseflow.documents.models import Document, Requirement
from caseflow.documents.names import clean_name
from caseflow.documents.preview import PREVIEW_TASK
from caseflow.documents.refusals import refusal
from caseflow.documents.scan import SCAN_TASK, UNSAFE, Clamd, first_word
from caseflow.documents.sniff import Inspection, inspect
from caseflow.documents.spool import Spooled, spool
from caseflow.documents.storage import CHUNK, ObjectMissing, ObjectStore, StoreUnavailable
from caseflow.errors import CaseflowError, Invalid, NotPermitted
from caseflow.identifiers import object_key, public_id
from caseflow.people.actor import Actor
from caseflow.queue import enqueue

Sessions = Callable[[], Session]
_log = structlog.get_logger("caseflow.documents")
_LONGEST_KEY = 100
_HINTS = {
    "dark": "Foto agak gelap. Bila tulisannya tidak terbaca, foto ulang di dekat jendela.",
    "small": "Foto agak kecil. Bila tulisannya tidak terbaca, foto ulang lebih dekat.",
}


@dataclass(frozen=True)
class Place:
    """Where an upload belongs: the case, its requirement, the key of the form, the name the file came with."""

    casefile_id: int
    requirement_id: int
    idempotency_key: str
    file_name: str | None


@dataclass(frozen=True)
class Upload:
    """A whole body that passed every check; ``scan`` is ``clean``, ``waiting`` or ``no_scanner``."""

    body: Spooled
    inspection: Inspection
    scan: str


@dataclass(frozen=True)
class Receipt:
    """What the family may keep: "Sudah diterima" is true when this exists.

    :ivar digest: first eight hex digits of the SHA-256 of the file as it was sent.
    :ivar hints: advice, never a condition.
    """

    public_id: str
    display_name: str
    size_bytes: int
    digest: str
    stored_at: datetime
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Pending:
    """One attempt: the row it belongs to and the key it alone writes; or the receipt of an earlier one."""

    document_id: int
    casefile_id: int
    requirement_id: int
    object_key: str
    receipt: Receipt | None = None


def receive(
    sessions: Sessions,
    store: ObjectStore,
    stream: BinaryIO,
    place: Place,
    *,
    by: Actor,
    open_in: Collection[str],
    scanner: Clamd | None = None,
    announced: int | None = None,
    sha256: str | None = None,
) -> Receipt:
    """Take one file in, whole or not at all, and return its receipt; the same key again, the same receipt.

    Commits its own two short transactions and holds no connection while bytes travel. The caller has already
    found out that ``by`` may reach the case.

    :param open_in: states in which a case takes papers; asked again when the body has arrived.
    :param announced: length the sender gave, in bytes.
    :param sha256: digest the sender gave, in hex.
    :raises CaseflowError: 400, 404, 409, 413, 415, 422, 460 or 503, each with what is saved and what to do.
    """
    with spool(stream, announced=announced) as body:
        if sha256 is not None and body.sha256 != sha256:
            raise refusal("changed_on_the_way")
        inspection = inspect(body)
        try:
            scan = first_word(scanner, body)
        except Invalid:
            _note_unsafe(sessions, place, body, by)
            raise
        return keep(
            sessions,
            store,
            place,
            Upload(body, inspection, scan),
            by=by,
            open_in=open_in,
        )


def keep(
    sessions: Sessions,
    store: ObjectStore,
    place: Place,
    upload: Upload,
    *,
    by: Actor,
    open_in: Collection[str],
) -> Receipt:
    """Store a checked upload: begin, transfer, finish, each durable before the next starts."""
    try:
        with sessions() as session, session.begin():
            pending = begin(session, place, upload, by=by, open_in=open_in)
        if pending.receipt is not None:
            return pending.receipt
        transfer(store, pending.object_key, upload.body)
        with sessions() as session, session.begin():
            return finish(session, pending, by=by, open_in=open_in)
    except (OperationalError, InterfaceError, NoConnection) as error:
        raise StoreUnavailable from error


def begin(session: Session, place: Place, upload: Upload, *, by: Actor, open_in: Collection[str]) -> Pending:
    """Write the pending row, or find what an earlier attempt with the same key came to."""
    if by.kind == "system":
        raise NotPermitted
    if not 0 < len(place.idempotency_key) <= _LONGEST_KEY:
        raise refusal("key_reused")
    state = lock_case(session, place.casefile_id)
    requirement = requirement_for(session, place.casefile_id, place.requirement_id, by)
    earlier = session.scalar(
        select(Document)
        .where(Document.casefile_id == place.casefile_id, Document.idempotency_key == place.idempotency_key)
        .with_for_update()
    )
    if earlier is not None and earlier.status != "discarded":
        same = (earlier.requirement_id, earlier.sha256) == (requirement.id, upload.body.sha256)
        if not same:
            raise refusal("key_reused")
        if earlier.status == "stored":
            return Pending(
                earlier.id, place.casefile_id, requirement.id, earlier.object_key, receipt_of(earlier)
            )
    refuse_closed(state, requirement, open_in)
    if earlier is not None:
        # overtaken: its attempt can no longer finish, and what it put is an orphan for the sweeper
        earlier.status = "discarded"
        earlier.idempotency_key = f"{earlier.idempotency_key}~{earlier.id}"
        session.flush()
    in_case = check_quotas(session, requirement, upload.body.size)
    document = _new_row(place, upload, by, ordinal=in_case + 1)
    session.add(document)
    session.flush()
    return Pending(document.id, place.casefile_id, requirement.id, document.object_key)


def transfer(store: ObjectStore, key: str, body: Spooled) -> None:
    """Put the object and read it back; what came back different goes to the trash.

    :raises StoreUnavailable: it is not certain that the object is there, whole.
    """
    store.put(key, body.rewound(), body.size)
    try:
        found = digest_of(store, key)
    except ObjectMissing as error:
        _log.error("object_lost", key=key)
        raise StoreUnavailable from error
    if found != body.sha256:
        _log.error("object_changed", key=key)
        store.move(key, f"trash/{key}")
        raise StoreUnavailable


def finish(session: Session, pending: Pending, *, by: Actor, open_in: Collection[str]) -> Receipt:
    """Mark the row stored, move the requirement on, ask for preview or scan; all in one transaction.

    :raises StoreUnavailable: this attempt was overtaken or given up; nothing is stored by it.
    :raises CaseflowError: 409, the case or the paper was decided while the body travelled; the sweeper takes the
        object away.
    """
    state = lock_case(session, pending.casefile_id)
    requirement = locked_requirement(session, pending.requirement_id)
    document = session.get_one(Document, pending.document_id, with_for_update=True, populate_existing=True)
    if document.status == "stored":
        return receipt_of(document)
    if document.status != "pending":
        raise StoreUnavailable
    require_open_phone(session, by)
    refuse_closed(state, requirement, open_in)
    now = clock.now()
    # an unsafe file is already withdrawn alone; the other pages beside it stay good
    if requirement.status == "returned" and requirement.return_reason != UNSAFE:
        _withdraw_returned(session, requirement, now)
    document.status, document.stored_at = "stored", now
    if _seen_elsewhere(session, document):
        document.flags = f"{document.flags} seen_elsewhere".strip()
    requirement.status, requirement.status_at = "submitted", now
    requirement.return_reason = requirement.return_sentence = None
    record(
        session,
        "document.stored",
        by=by,
        casefile_id=document.casefile_id,
        subject=f"document:{document.public_id}",
        details={"requirement": requirement.code, "sha256": document.sha256, "size": document.size_bytes},
    )
    task = SCAN_TASK if document.scan == "waiting" else PREVIEW_TASK
    enqueue(session, task, document_id=document.id)
    return receipt_of(document)


def digest_of(store: ObjectStore, key: str) -> str:
    """Return the SHA-256 (hex) of what the store gives back now."""
    digest = hashlib.sha256()
    with store.open(key) as body:
        while chunk := body.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _new_row(place: Place, upload: Upload, by: Actor, *, ordinal: int) -> Document:
    return Document(
        public_id=public_id(),
        casefile_id=place.casefile_id,
        requirement_id=place.requirement_id,
        object_key=object_key(),
        idempotency_key=place.idempotency_key,
        display_name=clean_name(place.file_name, ordinal=ordinal),
        uploaded_kind=by.kind,
        created_at=clock.now(),
        media_type=upload.inspection.media_type,
        size_bytes=upload.body.size,
        sha256=upload.body.sha256,
        pages=upload.inspection.pages,
        scan=upload.scan,
        flags=" ".join(sorted(upload.inspection.flags)),
        device_id=by.device_id,
        user_id=by.user_id,
    )


def _withdraw_returned(session: Session, requirement: Requirement, now: datetime) -> None:
    session.execute(
        update(Document)
        .where(
            Document.requirement_id == requirement.id,
            Document.status == "stored",
            Document.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )


def _seen_elsewhere(session: Session, document: Document) -> bool:
    """Say whether the same bytes lie in another case: a sign of a broker, for the officer's eyes only."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Document.sha256 == document.sha256,
                    Document.casefile_id != document.casefile_id,
                    Document.status == "stored",
                )
            )
        )
    )


def _note_unsafe(sessions: Sessions, place: Place, body: Spooled, by: Actor) -> None:
    """Leave a trace of a file that the scanner refused; the file itself is not kept."""
    with sessions() as session, session.begin():
        record(
            session,
            "document.refused_unsafe",
            by=by,
            casefile_id=place.casefile_id,
            subject=f"requirement:{place.requirement_id}",
            details={"sha256": body.sha256, "size": body.size},
        )


def receipt_of(document: Document) -> Receipt:
    """Return the receipt of a stored document."""
    if document.sha256 is None or document.size_bytes is None or document.stored_at is None:
        raise CaseflowError(f"document {document.id} is stored without digest")
    return Receipt(
        public_id=document.public_id,
        display_name=document.display_name,
        size_bytes=document.size_bytes,
        digest=document.sha256[:8],
        stored_at=document.stored_at,
        hints=tuple(_HINTS[flag] for flag in document.flags.split() if flag in _HINTS),
    )
