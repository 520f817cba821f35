"""A stage for stories whose phones are read over HTTP."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.story import Stage


@pytest.fixture
def stage(
    client: FlaskClient, fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> Iterator[Stage]:
    """A stage over the application's own database; a walk commits after each step."""
    assert client is not None
    with Session(fresh_database.engine, expire_on_commit=False) as session:
        yield Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), dict(staff))
