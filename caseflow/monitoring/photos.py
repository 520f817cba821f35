"""Photos of a visit: announced with it, sent in pieces over lines that break, proved by their digest, scanned.

A piece counts when its object and its row are durable; a photo counts when it was put together and found to be what
was announced. Kept is the picture drawn from it (``pictures``). Nothing waits on the disk or in the memory of one process.
"""

import hashlib
import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Never

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.documents.intake import Sessions
from caseflow.documents.scan import Clamd, ScannerDown, first_word
from caseflow.documents.spool import spool
from caseflow.documents.storage import ObjectMissing, ObjectStore, StoreUnavailable
from caseflow.documents.uploads import INCOMING
from caseflow.errors import CaseflowError, Invalid, NotFound, NotPossible
from caseflow.identifiers import object_key
from caseflow.monitoring import consents, pictures
from caseflow.monitoring.envelope_parts import Announced
from caseflow.monitoring.visit_models import PhotoPiece, Visit, VisitPhoto
from caseflow.people.actor import SYSTEM, Actor
from caseflow.queue import enqueue

SCAN_TASK = "monitoring.scan_photo"
_AGAIN = "Foto ini rusak di jalan, jadi belum tersimpan. Foto di HP tetap ada; kirim lagi dari awal."
_UNSAFE = "Foto ini tidak aman dibuka, jadi tidak disimpan. Ambil foto yang lain."
_WITHDRAWN = (
    "Keluarga tidak mau dikunjungi lagi, jadi foto ini tidak disimpan dan salinannya di HP dihapus. "
    "Jawaban yang sudah diterima tetap tercatat. Tidak ada yang perlu dilakukan."
)


class PhotoGone(CaseflowError):
    """The photo was found unsafe, or the family wants no visits since: it is not wanted any more."""

    status = 410


class OffsetDiffers(NotPossible):
    """Another byte is waited for.

    :ivar offset: the one that is.
    """

    def __init__(self, offset: int) -> None:
        super().__init__(
            "Bagian ini sudah ada, atau ada yang terlewat. Foto dilanjutkan dari bagian yang ditunggu."
        )
        self.offset = offset


def announce(session: Session, visit: Visit, photos: Sequence[Announced], *, now: datetime) -> None:
    """Write down the photos that follow a visit; they are kept when they arrive."""
    session.add_all(
        VisitPhoto(
            client_id=photo.client_id,
            plan_id=visit.plan_id,
            visit_id=visit.id,
            position=photo.position,
            shows=photo.shows,
            size_bytes=photo.size_bytes,
            sha256=photo.sha256,
            object_key=object_key(),
            media_type=pictures.MEDIA_TYPE,
            announced_at=now,
            taken_at=photo.taken_at,
            latitude=photo.latitude,
            longitude=photo.longitude,
        )
        for photo in photos
    )
    session.flush()


def known(session: Session, photos: Sequence[Announced]) -> bool:
    """Whether one of them was announced before, by another visit."""
    numbers = [photo.client_id for photo in photos]
    return session.scalar(select(VisitPhoto.id).where(VisitPhoto.client_id.in_(numbers)).limit(1)) is not None


def get_photo(session: Session, client_id: str, *, by: Actor, lock: bool = False) -> VisitPhoto:
    """Return a photo of somebody's own visit.

    :raises NotFound: not announced, or of somebody else's visit. :raises PhotoGone: not wanted any more.
    """
    query = (
        select(VisitPhoto, Visit.started_at)
        .join(Visit, Visit.id == VisitPhoto.visit_id)
        .where(VisitPhoto.client_id == client_id, Visit.visitor_user_id == by.user_id)
    )
    if lock:
        query = query.with_for_update(of=VisitPhoto).execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound("Kunjungan dari foto ini belum sampai. Foto tetap ada di HP; kirim kunjungannya dulu.")
    photo, visited_at = found
    if photo.removed_at is not None:
        raise PhotoGone(_UNSAFE)
    if photo.stored_at is None and consents.withdrawn_after(session, photo.plan_id, visited_at) is not None:
        raise PhotoGone(_WITHDRAWN)
    return photo


def offset_of(session: Session, photo: VisitPhoto) -> int:
    """Return how many bytes are safe."""
    if photo.stored_at is not None:
        return photo.size_bytes
    arrived = session.scalar(select(func.sum(PhotoPiece.size_bytes)).where(PhotoPiece.photo_id == photo.id))
    return int(arrived or 0)


def append(
    sessions: Sessions,
    store: ObjectStore,
    client_id: str,
    content: bytes,
    *,
    at: int,
    by: Actor,
    now: datetime,
    scanner: Clamd | None = None,
) -> int:
    """Keep the next bytes of a photo and return how many are safe; with the last one it is checked and stored.

    Commits its own short transactions.

    :raises NotFound, PhotoGone: see :func:`get_photo`. :raises OffsetDiffers: another byte is waited for.
    :raises Invalid: not what was announced, or no picture; it begins anew. :raises StoreUnavailable: try again.
    """
    with sessions() as session:
        photo = get_photo(session, client_id, by=by)
        offset, size = offset_of(session, photo), photo.size_bytes
    if at != offset:
        raise OffsetDiffers(offset)
    if at + len(content) > size:
        raise Invalid(_AGAIN)
    if content:
        offset = _keep(sessions, store, client_id, content, at=at, by=by)
    if offset == size:
        _finish(sessions, store, client_id, by=by, now=now, scanner=scanner)
    return offset


def store_whole(
    session: Session,
    store: ObjectStore,
    client_id: str,
    content: bytes,
    *,
    by: Actor,
    now: datetime,
    scanner: Clamd | None = None,
) -> None:
    """Store a photo that came with its visit, drawn by ``pictures.shrunk``; the same again changes nothing.

    :raises StoreUnavailable: nothing of the visit is kept; try again.
    """
    photo = session.scalar(select(VisitPhoto).where(VisitPhoto.client_id == client_id).with_for_update())
    if photo is None or photo.stored_at is not None:
        return
    with spool(io.BytesIO(content)) as body:
        scan = first_word(scanner, body)
    digest = pictures.put(store, photo.object_key, content, pictures.small_of(content))
    _mark_stored(session, photo, digest, scan, by=by, now=now)


def run_scan(session: Session, store: ObjectStore, scanner: Clamd, photo_id: int, *, now: datetime) -> None:
    """Scan a photo that waits; harmless to repeat. What is found takes the photo away.

    :raises ScannerDown: still silent; the job tries again later.
    """
    photo = session.scalar(
        select(VisitPhoto)
        .where(VisitPhoto.id == photo_id, VisitPhoto.scan == "waiting", VisitPhoto.stored_at.is_not(None))
        .with_for_update()
    )
    if photo is None or photo.removed_at is not None:
        return
    with store.open(photo.object_key) as original, spool(original) as body:
        try:
            word = first_word(scanner, body)
        except Invalid:
            _remove(session, photo, by=SYSTEM, now=now)
            return
    if word == "waiting":
        raise ScannerDown("the scanner is silent")
    photo.scan = word


def _keep(
    sessions: Sessions, store: ObjectStore, client_id: str, content: bytes, *, at: int, by: Actor
) -> int:
    """Make one piece durable: its object, then its row. Who comes second to the same byte changes nothing."""
    key = f"{INCOMING}{object_key()}"
    put = store.put(key, io.BytesIO(content), len(content))
    try:
        with sessions() as session, session.begin():
            photo = get_photo(session, client_id, by=by, lock=True)
            offset = offset_of(session, photo)
            if offset != at:
                raise OffsetDiffers(offset)
            session.add(
                PhotoPiece(
                    photo_id=photo.id, starts_at=at, size_bytes=put.size, sha256=put.sha256, object_key=key
                )
            )
    except CaseflowError:
        with suppress(StoreUnavailable):
            store.delete(key)
        raise
    return at + put.size


def _finish(
    sessions: Sessions,
    store: ObjectStore,
    client_id: str,
    *,
    by: Actor,
    now: datetime,
    scanner: Clamd | None,
) -> None:
    with sessions() as session:
        # locked: who comes second finds a stored photo or all of its pieces, never what another is taking away
        photo = get_photo(session, client_id, by=by, lock=True)
        if photo.stored_at is not None:
            return
        pieces = session.scalars(
            select(PhotoPiece).where(PhotoPiece.photo_id == photo.id).order_by(PhotoPiece.starts_at)
        ).all()
        session.expunge_all()
    whole = b"".join(_read(store, piece) for piece in pieces)
    if hashlib.sha256(whole).hexdigest() != photo.sha256:
        _begin_anew(sessions, client_id, _AGAIN, by=by)
    with spool(io.BytesIO(whole)) as body:
        try:
            picture, small = pictures.redrawn(body)
        except Invalid as refused:
            _begin_anew(sessions, client_id, refused.sentence, by=by)
        try:
            scan = first_word(scanner, body)
        except Invalid:
            with sessions() as session, session.begin():
                _remove(session, get_photo(session, client_id, by=by, lock=True), by=by, now=now)
            raise PhotoGone(_UNSAFE) from None
    digest = pictures.put(store, photo.object_key, picture, small)
    with sessions() as session, session.begin():
        stored = get_photo(session, client_id, by=by, lock=True)
        if stored.stored_at is not None:
            return
        _forget_pieces(session, stored)
        _mark_stored(session, stored, digest, scan, by=by, now=now)


def _mark_stored(
    session: Session, photo: VisitPhoto, digest: str, scan: str, *, by: Actor, now: datetime
) -> None:
    photo.stored_at, photo.stored_sha256, photo.scan = now, digest, scan
    record(
        session, "visit.photo_stored", by=by, casefile_id=photo.plan_id, subject=f"photo:{photo.client_id}",
        details={"sha256": photo.sha256, "stored_sha256": digest, "size": photo.size_bytes},
    )  # fmt: skip
    if scan == "waiting":
        enqueue(session, SCAN_TASK, photo_id=photo.id)


def _read(store: ObjectStore, piece: PhotoPiece) -> bytes:
    """Return a piece as it was put; what the store lost or changed spoils the digest of the whole."""
    try:
        with store.open(piece.object_key) as body:
            return body.read()
    except ObjectMissing:
        return b""


def _begin_anew(sessions: Sessions, client_id: str, sentence: str, *, by: Actor) -> Never:
    with sessions() as session, session.begin():
        _forget_pieces(session, get_photo(session, client_id, by=by, lock=True))
    raise Invalid(sentence)


def _remove(session: Session, photo: VisitPhoto, *, by: Actor, now: datetime) -> None:
    photo.removed_at = now
    _forget_pieces(session, photo)
    record(
        session, "visit.photo_unsafe", by=by, casefile_id=photo.plan_id, subject=f"photo:{photo.client_id}",
        details={"sha256": photo.sha256},
    )  # fmt: skip


def _forget_pieces(session: Session, photo: VisitPhoto) -> None:
    """Remove rows of pieces; an object without a row is taken away by the sweeper."""
    session.execute(delete(PhotoPiece).where(PhotoPiece.photo_id == photo.id))
