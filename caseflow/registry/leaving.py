"""Places of a quota that become free when somebody dies or leaves. The count itself is the database's (trigger).

Not here: who gets the free place (nominations).
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from caseflow import sealing
from caseflow.people.actor import Actor
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import GONE, Nominee


def free(
    session: Session, worker: Worker, *, left_on: date, reason: str, by: Actor, now: datetime
) -> Sequence[Nominee]:
    """Take a worker off every list that runs on or after a day, and return the nominees that left.

    A list that had ended before stays as it was.
    """
    whose = or_(
        Nominee.worker_id == worker.id, Nominee.national_id_index == sealing.blind(worker.national_id)
    )
    return _free(session, whose, left_on=left_on, reason=reason, by=by, now=now)


def free_nominee(
    session: Session,
    national_id: str,
    region_code: str,
    *,
    left_on: date,
    reason: str,
    by: Actor,
    now: datetime,
) -> Sequence[Nominee]:
    """Do the same for somebody who is not registered yet, on the lists of one nagari.

    Who was accepted stays: the number may come after the death and date from before it; the branch decides.
    """
    whose = and_(
        Nominee.national_id_index == sealing.blind(national_id),
        Nominee.region_code == region_code,
        Nominee.state != "accepted",
    )
    return _free(session, whose, left_on=left_on, reason=reason, by=by, now=now)


def _free(
    session: Session, whose: ColumnElement[bool], *, left_on: date, reason: str, by: Actor, now: datetime
) -> Sequence[Nominee]:
    nominees = session.scalars(
        select(Nominee)
        .where(
            whose,
            Nominee.state.not_in(GONE),
            Nominee.ends_on >= left_on,
        )
        .order_by(Nominee.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for nominee in nominees:
        nominee.state = "left"
        nominee.waiting_place = None
        nominee.left_on = left_on
        nominee.reason = reason
        nominee.decided_at = now
        nominee.decided_by_user_id = by.user_id
        nominee.version += 1
    session.flush()
    return nominees
