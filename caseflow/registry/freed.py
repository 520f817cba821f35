"""The place that somebody's death or leaving has freed in a quota, and who could take it. Proposes, changes nothing."""

from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from caseflow import sealing
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import GONE, Nominee, Quota


class FreedPlace(NamedTuple):
    """A place that nobody has taken yet.

    :ivar waiting: how many are on the waiting list of the quota; :ivar first: who stands at its head.
    """

    quota_id: int
    funding_source: str
    nominee_public_id: str
    waiting: int
    first: str | None


def freed_place(session: Session, worker: Worker) -> FreedPlace | None:
    """Return the place that a worker left and nobody replaces; ``None``: they held none, or it is taken."""
    replacing = aliased(Nominee)
    row = session.execute(
        select(Nominee.quota_id, Quota.funding_source, Nominee.public_id)
        .join(Quota, Quota.id == Nominee.quota_id)
        .where(
            or_(
                Nominee.worker_id == worker.id,
                Nominee.national_id_index == sealing.blind(worker.national_id),
            ),
            Nominee.state == "left",
            ~select(replacing.id)
            .where(replacing.replaces_nominee_id == Nominee.id, replacing.state.not_in(GONE))
            .exists(),
        )
        .order_by(Nominee.left_on.desc(), Nominee.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    waits = (Nominee.quota_id == row.quota_id) & (Nominee.state == "waiting")
    first = session.scalar(select(Nominee.full_name).where(waits).order_by(Nominee.waiting_place).limit(1))
    waiting = session.scalar(select(func.count()).select_from(Nominee).where(waits)) or 0
    return FreedPlace(row.quota_id, row.funding_source, row.public_id, waiting, first)
