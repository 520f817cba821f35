"""A stage for the phones whose words are read; forms need no token here."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from caseflow.app import CaseflowApp
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.story import Stage


@pytest.fixture
def stage(
    app: CaseflowApp, fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> Iterator[Stage]:
    """A stage over the application's own database."""
    app.config["WTF_CSRF_ENABLED"] = False
    with Session(fresh_database.engine, expire_on_commit=False) as session:
        yield Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), dict(staff))
