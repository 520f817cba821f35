"""Files through the family's door past a real clamd (U14, U15): found, clean, dead, slow, gone in the middle.

While the scanner is silent a file is kept and waits, and nobody can open it (README of the papers, point 9).
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from caseflow.audit.models import AuditEvent
from caseflow.documents import scan
from caseflow.documents.models import Document, Requirement
from caseflow.jobs import run_waiting
from tests.conftest import FreshDatabase, make_settings
from tests.documents.real_clamd import RealClamd
from tests.files import samples
from tests.web.bad.door import House, Sender, furnished, words_of

UNSAFE = "Berkas ini tidak aman dibuka. Belum tersimpan. Kirim foto dokumennya."
WAITING = "Berkas ini masih menunggu pemeriksaan keamanan. Coba lagi sebentar lagi."
ONE_HOUR_OF_TRIES = 500


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealClamd]:
    """One scanner for this file."""
    scanner = RealClamd(tmp_path_factory.mktemp("clamd"))
    scanner.start()
    yield scanner
    scanner.kill()


@pytest.fixture
def house(clamd: RealClamd, fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[House]:
    """The application that asks it."""
    with furnished(fresh_database, tmp_path, clamd_address=clamd.address) as house:
        yield house


def the_file(house: House, sender: Sender) -> Document:
    (file,) = house.left(sender).files
    return file


def worked_off(house: House, database: FreshDatabase, folder: Path, scanner: RealClamd) -> None:
    """Let the worker do what waits, also what it had put off."""
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    run_waiting(make_settings(database.app_url, folder, clamd_address=scanner.address), house.store)


def test_a_clean_file_passes(house: House) -> None:
    for content in (samples.jpeg(), samples.pdf(), samples.jpeg() + b"\0" * (14 << 20)):
        sender = house.family()
        answer = sender.send(content)
        assert answer.status_code == 200, words_of(answer)
        assert "Sudah diterima" in words_of(answer)
        assert the_file(house, sender).scan == "clean"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (samples.active_pdf("EmbeddedFile"), b"surat.pdf"),
        (samples.attachment_without_a_type(), b"surat.pdf"),
        (samples.jpeg() + samples.EICAR, b"kk.jpg"),
        (samples.jpeg() + samples.archive_of(samples.EICAR), b"kk.jpg"),
    ],
    ids=[
        "attached to a PDF, packed",
        "attached, not called a file",
        "behind a photo",
        "in an archive behind a photo",
    ],
)
def test_what_it_finds_is_refused_and_noted(house: House, content: bytes, name: bytes) -> None:
    """Nothing of it is kept but the fact, for the administrator."""
    sender = house.family()
    answer = sender.send(content, name)
    assert (answer.status_code, UNSAFE in words_of(answer)) == (422, True), words_of(answer)
    left = house.left(sender)
    assert (list(left.files), left.paper, list(left.events)) == ([], "missing", ["document.refused_unsafe"])
    assert house.objects() == set()
    assert sender.send(samples.jpeg()).status_code == 200


def test_the_counter_is_told_the_same(house: House) -> None:
    sender = house.counter()
    answer = sender.send(samples.active_pdf("EmbeddedFile"))
    assert (answer.status_code, UNSAFE in words_of(answer)) == (422, True)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (samples.EICAR, b"eicar.txt"),
        (samples.EICAR, b"eicar.jpg"),
        (samples.archive_of(samples.EICAR), b"a.zip"),
    ],
)
def test_what_is_no_photo_and_no_pdf_never_reaches_it(house: House, content: bytes, name: bytes) -> None:
    sender = house.family()
    assert sender.send(content, name).status_code == 415
    assert house.left(sender).events == []


def test_while_it_is_dead_files_wait_and_then_go_on(
    house: House, clamd: RealClamd, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """A night without scanner: nobody opens anything, the worker never gives up, in the morning each gets its word."""
    good, bad = house.family(), house.family()
    clamd.kill()
    try:
        for sender, content in ((good, samples.jpeg()), (bad, samples.active_pdf("EmbeddedFile"))):
            assert "Sudah diterima" in words_of(sender.send(content))
            assert the_file(house, sender).scan == "waiting"
        worked_off(house, fresh_database, tmp_path, clamd)
        with fresh_database.engine.begin() as connection:
            connection.execute(text("UPDATE procrastinate_jobs SET attempts = :n"), {"n": ONE_HOUR_OF_TRIES})
        worked_off(house, fresh_database, tmp_path, clamd)
        for sender in (good, bad):
            for part in ("asli", "hal/1"):
                answer = house.opened(sender, the_file(house, sender), part)
                assert answer.status_code in {404, 409}
            assert WAITING in words_of(house.opened(sender, the_file(house, sender)))
    finally:
        clamd.start()
    worked_off(house, fresh_database, tmp_path, clamd)
    worked_off(house, fresh_database, tmp_path, clamd)
    freed = the_file(house, good)
    assert (freed.scan, freed.preview) == ("clean", "ready")
    with house.opened(good, freed) as opened:
        assert opened.status_code == 200
    _is_in_quarantine(house, bad)


def _is_in_quarantine(house: House, sender: Sender) -> None:
    """It stays where it is, nobody opens it, and the family reads what to do."""
    file = the_file(house, sender)
    assert (file.scan, file.withdrawn_at is None) == ("quarantined", False)
    assert house.opened(sender, file).status_code == 409
    with Session(house.engine) as session:
        paper = session.get_one(Requirement, file.requirement_id)
        events = session.scalars(
            select(AuditEvent.action).where(AuditEvent.casefile_id == sender.casefile_id)
        )
        assert (paper.status, "document.quarantined" in events.all()) == ("returned", True)
    with sender.browser.get(sender.path) as page:
        assert "Berkas ini tidak aman dibuka. Kirim foto dokumennya." in words_of(page)


# --- scanners that are there and do not answer


@contextmanager
def bad_scanner(*, reads: int, waits: threading.Event) -> Iterator[str]:
    """A port that takes some bytes and then waits, or closes when there is nothing to wait for."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as line:
                line.recv(reads)
                waits.wait(30)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        waits.set()
        thread.join(5)


@pytest.mark.parametrize("closes", [True, False], ids=["closes in the middle", "answers after half a minute"])
def test_no_verdict_is_no_yes(
    fresh_database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closes: bool
) -> None:
    """Ten seconds of silence (here a half) are enough: the family goes on, the file waits."""
    monkeypatch.setattr(scan, "_TIMEOUT_S", 0.5)
    waits = threading.Event()
    if closes:
        waits.set()
    with (
        bad_scanner(reads=10, waits=waits) as address,
        furnished(fresh_database, tmp_path, clamd_address=address) as house,
    ):
        sender = house.family()
        answer = sender.send(samples.jpeg(size=(3000, 4000)))
        assert "Sudah diterima" in words_of(answer)
        file = the_file(house, sender)
        assert (file.status, file.scan) == ("stored", "waiting")
        assert house.opened(sender, file).status_code == 409
