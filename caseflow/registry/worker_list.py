"""The list of workers of one nagari: filtered, searched, read by key, counted, and row by row for a file.

Numbers of people leave here masked by whoever shows them. Not here: who may see which nagari (``reach``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, func, select, true, tuple_
from sqlalchemy.orm import Session

from caseflow.identifiers import ascii_digits
from caseflow.people.actor import Actor
from caseflow.registry import names, reach
from caseflow.registry.models import Region, Worker
from caseflow.registry.queries import find_worker
from caseflow.registry.standing import Kind, Standing, kind_of, ledger, unpaid_months

PAGE = 50
LONGEST_SEARCH = 200
_READ = "worker.read"
_MOST_COMPARED = 20_000  # names of one nagari, when nothing fits as written
_MOST_ALIKE = 50
_NIK = 16
_STREAM = 500


@dataclass(frozen=True)
class Filters:
    """What of a nagari is wanted.

    :ivar kind: see ``standing.KINDS``; ``None``: all. :ivar search: part of a name, or a whole NIK.
    """

    region_code: str
    kind: Kind | None = None
    jorong: str | None = None
    search: str = ""


class WorkerRow(NamedTuple):
    """One line of the list."""

    id: int
    public_id: str
    full_name: str
    national_id: str
    jorong: str
    occupation: str
    born_on: date
    card_number: str | None
    registered_on: date
    left_reason: str | None
    paid_until: date | None
    kind: str
    months: int | None

    @property
    def standing(self) -> Standing:
        """How this worker stands today."""
        return Standing(cast(Kind, self.kind), self.months or 0, self.left_reason)


@dataclass(frozen=True)
class Page:
    """A page of the list.

    :ivar after: where the next page begins; ``None``: this is the last.
    :ivar alike: nobody is written as searched; these are written alike.
    """

    rows: Sequence[WorkerRow]
    after: str | None
    alike: bool = False


def nagari_choices(session: Session, *, by: Actor) -> Sequence[tuple[str, str]]:
    """Return code and name of the nagari whose workers somebody may see, by name."""
    rows = session.execute(
        select(Region.code, Region.name)
        .where(Region.level.in_(("nagari", "desa")), reach.within(Region.code, by, _READ))
        .order_by(Region.name, Region.code)
    )
    return [(row.code, row.name) for row in rows]


def jorong_choices(session: Session, region_code: str, *, by: Actor) -> Sequence[str]:
    """Return the jorong as they stand in the list of a nagari."""
    reach.require(region_code, by, _READ)
    # from one name to the next by the index: a nagari has few jorong and many people
    least = select(func.min(Worker.jorong).label("name")).where(Worker.region_code == region_code)
    found = least.cte("found", recursive=True)
    following = least.where(Worker.jorong > found.c.name).correlate(found).scalar_subquery()
    found = found.union_all(select(following).where(found.c.name.is_not(None)))
    return session.scalars(select(found.c.name).where(found.c.name.is_not(None)).order_by(found.c.name)).all()


def page(session: Session, filters: Filters, *, by: Actor, today: date, after: str | None = None) -> Page:
    """Return one page of a nagari's workers, by name.

    :param after: public id of the last row of the page before; unknown: the first page.
    :raises NotFound: the nagari is out of reach.
    """
    reach.require(filters.region_code, by, _READ)
    filters = replace(filters, search=filters.search.strip()[:LONGEST_SEARCH])
    statement = _statement(session, filters, today)
    begins = _begins(session, filters.region_code, after)
    if begins is not None:
        statement = statement.where(begins)
    rows = [WorkerRow(*row) for row in session.execute(statement.limit(PAGE + 1))]
    if not rows and filters.search and after is None and not _national_id(filters.search):
        return Page(_alike(session, filters, today), None, alike=True)
    more = len(rows) > PAGE
    return Page(rows[:PAGE], rows[PAGE - 1].public_id if more else None)


def every(session: Session, filters: Filters, *, by: Actor, today: date) -> Iterator[WorkerRow]:
    """Give every row of the filtered list, in little memory.

    :raises NotFound: the nagari is out of reach.
    """
    reach.require(filters.region_code, by, _READ)
    return _stream(session, _statement(session, filters, today))


def _stream(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[WorkerRow]:
    for row in session.execute(statement.execution_options(yield_per=_STREAM)):
        yield WorkerRow(*row)


def _statement(session: Session, filters: Filters, today: date) -> Select[*tuple[Any, ...]]:
    months = ledger(today)
    kind = kind_of(months, today)
    statement: Select[*tuple[Any, ...]] = (
        select(
            Worker.id,
            Worker.public_id,
            Worker.full_name,
            Worker.national_id,
            Worker.jorong,
            Worker.occupation,
            Worker.born_on,
            Worker.card_number,
            Worker.registered_on,
            Worker.left_reason,
            months.c.paid_until,
            kind.label("kind"),
            unpaid_months(months, today).label("months"),
        )
        .select_from(Worker)
        .join(months, true())
        .where(Worker.region_code == filters.region_code, *_found(session, filters))
        .order_by(Worker.full_name, Worker.id)
    )
    if filters.kind is not None:
        statement = statement.where(kind == filters.kind)
    return statement


def _found(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    conditions = [] if filters.jorong is None else [Worker.jorong == filters.jorong]
    text = filters.search.strip()[:LONGEST_SEARCH]
    if digits := _national_id(text):
        worker = find_worker(session, digits)
        return [*conditions, Worker.id == (worker.id if worker else None)]
    return [
        *conditions,
        *(Worker.full_name.icontains(word, autoescape=True) for word in text.split()),
    ]


def _national_id(text: str) -> str | None:
    """The NIK that was searched; ``None``: part of a name."""
    digits = ascii_digits(text)
    return digits if len(digits) == _NIK and digits.isascii() and digits.isdigit() else None


def _alike(session: Session, filters: Filters, today: date) -> Sequence[WorkerRow]:
    """Who is written otherwise, but may be meant: the names of the nagari are compared one by one."""
    known = session.execute(
        select(Worker.id, Worker.full_name)
        .where(Worker.region_code == filters.region_code)
        .limit(_MOST_COMPARED)
    )
    ids = [row.id for row in known if names.resembles(filters.search, row.full_name).kind != "different"]
    if not ids:
        return []
    statement = _statement(session, replace(filters, search=""), today)
    return [
        WorkerRow(*row) for row in session.execute(statement.where(Worker.id.in_(ids)).limit(_MOST_ALIKE))
    ]


def _begins(session: Session, region_code: str, after: str | None) -> ColumnElement[bool] | None:
    if after is None:
        return None
    last = session.execute(
        select(Worker.full_name, Worker.id).where(
            Worker.public_id == after, Worker.region_code == region_code
        )
    ).one_or_none()
    return None if last is None else tuple_(Worker.full_name, Worker.id) > tuple_(last.full_name, last.id)
