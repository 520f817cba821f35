"""What a nagari's home shows of the registry: places of the quotas, dues of this month, what is not complete.

Columns and counts only. Not here: cases (claims), what the months cost (rates).
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, func, select, true
from sqlalchemy.orm import Session

from caseflow.law.ledger import first_of, month_number
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.models import CoverMonth, Region, Worker
from caseflow.registry.nomination_models import Nominee, Quota
from caseflow.registry.standing import grace_on
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


class Unpaid(NamedTuple):
    """People whose running month nobody has paid yet, by who paid for them last; ``None``: nobody ever did."""

    funding_source: str | None
    people: int


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


def unpaid_now(session: Session, *, on: date, by: Actor) -> list[Unpaid]:
    """Return who is a member, or has just been listed, and is not paid for in the month of a day; by payer.

    Whose membership has ended for want of payment is not among them: a month alone does not bring it back.
    """
    last = (
        select(CoverMonth.month, CoverMonth.funding_source)
        .where(CoverMonth.worker_id == Worker.id)
        .order_by(CoverMonth.month.desc())
        .limit(1)
        .lateral("last")
    )
    oldest = first_of(month_number(on) - grace_on(on) - 1)
    rows = session.execute(
        select(last.c.funding_source, func.count())
        .select_from(Worker)
        .outerjoin(last, true())
        .where(
            *_listed(by),
            last.c.month.is_(None) | last.c.month.between(oldest, first_of(month_number(on) - 1)),
        )
        .group_by(last.c.funding_source)
        .order_by(func.count().desc())
    )
    return [Unpaid(*row) for row in rows]


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
