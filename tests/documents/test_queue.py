"""A job exists when its transaction is committed: not before, and never when it is rolled back."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from caseflow.queue import enqueue

WAITING = text(
    "SELECT task_name, args, queue_name FROM procrastinate_jobs WHERE task_name = 'documents.test'"
)


def waiting(engine: Any) -> list[tuple[Any, ...]]:
    with Session(engine) as other:
        return [tuple(row) for row in other.execute(WAITING)]


def test_a_job_is_seen_by_others_only_after_commit(fresh_database: Any) -> None:
    with Session(fresh_database.engine) as session:
        number = enqueue(session, "documents.test", document_id=7)
        assert number is not None
        assert waiting(fresh_database.engine) == []
        session.commit()
    assert waiting(fresh_database.engine) == [("documents.test", {"document_id": 7}, "default")]


def test_a_job_is_gone_with_a_rollback(fresh_database: Any) -> None:
    with Session(fresh_database.engine) as session:
        enqueue(session, "documents.test", document_id=7)
        session.rollback()
    assert waiting(fresh_database.engine) == []


def test_a_job_that_is_wanted_once_waits_once_and_spoils_nothing(fresh_database: Any) -> None:
    with Session(fresh_database.engine) as session:
        assert enqueue(session, "documents.test", once="sweep") is not None
        assert enqueue(session, "documents.test", once="sweep") is None
        assert enqueue(session, "documents.test", queue="slow", at=1) is not None
        session.commit()
    assert waiting(fresh_database.engine) == [
        ("documents.test", {}, "default"),
        ("documents.test", {"at": 1}, "slow"),
    ]
