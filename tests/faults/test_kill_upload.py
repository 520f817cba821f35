"""``kill -9`` of the web server in the middle of an upload leaves no half state after the restart."""

import socket
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock
from caseflow.audit.checks import run_checks
from caseflow.claims.models import Claim
from caseflow.documents.models import Document, Requirement
from caseflow.documents.storage import open_store
from caseflow.documents.sweep import check_stored, sweep
from caseflow.people.devices import device_for_reporter
from tests.conftest import FreshDatabase, csrf_of
from tests.files import samples
from tests.plain_browser import PlainBrowser, multipart
from tests.server import Service, service
from tests.story import reported

PAPER = "/berkas/dokumen/family_card"


def open_phone(database: FreshDatabase, running: Service) -> PlainBrowser:
    """A phone that reported, against the running service."""
    with Session(database.engine) as session:
        claim = reported(session)
        token = device_for_reporter(session, claim.id, "Yusra", now=clock.now())
        session.commit()
    phone = PlainBrowser(running.url)
    phone.set_cookie("kel", token)
    return phone


def half_upload(phone: PlainBrowser, share: float) -> socket.socket:
    """Send the beginning of a 4 MB photo and leave the line open."""
    _, page = phone.get(PAPER)
    head, body = multipart(
        {"csrf_token": csrf_of(page), "request_key": uuid.uuid4().hex},
        "gallery",
        "kk.jpg",
        samples.camera_jpeg(),
    )
    target = urlsplit(phone.base)
    line = socket.create_connection((target.hostname or "", target.port or 0), timeout=20)
    lines = [
        f"POST {PAPER} HTTP/1.1",
        f"Host: {target.netloc}",
        f"Content-Type: {head['Content-Type']}",
        f"Content-Length: {len(body)}",
        f"Cookie: {phone.cookie_header()}",
        "",
        "",
    ]
    line.sendall("\r\n".join(lines).encode() + body[: int(len(body) * share)])
    return line


def settled(database: FreshDatabase, folder: Path) -> list[tuple[str, str]]:
    """Let the sweeper do its work and return what is left: (status of document, status of paper)."""
    store = open_store(f"folder://{folder / 'objects'}")
    sweep(sessionmaker(database.engine), store, grace=timedelta(0))
    assert check_stored(sessionmaker(database.engine), store) == []
    with Session(database.engine) as session:
        assert not any(run_checks(session.connection()).values())
        rows = session.execute(
            select(Document.status, Requirement.status).join(
                Requirement, Requirement.id == Document.requirement_id
            )
        )
        return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize("share", [0.05, 0.5, 0.98])
def test_killed_while_bytes_travel(fresh_database: FreshDatabase, tmp_path: Path, share: float) -> None:
    """Nothing is kept of a body that never ended, and the same paper can be sent after the restart."""
    with service(fresh_database.app_url, tmp_path) as running:
        phone = open_phone(fresh_database, running)
        line = half_upload(phone, share)
        time.sleep(0.5)
        running.kill_web()
        line.close()
        running.start_web()
        assert [row for row in settled(fresh_database, tmp_path) if row[0] == "stored"] == []
        status, page = phone.upload(PAPER, "kk.jpg", samples.jpeg())
        assert status == 200
        assert "Sudah diterima" in page
        assert settled(fresh_database, tmp_path) == [("stored", "submitted")]


def test_killed_at_any_moment_of_storing(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    """Killed at some moment after the last byte: either a receipt and a whole document, or nothing."""
    with service(fresh_database.app_url, tmp_path) as running:
        phone = open_phone(fresh_database, running)
        for number, delay in enumerate((0.02, 0.08, 0.15, 0.3, 0.6)):
            said: list[int] = []
            key = uuid.uuid4().hex

            def send(key: str = key, said: list[int] = said) -> None:
                try:
                    said.append(phone.upload(PAPER, "kk.jpg", samples.jpeg(f"KARTU {number}"), key=key)[0])  # noqa: B023
                except OSError:
                    said.append(0)

            sender = threading.Thread(target=send)
            sender.start()
            time.sleep(delay)
            running.kill_web()
            sender.join(30)
            running.start_web()
            before = _stored(fresh_database)
            if said == [200]:
                assert before >= 1
            status, _ = phone.upload(PAPER, "kk.jpg", samples.jpeg(f"KARTU {number}"), key=key)
            assert status == 200
            assert _stored(fresh_database) == number + 1
        assert {row for row in settled(fresh_database, tmp_path) if row[0] != "discarded"} == {
            ("stored", "submitted")
        }


def _stored(database: FreshDatabase) -> int:
    with Session(database.engine) as session:
        assert session.scalars(select(Claim.state)).one() == "reported"
        return len(session.scalars(select(Document.id).where(Document.status == "stored")).all())
