"""What a nagari reports every quarter to camat and DPMN: places used, dues, cases with their days, families helped.

The figures are those of the pages of coverage and of days; here they stand together for one nagari. Numbers, no names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim, Report
from caseflow.law.ledger import first_of, month_number
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Quota
from caseflow.registry.rates import FUNDING_LABELS
from caseflow.reports import coverage_rows
from caseflow.reports.days import Period, closed_between

PROGRAMS = ("jkm", "jkk", "scholarship")


@dataclass(frozen=True, slots=True)
class PlacesUsed:
    """One quota in force in the quarter: places, of them paid for, of them taken now."""

    payer: str
    until: date
    slots: int
    budgeted: int
    taken: int


@dataclass(frozen=True, slots=True)
class MonthPaid:
    """A month: members, of them active (paid at all), of them paid by the due day."""

    month: date
    members: int
    active: int
    in_time: int


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases of one programme: opened and closed in the quarter, and open at its end (or now)."""

    program: str
    opened: int
    closed: int
    still_open: int


@dataclass(frozen=True, slots=True)
class Quarter:
    """The report. ``deaths``: workers on a list who died; ``helped``: families whose report was written with them."""

    places: Sequence[PlacesUsed]
    months: Sequence[MonthPaid]
    cases: Sequence[Cases]
    days: Period
    deaths: int
    helped: int
    at_risk: int


def quarter(session: Session, since: date, until: date, *, by: Actor, permission: str, grace: int) -> Quarter:
    """Return the report of somebody's own nagari; months that have not begun are left out.

    :param grace: whole months that may be unpaid before membership ends.
    """
    today = clock.today()
    unpaid = coverage_rows.unpaid(session, today, grace, by=by, permission=permission)
    return Quarter(
        places=_places(session, since, until, by=by, permission=permission),
        months=_months(session, since, min(until, today), by=by, permission=permission),
        cases=[_cases(session, one, since, until, by=by, permission=permission) for one in PROGRAMS],
        days=closed_between(session, since, until, by=by, program=None, everywhere=True),
        deaths=_deaths(session, since, until, by=by, permission=permission),
        helped=_helped(session, since, until, by=by, permission=permission),
        at_risk=sum(unpaid.values()),
    )


def _places(
    session: Session, since: date, until: date, *, by: Actor, permission: str
) -> Sequence[PlacesUsed]:
    rows = session.execute(
        select(Quota.funding_source, Quota.ends_on, Quota.slots, Quota.budgeted, Quota.taken)
        .where(
            Quota.starts_on <= until,
            Quota.ends_on >= since,
            reach.within(Quota.region_code, by, permission),
        )
        .order_by(Quota.funding_source, Quota.starts_on)
    )
    return [
        PlacesUsed(FUNDING_LABELS[source], ends, slots, paid_for, taken)
        for source, ends, slots, paid_for, taken in rows
    ]


def _months(session: Session, since: date, until: date, *, by: Actor, permission: str) -> Sequence[MonthPaid]:
    paid = coverage_rows.paid(session, since, until, by=by, permission=permission)
    members = coverage_rows.members(session, since, until, by=by, permission=permission)
    return [
        MonthPaid(
            month,
            members=sum(count for (_, when), count in members.items() if when == month),
            active=sum(row.workers for row in paid if row.month == month),
            in_time=sum(row.in_time for row in paid if row.month == month),
        )
        for month in (first_of(one) for one in range(month_number(since), month_number(until) + 1))
    ]


def _cases(session: Session, program: str, since: date, until: date, *, by: Actor, permission: str) -> Cases:
    start, end = _midnight(since), _midnight(until + timedelta(days=1))
    row = session.execute(
        select(
            func.count().filter(Claim.opened_at >= start),
            func.count().filter(Claim.closed_at >= start, Claim.closed_at < end),
            func.count().filter(or_(Claim.closed_at.is_(None), Claim.closed_at >= end)),
        ).where(
            Claim.program == program,
            Claim.opened_at < end,
            reach.within(Claim.region_code, by, permission),
        )
    ).one()
    return Cases(program, *row)


def _deaths(session: Session, since: date, until: date, *, by: Actor, permission: str) -> int:
    return session.scalars(
        select(func.count())
        .select_from(Worker)
        .where(Worker.died_on.between(since, until), reach.within(Worker.region_code, by, permission))
    ).one()


def _helped(session: Session, since: date, until: date, *, by: Actor, permission: str) -> int:
    return session.scalars(
        select(func.count())
        .select_from(Report)
        .where(
            Report.helped_by_user_id.is_not(None),
            Report.reported_at >= _midnight(since),
            Report.reported_at < _midnight(until + timedelta(days=1)),
            reach.within(Report.region_code, by, permission),
        )
    ).one()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.WIB)
