"""What tests of papers share: sessions that really commit, a store, a case."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from caseflow.documents.storage import ObjectStore, open_store
from tests.documents.cases import Case, make_case


@pytest.fixture
def sessions(fresh_database: Any) -> Callable[[], Session]:
    """Sessions over a database of its own."""
    return sessionmaker(fresh_database.engine)


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    """An empty folder."""
    opened = open_store(f"folder://{tmp_path}/objects")
    opened.prepare()
    return opened


@pytest.fixture
def case(sessions: Callable[[], Session]) -> Case:
    """A case that asks for a family card and a death letter."""
    with sessions() as session, session.begin():
        return make_case(session)
