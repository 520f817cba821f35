"""A message that a family is owed because something happened that is no move of its case."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow.workflow.models import CaseFile, Outbox


def owe(
    session: Session,
    case: CaseFile,
    notice: str,
    *,
    occasion: str,
    now: datetime,
    values: Mapping[str, str] | None = None,
) -> bool:
    """Owe the family a message, once for an occasion of a case; it is delivered after the commit.

    :param notice: one of ``claims.workflows.NOTICES``; :param occasion: what makes it one of its kind: a day, the
        key of a request; never empty, never a name.
    :param values: what the text needs beyond the case itself, in words (``workflows/messages.yaml`` says which).
    :return: whether it was written; ``False``: it was owed before.
    """
    written = session.execute(
        insert(Outbox)
        .values(
            casefile_id=case.id,
            history_version=case.version,
            notice=notice,
            created_at=now,
            values=dict(values or {}),
            occasion=occasion,
        )
        .on_conflict_do_nothing()
        .returning(Outbox.id)
    ).scalar_one_or_none()
    return written is not None
