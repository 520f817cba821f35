"""Who is behind with dues, by whole unpaid months; and which cover ends soon.

The ladder counts months that ended unpaid, as the law does: a membership ends after the grace months (``law.numbers``).
The running month is not behind yet. Not here: what is owed for a case (``owed``), alarms as rows (``alarms``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, exists, func, select, true
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.selectable import LateralFromClause

from caseflow.law.ledger import first_of, month_number
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.ledger import grace_months
from caseflow.registry.models import CoverMonth, Region, Worker
from caseflow.registry.payment_models import ALARM_DAYS, PaymentLine

_HORIZON = max(ALARM_DAYS)


@dataclass(frozen=True, slots=True)
class Behind:
    """A living worker whose last paid month lies back, or for whom nobody ever paid (``last_month`` empty).

    :ivar unpaid: whole months that ended unpaid; :ivar waiting: a recorded payment waits for the branch.
    :ivar funding_source: who paid the last month, so who is asked to pay on.
    """

    public_id: str
    full_name: str
    jorong: str
    region_code: str
    region_name: str
    last_month: date | None
    funding_source: str | None
    unpaid: int
    waiting: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """How many workers of a nagari stand on which step.

    :ivar one: month behind, :ivar two: :ivar limit: at the grace limit, the last month in which paying keeps them;
    :ivar ended: past it; :ivar never: nobody ever paid; :ivar current: not behind.
    """

    region_code: str
    region_name: str
    district: str
    current: int
    one: int
    two: int
    limit: int
    ended: int
    never: int

    @property
    def behind(self) -> int:
        """Workers on the three steps, whom a payment now still keeps."""
        return self.one + self.two + self.limit


@dataclass(frozen=True, slots=True)
class Ending:
    """A block of cover that ends: the last paid month of a nagari by one payer, and whom it leaves.

    :ivar days_left: until the last day of that month; :ivar waiting: of ``workers``, how many have a recorded payment
        for the month after, which the branch has not confirmed.
    """

    region_code: str
    region_name: str
    funding_source: str
    last_month: date
    workers: int
    waiting: int
    days_left: int

    @property
    def last_day(self) -> date:
        """The last day that is paid."""
        return month_end(self.last_month)

    @property
    def uncovered(self) -> int:
        """Workers for whom nobody recorded a payment for the month after."""
        return self.workers - self.waiting

    @property
    def step(self) -> int:
        """The alarm that is due: 60, 30 or 7 days."""
        return min(step for step in ALARM_DAYS if self.days_left <= step)


def month_end(month: date) -> date:
    """Return the last day of a month."""
    return first_of(month_number(month) + 1) - timedelta(days=1)


def pay_by(last_month: date, on: date) -> date:
    """Return the last day on which a payment still keeps a membership, by the grace months in force on a day."""
    return month_end(first_of(month_number(last_month) + grace_months(on)))


def ladders(session: Session, *, on: date, by: Actor, permission: str = "arrears.read") -> Sequence[Ladder]:
    """Return the ladder of every nagari within reach that has workers, in one query, by kecamatan and name."""
    district = select(Region.code, Region.name).subquery("district")
    unpaid, last = _unpaid(on)
    grace = grace_months(on)
    steps = {
        "current": last.c.month.is_not(None) & (unpaid < 1),
        "one": (unpaid == 1) & (unpaid < grace),
        "two": (unpaid > 1) & (unpaid < grace),
        "limit": unpaid == grace,
        "ended": unpaid > grace,
        "never": last.c.month.is_(None),
    }
    rows = session.execute(
        select(
            Region.code,
            Region.name,
            func.coalesce(district.c.name, ""),
            *(func.count().filter(condition).label(name) for name, condition in steps.items()),
        )
        .join_from(Worker, Region, Region.code == Worker.region_code)
        .outerjoin(district, district.c.code == Region.parent_code)
        .outerjoin(last, true())
        .where(*_alive(), reach.within(Worker.region_code, by, permission))
        .group_by(Region.code, Region.name, district.c.name)
        .order_by(district.c.name, Region.name)
    )
    return [Ladder(*row) for row in rows]


def behind(
    session: Session,
    region_code: str | None = None,
    *,
    on: date,
    by: Actor,
    permission: str = "dues.read",
) -> Sequence[Behind]:
    """Return who is behind, the furthest first and by name; without a nagari, everybody within reach."""
    if region_code is not None:
        reach.require(region_code, by, permission)
    unpaid, last = _unpaid(on)
    waiting = exists().where(PaymentLine.worker_id == Worker.id, PaymentLine.state == "recorded")
    query = (
        select(
            Worker.public_id,
            Worker.full_name,
            Worker.jorong,
            Region.code,
            Region.name,
            last.c.month,
            last.c.funding_source,
            func.coalesce(unpaid, 0),
            waiting,
        )
        .join_from(Worker, Region, Region.code == Worker.region_code)
        .outerjoin(last, true())
        .where(*_alive(), last.c.month.is_(None) | (unpaid >= 1))
        .where(reach.within(Worker.region_code, by, permission))
        .order_by(unpaid.desc().nulls_last(), Region.name, Worker.full_name, Worker.id)
    )
    return [Behind(*row) for row in session.execute(_of_region(query, region_code))]


def gaps_ahead(
    session: Session,
    region_code: str | None = None,
    *,
    on: date,
    by: Actor,
    permission: str = "dues.read",
) -> Sequence[Ending]:
    """Return the blocks that end within sixty days, the soonest first. Cover that another payer goes on with is none.

    A block ends before the first month that nobody paid, also when later ones are paid already.
    """
    if region_code is not None:
        reach.require(region_code, by, permission)
    last = _end_of_block(on)
    following = exists().where(
        PaymentLine.worker_id == Worker.id,
        PaymentLine.state == "recorded",
        PaymentLine.month == last.c.month + func.make_interval(0, 1),
    )
    query = (
        select(
            Region.code.label("region_code"),
            Region.name.label("region_name"),
            last.c.funding_source,
            last.c.month.label("last_month"),
            func.count().label("workers"),
            func.count().filter(following).label("waiting"),
        )
        .join_from(Worker, Region, Region.code == Worker.region_code)
        .join(last, true())
        .where(*_alive(), reach.within(Worker.region_code, by, permission))
        .where(last.c.month <= on + timedelta(days=_HORIZON))
        .group_by(Region.code, Region.name, last.c.funding_source, last.c.month)
        .order_by(last.c.month, Region.name, last.c.funding_source)
    )
    found = [
        Ending(**row._asdict(), days_left=(month_end(row.last_month) - on).days)
        for row in session.execute(_of_region(query, region_code))
    ]
    return [one for one in found if one.days_left <= _HORIZON]


def _of_region(query: Select[Any], region_code: str | None) -> Select[Any]:
    return query if region_code is None else query.where(Worker.region_code == region_code)


def _alive() -> tuple[ColumnElement[bool], ...]:
    return (Worker.died_on.is_(None), Worker.left_on.is_(None))


def _last(until: date) -> LateralFromClause:
    """The last paid month of a worker up to a day, found through the key."""
    query = select(CoverMonth.month, CoverMonth.funding_source).where(
        CoverMonth.worker_id == Worker.id, CoverMonth.month <= until
    )
    return query.order_by(CoverMonth.month.desc()).limit(1).lateral("last")


def _end_of_block(on: date) -> LateralFromClause:
    """The first paid month from a day on that no paid month follows, found through the key."""
    after = aliased(CoverMonth)
    followed = exists().where(
        after.worker_id == CoverMonth.worker_id, after.month == CoverMonth.month + func.make_interval(0, 1)
    )
    query = select(CoverMonth.month, CoverMonth.funding_source).where(
        CoverMonth.worker_id == Worker.id, CoverMonth.month >= on.replace(day=1), ~followed
    )
    return query.order_by(CoverMonth.month).limit(1).lateral("last")


def _unpaid(on: date) -> tuple[ColumnElement[int], LateralFromClause]:
    """Whole months that ended unpaid before the month of a day, and the last paid month they are counted from."""
    last = _last(on)
    number = cast(func.extract("year", last.c.month) * 12 + func.extract("month", last.c.month) - 1, Integer)
    return month_number(on) - number - 1, last
