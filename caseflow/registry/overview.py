"""What a nagari's home shows of the registry: places of the quotas, dues of this month, what is not complete.

Columns and counts only. Not here: cases (claims), what the months cost (rates).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session

from caseflow.law.ledger import month_number
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.models import CoverMonth, Region, Worker
from caseflow.registry.nomination_models import Nominee, Quota
from caseflow.workflow.models import CaseFile

READ = "worker.read"


class QuotaLine(NamedTuple):
    """One quota of a nagari and who stands on it.

    :ivar proposed: submitted and not enrolled yet; :ivar taken: places held, as the database counts them.
    """

    region: str
    funding_source: str
    starts_on: date
    ends_on: date
    slots: int
    budgeted: int
    taken: int
    enrolled: int
    proposed: int
    waiting: int
    returned: int

    @property
    def left(self) -> int:
        """Places that nobody holds."""
        return self.slots - self.taken


@dataclass(frozen=True)
class Dues:
    """The months that are paid for those who are on a list and alive.

    :ivar people: how many are members still, or never had a month paid; :ivar unpaid: of them, without this month.
    :ivar behind: whole months unpaid before this one → how many people; the last step is the limit.
    :ivar ended: people whose membership has ended for want of payment.
    """

    people: int
    unpaid: int
    behind: Mapping[int, int]
    ended: int
    limit: int


def quota_lines(session: Session, *, on: date, by: Actor) -> list[QuotaLine]:
    """Return the quotas in force on a day in somebody's reach, by nagari and payer."""
    rows = session.execute(
        select(
            Region.name,
            Quota.funding_source,
            Quota.starts_on,
            Quota.ends_on,
            Quota.slots,
            Quota.budgeted,
            Quota.taken,
            _standing("enrolled"),
            _standing("proposed", "held", "accepted"),
            _standing("waiting"),
            _standing("returned"),
        )
        .join(Region, Region.code == Quota.region_code)
        .where(
            reach.within(Quota.region_code, by, READ),
            Quota.starts_on <= on,
            Quota.ends_on >= on,
        )
        .order_by(Region.name, Quota.funding_source, Quota.starts_on)
    )
    return [QuotaLine(*row) for row in rows]


def dues(session: Session, *, on: date, limit: int, by: Actor) -> Dues:
    """Count who is paid for this month and who is behind.

    :param limit: whole unpaid months after which membership ends (``grace_months``).
    """
    last = (
        select(func.max(CoverMonth.month))
        .where(CoverMonth.worker_id == Worker.id)
        .correlate(Worker)
        .scalar_subquery()
    )
    each = select(last.label("last")).where(*_listed(by)).subquery()
    rows = session.execute(select(each.c.last, func.count()).group_by(each.c.last)).all()
    behind, people, unpaid, ended = dict.fromkeys(range(1, limit + 1), 0), 0, 0, 0
    for month, count in rows:
        missed = 0 if month is None else month_number(on) - month_number(month) - 1
        if missed > limit:
            ended += count
            continue
        people += count
        unpaid += count if month is None or missed >= 0 else 0
        if missed > 0:
            behind[missed] += count
    return Dues(people, unpaid, behind, ended, limit)


def incomplete(session: Session, *, by: Actor) -> int:
    """Count the people on the lists whose family card is not known: their children cannot be found later."""
    query = select(func.count()).select_from(Worker).where(*_listed(by), Worker.family_card_number.is_(None))
    return session.scalar(query) or 0


def submitted(session: Session, *, by: Actor) -> int:
    """Count the nominations that nagari have sent and nobody has reviewed yet."""
    cases = CaseFile.__table__
    query = select(func.count()).where(
        cases.c.kind == "nomination",
        cases.c.state == "submitted",
        reach.within(CaseFile.region_code, by, READ),
    )
    return session.scalar(query) or 0


def has_workers(session: Session, *, by: Actor) -> bool:
    """Whether anybody is registered at all in somebody's reach."""
    found = select(Worker.id).where(reach.within(Worker.region_code, by, READ))
    return session.scalar(found.limit(1)) is not None


def _listed(by: Actor) -> tuple[ColumnElement[bool], ...]:
    return (reach.within(Worker.region_code, by, READ), Worker.died_on.is_(None), Worker.left_on.is_(None))


def _standing(*states: str) -> ScalarSelect[int]:
    counted = select(func.count()).where(Nominee.quota_id == Quota.id, Nominee.state.in_(states))
    return counted.correlate(Quota).scalar_subquery()
