"""A paper comes in: receipts, repeats, limits, and every refusal that needs the case."""

import hashlib
import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.documents import intake
from caseflow.documents.admission import locked_requirement
from caseflow.documents.intake import Sessions, keep, receive
from caseflow.documents.models import Document, Requirement
from caseflow.documents.refusals import refusal
from caseflow.documents.spool import spool
from caseflow.documents.storage import ObjectStore, StoreUnavailable
from caseflow.errors import CaseflowError, NotFound, NotPermitted
from caseflow.people.actor import SYSTEM
from caseflow.workflow.models import CaseFile
from tests.documents.cases import OPEN_IN, Case, checked, make_case, send
from tests.files import samples


@pytest.fixture
def look(sessions: Sessions) -> Iterator[Session]:
    """A session to look with; closed before the database goes."""
    with sessions() as session:
        yield session


def documents(look: Session) -> list[Document]:
    look.rollback()
    return list(look.scalars(select(Document).order_by(Document.id)))


def requirement(look: Session, case: Case, code: str = "family_card") -> Requirement:
    look.rollback()
    return look.scalars(select(Requirement).where(Requirement.id == case.requirements[code])).one()


def jobs(look: Session) -> list[str]:
    look.rollback()
    return list(look.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id")))


def objects(store: ObjectStore) -> list[str]:
    return sorted(info.key for info in store.keys(""))


def test_a_receipt_means_stored_row_object_audit_and_job(
    sessions: Sessions, store: ObjectStore, case: Case, look: Session
) -> None:
    content = samples.jpeg()
    receipt = send(sessions, store, case, content)
    (document,) = documents(look)
    digest = hashlib.sha256(content).hexdigest()
    assert (receipt.public_id, receipt.digest) == (document.public_id, digest[:8])
    assert (receipt.display_name, receipt.size_bytes, receipt.hints) == ("kk.jpg", len(content), ())
    assert (document.status, document.sha256, document.media_type) == ("stored", digest, "image/jpeg")
    assert (document.scan, document.uploaded_kind, document.pages) == ("no_scanner", "family", 1)
    with store.open(document.object_key) as body:
        assert body.read() == content
    assert requirement(look, case).status == "submitted"
    assert jobs(look) == ["documents.preview"]
    event = look.scalars(select(AuditEvent).where(AuditEvent.action == "document.stored")).one()
    assert event.casefile_id == case.id
    assert event.details["sha256"] == digest


def test_the_same_key_again_gives_the_same_receipt_and_no_second_object(
    sessions: Sessions, store: ObjectStore, case: Case, look: Session
) -> None:
    place = case.place()
    first = send(sessions, store, case, samples.jpeg(), place)
    again = send(sessions, store, case, samples.jpeg(), place)
    assert again == first
    assert len(documents(look)) == len(objects(store)) == 1
    assert jobs(look) == ["documents.preview"]


def test_the_receipt_comes_again_even_when_the_case_takes_no_more(
    sessions: Sessions, store: ObjectStore, case: Case
) -> None:
    place = case.place()
    first = send(sessions, store, case, samples.jpeg(), place)
    with spool(io.BytesIO(samples.jpeg())) as body:
        again = keep(sessions, store, place, checked(body), by=case.family, open_in=frozenset())
    assert again == first


def test_the_same_key_with_other_bytes_is_refused(
    sessions: Sessions, store: ObjectStore, case: Case, look: Session
) -> None:
    place = case.place()
    send(sessions, store, case, samples.jpeg(), place)
    with pytest.raises(CaseflowError) as caught:
        send(sessions, store, case, samples.png(), place)
    assert (caught.value.status, caught.value.sentence) == (422, refusal("key_reused").sentence)
    assert len(documents(look)) == 1


def test_hints_are_given_and_refuse_nothing(sessions: Sessions, store: ObjectStore, case: Case) -> None:
    assert send(sessions, store, case, samples.dark_jpeg()).hints == (intake._HINTS["dark"],)
    assert send(sessions, store, case, samples.tiny_jpeg()).hints == (intake._HINTS["small"],)


def test_a_refused_file_leaves_no_row_and_no_object(
    sessions: Sessions, store: ObjectStore, case: Case, look: Session
) -> None:
    for content in (b"", samples.html(), samples.jpeg()[:-2]):
        with pytest.raises(CaseflowError):
            send(sessions, store, case, content)
    assert documents(look) == []
    assert objects(store) == []


def test_names_are_cleaned_and_never_part_of_a_key(
    sessions: Sessions, store: ObjectStore, case: Case, look: Session
) -> None:
    send(sessions, store, case, samples.jpeg(), case.place(name="../../etc/KK Samsir\u202e.jpg"))
    send(sessions, store, case, samples.jpeg(), case.place(name=".."))
    first, second = documents(look)
    assert (first.display_name, second.display_name) == ("KK Samsir.jpg", "dokumen-2")
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in objects(store))


def test_a_case_that_is_closed_takes_nothing(
    sessions: Sessions, store: ObjectStore, case: Case, look: Session
) -> None:
    with pytest.raises(CaseflowError) as caught:
        receive(
            sessions,
            store,
            io.BytesIO(samples.jpeg()),
            case.place(),
            by=case.family,
            open_in=frozenset(),
        )
    assert (caught.value.status, caught.value.sentence) == (409, refusal("case_closed").sentence)
    assert documents(look) == []


def test_a_paper_that_was_accepted_takes_no_more(sessions: Sessions, store: ObjectStore, case: Case) -> None:
    with sessions() as session, session.begin():
        session.execute(update(Requirement).values(status="accepted"))
    with pytest.raises(CaseflowError) as caught:
        send(sessions, store, case, samples.jpeg())
    assert (caught.value.status, caught.value.sentence) == (409, refusal("already_accepted").sentence)


def test_a_foreign_case_is_the_same_as_none(sessions: Sessions, store: ObjectStore, case: Case) -> None:
    with sessions() as session, session.begin():
        other = make_case(session)
    places = [
        other.place(),
        replace(case.place(), requirement_id=other.requirements["family_card"]),
        replace(case.place(), requirement_id=999_999),
        replace(case.place(), casefile_id=999_999),
    ]
    for place in places:
        with pytest.raises(NotFound):
            send(sessions, store, case, samples.jpeg(), place)


def test_the_system_sends_no_papers(sessions: Sessions, store: ObjectStore, case: Case) -> None:
    with pytest.raises(NotPermitted):
        receive(sessions, store, io.BytesIO(samples.jpeg()), case.place(), by=SYSTEM, open_in=OPEN_IN)


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_a_key_must_be_a_key(sessions: Sessions, store: ObjectStore, case: Case, key: str) -> None:
    with pytest.raises(CaseflowError) as caught:
        send(sessions, store, case, samples.jpeg(), replace(case.place(), idempotency_key=key))
    assert caught.value.status == 422


def fill(sessions: Sessions, case: Case, files: int, *, size: int = 1000, code: str = "family_card") -> None:
    """Write rows as if so many files had been stored."""
    with sessions() as session, session.begin():
        for number in range(files):
            session.add(
                Document(
                    public_id=f"{code}{number}",
                    casefile_id=case.id,
                    requirement_id=case.requirements[code],
                    object_key=f"{code}{number}",
                    idempotency_key=f"{code}{number}",
                    display_name="x",
                    uploaded_kind="family",
                    created_at=clock.now(),
                    status="stored",
                    media_type="image/jpeg",
                    size_bytes=size,
                    sha256="0" * 64,
                    stored_at=clock.now(),
                )
            )


@pytest.mark.parametrize(
    ("files", "size", "code", "sentence"),
    [
        (60, 1000, "death_letter", "case_full"),
        (5, 60 * 1024 * 1024, "death_letter", "case_full"),
        (10, 1000, "family_card", "too_many"),
    ],
)
def test_limits_of_case_and_paper(
    sessions: Sessions,
    store: ObjectStore,
    case: Case,
    look: Session,
    files: int,
    size: int,
    code: str,
    sentence: str,
) -> None:
    fill(sessions, case, files, size=size, code=code)
    with pytest.raises(CaseflowError) as caught:
        send(sessions, store, case, samples.jpeg())
    assert (caught.value.status, caught.value.sentence) == (422, refusal(sentence).sentence)
    assert len(documents(look)) == files


def test_the_tenth_page_is_taken(sessions: Sessions, store: ObjectStore, case: Case) -> None:
    fill(sessions, case, 9)
    send(sessions, store, case, samples.jpeg())


def test_a_returned_paper_makes_room_and_is_withdrawn_by_its_replacement(
    sessions: Sessions, store: ObjectStore, case: Case, look: Session
) -> None:
    fill(sessions, case, 10)
    with sessions() as session, session.begin():
        session.execute(
            update(Requirement)
            .where(Requirement.id == case.requirements["family_card"])
            .values(status="returned", return_sentence="Tulisan tidak terbaca.", status_at=clock.now())
        )
    send(sessions, store, case, samples.jpeg())
    send(sessions, store, case, samples.png())
    rows = documents(look)
    assert all(row.withdrawn_at is not None for row in rows[:10])
    assert [row.withdrawn_at for row in rows[10:]] == [None, None]
    asked = requirement(look, case)
    assert (asked.status, asked.return_sentence) == ("submitted", None)


def test_the_same_file_in_another_case_is_a_silent_sign_for_officers(
    sessions: Sessions, store: ObjectStore, case: Case, look: Session
) -> None:
    with sessions() as session, session.begin():
        other = make_case(session)
    send(sessions, store, other, samples.jpeg())
    receipt = send(sessions, store, case, samples.jpeg())
    first, second = documents(look)
    assert (first.flags, second.flags) == ("", "seen_elsewhere")
    assert receipt.hints == ()


def test_a_database_that_is_gone_is_an_answer_that_nothing_is_saved(store: ObjectStore, case: Case) -> None:
    def gone() -> Session:
        raise OperationalError("connect", {}, Exception("no route"))

    with pytest.raises(StoreUnavailable) as caught:
        send(gone, store, case, samples.jpeg())
    assert caught.value.status == 503
    assert objects(store) == []


def test_two_papers_at_once_are_counted_one_by_one(
    sessions: Sessions, store: ObjectStore, case: Case
) -> None:
    """Two threads may not both take the last place: the case row is locked while counting."""
    fill(sessions, case, 9)

    def attempt(_: int) -> int:
        try:
            with spool(io.BytesIO(samples.jpeg())) as body:
                keep(sessions, store, case.place(), checked(body), by=case.family, open_in=OPEN_IN)
        except CaseflowError as error:
            return error.status
        return 201

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(8)))
    assert sorted(answers) == [201] + [422] * 7


def test_a_form_sent_twice_at_once_is_kept_once(
    sessions: Sessions, store: ObjectStore, case: Case, look: Session
) -> None:
    place = case.place()

    def attempt(_: int) -> str:
        try:
            with spool(io.BytesIO(samples.jpeg())) as body:
                return keep(sessions, store, place, checked(body), by=case.family, open_in=OPEN_IN).public_id
        except StoreUnavailable as refused:
            return "overtaken" if refused.__cause__ is None else repr(refused.__cause__)

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(attempt, range(8)))
    (document,) = [row for row in documents(look) if row.status == "stored"]
    assert answers - {"overtaken"} == {document.public_id}
    events = select(func.count()).where(AuditEvent.casefile_id == case.id)
    assert look.scalar(events) == 1


@pytest.mark.parametrize("decided", ["case", "paper"])
def test_a_late_file_undoes_nothing(
    sessions: Sessions, store: ObjectStore, case: Case, look: Session, decided: str
) -> None:
    """While the body travelled the case was closed, or an officer accepted the paper: it stays so."""
    with spool(io.BytesIO(samples.jpeg())) as body:
        with sessions() as session, session.begin():
            pending = intake.begin(session, case.place(), checked(body), by=case.family, open_in=OPEN_IN)
        intake.transfer(store, pending.object_key, body)
    open_in = OPEN_IN if decided == "paper" else frozenset({"another_state"})
    if decided == "paper":
        with sessions() as session, session.begin():
            session.execute(update(Requirement).values(status="accepted"))
    with pytest.raises(CaseflowError) as caught, sessions() as session, session.begin():
        intake.finish(session, pending, by=case.family, open_in=open_in)
    code = "already_accepted" if decided == "paper" else "case_closed"
    assert (caught.value.status, caught.value.sentence) == (409, refusal(code).sentence)
    assert requirement(look, case).status == ("accepted" if decided == "paper" else "missing")
    assert [document.status for document in documents(look)] == ["pending"]


def test_whoever_holds_a_paper_never_waits_for_whoever_holds_the_case(
    sessions: Sessions, store: ObjectStore, case: Case
) -> None:
    """An officer holds the case and wants the paper; the file that arrives asks for the case first, and waits."""
    with spool(io.BytesIO(samples.jpeg())) as body:
        with sessions() as session, session.begin():
            pending = intake.begin(session, case.place(), checked(body), by=case.family, open_in=OPEN_IN)
        intake.transfer(store, pending.object_key, body)

    def arrive() -> int:
        with sessions() as session, session.begin():
            session.execute(text("SET LOCAL application_name = 'arrives'"))
            return intake.finish(session, pending, by=case.family, open_in=OPEN_IN).size_bytes

    with ThreadPoolExecutor(1) as pool:
        with sessions() as officer, officer.begin():
            officer.execute(select(CaseFile.id).where(CaseFile.id == case.id).with_for_update())
            arriving = pool.submit(arrive)
            waits = text(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'arrives' AND wait_event_type = 'Lock'"
            )
            with sessions() as watcher:
                for _ in range(200):
                    watcher.rollback()
                    if watcher.scalar(waits):
                        break
                    time.sleep(0.02)
                else:
                    pytest.fail("the file did not wait for the case")
            officer.execute(text("SET LOCAL lock_timeout = '2s'"))
            locked_requirement(officer, pending.requirement_id)
        assert arriving.result(10) > 0
