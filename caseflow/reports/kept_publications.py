"""Publications that a process keeps as long as the counts are those that they were made of; they are the same for everybody.

Counts change every ten minutes as a whole, and what may be told of them takes longer to find than to read.
"""

from datetime import date

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from caseflow.reports.publication import Publication
from caseflow.reports.result_models import ResultRefresh

Mark = tuple[str, str, date]  # database, the transaction that counted, the month that runs
_MARKS = 4
_kept: dict[Mark, dict[str, Publication]] = {}


def mark(session: Session, month: date) -> Mark | None:
    """Return of which counts the database tells now; ``None``: nothing was counted yet.

    :param month: the first day of the month that runs: what is over changes with it.
    """
    counted = session.scalar(select(literal_column("result_refresh.xmin::text")).select_from(ResultRefresh))
    return (str(session.get_bind().engine.url), counted, month) if counted else None


def find(of: Mark | None, population: str) -> Publication | None:
    """Return what was kept of these counts."""
    return _kept.get(of, {}).get(population) if of else None


def keep(of: Mark, population: str, publication: Publication) -> None:
    """Keep what was made of these counts."""
    while of not in _kept and len(_kept) >= _MARKS:
        _kept.pop(next(iter(_kept)), None)
    _kept.setdefault(of, {})[population] = publication
