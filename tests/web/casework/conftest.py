"""An office: an application over a database of its own, a stage for stories, and a browser for everybody."""

import re
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
from caseflow.claims.models import Claim
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.story import SAMSIR, Person, Stage
from tests.web.casework.accidents import MARZUKI, Hurt
from tests.web.forms import fill

SignIn = Callable[[FlaskClient, str], None]
Play = Callable[..., Claim]
# who is asking is the door's business, on every page alike
_DOOR_TABLES = frozenset({"staff_session", "staff_user", "role_grant", "family_device"})
_FIRST_TABLE = re.compile(r"\b(?:FROM|UPDATE|INTO) (\w+)")


@dataclass
class Office:
    """Claims in a database of their own and the browsers of the staff."""

    app: CaseflowApp
    database: FreshDatabase
    staff: Mapping[str, Actor]
    sign_in: SignIn
    folder: Path
    _browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def browser(self, username: str) -> FlaskClient:
        """The browser of one person, signed in once."""
        if username not in self._browsers:
            self._browsers[username] = self.app.test_client()
            self.sign_in(self._browsers[username], username)
        return self._browsers[username]

    @contextmanager
    def stage(self, *, previews: bool = False) -> Iterator[Stage]:
        """A stage whose work is committed at the end."""
        with Session(self.database.engine) as session:
            yield Stage(session, open_store(f"folder://{self.folder}"), self.staff, previews=previews)
            session.commit()

    def carry(self, play: Play, person: Person = SAMSIR, *, previews: bool = False) -> str:
        """Play a story and return the number of its case."""
        with self.stage(previews=previews) as stage:
            return play(stage, person).number

    def accident(self, play: Play, hurt: Hurt = MARZUKI, *, previews: bool = False) -> str:
        """Play a story of a work accident and return the number of its case."""
        with self.stage(previews=previews) as stage:
            return play(stage, hurt).number

    def claim(self, number: str) -> Claim:
        """The case as it lies in the database now."""
        with Session(self.database.engine, expire_on_commit=False) as session:
            return session.scalars(select(Claim).where(Claim.number == number)).one()

    def read(self, username: str, path: str, status: int = 200) -> str:
        """What somebody reads at an address."""
        answer = self.browser(username).get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.get_data(as_text=True))
        return answer.get_data(as_text=True)

    def fill(self, username: str, path: str, action: str, **typed: str | list[str]) -> TestResponse:
        """Open a page and send one of its forms."""
        return fill(self.browser(username), path, action, **typed)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """Collect the statements of pages, without those by which the door finds out who is asking."""
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            first = _FIRST_TABLE.search(statement)
            of_the_door = first is not None and first[1] in _DOOR_TABLES
            if not of_the_door and "role_grant.scope_kind" not in statement:
                seen.append(statement)

        with self.app.app_context():
            from caseflow.extensions import db

            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def office(
    app: CaseflowApp,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
    sign_in: SignIn,
    tmp_path: Path,
) -> Office:
    """The office of one test."""
    return Office(app, fresh_database, staff, sign_in, tmp_path / "objects")
