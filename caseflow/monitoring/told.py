"""What officers of a case hear of its visits: that one took place, how it ended, on which day. Never an answer."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.formats import long_date
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.titles import OUTCOMES, VISITS


def outcomes_of(session: Session, claim_id: int) -> Sequence[str]:
    """Return one line for each visit of a case that was fetched, the newest first."""
    rows = session.execute(
        select(PlannedVisit.kind, PlannedVisit.outcome, PlannedVisit.done_on)
        .join(Plan, Plan.id == PlannedVisit.plan_id)
        .where(Plan.claim_id == claim_id, PlannedVisit.state == "done", PlannedVisit.kind != "revisit")
        .order_by(PlannedVisit.done_on.desc(), PlannedVisit.id.desc())
    )
    return [
        f"{VISITS[row.kind]}: {OUTCOMES[row.outcome]}, {long_date(row.done_on)}"
        for row in rows
        if row.outcome and row.done_on
    ]
