"""What a visit told, for tests of what is made of it: rows as they stand once a visit was received."""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from caseflow import clock
from caseflow.monitoring.models import PlannedVisit
from caseflow.monitoring.visit_models import ChildAtSchool, NeedTold, UseShare, Visit, VisitRecord
from caseflow.people.actor import Actor
from tests.story import Stage


def told(
    stage: Stage,
    visit: PlannedVisit,
    *,
    by: Actor,
    at: datetime | None = None,
    outcome: str = "met",
    uses: Mapping[str, int] | None = None,
    needs: tuple[str, ...] = (),
    children: tuple[tuple[str, bool], ...] = (),
    received_in_full: str | None = None,
    **answers: Any,
) -> VisitRecord:
    """A visit was made and its record stands."""
    session, now = stage.session, at or clock.now()
    visit.state, visit.outcome, visit.done_on = "done", outcome, clock.local(now).date()
    content = {"answers": {"received_in_full": {"value": received_in_full, "base": 0}}}
    session.add(
        Visit(
            client_id=str(uuid.uuid4()),
            plan_id=visit.plan_id,
            planned_visit_id=visit.id,
            visitor_user_id=by.user_id or 0,
            outcome=outcome,
            started_at=now - timedelta(minutes=9),
            finished_at=now,
            received_at=now,
            content_sha256=hashlib.sha256(repr(content).encode()).hexdigest(),
            content=content,
            consent_version="1" if outcome == "met" else None,
            from_paper=True,
        )
    )
    record = VisitRecord(
        planned_visit_id=visit.id,
        plan_id=visit.plan_id,
        region_code=visit.region_code,
        kind=visit.kind,
        visitor_user_id=by.user_id or 0,
        outcome=outcome,
        made_on=clock.local(now).date(),
        minutes=9,
        changed_at=now,
        **answers,
    )
    session.add(record)
    session.flush()
    session.add_all(
        UseShare(planned_visit_id=visit.id, use=use, beans=beans) for use, beans in (uses or {}).items()
    )
    session.add_all(NeedTold(planned_visit_id=visit.id, need=need) for need in needs)
    session.add_all(
        ChildAtSchool(
            planned_visit_id=visit.id, position=place, member_id=None, first_name=name, attends=attends
        )
        for place, (name, attends) in enumerate(children, start=1)
    )
    session.flush()
    return record
