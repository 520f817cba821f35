"""A world to move cases in, in a transaction that is rolled back; and the role that sets databases up."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, pool
from sqlalchemy.orm import Session

from caseflow.people.actor import Actor
from tests.workflow.world import World

if TYPE_CHECKING:
    from tests.conftest import FreshDatabase


@pytest.fixture
def world(session: Session, staff: Mapping[str, Actor]) -> World:
    """Cases and people in the session of the test."""
    return World(session, staff)


@pytest.fixture
def owner(fresh_database: "FreshDatabase") -> Iterator[Session]:
    """A session of the role that sets the database up."""
    engine = create_engine(fresh_database.owner_url, poolclass=pool.NullPool)
    with Session(engine) as session:
        yield session
    engine.dispose()
