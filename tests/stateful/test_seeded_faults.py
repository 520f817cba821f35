"""Every planted fault is noticed, and a sound system is not accused: else the other tests would prove nothing."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from tests.stateful.faults import FAULTS, Fault
from tests.stateful.ground import broken
from tests.story import Stage


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def noticed(stage: Stage, fault: Fault) -> str | None:
    """Walk, take it back, and return what noticed a fault: a key of the database, a checker, or the walk."""
    savepoint, began = stage.session.begin_nested(), clock.now()
    try:
        fault.walk(stage)
        stage.session.flush()
        return ", ".join(broken(stage.session.connection())) or None
    except DBAPIError as error:
        return str(getattr(getattr(error.orig, "diag", None), "constraint_name", None) or error.orig)
    except AssertionError as known:
        return str(known)
    finally:
        savepoint.rollback()
        stage.session.expire_all()
        clock.set_start(began)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_noticed(stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The same walk twice: sound, and with the fault."""
    fault = FAULTS[name]
    assert noticed(stage, fault) is None
    fault.plant(monkeypatch)
    assert noticed(stage, fault) is not None
