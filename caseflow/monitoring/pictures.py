"""Pictures of a visit: redrawn before they are kept, so that no place, camera or anything hidden goes with them.

Each lies in the store as it is looked at, with a small one beside it (``preview_key``); what a phone sent is not kept.
Not here: how the bytes come (``photos``).
"""

import io
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.documents.intake import digest_of, transfer
from caseflow.documents.preview import MAY_BE_OPENED, preview_key
from caseflow.documents.queries import OpenedDocument
from caseflow.documents.scan import Clamd, first_word
from caseflow.documents.sniff import KINDS, draw, inspect, run_child
from caseflow.documents.spool import Spooled, spool
from caseflow.documents.storage import ObjectMissing, ObjectStore
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.monitoring.envelope_parts import MOST_PHOTO_BYTES
from caseflow.monitoring.visit_models import Visit, VisitPhoto
from caseflow.people.actor import Actor

MEDIA_TYPE = "image/jpeg"  # of every picture that is kept
SHOWS: Mapping[str, str] = {
    "business": "usaha",
    "family": "keluarga",
    "house": "rumah",
    "paper": "formulir kertas",
}
NO_PICTURE = "Berkas ini bukan foto yang bisa dibuka, jadi tidak disimpan. Ambil foto yang lain."
_EDGE, _SMALL_EDGE = 1280, 320  # pixels, the longest side
_QUALITY, _SMALL_QUALITY = 80, 70  # of JPEG
_log = structlog.get_logger("caseflow.monitoring")


def shrunk(stream: BinaryIO, *, scanner: Clamd | None) -> bytes:
    """Return the picture of a file that was chosen in a form: upright, small, without place or camera.

    :raises CaseflowError: it is no picture, too large, broken or unsafe.
    """
    with spool(stream) as body:
        kind = KINDS[inspect(body).media_type]
        first_word(scanner, body)
        return _drawn(body, kind, _EDGE, _QUALITY)


def redrawn(body: Spooled) -> tuple[bytes, bytes]:
    """Return the picture that a phone sent, drawn anew, and the small one of it.

    :raises Invalid: it is no picture, or cannot be drawn.
    """
    drawn = draw(body, (_EDGE, _QUALITY), (_SMALL_EDGE, _SMALL_QUALITY))
    if drawn is None or len(drawn[0]) > MOST_PHOTO_BYTES:
        raise Invalid(NO_PICTURE)
    return drawn


def small_of(picture: bytes) -> bytes:
    """Return the small one of a picture that was drawn here."""
    with spool(io.BytesIO(picture)) as body:
        return _drawn(body, "jpeg", _SMALL_EDGE, _SMALL_QUALITY)


def put(store: ObjectStore, key: str, picture: bytes, small: bytes) -> str:
    """Store a picture that was drawn here, and the small one beside it; return the digest of the large one.

    :raises StoreUnavailable: it is not certain that both are there, whole.
    """
    with spool(io.BytesIO(picture)) as body:
        store.put(preview_key(key, 1), io.BytesIO(small), len(small))
        transfer(store, key, body)
        return body.sha256


def photos_of(session: Session, planned_visit_ids: Sequence[int]) -> Mapping[int, Sequence[VisitPhoto]]:
    """Return the photos that arrived whole, by planned visit, whatever the scanner said of them.

    A photo that was found unsafe is among them, without its picture (``removed_at``): its visitor reads so.
    """
    rows = session.execute(
        select(Visit.planned_visit_id, VisitPhoto)
        .join(Visit, Visit.id == VisitPhoto.visit_id)
        .where(
            Visit.planned_visit_id.in_(planned_visit_ids),
            VisitPhoto.stored_at.is_not(None) | VisitPhoto.removed_at.is_not(None),
        )
        .order_by(VisitPhoto.visit_id, VisitPhoto.position)
    )
    found: dict[int, list[VisitPhoto]] = {}
    for planned_visit_id, photo in rows:
        found.setdefault(planned_visit_id, []).append(photo)
    return found


def may_be_seen(photo: VisitPhoto) -> bool:
    """Whether a photo that arrived may be looked at."""
    return photo.stored_at is not None and photo.removed_at is None and photo.scan in MAY_BE_OPENED


def open_photo(
    session: Session, store: ObjectStore, planned_visit_id: int, client_id: str, *, by: Actor, small: bool
) -> OpenedDocument:
    """Open a photo of a planned visit that was fetched; leaves an audit row, so commit.

    :raises NotFound: no such photo of this visit, or its bytes are gone or changed.
    :raises NotPossible: not scanned yet, or found unsafe. :raises StoreUnavailable: the store is silent.
    """
    photo = session.scalar(
        select(VisitPhoto)
        .join(Visit, Visit.id == VisitPhoto.visit_id)
        .where(VisitPhoto.client_id == client_id, Visit.planned_visit_id == planned_visit_id)
    )
    if photo is None or (photo.stored_at is None and photo.removed_at is None):
        raise NotFound("Foto ini tidak ditemukan pada kunjungan ini.")
    if photo.removed_at is not None:
        raise NotPossible("Foto ini tidak aman dibuka, jadi sudah dibuang. Isi kunjungan tidak berubah.")
    if not may_be_seen(photo):
        raise NotPossible("Foto ini masih menunggu pemeriksaan keamanan. Coba lagi sebentar lagi.")
    body = _body(store, photo, small=small)
    record(
        session, "visit.photo_opened", by=by, casefile_id=photo.plan_id, subject=f"photo:{photo.client_id}",
        details={"small": small},
    )  # fmt: skip
    return OpenedDocument(body, photo.media_type, f"foto-{photo.position}.jpg", attachment=False)


def small_picture(store: ObjectStore, photo: VisitPhoto) -> bytes | None:
    """Return the small picture of a photo that may be seen; ``None``: its bytes are gone.

    :raises StoreUnavailable: the store is silent.
    """
    try:
        with store.open(preview_key(photo.object_key, 1)) as body:
            return body.read()
    except ObjectMissing:
        return None


def _drawn(body: Spooled, kind: str, edge: int, quality: int) -> bytes:
    drawn = run_child(body, "render", kind, "1", str(edge), str(quality))
    if drawn is None or len(drawn) > MOST_PHOTO_BYTES:
        raise Invalid(NO_PICTURE)
    return drawn


def _body(store: ObjectStore, photo: VisitPhoto, *, small: bool) -> BinaryIO:
    try:
        if small:
            return store.open(preview_key(photo.object_key, 1))
        if digest_of(store, photo.object_key) == photo.stored_sha256:
            return store.open(photo.object_key)
    except ObjectMissing:
        pass
    _log.error("photo_damaged", photo=photo.client_id, small=small)
    raise NotFound("Foto ini tidak dapat dibuka. Foto lain tidak terpengaruh. Beri tahu pengelola sistem.")
