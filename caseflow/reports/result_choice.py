"""What a reader of results chose, who reads, and of when the counts are. Not here: the counts (``result_reading``)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.reports.result_models import ResultRefresh


@dataclass(frozen=True)
class Choice:
    """What a reader chose: a year (``2026``) or month (``2026-10``), an area, a programme; empty: all."""

    period: str = ""
    area: str = ""
    program: str = ""


@dataclass(frozen=True)
class Reader:
    """Who reads: the person and by which right; ``None``: anybody, who reads what is published."""

    by: Actor | None
    permission: str

    @property
    def masked(self) -> bool:
        """Whether few people are hidden from this reader."""
        return self.by is None or policy.mark(self.by, self.permission) == "masked"


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the counts were made, and until which day."""

    at: datetime
    until: date


def freshness(session: Session) -> Freshness | None:
    """Return when the counts were made last; ``None``: not yet."""
    found = session.get(ResultRefresh, 1)
    return Freshness(found.refreshed_at, found.counted_on) if found else None
