"""What screens read about many cases at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow.workflow.models import CaseFile


@dataclass(frozen=True, slots=True)
class StateFigures:
    """Open cases in one state. Days are whole days since they entered it.

    :ivar hidden: what stands in the place of a count that a reader of aggregates does not get; days are ``None`` then.
    """

    count: int | None
    oldest_days: int | None
    median_days: int | None
    hidden: str = ""

    @property
    def words(self) -> str:
        """Return the count, or what stands in its place."""
        return self.hidden if self.count is None else str(self.count)


def state_figures(
    session: Session, workflow: str, branch_code: str | None, *, now: datetime
) -> dict[str, StateFigures]:
    """Return figures of every state that has open cases, over all versions of a workflow.

    :param branch_code: one branch, or ``None`` for all.
    """
    entered_in_the_middle = func.percentile_disc(0.5).within_group(CaseFile.entered_at.desc())
    query = (
        select(
            CaseFile.state,
            func.count().label("cases"),
            func.min(CaseFile.entered_at).label("oldest"),
            entered_in_the_middle.label("middle"),
        )
        .where(CaseFile.closed_at.is_(None), CaseFile.workflow == workflow)
        .group_by(CaseFile.state)
    )
    if branch_code is not None:
        query = query.where(CaseFile.branch_code == branch_code)
    return {
        row.state: StateFigures(
            count=row.cases, oldest_days=_days(row.oldest, now), median_days=_days(row.middle, now)
        )
        for row in session.execute(query)
    }


def _days(since: datetime, now: datetime) -> int:
    # a clock that was set back must not show a negative age
    return max((now - since).days, 0)
