"""A message that a case owes because of an occasion, not of a move: written once, delivered like every other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.workflow.models import Outbox


def owe(
    session: Session,
    claim: Claim,
    notice: str,
    occasion: str,
    now: datetime,
    values: Mapping[str, Any] | None = None,
) -> bool:
    """Write the message of an occasion into the outbox; the caller holds the claim.

    :return: whether it was written; never a second one for the same occasion.
    """
    written = session.execute(
        insert(Outbox)
        .values(
            casefile_id=claim.id,
            history_version=claim.version,
            notice=notice,
            created_at=now,
            values=dict(values or {}),
            occasion=occasion,
        )
        .on_conflict_do_nothing()
        .returning(Outbox.id)
    ).scalar_one_or_none()
    return written is not None
