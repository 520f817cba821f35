"""Photos of a visit: what is kept carries no place, nobody sees one that was not scanned, an unsafe one goes."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.documents.preview import preview_key
from caseflow.documents.scan import Clamd, ScannerDown
from caseflow.documents.storage import ObjectStore, open_store
from caseflow.documents.sweep import TRASH, sweep
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.monitoring import consents, photos, pictures
from caseflow.monitoring.models import Plan
from caseflow.monitoring.visit_models import VisitPhoto
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.documents.test_scan import clamd, silent
from tests.files import samples
from tests.monitoring.visiting import made, phone, photo, send
from tests.story import Stage
from tests.told import visitor
from tests.visit_story import days_pass, followed, visit_of

FOUND = b"stream: Eicar-Test-Signature FOUND\0"


@dataclass
class Album:
    """A visit that announced one photo; sessions that really commit.

    :ivar before: keys in the store before the photo came.
    """

    sessions: Callable[[], Session]
    store: ObjectStore
    by: Actor
    planned_visit_id: int
    number: str
    before: frozenset[str]

    def send(self, body: bytes, scanner: Clamd | None = None, *, at: int = 0) -> None:
        """All of it in one piece, or a piece of it."""
        photos.append(
            self.sessions, self.store, self.number, body, at=at, by=self.by, now=clock.now(), scanner=scanner
        )

    def row(self) -> VisitPhoto:
        """The photo as it stands."""
        with self.sessions() as session:
            return session.scalars(select(VisitPhoto).where(VisitPhoto.client_id == self.number)).one()

    def family_says_no(self, staff: Mapping[str, Actor]) -> None:
        """To the supervisor."""
        with self.sessions() as session, session.begin():
            plan = session.get_one(Plan, self.row().plan_id)
            consents.withdraw(session, plan, said_by="Elmita", by=staff["siska"], now=clock.now())

    def scan(self, scanner: Clamd) -> None:
        """The job comes round."""
        with self.sessions() as session, session.begin():
            photos.run_scan(session, self.store, scanner, self.row().id, now=clock.now())

    def opened(self, *, small: bool) -> bytes:
        """Its bytes, as somebody sees them."""
        with self.sessions() as session, session.begin():
            found = pictures.open_photo(
                session, self.store, self.planned_visit_id, self.number, by=self.by, small=small
            )
            with found.body as body:
                return body.read()

    def left(self) -> set[str]:
        """Keys of what lies in the store after the sweeper came by, outside of the trash."""
        sweep(self.sessions, self.store, grace=timedelta(0))
        found = {info.key for info in self.store.keys("") if not info.key.startswith(TRASH)}
        return found - self.before

    def jobs(self) -> list[str]:
        """Tasks that wait."""
        with self.sessions() as session:
            return list(session.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id")))


@pytest.fixture
def announced(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> Callable[[bytes], Album]:
    """Make a visit that announces a photo."""
    store = open_store(f"folder://{tmp_path / 'objects'}")
    store.prepare()

    def announce(body: bytes) -> Album:
        with Session(fresh_database.engine) as session:
            stage = Stage(session, store, staff)
            plan = followed(stage)
            visit, by = visit_of(stage, plan, "m3"), visitor(stage, plan)
            days_pass(95)
            shown = photo(body)
            assert send(session, phone(session, by), made(visit, photos=[shown]), by=by).refusal is None
            session.commit()
            before = frozenset(info.key for info in store.keys(""))
            return Album(sessionmaker(fresh_database.engine), store, by, visit.id, str(shown["uuid"]), before)

    return announce


def metadata(body: bytes) -> dict[object, object]:
    """What a picture carries besides its points."""
    with Image.open(io.BytesIO(body)) as picture:
        found: dict[object, object] = {}
        found.update(picture.getexif().items())
        found.update(
            (name, value) for name, value in picture.info.items() if not str(name).startswith("jfif")
        )
        return found


def test_what_is_kept_carries_no_place_and_no_camera(announced: Callable[[bytes], Album]) -> None:
    sent = samples.jpeg_with_secrets()
    assert 0x8825 in metadata(sent)  # the place
    album = announced(sent)
    album.send(sent)
    row = album.row()
    assert (row.scan, row.media_type, row.size_bytes) == ("no_scanner", "image/jpeg", len(sent))
    assert row.stored_sha256 not in {None, row.sha256}
    for small, edge in ((False, 1280), (True, 320)):
        kept = album.opened(small=small)
        assert not set(metadata(kept)) - {"dpi"}
        for secret in (b"KAMERA-RAHASIA-77", b"<?php", b"Exif"):
            assert secret not in kept
        with Image.open(io.BytesIO(kept)) as picture:
            assert max(picture.size) <= edge
            assert picture.width > picture.height  # upright: it lay on its side


def test_every_object_of_the_store_is_one_that_was_drawn(announced: Callable[[bytes], Album]) -> None:
    sent = samples.jpeg_with_secrets()
    album = announced(sent)
    album.send(sent)
    assert album.left() == {album.row().object_key, preview_key(album.row().object_key, 1)}


def test_a_photo_on_its_way_is_let_go_when_the_family_says_no(
    announced: Callable[[bytes], Album], staff: Mapping[str, Actor]
) -> None:
    sent = samples.jpeg()
    album = announced(sent)
    album.send(sent[:1000])
    assert len(album.left()) == 1
    album.family_says_no(staff)
    for at in (0, 1000):
        with pytest.raises(photos.PhotoGone, match="tidak mau dikunjungi"):
            album.send(sent[at:], at=at)
    assert (album.row().stored_at, album.left()) == (None, set())


def test_a_photo_that_was_stored_before_stays(
    announced: Callable[[bytes], Album], staff: Mapping[str, Actor]
) -> None:
    sent = samples.jpeg()
    album = announced(sent)
    album.send(sent)
    album.family_says_no(staff)
    album.send(b"", at=len(sent))  # the answer to the last piece was lost
    assert album.opened(small=False)


def test_opening_one_is_written_down(announced: Callable[[bytes], Album]) -> None:
    album = announced(samples.jpeg())
    album.send(samples.jpeg())
    album.opened(small=True)
    album.opened(small=False)
    with album.sessions() as session:
        looks = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "visit.photo_opened").order_by(AuditEvent.id)
        ).all()
    assert [(one.actor_user_id, one.details["small"]) for one in looks] == [
        (album.by.user_id, True),
        (album.by.user_id, False),
    ]


def test_a_picture_that_changed_in_the_store_is_not_shown(announced: Callable[[bytes], Album]) -> None:
    album = announced(samples.jpeg())
    album.send(samples.jpeg())
    other = samples.jpeg_with_secrets()
    album.store.put(album.row().object_key, io.BytesIO(other), len(other))
    with pytest.raises(NotFound, match="tidak dapat dibuka"):
        album.opened(small=False)


def test_a_broken_picture_whose_digest_is_right_begins_anew(announced: Callable[[bytes], Album]) -> None:
    cut = samples.jpeg()[:5000]
    album = announced(cut)
    with pytest.raises(Invalid, match="bukan foto"):
        album.send(cut)
    assert (album.row().stored_at, album.row().stored_sha256) == (None, None)


def test_while_the_scanner_is_silent_a_photo_is_kept_and_seen_by_nobody(
    announced: Callable[[bytes], Album],
) -> None:
    album = announced(samples.jpeg())
    album.send(samples.jpeg(), silent())
    assert (album.row().scan, album.row().stored_at is None) == ("waiting", False)
    assert photos.SCAN_TASK in album.jobs()
    for small in (True, False):
        with pytest.raises(NotPossible, match="menunggu pemeriksaan"):
            album.opened(small=small)
    with pytest.raises(ScannerDown):
        album.scan(silent())
    assert album.row().scan == "waiting"
    with clamd() as scanner:
        album.scan(scanner)
    assert album.row().scan == "clean"
    assert album.opened(small=False).startswith(b"\xff\xd8\xff")


def test_a_photo_with_a_virus_is_never_kept(announced: Callable[[bytes], Album]) -> None:
    sent = samples.jpeg() + samples.EICAR
    album = announced(sent)
    with clamd() as scanner, pytest.raises(photos.PhotoGone, match="tidak aman dibuka, jadi tidak disimpan"):
        album.send(sent, scanner)
    row = album.row()
    assert (row.stored_at, row.removed_at is None) == (None, False)
    with pytest.raises(photos.PhotoGone):  # the phone is told the same again, and stops
        album.send(sent)
    assert album.left() == set()


def test_a_virus_that_is_found_later_takes_the_photo_away(announced: Callable[[bytes], Album]) -> None:
    album = announced(samples.jpeg())
    album.send(samples.jpeg(), silent())
    with clamd(FOUND) as scanner:
        for _ in range(2):  # harmless to repeat
            album.scan(scanner)
    with pytest.raises(NotPossible, match="tidak aman dibuka, jadi sudah dibuang"):
        album.opened(small=True)
    row = album.row()
    assert album.left() == set()
    with album.sessions() as session:
        actions = session.scalars(
            select(AuditEvent.action).where(AuditEvent.subject == f"photo:{row.client_id}")
        )
        assert list(actions) == ["visit.photo_stored", "visit.photo_unsafe"]
