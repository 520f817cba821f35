"""A world of approved claims, in a transaction that is rolled back."""

import pytest
from sqlalchemy.orm import Session

from tests.payments.world import Staff, World


@pytest.fixture
def world(session: Session, staff: Staff) -> World:
    """Claims and people in the session of the test."""
    return World(session, staff)
