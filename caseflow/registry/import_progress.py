"""How far the work on a list is: written at once by short transactions of its own, for everybody to see."""

from collections.abc import Callable

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.registry.import_models import ImportProgress


def report(sessions: Callable[[], Session], import_file_id: int, done: int, total: int | None = None) -> None:
    """Write how far the work is, at once and for everybody to see."""
    values = {"done": done, "total": total, "at": clock.now()}
    with sessions() as session, session.begin():
        session.execute(
            insert(ImportProgress)
            .values(import_file_id=import_file_id, **values)
            .on_conflict_do_update(index_elements=["import_file_id"], set_=values)
        )
