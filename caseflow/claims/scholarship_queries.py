"""What the list of scholarships reads: only the columns shown, cut out of one index by the planned day, pages by key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, select, tuple_
from sqlalchemy.orm import Session

from caseflow.claims.cover import numbers
from caseflow.claims.queries import PAGE, read_key
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.scholarship_plan import WAITING
from caseflow.law.deadlines import years_later
from caseflow.people.actor import Actor
from caseflow.registry.models import Region
from caseflow.workflow.models import CaseFile

FILTERS = ("open", "soon", "school", "ending", "all")
SOON = timedelta(days=30)
_LAST_YEARS = 1  # a child within so many years of the age limit is about to leave


class RightRow(NamedTuple):
    """One child's right; the columns in the order of the list."""

    id: int
    number: str
    subject: str
    region: str
    workflow: str
    workflow_version: int
    state: str
    born_on: date
    school_expected_on: date | None
    next_on: date
    next_step: str
    next_year: int | None
    open_year: int | None


@dataclass(frozen=True)
class RightsPage:
    """One page of the list. ``after`` is the key of the next page, ``None`` on the last."""

    rows: Sequence[RightRow]
    after: str | None


def rights(session: Session, which: str, *, by: Actor, today: date, after: str | None = None) -> RightsPage:
    """Return a page of the branch's rights that have not ended, the nearest day first."""
    statement = _rows(which, by, today).limit(PAGE + 1)
    key = read_key(after)
    if key is not None:
        statement = statement.where(tuple_(ScholarshipChild.next_on, ScholarshipChild.casefile_id) > key)
    found = [RightRow._make(row) for row in session.execute(statement)]
    rows = found[:PAGE]
    more = len(found) > PAGE
    return RightsPage(rows, f"{rows[-1].next_on.isoformat()}.{rows[-1].id}" if more else None)


def every_right(session: Session, which: str, *, by: Actor, today: date) -> Iterator[RightRow]:
    """Yield the whole list, page after page."""
    after: str | None = None
    while True:
        page = rights(session, which, by=by, today=today, after=after)
        yield from page.rows
        after = page.after
        if after is None:
            return


def right_counts(session: Session, *, by: Actor, today: date) -> dict[str, int]:
    """Return how many rights each filter holds, in one statement."""
    columns = [func.count(case((_filter(which, today), 1))).label(which) for which in FILTERS]
    statement = (
        select(*columns)
        .select_from(ScholarshipChild)
        .join(CaseFile.__table__, CaseFile.id == ScholarshipChild.casefile_id)
        .where(_own(by))
    )
    return dict(session.execute(statement).one()._asdict())


def _rows(which: str, by: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CaseFile.id,
            CaseFile.number,
            CaseFile.subject,
            Region.name.label("region"),
            CaseFile.workflow,
            CaseFile.workflow_version,
            CaseFile.state,
            ScholarshipChild.born_on,
            ScholarshipChild.school_expected_on,
            ScholarshipChild.next_on,
            ScholarshipChild.next_step,
            ScholarshipChild.next_year,
            ScholarshipChild.open_year,
        )
        .select_from(ScholarshipChild)
        .join(CaseFile.__table__, CaseFile.id == ScholarshipChild.casefile_id)
        .join(Region, Region.code == CaseFile.region_code)
        .where(_own(by), _filter(which, today))
        .order_by(ScholarshipChild.next_on, ScholarshipChild.casefile_id)
    )


def _own(by: Actor) -> ColumnElement[bool]:
    return and_(ScholarshipChild.branch_code == (by.branch_code or ""), ScholarshipChild.next_on.is_not(None))


def _filter(which: str, today: date) -> ColumnElement[bool]:
    match which:
        case "open":
            return and_(ScholarshipChild.open_year.is_not(None), CaseFile.state.in_(WAITING))
        case "soon":
            return ScholarshipChild.next_on <= today + SOON
        case "school":
            return ScholarshipChild.school_expected_on > today
        case "ending":
            limit = numbers().on("scholarship_age_limit", today).value
            return ScholarshipChild.born_on <= years_later(today, _LAST_YEARS - limit)
        case _:
            return ScholarshipChild.next_on.is_not(None)
