"""The upload form as a phone sends it, byte for byte, and what lies in database and store afterwards."""

import hashlib
import io
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from caseflow import clock
from caseflow.app import CaseflowApp, create_app
from caseflow.audit.models import AuditEvent
from caseflow.claims import intake
from caseflow.claims.models import Claim
from caseflow.documents.models import Document, Requirement
from caseflow.documents.storage import ObjectStore
from caseflow.extensions import db
from caseflow.people.accounts import actor_of
from caseflow.people.actor import Actor
from caseflow.people.devices import device_for_reporter
from caseflow.people.models import StaffUser
from caseflow.training.people import PASSPHRASE
from tests.conftest import FreshDatabase, make_settings
from tests.families import SAMSIR
from tests.story import reported

PAPER = "family_card"
FAMILY_FIELD, COUNTER_FIELD = "gallery", "scan"


@dataclass(frozen=True)
class Part:
    """One part of the form, exactly as given: nothing is escaped. Without ``name`` it is a field of words."""

    content: bytes
    name: bytes | None = b"kk.jpg"
    field: str = FAMILY_FIELD
    declared: str = "image/jpeg"


@dataclass(frozen=True)
class Left:
    """What a case holds: files with their originals' digests, the state of the paper, events."""

    files: Sequence[Document]
    paper: str
    events: Sequence[str]


@dataclass
class Sender:
    """Somebody with a case and a browser: a family's phone, or an officer at the counter."""

    browser: FlaskClient
    casefile_id: int
    number: str
    path: str
    field: str

    def send(self, content: bytes, name: bytes = b"kk.jpg", declared: str = "image/jpeg") -> TestResponse:
        """Send one file; the page after the redirect is the answer."""
        return self.send_parts([Part(content, name, self.field, declared)])

    def send_parts(
        self, parts: Sequence[Part], *, key: str | None = None, path: str | None = None
    ) -> TestResponse:
        """Send a form with these parts."""
        boundary, body = form_of(parts, key or uuid.uuid4().hex)
        return self.browser.post(
            path or self.path,
            input_stream=io.BytesIO(body),
            content_length=len(body),
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=True,
        )


@dataclass
class House:
    """The application with what it stores in, and a new case for everybody who sends."""

    app: CaseflowApp
    engine: Engine
    store: ObjectStore
    officer: FlaskClient
    staff: Mapping[str, Actor]

    def family(self) -> Sender:
        """A family that has just reported, on its own phone."""
        claim, token = self._report()
        browser = self.app.test_client()
        browser.set_cookie("kel", token)
        return Sender(browser, claim.id, claim.number, f"/berkas/dokumen/{PAPER}", FAMILY_FIELD)

    def counter(self) -> Sender:
        """The same at the counter."""
        claim, _ = self._report()
        path = f"/petugas/kasus/{claim.number}/dokumen/{PAPER}/unggah"
        return Sender(self.officer, claim.id, claim.number, path, COUNTER_FIELD)

    def left(self, sender: Sender) -> Left:
        """What the case of the sender holds."""
        with Session(self.engine) as session:
            files = session.scalars(
                select(Document).where(Document.casefile_id == sender.casefile_id).order_by(Document.id)
            ).all()
            paper = session.scalars(
                select(Requirement.status).where(
                    Requirement.casefile_id == sender.casefile_id, Requirement.code == PAPER
                )
            ).one()
            events = session.scalars(
                select(AuditEvent.action).where(
                    AuditEvent.casefile_id == sender.casefile_id, AuditEvent.action.like("document.%")
                )
            ).all()
        return Left(files, paper, events)

    def opened(self, sender: Sender, file: Document, part: str = "asli") -> TestResponse:
        """What the officer of the case gets who opens a file."""
        return self.officer.get(f"/petugas/kasus/{sender.number}/dokumen/{file.public_id}/{part}")

    def objects(self) -> set[str]:
        """Keys of everything that lies in the store."""
        return {info.key for info in self.store.keys("")}

    def _report(self) -> tuple[Claim, str]:
        with Session(self.engine, expire_on_commit=False) as session:
            claim = reported(session, replace(SAMSIR, report=replace(SAMSIR.report, national_id=None)))
            intake.assign(session, claim, self.staff["dedi"].user_id, by=self.staff["dedi"])
            token = device_for_reporter(session, claim.id, "Yusra", now=clock.now())
            session.commit()
        return claim, token


@contextmanager
def furnished(database: FreshDatabase, folder: Path, **settings: object) -> Iterator[House]:
    """Build the application over a database and a folder; forms need no token here."""
    app = create_app(
        make_settings(database.app_url, folder, **settings),
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        PROPAGATE_EXCEPTIONS=False,
    )
    store = app.extensions["caseflow_store"]
    store.prepare()
    officer = app.test_client()
    assert officer.post("/masuk", data={"username": "dedi", "passphrase": PASSPHRASE}).status_code == 303
    yield House(app, database.engine, store, officer, _staff(database.engine))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _staff(engine: Engine) -> dict[str, Actor]:
    with Session(engine) as session:
        users = session.execute(select(StaffUser.username, StaffUser.id)).all()
        found = {username: actor_of(session, number) for username, number in users}
    return {username: actor for username, actor in found.items() if actor is not None}


def form_of(parts: Sequence[Part], key: str) -> tuple[str, bytes]:
    """Return boundary and body of a form; names of files go in raw."""
    boundary = uuid.uuid4().hex
    mark = f"--{boundary}\r\n".encode()
    body = mark + f'Content-Disposition: form-data; name="request_key"\r\n\r\n{key}\r\n'.encode()
    for part in parts:
        head = f'Content-Disposition: form-data; name="{part.field}"'.encode()
        if part.name is not None:
            head += b'; filename="' + part.name + f'"\r\nContent-Type: {part.declared}'.encode()
        body += mark + head + b"\r\n\r\n" + part.content + b"\r\n"
    return boundary, body + f"--{boundary}--\r\n".encode()


def words_of(answer: Response) -> str:
    """Return what a person reads on a page: no tags, one blank between words."""
    main = answer.get_data(as_text=True).split("<main", 1)[-1].split("</main", 1)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def digest(content: bytes) -> str:
    """Return the SHA-256 of what was sent."""
    return hashlib.sha256(content).hexdigest()
