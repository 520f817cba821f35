"""Files in pieces over raw lines: what arrived counts, whatever is cut, killed or answered by another process."""

import base64
import hashlib
import http.client
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from caseflow.audit.checks import run_checks
from caseflow.documents.models import Document
from caseflow.documents.storage import open_store
from caseflow.documents.sweep import check_stored
from tests.conftest import FreshDatabase, csrf_of
from tests.faults.test_kill_upload import PAPER, open_phone
from tests.files import samples
from tests.server import Service, service

BODY = samples.four_megabytes()


@dataclass
class Sender:
    """One upload of a phone, spoken by hand."""

    running: Service
    cookies: str
    token: str
    address: str = ""

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str]]:
        """Send one whole request."""
        line = http.client.HTTPConnection(urlsplit(self.running.url).netloc, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body or None, {**self._head(), **named})
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}

    def open(self, body: bytes) -> None:
        """Announce the file."""
        pairs = {"filename": "kk.jpg", "sha256": hashlib.sha256(body).hexdigest()}
        told = ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in pairs.items())
        status, headers = self.ask(
            "POST", f"{PAPER}/kiriman", Upload_Length=str(len(body)), Upload_Metadata=told
        )
        assert status == 201
        self.address = headers["location"]

    def offset(self) -> int:
        """Where to go on."""
        status, headers = self.ask("HEAD", self.address)
        assert status == 200
        return int(headers["upload-offset"])

    def rest(self, body: bytes) -> None:
        """Send what is missing, in one request."""
        at = self.offset()
        status, _ = self.ask(
            "PATCH",
            self.address,
            body[at:],
            Content_Type="application/offset+octet-stream",
            Upload_Offset=str(at),
        )
        assert status == 204

    def begin(self, body: bytes, at: int, sent: int) -> socket.socket:
        """Send the head of a request for all of the rest, but only so many bytes of it; leave the line open."""
        target = urlsplit(self.running.url)
        line = socket.create_connection((target.hostname or "", target.port or 0), timeout=20)
        head = {
            "Host": target.netloc,
            **self._head(),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(len(body) - at),
            "Upload-Offset": str(at),
        }
        lines = [
            f"PATCH {self.address} HTTP/1.1",
            *(f"{name}: {value}" for name, value in head.items()),
            "",
            "",
        ]
        line.sendall("\r\n".join(lines).encode() + body[at : at + sent])
        return line

    def _head(self) -> dict[str, str]:
        return {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.token, "Cookie": self.cookies}


def sender_on(database: FreshDatabase, running: Service) -> Sender:
    phone = open_phone(database, running)
    _, page = phone.get(PAPER)
    return Sender(running, phone.cookie_header(), csrf_of(page))


@pytest.fixture
def sender(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Sender]:
    """A phone against a running service."""
    with service(fresh_database.app_url, tmp_path) as running:
        yield sender_on(fresh_database, running)


def the_document(database: FreshDatabase, folder: Path) -> Document:
    """Return the one document, read back, in a database where everything is true that must be."""
    sessions = sessionmaker(database.engine)
    assert check_stored(sessions, open_store(f"folder://{folder / 'objects'}")) == []
    with Session(database.engine) as session:
        assert not any(run_checks(session.connection()).values())
        return session.scalars(select(Document).where(Document.status == "stored")).one()


def test_a_line_that_is_cut_keeps_what_arrived(
    sender: Sender, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    sender.open(BODY)
    for sent in (1, 70_001, 1_300_000):
        at = sender.offset()
        sender.begin(BODY, at, sent).close()
        until = time.monotonic() + 20
        while sender.offset() < at + sent and time.monotonic() < until:
            time.sleep(0.1)
        assert sender.offset() == at + sent
    sender.rest(BODY)
    assert the_document(fresh_database, tmp_path).sha256 == hashlib.sha256(BODY).hexdigest()


def test_a_server_killed_inside_and_between_pieces(
    sender: Sender, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    sender.open(BODY)
    offsets = [0]
    for sent in (600_000, 1_200_000):
        line = sender.begin(BODY, offsets[-1], sent)
        time.sleep(1)
        sender.running.kill_web()
        line.close()
        sender.running.start_web()
        offsets.append(sender.offset())
        # whole pieces outlive the kill, the one that was being received does not
        assert offsets[-2] < offsets[-1] <= offsets[-2] + sent
    sender.running.kill_web()
    sender.running.start_web()
    assert sender.offset() == offsets[-1]
    sender.rest(BODY)
    assert sender.offset() == len(BODY)
    assert the_document(fresh_database, tmp_path).sha256 == hashlib.sha256(BODY).hexdigest()


def test_a_server_killed_while_it_stores(
    sender: Sender, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """All bytes are there and the answer never comes: sending goes on until one document is stored."""
    for number, delay in enumerate((0.05, 0.2, 0.5)):
        body = samples.jpeg(f"KARTU {number}")
        sender.open(body)
        line = sender.begin(body, 0, len(body))
        time.sleep(delay)
        sender.running.kill_web()
        line.close()
        sender.running.start_web()
        if sender.offset() < len(body):
            sender.rest(body)
        assert sender.offset() == len(body)
        with Session(fresh_database.engine) as session:
            stored = session.scalars(select(Document.sha256).where(Document.status == "stored")).all()
        assert len(stored) == number + 1
        assert hashlib.sha256(body).hexdigest() in stored


def test_two_servers_that_share_only_database_and_store(
    sender: Sender, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    with service(fresh_database.app_url, tmp_path) as other:
        sender.open(BODY)
        first = sender.running
        for number in range(6):
            sender.running = (first, other)[number % 2]
            at = sender.offset()
            line = sender.begin(BODY, at, 524_288)
            while sender.offset() < at + 524_288:
                time.sleep(0.05)
            line.close()
        sender.running = other
        sender.rest(BODY)
        sender.running = first
        assert sender.offset() == len(BODY)
    assert the_document(fresh_database, tmp_path).sha256 == hashlib.sha256(BODY).hexdigest()
