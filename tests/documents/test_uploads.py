"""Files in pieces: what is durable, what the database refuses, and that a receipt means one whole document."""

import hashlib
import io
import itertools
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents import upload_progress, uploads
from caseflow.documents.admission import lock_case
from caseflow.documents.assembly import PIECE
from caseflow.documents.intake import Receipt, Sessions
from caseflow.documents.models import Document
from caseflow.documents.refusals import MAX_FILE_BYTES, OffsetDiffers
from caseflow.documents.storage import ObjectStore, StoreUnavailable
from caseflow.documents.sweep import check_stored, sweep
from caseflow.documents.upload_models import PiecewiseUpload, UploadPiece
from caseflow.documents.upload_progress import Progress
from caseflow.documents.uploads import INCOMING
from caseflow.errors import CaseflowError, NotFound, NotPermitted
from caseflow.people import devices
from tests.documents.cases import OPEN_IN, Case, make_case, send
from tests.files import samples

PICTURE = samples.jpeg()
NOW = timedelta(0)


class Phone:
    """A phone that sends one picture to one case."""

    def __init__(self, sessions: Sessions, store: ObjectStore, case: Case) -> None:
        self.sessions, self.store, self.case = sessions, store, case

    def open(self, content: bytes = PICTURE, key: str | None = None, sha256: str | None = None) -> Progress:
        """Announce a file."""
        with self.sessions() as session, session.begin():
            return uploads.open_upload(
                session,
                self.case.place(key=key),
                len(content),
                by=self.case.family,
                open_in=OPEN_IN,
                sha256=sha256,
            )

    def look(self, upload: Progress) -> Progress:
        """Ask how far it is."""
        with self.sessions() as session:
            return upload_progress.get_upload(
                session, self.case.id, upload.requirement_id, upload.public_id, by=self.case.family
            )

    def append(self, upload: Progress, body: BinaryIO | bytes, at: int | None = None) -> int:
        """Send bytes on."""
        stream = io.BytesIO(body) if isinstance(body, bytes) else body
        where = upload.offset if at is None else at
        return uploads.append(self.sessions, self.store, upload, stream, at=where, by=self.case.family)

    def finish(self, upload: Progress) -> Receipt:
        """Have the whole taken in."""
        receipt = uploads.finish(self.sessions, self.store, upload, by=self.case.family, open_in=OPEN_IN)
        with self.sessions() as session, session.begin():
            uploads.mark_stored(session, upload, receipt)
        return receipt

    def stored(self) -> list[Document]:
        """Every stored document of the case."""
        with self.sessions() as session:
            rows = select(Document).where(Document.casefile_id == self.case.id, Document.status == "stored")
            return list(session.scalars(rows))


@pytest.fixture
def phone(sessions: Sessions, store: ObjectStore, case: Case) -> Phone:
    """The phone of the family."""
    return Phone(sessions, store, case)


class Cut:
    """A line that gives so many bytes and then breaks."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)

    def read(self, most: int) -> bytes:
        """Give what is there, then break."""
        chunk = self._rest.read(most)
        if not chunk:
            raise ConnectionError
        return chunk


def cut(content: bytes) -> BinaryIO:
    return cast(BinaryIO, Cut(content))


class Zeros:
    """So many zeros; remembers how many were taken."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.given = 0

    def read(self, most: int) -> bytes:
        """Give all that is asked for and still there."""
        chunk = min(most, self.size - self.given)
        self.given += chunk
        return bytes(chunk)


def test_what_arrived_before_a_cut_counts(phone: Phone) -> None:
    upload = phone.open(sha256=hashlib.sha256(PICTURE).hexdigest())
    assert phone.append(upload, cut(PICTURE[:1000])) == 1000
    upload = phone.look(upload)
    assert (upload.offset, upload.receipt) == (1000, None)
    assert phone.append(upload, PICTURE[1000:]) == len(PICTURE)
    upload = phone.look(upload)
    assert upload.offset == len(PICTURE) - 1, "whole, but not yet stored: nobody may take it for received"
    receipt = phone.finish(upload)
    upload = phone.look(upload)
    assert (upload.offset, upload.receipt) == (len(PICTURE), receipt)
    (document,) = phone.stored()
    assert document.sha256 == hashlib.sha256(PICTURE).hexdigest()
    assert phone.finish(upload) == receipt
    assert len(phone.stored()) == 1


def test_the_same_key_opens_one_upload(phone: Phone) -> None:
    first = phone.open(key="a")
    phone.append(first, PICTURE[:500])
    assert phone.open(key="a").public_id == first.public_id
    assert phone.open(key="a").offset == 500
    for content, sha256 in ((PICTURE + b"x", None), (PICTURE, "0" * 64)):
        with pytest.raises(CaseflowError, match="berbeda"):
            phone.open(content, key="a", sha256=sha256)


def test_nothing_left_to_store_asks_for_the_last_byte_again(phone: Phone) -> None:
    """The server died after the last byte and before the receipt: one byte of the phone's brings it on."""
    upload = phone.open()
    phone.append(upload, PICTURE)
    waiting = phone.look(upload)
    assert phone.append(waiting, PICTURE[-1:]) == len(PICTURE)
    assert phone.finish(waiting).size_bytes == len(PICTURE)


def test_another_byte_than_the_next_is_refused(phone: Phone) -> None:
    upload = phone.open()
    phone.append(upload, PICTURE[:100])
    upload = phone.look(upload)
    for at in (0, 99, 101, len(PICTURE)):
        with pytest.raises(OffsetDiffers):
            phone.append(upload, PICTURE[at:], at)
    assert phone.look(upload).offset == 100


def test_who_comes_second_to_the_same_byte_changes_nothing(phone: Phone, store: ObjectStore) -> None:
    """An old line wakes up after a new one went on."""
    upload = phone.open()
    assert phone.append(upload, PICTURE[:1000]) == 1000
    with pytest.raises(OffsetDiffers):
        phone.append(upload, b"from the old line")
    assert phone.look(upload).offset == 1000
    assert len(list(store.keys(INCOMING))) == 1


@pytest.mark.parametrize(
    ("length", "status"), [(0, 422), (-1, 422), (MAX_FILE_BYTES, 0), (MAX_FILE_BYTES + 1, 413)]
)
def test_announced_lengths(phone: Phone, length: int, status: int) -> None:
    def announce() -> Progress:
        with phone.sessions() as session, session.begin():
            return uploads.open_upload(
                session, phone.case.place(), length, by=phone.case.family, open_in=OPEN_IN
            )

    if status:
        with pytest.raises(CaseflowError) as refused:
            announce()
        assert refused.value.status == status
    else:
        assert announce().length == length


def test_more_than_announced_is_refused_and_not_kept(phone: Phone) -> None:
    upload = phone.open(PICTURE[:100])
    endless = Zeros(MAX_FILE_BYTES)
    with pytest.raises(CaseflowError) as refused:
        phone.append(upload, cast(BinaryIO, endless))
    assert refused.value.status == 413
    assert endless.given == 101
    assert phone.look(upload).offset == 99


def test_a_refused_file_is_refused_the_same_way_again(phone: Phone) -> None:
    page = samples.html()
    upload = phone.open(page, key="web")
    phone.append(upload, page)
    upload = phone.look(upload)
    said = []
    for ask in (
        lambda: phone.finish(upload),
        lambda: phone.look(upload),
        lambda: phone.open(page, key="web"),
    ):
        with pytest.raises(CaseflowError) as refused:
            ask()
        said.append((refused.value.status, refused.value.sentence))
    assert len(set(said)) == 1
    assert said[0][0] == 415
    assert phone.stored() == []


def test_bytes_that_changed_on_the_way_are_refused(phone: Phone) -> None:
    upload = phone.open(sha256="ab" * 32)
    phone.append(upload, PICTURE)
    with pytest.raises(CaseflowError) as refused:
        phone.finish(upload)
    assert refused.value.status == 460
    assert phone.stored() == []


def test_another_case_sees_nothing(phone: Phone, sessions: Sessions) -> None:
    upload = phone.open()
    with sessions() as session, session.begin():
        stranger = make_case(session)
    with sessions() as session, pytest.raises(NotFound):
        upload_progress.get_upload(
            session, stranger.id, upload.requirement_id, upload.public_id, by=stranger.family
        )
    with sessions() as session, pytest.raises(NotFound):
        uploads.require_open(session, upload, by=stranger.family, open_in=OPEN_IN)


def test_a_case_that_was_decided_takes_no_more(phone: Phone) -> None:
    upload = phone.open()
    phone.append(upload, PICTURE)
    with phone.sessions() as session, pytest.raises(CaseflowError) as refused:
        uploads.require_open(session, upload, by=phone.case.family, open_in=frozenset())
    assert refused.value.status == 409
    with pytest.raises(CaseflowError) as refused:
        uploads.finish(phone.sessions, phone.store, upload, by=phone.case.family, open_in=frozenset())
    assert refused.value.status == 409
    assert phone.stored() == []


def test_unfinished_uploads_count_for_the_limit_of_a_case(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caseflow.documents.admission.MAX_BYTES_PER_CASE", 2 * len(PICTURE))
    phone.open()
    phone.open()
    with pytest.raises(CaseflowError, match="batas"):
        phone.open()


def test_the_oldest_unfinished_upload_makes_room(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_OPEN", 2)
    oldest, middle = phone.open(), phone.open()
    newest = phone.open()
    with pytest.raises(CaseflowError) as gone:
        phone.look(oldest)
    assert gone.value.status == 410
    with phone.sessions() as session:
        waiting = upload_progress.unfinished(
            session, phone.case.id, oldest.requirement_id, by=phone.case.family
        )
    assert [one.public_id for one in waiting] == [middle.public_id, newest.public_id]


def with_phone(phone: Phone, holder: str) -> Phone:
    """The same case on a phone of its own."""
    with phone.sessions() as session, session.begin():
        token = devices.device_for_reporter(session, phone.case.id, holder, now=clock.now())
        device = devices.find_device(session, token, now=clock.now())
    assert device is not None
    return Phone(phone.sessions, phone.store, replace(phone.case, family=device.actor))


def test_an_upload_belongs_to_the_phone_that_began_it(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another holder's phone neither lists, finds, takes over nor pushes out what this one has on its way."""
    monkeypatch.setattr(uploads, "MAX_OPEN", 1)
    yusra, rani = with_phone(phone, "Yusra"), with_phone(phone, "Rani")
    upload = yusra.open(key="mine")
    with pytest.raises(NotFound):
        rani.look(upload)
    with pytest.raises(CaseflowError) as gone:
        rani.open(key="mine")
    assert gone.value.status == 410
    other = rani.open()
    with phone.sessions() as session:
        for one, sender in ((upload, yusra), (other, rani)):
            found = upload_progress.unfinished(
                session, phone.case.id, upload.requirement_id, by=sender.case.family
            )
            assert [each.public_id for each in found] == [one.public_id]
    assert yusra.open(key="mine").public_id == upload.public_id


def test_a_phone_that_was_closed_meanwhile_stores_nothing_more(phone: Phone, store: ObjectStore) -> None:
    """Whether the last bytes come in pieces or the whole as one form."""
    yusra = with_phone(phone, "Yusra")
    half, whole = yusra.open(), yusra.open()
    yusra.append(half, PICTURE[:1000])
    yusra.append(whole, PICTURE)
    half = yusra.look(half)
    by = yusra.case.family
    with phone.sessions() as session, session.begin():
        assert by.device_id is not None
        devices.revoke_device(session, phone.case.id, by.device_id, by=by, now=clock.now())
    late: list[Callable[[], object]] = [
        lambda: yusra.append(half, PICTURE[1000:]),
        lambda: yusra.finish(whole),
        lambda: yusra.open(),
        lambda: send(phone.sessions, store, yusra.case, PICTURE),
    ]
    for act in late:
        with pytest.raises(NotPermitted, match="sudah ditutup"):
            act()
    assert phone.stored() == []
    assert yusra.look(half).arrived == 1000


def test_stopped_or_forgotten_uploads_leave_no_bytes(phone: Phone, store: ObjectStore) -> None:
    stopped, forgotten, done = phone.open(), phone.open(), phone.open()
    for upload in (stopped, forgotten, done):
        phone.append(upload, PICTURE)
    phone.finish(done)
    with phone.sessions() as session, session.begin():
        uploads.stop(session, stopped, by=phone.case.family)
    assert sweep(phone.sessions, store, grace=NOW).pieces == 2
    clock.set_start(clock.now() + timedelta(days=7, minutes=1))
    assert sweep(phone.sessions, store, grace=NOW).pieces == 1
    for upload in (stopped, forgotten):
        with pytest.raises(CaseflowError) as gone:
            phone.look(upload)
        assert gone.value.status == 410
    assert list(store.keys(INCOMING)) == []
    assert check_stored(phone.sessions, store) == []
    assert len(phone.stored()) == 1


def test_who_ends_an_upload_holds_the_case_first(phone: Phone) -> None:
    """The order of everything about papers: the case, then the upload. The sweeper waits for nobody."""
    upload = phone.open()
    clock.set_start(clock.now() + timedelta(days=7, minutes=1))
    with phone.sessions() as holder, holder.begin():
        lock_case(holder, phone.case.id)
        assert uploads.expire(phone.sessions) == 0
        with phone.sessions() as session:
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError):
                uploads.stop(session, upload, by=phone.case.family)
    assert uploads.expire(phone.sessions) == 1


def test_pieces_of_an_open_upload_are_left_alone(phone: Phone, store: ObjectStore) -> None:
    phone.append(phone.open(), PICTURE)
    store.put(f"{INCOMING}{'ab' * 16}", io.BytesIO(b"nobody's"))
    assert sweep(phone.sessions, store).pieces == 0
    assert sweep(phone.sessions, store, grace=NOW).pieces == 1
    assert len(list(store.keys(INCOMING))) == 1


@pytest.mark.parametrize("harm", ["lost", "changed"])
def test_a_piece_that_the_store_lost_is_asked_for_again(phone: Phone, store: ObjectStore, harm: str) -> None:
    upload = phone.open()
    ends = (1000, 2000, 3000, len(PICTURE))
    for begin, end in itertools.pairwise((0, *ends)):
        phone.append(phone.look(upload), PICTURE[begin:end])
    with phone.sessions() as session:
        second = session.scalars(select(UploadPiece.object_key).where(UploadPiece.from_byte == 1000)).one()
    if harm == "lost":
        store.delete(second)
    else:
        store.put(second, io.BytesIO(bytes(1000)))
    with pytest.raises(StoreUnavailable):
        phone.finish(phone.look(upload))
    upload = phone.look(upload)
    assert upload.offset == 1000
    phone.append(upload, PICTURE[1000:])
    assert phone.finish(phone.look(upload)).digest == hashlib.sha256(PICTURE).hexdigest()[:8]


def test_a_store_that_is_away_loses_nothing(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = phone.open()
    phone.append(upload, PICTURE[:1000])
    put = phone.store.put

    def away(*_: object) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(phone.store, "put", away)
    with pytest.raises(StoreUnavailable):
        phone.append(phone.look(upload), PICTURE[1000:])
    monkeypatch.setattr(phone.store, "put", put)
    phone.append(phone.look(upload), PICTURE[1000:])
    monkeypatch.setattr(phone.store, "put", away)
    with pytest.raises(StoreUnavailable):
        phone.finish(phone.look(upload))
    monkeypatch.setattr(phone.store, "put", put)
    assert phone.finish(phone.look(upload)).size_bytes == len(PICTURE)
    assert len(phone.stored()) == 1


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"from_byte": 50, "to_byte": 90}, "fk_upload_piece_no_gap"),
        ({"from_byte": 0, "to_byte": 10}, "pk_upload_piece"),
        ({"from_byte": 5, "to_byte": 20}, "uq_upload_piece_upload_id_to_byte"),
        ({"from_byte": 5, "to_byte": 15}, "fk_upload_piece_no_gap"),
        ({"from_byte": 20, "to_byte": 101}, "ck_upload_piece_within_the_announced"),
        ({"from_byte": 20, "to_byte": 101, "length_bytes": 200}, "fk_upload_piece_announced"),
        ({"from_byte": 20, "to_byte": 20}, "ck_upload_piece_has_bytes"),
    ],
)
def test_the_database_refuses(phone: Phone, change: dict[str, int], constraint: str) -> None:
    upload = phone.open(bytes(100))
    values = {"from_byte": 20, "to_byte": 30, "length_bytes": 100, **change}

    def add(session: Session, **numbers: int) -> None:
        session.add(
            UploadPiece(
                upload_id=upload.id,
                object_key=f"{INCOMING}{numbers['from_byte']}-{numbers['to_byte']}",
                sha256="0" * 64,
                arrived_at=clock.now(),
                **numbers,
            )
        )
        session.flush()

    with phone.sessions() as session:
        add(session, from_byte=0, to_byte=20, length_bytes=100)
        with pytest.raises(IntegrityError) as refused:
            add(session, **values)
        session.rollback()
    assert constraint in str(refused.value)


def test_memory_holds_one_piece_whatever_the_file(phone: Phone) -> None:
    held = []
    for size in (1024 * 1024, MAX_FILE_BYTES):
        upload = phone.open(bytes(size))
        line = Zeros(size)
        tracemalloc.start()
        phone.append(upload, cast(BinaryIO, line))
        held.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert held[1] < held[0] + PIECE


# what a phone may do to an upload, in any order, as often as it likes
ACTS = st.lists(
    st.tuples(st.sampled_from(["send", "cut", "late", "die", "finish", "open"]), st.integers(1, 3000)),
    max_size=14,
)


@pytest.fixture
def fresh_phone(sessions: Sessions, store: ObjectStore) -> Callable[[], Phone]:
    """A new family each time."""

    def make() -> Phone:
        with sessions() as session, session.begin():
            return Phone(sessions, store, make_case(session))

    return make


def test_exactly_once_whatever_the_line_does(fresh_phone: Callable[[], Phone]) -> None:
    body = samples.tiny_jpeg()

    @settings(max_examples=25, deadline=None, database=None)
    @given(ACTS)
    def walk(acts: list[tuple[str, int]]) -> None:
        phone = fresh_phone()
        first = upload = phone.open(body, key="walk")
        for act, size in acts:
            upload = phone.look(upload)
            begin = upload.offset
            if act in {"send", "cut"} and upload.receipt is None:
                part = body[begin : begin + size]
                phone.append(upload, cut(part) if act == "cut" else part)
            elif act == "late":
                with pytest.raises(OffsetDiffers):
                    phone.append(upload, body[:size], begin + size)
            elif act == "open":
                assert phone.open(body, key="walk").public_id == first.public_id
            elif act == "die" and upload.arrived == upload.length and upload.receipt is None:
                # the file became a document, and the server died before it said so
                uploads.finish(phone.sessions, phone.store, upload, by=phone.case.family, open_in=OPEN_IN)
            elif act == "finish" and upload.arrived == upload.length:
                phone.finish(upload)
            assert len(phone.stored()) <= 1
        upload = phone.look(upload)
        if upload.receipt is None:
            phone.append(upload, body[upload.offset :])
            phone.finish(phone.look(upload))
        (document,) = phone.stored()
        assert document.sha256 == hashlib.sha256(body).hexdigest()
        with phone.sessions() as session:
            assert (
                session.scalars(select(PiecewiseUpload.state).where(PiecewiseUpload.id == first.id)).one()
                == "stored"
            )
            counted = text("SELECT count(*) FROM upload_piece WHERE upload_id = :id")
            assert session.scalar(counted, {"id": first.id}) == 0

    walk()
