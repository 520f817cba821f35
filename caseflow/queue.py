"""Background work, asked for inside the caller's transaction: no commit, no job.

A part that needs a job names it here by its task name (``documents.preview``); ``jobs.py``, the door,
registers functions under these names. So nothing below the doors imports ``jobs``.
"""

from typing import Any

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

# Never opened: it has no connections of its own and borrows the caller's.
_borrower = App(connector=SyncPsycopgConnector())


def enqueue(
    session: Session, task: str, *, queue: str = "default", once: str | None = None, **arguments: Any
) -> int | None:
    """Ask for ``task(**arguments)`` when the caller's transaction commits; return the number of the job.

    Arguments go to the database as JSON: ids and short words, never names of people or secrets.
    With ``once`` there is at most one waiting job of that name; a second one is not asked for (``None``).
    """
    try:
        with session.begin_nested():
            # asked for inside the savepoint, or there would be none to go back to
            connection = session.connection().connection.driver_connection
            job = _borrower.configure_task(task, queue=queue, queueing_lock=once, connection=connection)
            return job.defer(**arguments)
    except AlreadyEnqueued:
        return None
