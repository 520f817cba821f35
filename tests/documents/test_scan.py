"""The scanner: its protocol, and what each of its answers (and its silence) does to a paper."""

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text

from caseflow.audit.models import AuditEvent
from caseflow.documents.intake import Sessions, receive
from caseflow.documents.models import Document, Requirement
from caseflow.documents.queries import open_document
from caseflow.documents.refusals import refusal
from caseflow.documents.scan import Clamd, ScannerDown, open_scanner, run_scan
from caseflow.documents.storage import ObjectStore
from caseflow.errors import Invalid, NotPossible
from tests.documents.cases import OPEN_IN, Case
from tests.documents.stores import free_port
from tests.files import samples


@contextmanager
def clamd(answer: bytes | None = None) -> Iterator[Clamd]:
    """A server that speaks as clamd does: it finds EICAR, or gives one fixed answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, connection.makefile("rb") as wire:
                    assert wire.read(10) == b"zINSTREAM\0"
                    content = b""
                    while size := int.from_bytes(wire.read(4), "big"):
                        content += wire.read(size)
                    found = (
                        b"stream: Eicar-Test-Signature FOUND\0"
                        if samples.EICAR in content
                        else b"stream: OK\0"
                    )
                    connection.sendall(found if answer is None else answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Clamd("127.0.0.1", server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def infected_pdf() -> bytes:
    """A PDF that carries EICAR; written without packing so that even a simple scanner sees it."""
    return samples.pdf() + b"\n% " + samples.EICAR + b"\n%%EOF\n"


def silent() -> Clamd:
    return Clamd("127.0.0.1", free_port())


def send(sessions: Sessions, store: ObjectStore, case: Case, content: bytes, scanner: Clamd) -> Document:
    receive(
        sessions,
        store,
        io.BytesIO(content),
        case.place(),
        by=case.family,
        open_in=OPEN_IN,
        scanner=scanner,
    )
    with sessions() as session:
        return session.scalars(select(Document).where(Document.casefile_id == case.id)).one()


def tasks(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id")))


def test_it_tells_clean_from_found() -> None:
    with clamd() as scanner:
        assert scanner.finds_nothing_in(io.BytesIO(b"x" * 200_000))
        assert not scanner.finds_nothing_in(io.BytesIO(b"x" * 200_000 + samples.EICAR))


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OKAY?\0"])
def test_anything_else_is_no_verdict(answer: bytes) -> None:
    with clamd(answer) as scanner, pytest.raises(ScannerDown):
        scanner.finds_nothing_in(io.BytesIO(b"x"))


def test_nobody_there_is_no_verdict() -> None:
    with pytest.raises(ScannerDown):
        silent().finds_nothing_in(io.BytesIO(b"x"))


def test_addresses() -> None:
    assert open_scanner(None) is None
    assert open_scanner("") is None
    assert open_scanner("clamd:3310") == Clamd("clamd", 3310)
    for wrong in ("clamd", "3310", ":3310", "clamd:x"):
        with pytest.raises(ValueError, match="host:port"):
            open_scanner(wrong)


def test_a_clean_file_is_marked_clean(sessions: Sessions, store: ObjectStore, case: Case) -> None:
    with clamd() as scanner:
        assert send(sessions, store, case, samples.jpeg(), scanner).scan == "clean"
    assert tasks(sessions) == ["documents.preview"]


def test_an_infected_file_is_refused_and_noted(sessions: Sessions, store: ObjectStore, case: Case) -> None:
    with clamd() as scanner, pytest.raises(Invalid) as caught:
        send(sessions, store, case, infected_pdf(), scanner)
    assert caught.value.sentence == refusal("file_unsafe").sentence
    assert list(store.keys("")) == []
    with sessions() as session:
        assert session.scalars(select(Document).where(Document.casefile_id == case.id)).all() == []
        events = session.scalars(select(AuditEvent.action).where(AuditEvent.casefile_id == case.id)).all()
    assert list(events) == ["document.refused_unsafe"]


def test_what_a_pdf_carries_is_asked_about_too(sessions: Sessions, store: ObjectStore, case: Case) -> None:
    """Packed inside, where this scanner does not look; an attachment that cannot be unpacked is no better."""
    for content in (samples.attachment_without_a_type(), samples.pdf_with_a_large_attachment()):
        with clamd() as scanner, pytest.raises(Invalid, match="tidak aman"):
            send(sessions, store, case, content, scanner)
    with clamd() as scanner:
        assert send(sessions, store, case, samples.pdf(), scanner).scan == "clean"


def test_while_the_scanner_is_silent_a_file_is_kept_and_opened_by_nobody(
    sessions: Sessions, store: ObjectStore, case: Case
) -> None:
    document = send(sessions, store, case, samples.jpeg(), silent())
    assert (document.status, document.scan) == ("stored", "waiting")
    assert tasks(sessions) == ["documents.scan"]
    with sessions() as session, pytest.raises(NotPossible, match="menunggu pemeriksaan"):
        open_document(session, store, case.id, document.public_id, by=case.officer)
    with sessions() as session, session.begin(), pytest.raises(ScannerDown):
        run_scan(session, store, silent(), document.id)


def test_when_the_scanner_is_back_a_clean_file_is_freed(
    sessions: Sessions, store: ObjectStore, case: Case
) -> None:
    document = send(sessions, store, case, samples.jpeg(), silent())
    with clamd() as scanner:
        for _ in range(2):
            with sessions() as session, session.begin():
                run_scan(session, store, scanner, document.id)
    with sessions() as session:
        assert session.get_one(Document, document.id).scan == "clean"
    assert tasks(sessions) == ["documents.scan", "documents.preview"]


def test_when_the_scanner_is_back_an_infected_file_goes_into_quarantine(
    sessions: Sessions, store: ObjectStore, case: Case
) -> None:
    document = send(sessions, store, case, infected_pdf(), silent())
    with clamd() as scanner, sessions() as session, session.begin():
        run_scan(session, store, scanner, document.id)
    with sessions() as session:
        quarantined = session.get_one(Document, document.id)
        asked = session.get_one(Requirement, document.requirement_id)
        assert quarantined.scan == "quarantined"
        assert quarantined.withdrawn_at is not None
        assert (asked.status, asked.return_sentence) == (
            "returned",
            "Berkas ini tidak aman dibuka. Kirim foto dokumennya.",
        )
        with pytest.raises(NotPossible, match="tidak aman"):
            open_document(session, store, case.id, document.public_id, by=case.officer)


def test_replacing_an_unsafe_page_leaves_the_other_pages(
    sessions: Sessions, store: ObjectStore, case: Case
) -> None:
    document = send(sessions, store, case, infected_pdf(), silent())
    receive(sessions, store, io.BytesIO(samples.png()), case.place(), by=case.family, open_in=OPEN_IN)
    with clamd() as scanner:
        with sessions() as session, session.begin():
            run_scan(session, store, scanner, document.id)
        receive(sessions, store, io.BytesIO(samples.jpeg()), case.place(), by=case.family, open_in=OPEN_IN)
    with sessions() as session:
        rows = session.scalars(
            select(Document).where(Document.casefile_id == case.id).order_by(Document.id)
        ).all()
        assert [row.withdrawn_at is None for row in rows] == [False, True, True]
