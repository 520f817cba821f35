"""How a worker stands today: covered, so many months behind, no longer a member, dead, gone. One expression for all.

The same expression filters, counts and shows. What cover there was on the day of a death is the law's to say (law.cover).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, FromClause, Integer, Select, case, extract, func, literal, select, true
from sqlalchemy.orm import Session

from caseflow.law.ledger import first_of, month_number
from caseflow.law.numbers import NumberBook, load_numbers
from caseflow.registry.cover_models import CoverEnd
from caseflow.registry.models import CoverMonth, Worker
from caseflow.registry.people import LEFT_REASONS

Kind = Literal["active", "arrears", "inactive", "never_paid", "died", "left"]
KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        "active": "Aktif",
        "arrears": "Menunggak",
        "inactive": "Nonaktif",
        "never_paid": "Belum ada iuran",
        "died": "Meninggal",
        "left": "Keluar",
    }
)
_SENTIMENTS: Mapping[Kind, str] = MappingProxyType(
    {
        "active": "positive",
        "arrears": "waiting",
        "inactive": "danger",
        "never_paid": "waiting",
        "died": "neutral",
        "left": "neutral",
    }
)


@dataclass(frozen=True)
class Standing:
    """How one worker stands.

    :ivar months: whole months left unpaid since the last paid one; this month is not counted, it still runs.
    """

    kind: Kind
    months: int = 0
    left_reason: str | None = None

    @property
    def label(self) -> str:
        """The state in the words of a list."""
        if self.kind == "arrears":
            return f"menunggak {self.months} bulan"
        if self.kind == "left":
            return LEFT_REASONS.get(self.left_reason or "", KINDS["left"]).lower()
        return KINDS[self.kind].lower()

    @property
    def sentiment(self) -> str:
        """The colour that goes with the words."""
        return _SENTIMENTS[self.kind]


@cache
def numbers() -> NumberBook:
    """Return the numbers of law."""
    return load_numbers()


def grace_on(day: date) -> int:
    """Return after how many unpaid months membership ends, as of a day."""
    return numbers().on("grace_months", day).value


def ledger(today: date) -> FromClause:
    """Return what the months say of a worker of the statement, to be joined: two looks at the index a worker.

    Columns: ``paid_until`` the last paid month, also when it lies ahead; ``reached`` the last one not after today.
    """
    paid = select(func.max(CoverMonth.month)).where(CoverMonth.worker_id == Worker.id).correlate(Worker)
    so_far = paid.where(CoverMonth.month <= first_of(month_number(today)))
    # the limit keeps PostgreSQL from looking again wherever a column is named
    columns = paid.scalar_subquery().label("paid_until"), so_far.scalar_subquery().label("reached")
    return select(*columns).limit(1).lateral("ledger")


def unpaid_months(months: FromClause, today: date) -> ColumnElement[Any]:
    """Return the whole months between the last paid one and this month; null when none was ever paid."""
    reached = months.c.reached
    number = extract("year", reached) * 12 + extract("month", reached) - 1
    behind = func.greatest(0, literal(month_number(today)) - number - 1).cast(Integer)
    return case((reached.is_(None), None), else_=behind)


def kind_of(months: FromClause, today: date) -> ColumnElement[str]:
    """Return the kind of standing of a worker of the statement."""
    return case(
        (Worker.died_on.is_not(None), "died"),
        (Worker.left_on.is_not(None), "left"),
        else_=_of_listed(months, today),
    )


def _of_listed(months: FromClause, today: date) -> ColumnElement[str]:
    unpaid = unpaid_months(months, today)
    return case(
        (months.c.reached.is_(None), "never_paid"),
        (unpaid == 0, "active"),
        (unpaid <= grace_on(today), "arrears"),
        else_="inactive",
    )


def standing(session: Session, worker: Worker, *, today: date) -> Standing:
    """Return how a worker stands today."""
    months = ledger(today)
    row = session.execute(
        select(kind_of(months, today).label("kind"), unpaid_months(months, today).label("months"))
        .select_from(Worker)
        .join(months, true())
        .where(Worker.id == worker.id)
    ).one()
    return Standing(cast(Kind, row.kind), row.months or 0, worker.left_reason)


def counts(session: Session, region_code: str, *, today: date) -> dict[Kind, int]:
    """Return how many workers of one nagari stand how.

    The last months of those on the list are counted by the database as they come (``cover_end``); only of people paid
    for beyond this month the months are looked at one by one.
    """
    here, this = CoverEnd.region_code == region_code, first_of(month_number(today))
    ends = select(CoverEnd.last_month.label("reached"), func.count().label("people")).where(here)
    months = ends.group_by(CoverEnd.last_month).subquery("months")
    found: Counter[str] = Counter()
    known, ahead = 0, False
    for row in session.execute(select(months, _of_listed(months, today).label("kind"))):
        known += row.people
        if row.reached > this:
            ahead = True
        else:
            found[row.kind] += row.people
    if ahead:
        found += _paid_ahead(session, region_code, today)
    everybody, died, left = session.execute(_gone(region_code)).one()
    found += Counter(died=died, left=left, never_paid=everybody - died - left - known)
    return {kind: found[kind] for kind in KINDS}


def _paid_ahead(session: Session, region_code: str, today: date) -> Counter[str]:
    """How those stand who are paid for beyond this month: the months before may have gaps."""
    months = ledger(today)
    kinds = (
        select(kind_of(months, today).label("kind"))
        .select_from(CoverEnd)
        .join(Worker, Worker.id == CoverEnd.worker_id)
        .join(months, true())
        .where(CoverEnd.region_code == region_code, CoverEnd.last_month > first_of(month_number(today)))
        .subquery("standings")
    )
    rows = session.execute(select(kinds.c.kind, func.count()).group_by(kinds.c.kind))
    return Counter({row[0]: row[1] for row in rows})


def _gone(region_code: str) -> Select[Any]:
    """How many workers of a nagari there are, how many of them died, and how many left alive."""
    everybody = select(func.count()).select_from(Worker).where(Worker.region_code == region_code)
    died, left = Worker.died_on.is_not(None), Worker.left_on.is_not(None)
    gone = everybody.where(died | left)
    return select(
        everybody.scalar_subquery(),
        gone.where(died).scalar_subquery(),
        gone.where(~died, left).scalar_subquery(),
    )
