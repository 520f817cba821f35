"""The families somebody follows: searched, filtered and read page by page; those that lately stopped their visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.monitoring import lists, plans
from caseflow.monitoring.models import Plan
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser
from caseflow.registry.models import Region
from caseflow.workflow.models import CaseFile

PAGE = 50
LONGEST_SEARCH = 60
STOPPED_SHOWN = 50
_TOLD_FOR = timedelta(days=30)  # that a family stopped its visits
_PERMISSION = "visit.plan"
# only what is the claim's own: its case file would be a second one beside the plan's
_CLAIM_TABLE = Claim.__table__
_CLAIM = _CLAIM_TABLE.c


@dataclass(frozen=True)
class FamilyRow:
    """A family. ``family``: the worker, with the honorific of the dead. ``since``: of its present state."""

    plan: str
    number: str
    family: str
    contact_name: str
    jorong: str
    nagari: str
    state: str
    over: bool
    visitor: str | None
    since: datetime


@dataclass(frozen=True)
class Filters:
    """Which families. ``standing``: ``open`` (followed, or stopped for now), ``paused`` or ``over``.

    :ivar search: part of a name, or a number of the plan or its claim.
    """

    search: str = ""
    region_code: str | None = None
    standing: str = "open"


@dataclass(frozen=True)
class Page:
    """One page. ``after``: public id of its last row when there are more; ``total``: of all pages."""

    rows: Sequence[FamilyRow]
    after: str | None
    total: int


def page(session: Session, filters: Filters, *, by: Actor, after: str | None = None) -> Page:
    """Return one page of families, by nagari and jorong.

    :param after: public id of the last row of the page before; unknown: the first page.
    """
    where = [plans.reachable(by, _PERMISSION), *_chosen(filters)]
    statement = _families().where(*where).order_by(Region.name, Plan.jorong, Plan.contact_name, Plan.id)
    last = session.execute(
        select(Region.name, Plan.jorong, Plan.contact_name, Plan.id)
        .join(Region, Region.code == Plan.region_code)
        .where(Plan.public_id == (after or ""))
    ).one_or_none()
    if last is not None:
        key = tuple_(Region.name, Plan.jorong, Plan.contact_name, Plan.id)
        statement = statement.where(key > tuple_(*last))
    rows = [_family(row) for row in session.execute(statement.limit(PAGE + 1))]
    more = len(rows) > PAGE
    total = len(rows)
    if more or last is not None:
        total = session.scalar(select(func.count()).select_from(Plan).where(*where)) or 0
    return Page(rows[:PAGE], rows[PAGE - 1].plan if more else None, total)


def nagari_choices(session: Session, *, by: Actor) -> Sequence[tuple[str, str]]:
    """Return code and name of the nagari in which somebody follows families, by name."""
    codes = select(Plan.region_code).where(plans.reachable(by, _PERMISSION)).distinct()
    rows = session.execute(
        select(Region.code, Region.name).where(Region.code.in_(codes)).order_by(Region.name, Region.code)
    )
    return [(row.code, row.name) for row in rows]


def stopped(session: Session, *, by: Actor, now: datetime) -> tuple[Sequence[FamilyRow], int]:
    """Return the families that lately said that they do not want to be visited, the first of them, and how many."""
    where = (
        plans.reachable(by, _PERMISSION),
        Plan.closed_at.is_(None),
        Plan.state == "paused",
        Plan.entered_at > now - _TOLD_FOR,
    )
    rows = session.execute(
        _families().where(*where).order_by(Plan.entered_at.desc(), Plan.id).limit(STOPPED_SHOWN + 1)
    ).all()
    total = len(rows)
    if total > STOPPED_SHOWN:
        total = session.scalar(select(func.count()).select_from(Plan).where(*where)) or 0
    return [_family(row) for row in rows[:STOPPED_SHOWN]], total


def _chosen(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Plan.closed_at.is_not(None) if filters.standing == "over" else Plan.closed_at.is_(None)
    ]
    if filters.standing == "paused":
        found.append(Plan.state == "paused")
    if filters.region_code:
        found.append(Plan.region_code == filters.region_code)
    words = " ".join(filters.search.split())[:LONGEST_SEARCH]
    if words:
        claim = aliased(CaseFile)
        numbered = exists().where(claim.id == Plan.claim_id, claim.number.icontains(words, autoescape=True))
        found.append(
            or_(
                Plan.contact_name.icontains(words, autoescape=True),
                Plan.subject.icontains(words, autoescape=True),
                Plan.number.icontains(words, autoescape=True),
                numbered,
            )
        )
    return found


def _families() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Plan.public_id,
            Plan.number,
            Plan.subject,
            Plan.contact_name,
            Plan.jorong,
            Plan.state,
            Plan.entered_at,
            Plan.closed_at,
            _CLAIM.honorific,
            Region.name.label("nagari"),
            Person.full_name.label("visitor"),
        )
        .join(_CLAIM_TABLE, _CLAIM.id == Plan.claim_id)
        .join(Region, Region.code == Plan.region_code)
        .outerjoin(StaffUser, StaffUser.id == Plan.visitor_user_id)
        .outerjoin(Person, Person.id == StaffUser.person_id)
    )


def _family(row: Row[Any]) -> FamilyRow:
    return FamilyRow(
        plan=row.public_id,
        number=row.number,
        family=lists.name_of(row.honorific, row.subject),
        contact_name=row.contact_name,
        jorong=row.jorong,
        nagari=row.nagari,
        state=row.state,
        over=row.closed_at is not None,
        visitor=row.visitor,
        since=clock.local(row.entered_at),
    )
