"""A row is locked once a transaction, and again as soon as the lock may be gone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import Session

from caseflow.workflow import locks
from tests.workflow.world import World


@contextmanager
def locking(session: Session) -> Iterator[list[str]]:
    """Collect the statements of a block that lock rows."""
    seen: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FOR UPDATE" in statement:
            seen.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", keep)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", keep)


def test_a_move_alone_locks_the_row(world: World) -> None:
    case = world.at("verifying")
    world.session.commit()
    assert not locks.holds(world.session, case.id)
    with locking(world.session) as seen:
        world.move(case, "calculate", "dedi")
    assert len(seen) == 1


def test_a_row_that_is_held_is_not_locked_again(world: World) -> None:
    case = world.at("verifying")
    locks.note(world.session, case.id)
    with locking(world.session) as seen:
        world.move(case, "calculate", "dedi")
    assert seen == []


def test_a_savepoint_that_is_undone_takes_its_locks_along(world: World) -> None:
    case, other = world.at("verifying"), world.at("verifying")
    world.session.commit()
    locks.note(world.session, other.id)
    inner = world.session.begin_nested()
    locks.note(world.session, case.id)
    assert locks.holds(world.session, case.id)
    assert locks.holds(world.session, other.id)
    inner.rollback()
    assert not locks.holds(world.session, case.id)
    assert locks.holds(world.session, other.id)


def test_the_end_of_a_transaction_is_the_end_of_its_locks(world: World) -> None:
    case = world.at("verifying")
    for end in (world.session.commit, world.session.rollback):
        world.session.connection()
        locks.note(world.session, case.id)
        assert locks.holds(world.session, case.id)
        end()
        assert not locks.holds(world.session, case.id)
