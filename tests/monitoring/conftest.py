"""A stage of its own for every test of visits, rolled back afterwards."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from tests.story import Stage


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """One session, one store, the training staff."""
    return Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff)
