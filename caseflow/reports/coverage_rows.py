"""What the figures of coverage are made of: counts kept by the database, quotas, published targets; read, not judged.

Every statement reads maintained counts or an index of them, never workers one by one; only the list of names does.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from caseflow.formats import rupiah
from caseflow.law.ledger import first_of, month_number
from caseflow.people.actor import Actor
from caseflow.registry import rates, reach
from caseflow.registry.arrears import month_end, pay_by
from caseflow.registry.cover_models import CoverageTarget, CoverCount, CoverEnd, CoverMember
from caseflow.registry.models import Region, Worker
from caseflow.registry.nomination_models import Quota
from caseflow.registry.rate_models import SECTORS

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A nagari or desa and its kecamatan."""

    code: str
    name: str
    district_code: str
    district: str


@dataclass(frozen=True, slots=True)
class Paid:
    """How many workers of a place one payer paid for a month; ``in_time``: of them by the 15th of the next."""

    place: str
    month: date
    source: str
    workers: int
    in_time: int
    amount_idr: int


@dataclass(frozen=True, slots=True)
class Places:
    """Places of a quota in force: ``slots`` and how many of them the budget pays."""

    slots: int
    budgeted: int


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Somebody whose months are unpaid; no NIK. ``step``: whole months unpaid; ``pay_by``: as the ladder of dues says it."""

    name: str
    place: str
    district: str
    jorong: str
    occupation: str
    last_month: date
    step: int
    pay_by: date


def places(session: Session, *, by: Actor, permission: str) -> Sequence[Place]:
    """Return the nagari in somebody's reach, by kecamatan and name."""
    return _places(session, reach.within(Region.code, by, permission))


def every_place(session: Session) -> Sequence[Place]:
    """Return all nagari there are, by kecamatan and name: of what is published."""
    return _places(session, true())


def _places(session: Session, which: ColumnElement[bool]) -> Sequence[Place]:
    district = aliased(Region)
    rows = session.execute(
        select(Region.code, Region.name, district.code.label("above"), district.name.label("district"))
        .join(district, Region.parent_code == district.code)
        .where(Region.level.in_(("nagari", "desa")), which)
        .order_by(district.name, Region.name)
    )
    return [Place(row.code, row.name, row.above, row.district) for row in rows]


def paid(session: Session, since: date, until: date, *, by: Actor, permission: str) -> Sequence[Paid]:
    """Return the counts of paid months in reach, of the months between two, both included."""
    rows = session.execute(
        select(
            CoverCount.region_code,
            CoverCount.month,
            CoverCount.funding_source,
            CoverCount.workers,
            CoverCount.in_time,
            CoverCount.amount_idr,
        ).where(
            CoverCount.month.between(since, until),
            CoverCount.workers > 0,
            reach.within(CoverCount.region_code, by, permission),
        )
    )
    return [Paid(*row) for row in rows]


def members(
    session: Session, since: date, until: date, *, by: Actor, permission: str
) -> Mapping[tuple[str, date], int]:
    """Return how many were members, by place and month."""
    rows = session.execute(
        select(CoverMember.region_code, CoverMember.month, CoverMember.workers).where(
            CoverMember.month.between(since, until),
            CoverMember.workers > 0,
            reach.within(CoverMember.region_code, by, permission),
        )
    )
    return {(row.region_code, row.month): row.workers for row in rows}


def quotas(
    session: Session, month: date, sources: Sequence[str], *, by: Actor, permission: str
) -> Mapping[str, Places]:
    """Return the quotas in force at the end of a month, by the region that they were given to."""
    end = month_end(month)
    rows = session.execute(
        select(Quota.region_code, func.sum(Quota.slots), func.sum(Quota.budgeted))
        .where(
            Quota.starts_on <= end,
            Quota.ends_on >= end,
            Quota.funding_source.in_(sources),
            reach.within(Quota.region_code, by, permission),
        )
        .group_by(Quota.region_code)
    )
    return {code: Places(int(slots), int(budgeted)) for code, slots, budgeted in rows}


def unpaid(
    session: Session, today: date, steps: int, *, by: Actor, permission: str
) -> Mapping[tuple[str, int], int]:
    """Return how many have 1 to ``steps`` whole months unpaid, by place and number of months."""
    rows = session.execute(
        select(CoverEnd.region_code, CoverEnd.last_month, func.count())
        .where(
            CoverEnd.last_month.between(*_span(today, steps)),
            reach.within(CoverEnd.region_code, by, permission),
        )
        .group_by(CoverEnd.region_code, CoverEnd.last_month)
    )
    return {(code, step_of(last, today)): count for code, last, count in rows}


def unpaid_names(
    session: Session,
    today: date,
    steps: int,
    *,
    by: Actor,
    permission: str,
    area: str = "",
    limit: int | None = None,
) -> Iterator[AtRisk]:
    """Give who has months unpaid, the most months first; no NIK. Rows are read as they are taken."""
    district, place = aliased(Region), aliased(Region)
    query = (
        select(
            Worker.full_name, place.name.label("place"), district.name.label("district"),
            Worker.jorong, Worker.occupation, CoverEnd.last_month,
        )
        .join(Worker, Worker.id == CoverEnd.worker_id)
        .join(place, place.code == CoverEnd.region_code)
        .join(district, district.code == place.parent_code)
        .where(
            CoverEnd.last_month.between(*_span(today, steps)),
            reach.within(CoverEnd.region_code, by, permission),
        )
        .order_by(CoverEnd.last_month, CoverEnd.region_code, Worker.full_name, CoverEnd.worker_id)
        .limit(limit)
    )  # fmt: skip
    if area:
        query = query.where(
            or_(CoverEnd.region_code == area, CoverEnd.region_code.startswith(f"{area}.", autoescape=True))
        )
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        step = step_of(row.last_month, today)
        yield AtRisk(
            row.full_name,
            row.place,
            row.district,
            row.jorong,
            row.occupation,
            row.last_month,
            step,
            pay_by(row.last_month, today),
        )


def targets(session: Session, regions: Sequence[str], on: date) -> Mapping[str, CoverageTarget]:
    """Return the newest published figure of each kind about these regions."""
    rows = session.scalars(
        select(CoverageTarget)
        .where(CoverageTarget.region_code.in_(regions), CoverageTarget.stated_on <= on)
        .order_by(CoverageTarget.stated_on)
    )
    return {row.kind: row for row in rows}


def rate_changes(
    session: Session, since: date, until: date, sources: Sequence[str]
) -> Mapping[date, Sequence[str]]:
    """Return, by month, which contributions cost otherwise than in the month before, in words."""
    first, last = month_number(since), month_number(until)
    found: dict[date, list[str]] = defaultdict(list)
    for source, sector in product(sources, SECTORS):
        known = rates.rates_between(session, source, sector, first_of(first - 1), until)
        for number in range(first, last + 1):
            before, now = (rates.find_rate(known, first_of(one)) for one in (number - 1, number))
            if before and now and before.amount_idr != now.amount_idr:
                who = f"{rates.FUNDING_LABELS[source]}, {rates.SECTOR_LABELS[sector].lower()}"
                found[first_of(number)].append(
                    f"{who}: {rupiah(before.amount_idr)} menjadi {rupiah(now.amount_idr)}"
                )
    return found


def step_of(last_month: date, today: date) -> int:
    """Return how many whole months before this one are unpaid."""
    return month_number(today) - month_number(last_month) - 1


def _span(today: date, steps: int) -> tuple[date, date]:
    """The oldest and the newest last month of those behind by up to ``steps`` months: a span is read in its order."""
    this = month_number(today)
    return first_of(this - steps - 1), first_of(this - 2)
