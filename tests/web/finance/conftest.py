"""A finance desk: approved claims in a database of its own, and a browser for everybody who sits there."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow.app import CaseflowApp
from caseflow.documents.storage import open_store
from caseflow.extensions import db
from caseflow.payments.models import Instruction
from caseflow.people.actor import Actor
from tests import story
from tests.conftest import FreshDatabase
from tests.payments.world import ACCOUNT, World, row, statement
from tests.web.forms import fill, form_of

SignIn = Callable[[FlaskClient, str], None]
STATEMENTS = "/keuangan/rekening-koran"
SAMSIR_ACCOUNT = story.SAMSIR.account[1]


@dataclass
class Desk:
    """Claims, people and their browsers."""

    app: CaseflowApp
    database: FreshDatabase
    staff: Mapping[str, Actor]
    sign_in: SignIn
    folder: Path
    _browsers: dict[str, FlaskClient] = field(default_factory=dict)
    _serial: int = 9000

    def browser(self, username: str) -> FlaskClient:
        """The browser of one person, signed in once."""
        if username not in self._browsers:
            self._browsers[username] = self.app.test_client()
            self.sign_in(self._browsers[username], username)
        return self._browsers[username]

    def text(self, username: str, path: str) -> str:
        """What somebody reads at an address."""
        answer = self.browser(username).get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session of the application role; commits at the end."""
        with Session(self.database.engine) as session:
            yield session
            session.commit()

    def samsir(self) -> str:
        """Carry Samsir's claim to approval through every verb and return its number."""
        with self.session() as session:
            stage = story.Stage(session, open_store(f"folder://{self.folder}"), self.staff)
            return story.approved(stage).number

    def claims(self, count: int, *, branch_code: str = "solok") -> list[str]:
        """Write approved claims of invented workers and return their numbers."""
        with self.session() as session:
            world = World(session, self.staff, serial=self._serial)
            self._serial += count
            return [world.approved_claim(branch_code=branch_code).number for _ in range(count)]

    def ordered(self, number: str, *, by: str = "nina") -> str:
        """Make the order to pay through its page and return its reference."""
        answer = fill(
            self.browser(by),
            f"/keuangan/perintah/{number}",
            number,
            account_number_again=ACCOUNT,
            holder_name_found="YUSRA",
        )
        assert answer.status_code == 303, answer.get_data(as_text=True)
        with self.session() as session:
            return (
                session.scalars(select(Instruction.reference).order_by(Instruction.id.desc())).first() or ""
            )

    def batched(self, count: int = 1) -> tuple[str, list[str]]:
        """Make an open batch and return its number and the references in it."""
        references = [self.ordered(number) for number in self.claims(count)]
        answer = fill(self.browser("nina"), "/keuangan/berkas/baru", "/berkas/baru", perintah=references)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.location.rsplit("/", 1)[1], references

    def locked(self, count: int = 1) -> tuple[str, list[str]]:
        """Make a locked batch."""
        number, references = self.batched(count)
        answer = fill(self.browser("nina"), f"/keuangan/berkas/{number}/kunci", "/kunci")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return number, references

    def released(self, count: int = 1) -> tuple[str, list[str]]:
        """Make a released batch."""
        number, references = self.locked(count)
        answer = fill(self.browser("hadi"), f"/keuangan/berkas/{number}/lepas", "/lepas")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return number, references

    def loaded(self, *rows: str) -> str:
        """Load a statement and return the address of its result."""
        answer = load(self.browser("lusi"), statement(*rows))
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.location

    def state_of(self, reference: str) -> str:
        """Where an order stands."""
        with self.session() as session:
            return session.scalars(select(Instruction.state).where(Instruction.reference == reference)).one()

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """Collect the statements that the application sends."""
        said: list[str] = []

        def listen(*arguments: object) -> None:
            said.append(str(arguments[2]))

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", listen)
        yield said
        event.remove(engine, "before_cursor_execute", listen)


@pytest.fixture
def desk(
    app: CaseflowApp,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
    sign_in: SignIn,
    tmp_path: Path,
) -> Desk:
    """An empty desk."""
    return Desk(app, fresh_database, staff, sign_in, tmp_path / "papers")


def sent_row(reference: str, *, amount_idr: int = 42_000_000, number: str = "FT1") -> str:
    """Write the bank's booking of a transfer."""
    return row(f"TRF SANTUNAN {reference}", debit=amount_idr, ref=number)


def load(browser: FlaskClient, content: bytes, name: str = "koran.csv") -> TestResponse:
    """Choose a file and send it, the body written out as a browser does."""
    token = form_of(browser.get(STATEMENTS).get_data(as_text=True), STATEMENTS).fields["csrf_token"][0]
    body = (
        f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--b\r\n'
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    ).encode() + content
    return browser.post(
        STATEMENTS, data=body + b"\r\n--b--\r\n", content_type="multipart/form-data; boundary=b"
    )
