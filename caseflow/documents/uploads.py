"""Files that arrive in pieces, over lines that break: open, append, finish, stop.

A piece counts when its object and its row are durable; nothing waits on the disk or in the memory of one process.
The last byte counts only when the whole file is stored: until then every answer says that one byte is missing, so
that nobody takes a file for received that no officer could open.
"""

import io
import re
import secrets
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from typing import BinaryIO

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.documents.admission import (
    check_quotas,
    lock_case,
    lock_idle_case,
    refuse_closed,
    require_open_phone,
    requirement_for,
)
from caseflow.documents.assembly import Piece, PieceDamaged, assembled, pieces_of, read_some
from caseflow.documents.intake import Place, Receipt, Sessions, receive
from caseflow.documents.models import Document, Requirement
from caseflow.documents.names import clean_name
from caseflow.documents.refusals import MAX_FILE_BYTES, refusal
from caseflow.documents.scan import Clamd
from caseflow.documents.storage import ObjectStore, StoreUnavailable
from caseflow.documents.upload_models import PiecewiseUpload, UploadPiece
from caseflow.documents.upload_progress import KEEP_UNFINISHED, Progress, arrived_of, progress_of
from caseflow.errors import CaseflowError
from caseflow.identifiers import object_key
from caseflow.people.actor import SYSTEM, Actor

INCOMING = "incoming/"
MAX_OPEN = 20  # unfinished uploads of one phone; the oldest makes room
MAX_PIECES = 2000
_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
_KEY = re.compile(r"[A-Za-z0-9._-]{1,80}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PASSING = frozenset({400, 401, 403, 404})  # refusals that say nothing about the file
_SERVER_ERROR = 500


def open_upload(
    session: Session,
    place: Place,
    length: int,
    *,
    by: Actor,
    open_in: Collection[str],
    sha256: str | None = None,
) -> Progress:
    """Begin an upload of ``length`` bytes, or return the one that was begun with the same key.

    :raises CaseflowError: 404, 409, 413 or 422 as for a file in one request; 410 stopped before.
    """
    if length <= 0:
        raise refusal("file_empty")
    if length > MAX_FILE_BYTES:
        raise refusal("file_too_big")
    if not _KEY.fullmatch(place.idempotency_key) or (sha256 is not None and not _SHA256.fullmatch(sha256)):
        raise refusal("key_reused")
    state = lock_case(session, place.casefile_id)
    requirement = requirement_for(session, place.casefile_id, place.requirement_id, by)
    earlier = session.scalar(
        select(PiecewiseUpload).where(
            PiecewiseUpload.casefile_id == place.casefile_id,
            PiecewiseUpload.request_key == place.idempotency_key,
        )
    )
    if earlier is not None:
        if earlier.device_id != by.device_id:
            raise refusal("upload_gone")  # of another phone: this one begins anew, with a key of its own
        if (earlier.requirement_id, earlier.length_bytes, earlier.sha256) != (requirement.id, length, sha256):
            raise refusal("key_reused")
        return progress_of(session, earlier)
    refuse_closed(state, requirement, open_in)
    return _opened(session, place, length, by=by, sha256=sha256, requirement=requirement)


def require_open(session: Session, upload: Progress, *, by: Actor, open_in: Collection[str]) -> None:
    """Refuse more bytes for a case or a paper that takes no more, before they cost anybody data.

    :raises CaseflowError: 404 or 409.
    """
    state = lock_case(session, upload.casefile_id)
    refuse_closed(state, requirement_for(session, upload.casefile_id, upload.requirement_id, by), open_in)


def append(
    sessions: Sessions, store: ObjectStore, upload: Progress, body: BinaryIO, *, at: int, by: Actor
) -> int:
    """Keep what arrives of a body, piece by piece, and return how many bytes are safe now.

    A body that ends early, by a lost line or a killed server, leaves what arrived before; memory holds one piece.

    :raises CaseflowError: 403 the phone was closed meanwhile, 409 another byte is waited for, 410 stopped meanwhile, 413 longer than announced,
        503 the store or the database is away; what was safe stays safe.
    """
    if at != upload.offset:
        raise refusal("offset_differs")
    arrived = upload.arrived
    if arrived == upload.length:
        return arrived  # only the storing is missing
    for content in pieces_of(body, upload.length - at):
        arrived = _keep(sessions, store, upload, content, first=arrived, by=by)
    if arrived == upload.length and read_some(body, 1):
        raise refusal("longer_than_announced")
    return arrived


def finish(
    sessions: Sessions,
    store: ObjectStore,
    upload: Progress,
    *,
    by: Actor,
    open_in: Collection[str],
    scanner: Clamd | None = None,
) -> Receipt:
    """Put the pieces together and take the file in as any other; again, the same receipt.

    The caller writes :func:`mark_stored` in the transaction that moves the case on.

    :raises CaseflowError: as :func:`~caseflow.documents.intake.receive`; a refusal of the file ends the upload,
        a store that is away leaves it as it is.
    """
    place = Place(upload.casefile_id, upload.requirement_id, f"pieces.{upload.public_id}", upload.name)
    receipt, pieces = _whole(sessions, upload.id)
    if receipt is not None:
        return receipt
    try:
        with assembled(store, pieces) as whole:
            return receive(
                sessions,
                store,
                whole,
                place,
                by=by,
                open_in=open_in,
                scanner=scanner,
                announced=upload.length,
                sha256=upload.sha256,
            )
    except PieceDamaged as damaged:
        _drop(sessions, upload.id, damaged.from_byte)
        raise StoreUnavailable from damaged
    except CaseflowError as refused:
        if refused.status < _SERVER_ERROR and refused.status not in _PASSING:
            _end(sessions, upload.id, refused)
        raise


def mark_stored(session: Session, upload: Progress, receipt: Receipt) -> None:
    """Say that the upload became a document; the sweeper takes its pieces away."""
    row = session.get_one(PiecewiseUpload, upload.id, with_for_update=True, populate_existing=True)
    row.document_id = session.scalars(
        select(Document.id).where(
            Document.casefile_id == upload.casefile_id, Document.public_id == receipt.public_id
        )
    ).one()
    row.state, row.changed_at = "stored", clock.now()
    _forget_pieces(session, UploadPiece.upload_id == row.id)


def stop(session: Session, upload: Progress, *, by: Actor) -> None:
    """End an upload that nobody wants any more; what is stored stays stored."""
    lock_case(session, upload.casefile_id)
    row = session.get_one(PiecewiseUpload, upload.id, with_for_update=True, populate_existing=True)
    if row.state == "open":
        _close(session, row, "stopped", by=by)


def expire(sessions: Sessions, *, keep: timedelta = KEEP_UNFINISHED) -> int:
    """Forget uploads that nobody went on with; return how many. A case that is held is passed over."""
    stale = (PiecewiseUpload.state == "open", PiecewiseUpload.changed_at <= clock.now() - keep)
    with sessions() as session:
        of_cases = select(PiecewiseUpload.casefile_id).where(*stale).distinct().limit(500)
        cases = session.scalars(of_cases).all()
    expired = 0
    for casefile_id in cases:
        with sessions() as session, session.begin():
            if not lock_idle_case(session, casefile_id):
                continue
            rows = session.scalars(
                select(PiecewiseUpload)
                .where(PiecewiseUpload.casefile_id == casefile_id, *stale)
                .order_by(PiecewiseUpload.id)
                .with_for_update(skip_locked=True)
            ).all()
            for row in rows:
                _close(session, row, "expired", by=SYSTEM)
            expired += len(rows)
    return expired


def _opened(
    session: Session, place: Place, length: int, *, by: Actor, sha256: str | None, requirement: Requirement
) -> Progress:
    unfinished_here = session.scalars(
        select(PiecewiseUpload)
        .where(PiecewiseUpload.casefile_id == place.casefile_id, PiecewiseUpload.state == "open")
        .order_by(PiecewiseUpload.changed_at, PiecewiseUpload.id)
        .with_for_update()
    ).all()
    own = [row for row in unfinished_here if row.device_id == by.device_id]
    for oldest in own[: max(0, len(own) - MAX_OPEN + 1)]:
        _close(session, oldest, "expired", by=SYSTEM)
    on_the_way = sum(row.length_bytes for row in unfinished_here if row.state == "open")
    in_case = check_quotas(session, requirement, length + on_the_way)
    now = clock.now()
    row = PiecewiseUpload(
        public_id="".join(secrets.choice(_ALPHABET) for _ in range(16)),
        casefile_id=place.casefile_id,
        requirement_id=requirement.id,
        device_id=by.device_id,
        request_key=place.idempotency_key,
        length_bytes=length,
        display_name=clean_name(place.file_name, ordinal=in_case + 1),
        created_at=now,
        changed_at=now,
        sha256=sha256,
    )
    session.add(row)
    session.flush()
    return progress_of(session, row)


def _keep(
    sessions: Sessions, store: ObjectStore, upload: Progress, content: bytes, *, first: int, by: Actor
) -> int:
    """Make one piece durable: its object, then its row. Who comes second to the same byte changes nothing."""
    key = f"{INCOMING}{object_key()}"
    put = store.put(key, io.BytesIO(content), len(content))
    try:
        with sessions() as session, session.begin():
            row = session.get_one(PiecewiseUpload, upload.id, with_for_update=True)
            require_open_phone(session, by)
            if row.state != "open":
                raise refusal("upload_gone")
            if arrived_of(session, upload.id) != first:
                raise refusal("offset_differs")
            counted = select(func.count()).where(UploadPiece.upload_id == upload.id)
            if session.scalars(counted).one() >= MAX_PIECES:
                raise refusal("too_many_pieces")
            row.changed_at = clock.now()
            session.add(
                UploadPiece(
                    upload_id=upload.id,
                    from_byte=first,
                    to_byte=first + put.size,
                    length_bytes=upload.length,
                    object_key=key,
                    sha256=put.sha256,
                    arrived_at=row.changed_at,
                )
            )
    except (OperationalError, InterfaceError, NoConnection) as error:
        raise StoreUnavailable from error
    except CaseflowError:
        with suppress(StoreUnavailable):
            store.delete(key)
        raise
    return first + put.size


def _whole(sessions: Sessions, upload_id: int) -> tuple[Receipt | None, list[Piece]]:
    """Return the pieces of a whole file, or the receipt where somebody else was quicker."""
    try:
        with sessions() as session:
            row = session.get_one(PiecewiseUpload, upload_id, with_for_update={"read": True})
            known = progress_of(session, row)
            if known.receipt is not None:
                return known.receipt, []
            if known.arrived != known.length:
                raise refusal("offset_differs")
            rows = session.execute(
                select(UploadPiece.from_byte, UploadPiece.object_key, UploadPiece.sha256)
                .where(UploadPiece.upload_id == upload_id)
                .order_by(UploadPiece.from_byte)
            )
            return None, [Piece(*found) for found in rows]
    except (OperationalError, InterfaceError, NoConnection) as error:
        raise StoreUnavailable from error


def _drop(sessions: Sessions, upload_id: int, from_byte: int) -> None:
    """Take back what the store no longer has, and all after it: the sender sends it again."""
    with sessions() as session, session.begin():
        session.get_one(PiecewiseUpload, upload_id, with_for_update=True)
        _forget_pieces(session, UploadPiece.upload_id == upload_id, UploadPiece.from_byte >= from_byte)


def _end(sessions: Sessions, upload_id: int, refused: CaseflowError) -> None:
    with sessions() as session, session.begin():
        row = session.get_one(PiecewiseUpload, upload_id, with_for_update=True)
        if row.state != "open":
            return
        row.state, row.changed_at = "refused", clock.now()
        row.refusal_status, row.refusal_sentence = refused.status, refused.sentence
        _forget_pieces(session, UploadPiece.upload_id == upload_id)


def _close(session: Session, row: PiecewiseUpload, state: str, *, by: Actor) -> None:
    row.state, row.changed_at = state, clock.now()
    _forget_pieces(session, UploadPiece.upload_id == row.id)
    record(session, f"upload.{state}", by=by, casefile_id=row.casefile_id, subject=f"upload:{row.public_id}")


def _forget_pieces(session: Session, *which: ColumnElement[bool]) -> None:
    """Remove rows of pieces; an object without a row is taken away by the sweeper."""
    session.execute(delete(UploadPiece).where(*which))
