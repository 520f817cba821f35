"""Counting everything again for the dashboards: one set-based pass a topic, in one transaction.

Run by a job; readers keep the counts of the last pass until the next one is whole. What is counted how is in
``result_facts`` and ``result_sql``; the definitions that people read are with their figures (``service_results``, ``visit_results``).
"""

import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.workflows import book
from caseflow.monitoring.visit_models import ALIVE, USES
from caseflow.registry import queries as registry
from caseflow.reports import result_facts, result_sql, result_written
from caseflow.reports.result_models import ResultCount, ResultDay, ResultRefresh
from caseflow.workflow.definition import STAGES
from caseflow.workflow.models import CaseFile

# states in which a case left the way to the money
LEFT = ("refused", "lapsed", "withdrawn", "not_work")
_ONE_AT_A_TIME = 20_260_616  # advisory lock of this errand


def refresh(session: Session, *, now: datetime) -> int:
    """Count everything again and return how many rows of counts there are; a second one at once waits for the first."""
    begun = time.monotonic()
    session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    today = clock.local(now).date()
    values = _values(session, today)
    for statement in (*result_facts.FACTS, *result_sql.DAYS, *result_sql.COUNTS, *result_written.WRITTEN):
        session.execute(text(statement), values)
    for table in (*result_facts.TEMPORARY, *result_written.TEMPORARY):
        session.execute(text(f"DROP TABLE {table}"))
    taken = int((time.monotonic() - begun) * 1000)
    row = {"id": 1, "refreshed_at": now, "counted_on": today, "milliseconds": taken}
    written = insert(ResultRefresh).values(**row)
    session.execute(written.on_conflict_do_update(index_elements=["id"], set_=row))
    counted = session.scalar(select(func.count()).select_from(ResultCount)) or 0
    return counted + (session.scalar(select(func.count()).select_from(ResultDay)) or 0)


def _values(session: Session, today: date) -> Mapping[str, Any]:
    first = session.scalar(select(func.min(CaseFile.opened_at)))
    since = (clock.local(first).date() if first else today) - timedelta(days=400)
    states = _states()
    days = _workdays(session, since, today)
    return {
        "today": today,
        "days": [day for day, _ in days],
        "numbers": [number for _, number in days],
        "flows": [one[0] for one in states],
        "versions": [one[1] for one in states],
        "states": [one[2] for one in states],
        "ranks": [one[3] for one in states],
        "left": [one[4] for one in states],
        "stages": list(STAGES),
        "uses": list(USES),
        "alive": list(ALIVE),
    }


def _workdays(session: Session, since: date, until: date) -> Sequence[tuple[date, int]]:
    """Return every day of a span with the number of working days up to it, as the registry's calendar counts them."""
    calendar = registry.calendar(session, until)
    days = [since + timedelta(days=step) for step in range((until - since).days + 1)]
    return list(zip(days, accumulate(int(calendar.is_working(day)) for day in days), strict=True))


def _states() -> Sequence[tuple[str, int, str, int, bool]]:
    """Return every state of every version of a claim's workflow with the rank of its stage."""
    rank = {stage: place for place, stage in enumerate(STAGES)}
    return [
        (flow.name, flow.version, state.name, rank[state.stage], state.name in LEFT)
        for flow in book()
        if flow.name in {"jkm", "jkk", "scholarship"}
        for state in flow.states.values()
    ]
