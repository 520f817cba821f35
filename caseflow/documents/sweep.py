"""Rows and objects are kept in two stores; this brings them together again after whatever went wrong.

Both ways: a pending row that nobody finished is given up, an object that no row names goes to ``trash/`` and is
purged after seven days. A stored document is never touched: its row is locked or not seen at all. Pieces of uploads
that ended are removed at once: they were never a document.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import column, delete, func, select, table
from sqlalchemy.dialects.postgresql import Insert, insert

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.documents.intake import Sessions, digest_of
from caseflow.documents.models import Document, TrashedObject
from caseflow.documents.storage import ObjectInfo, ObjectMissing, ObjectStore
from caseflow.documents.upload_models import UploadPiece
from caseflow.documents.uploads import INCOMING, expire
from caseflow.people.actor import SYSTEM

GRACE = timedelta(minutes=15)
KEEP_TRASH = timedelta(days=7)
TRASH = "trash/"
_BATCH = 500
# names, not imports: letters, the registry's files and photos of visits lie in the same store
_named_by_a_row = tuple(table(name, column("object_key")) for name in ("letter", "registry_letter"))
_visit_photo = table("visit_photo", column("object_key"), column("removed_at"))
_photo_piece = table("visit_photo_piece", column("object_key"))
_registry_file = table("registry_file", column("object_key"), column("stored_at"))
_log = structlog.get_logger("caseflow.documents")


@dataclass(frozen=True)
class SweepReport:
    """How many rows were given up, how many objects trashed and purged, how many pieces removed."""

    given_up: int
    trashed: int
    purged: int
    pieces: int = 0


@dataclass(frozen=True)
class Damage:
    """A stored document whose object is ``missing`` or ``changed``."""

    public_id: str
    what: str


def sweep(
    sessions: Sessions,
    store: ObjectStore,
    *,
    prefix: str = "",
    grace: timedelta = GRACE,
    keep_trash: timedelta = KEEP_TRASH,
) -> SweepReport:
    """Bring both stores together; each step is durable before the next, and a crash only delays it.

    :param prefix: look only at objects whose key begins so; keys are hexadecimal, so ``00`` … ``ff`` cut a
        large store into even slices.
    """
    given_up = _give_up(sessions, grace) + expire(sessions)
    trashed = _trash_orphans(sessions, store, prefix, grace)
    pieces = _remove_pieces(sessions, store, grace)
    return SweepReport(given_up, trashed, _purge(sessions, store, keep_trash), pieces)


def check_stored(sessions: Sessions, store: ObjectStore, *, sample: int | None = None) -> list[Damage]:
    """Read stored documents back and compare their digests; ``sample`` of them at random, or all."""
    query = select(Document.public_id, Document.object_key, Document.sha256).where(
        Document.status == "stored"
    )
    if sample is not None:
        query = query.order_by(func.random()).limit(sample)
    with sessions() as session:
        stored = session.execute(query).all()
    damages = []
    for row in stored:
        try:
            what = None if digest_of(store, row.object_key) == row.sha256 else "changed"
        except ObjectMissing:
            what = "missing"
        if what is not None:
            _log.error("document_damaged", document=row.public_id, what=what)
            damages.append(Damage(row.public_id, what))
    return damages


def _give_up(sessions: Sessions, grace: timedelta) -> int:
    """Discard pending rows whose attempt is long over; one being finished this instant is passed over."""
    given_up = 0
    while True:
        with sessions() as session, session.begin():
            stale = session.scalars(
                select(Document)
                .where(Document.status == "pending", Document.created_at <= clock.now() - grace)
                .order_by(Document.id)
                .limit(_BATCH)
                .with_for_update(skip_locked=True)
            ).all()
            for document in stale:
                document.status = "discarded"
                subject = f"document:{document.public_id}"
                record(
                    session, "document.given_up", by=SYSTEM, casefile_id=document.casefile_id, subject=subject
                )
        given_up += len(stale)
        if len(stale) < _BATCH:
            return given_up


def _trash_orphans(sessions: Sessions, store: ObjectStore, prefix: str, grace: timedelta) -> int:
    """Move objects that no living row names.

    Rows are committed before their object is put, and no row ever takes up an old key again: an object without a
    living row now will have none later.
    """
    # the age of objects is told by the clock of the store, which is real even while ours is set for practice
    before = datetime.now(UTC) - grace
    elsewhere = (TRASH, INCOMING)
    old = (i for i in store.keys(prefix) if not i.key.startswith(elsewhere) and i.modified_at <= before)
    trashed = 0
    while batch := list(itertools.islice(old, _BATCH)):
        living = _living(sessions, batch)
        for info in batch:
            if _original_of(info.key) not in living:
                trashed += _trash(sessions, store, info.key)
    return trashed


def _remove_pieces(sessions: Sessions, store: ObjectStore, grace: timedelta) -> int:
    """Remove pieces that no row names: of uploads that ended, and of tries that came second."""
    before = datetime.now(UTC) - grace
    old = (info.key for info in store.keys(INCOMING) if info.modified_at <= before)
    removed = 0
    while batch := list(itertools.islice(old, _BATCH)):
        with sessions() as session:
            living = {
                *session.scalars(select(UploadPiece.object_key).where(UploadPiece.object_key.in_(batch))),
                *session.scalars(
                    select(_photo_piece.c.object_key).where(_photo_piece.c.object_key.in_(batch))
                ),
            }
        for key in batch:
            if key not in living:
                store.delete(key)
                removed += 1
    return removed


def _living(sessions: Sessions, batch: Iterable[ObjectInfo]) -> set[str]:
    originals = {_original_of(info.key) for info in batch}
    with sessions() as session:
        documents = session.scalars(
            select(Document.object_key).where(
                Document.object_key.in_(originals), Document.status != "discarded"
            )
        )
        named = [
            key
            for one in _named_by_a_row
            for key in session.scalars(select(one.c.object_key).where(one.c.object_key.in_(originals)))
        ]
        proofs = session.scalars(
            select(_registry_file.c.object_key).where(
                _registry_file.c.object_key.in_(originals), _registry_file.c.stored_at.is_not(None)
            )
        )
        photos = session.scalars(
            select(_visit_photo.c.object_key).where(
                _visit_photo.c.object_key.in_(originals), _visit_photo.c.removed_at.is_(None)
            )
        )
        return {*documents, *named, *proofs, *photos}


def _original_of(key: str) -> str:
    """Return the key of the original that a preview belongs to."""
    return key.split(".", 1)[0]


def _trash(sessions: Sessions, store: ObjectStore, key: str) -> int:
    try:
        store.move(key, f"{TRASH}{key}")
    except ObjectMissing:
        return 0
    with sessions() as session, session.begin():
        session.execute(_to_trash(key, "no row names it"))
    return 1


def _to_trash(key: str, why: str) -> Insert:
    return (
        insert(TrashedObject).values(object_key=key, trashed_at=clock.now(), why=why).on_conflict_do_nothing()
    )


def _purge(sessions: Sessions, store: ObjectStore, keep: timedelta) -> int:
    """Remove for good what has lain in the trash long enough; what lies there unrecorded is recorded first."""
    with sessions() as session, session.begin():
        for info in store.keys(TRASH):
            session.execute(_to_trash(info.key.removeprefix(TRASH), "found in the trash"))
    with sessions() as session:
        due = session.scalars(
            select(TrashedObject.object_key).where(TrashedObject.trashed_at <= clock.now() - keep)
        ).all()
    for key in due:
        store.delete(f"{TRASH}{key}")
        with sessions() as session, session.begin():
            session.execute(delete(TrashedObject).where(TrashedObject.object_key == key))
    return len(due)
