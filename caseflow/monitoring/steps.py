"""The steps of a plan: its file, its lock, and the one way to take a step."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.config import ROOT
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.people.actor import SYSTEM, Actor
from caseflow.registry import queries
from caseflow.workflow.definition import Workflow
from caseflow.workflow.fire import fire
from caseflow.workflow.loader import Vocabulary, load_workflow
from caseflow.workflow.models import CaseFile, History

NAME = "monitoring"
# states in which the family is still followed, or may be again
OPEN = ("following", "paused")
LOOKED_AGAIN_WITHIN = timedelta(days=30)
_FOLDER = ROOT / "workflows"
_VOCABULARY = Vocabulary(rules=(), notices=(), placeholders=())


@cache
def latest() -> Workflow:
    """Return the file in use."""
    return load_workflow(_FOLDER / f"{NAME}.yaml", _VOCABULARY)


@cache
def definition(version: int) -> Workflow:
    """Return the file in the version that a plan began with."""
    if version == latest().version:
        return latest()
    return load_workflow(_FOLDER / "archive" / f"{NAME}-{version}.yaml", _VOCABULARY)


def lock(session: Session, plan: Plan) -> None:
    """Hold the plan and read it afresh: whoever writes on it or on its visits comes one after the other.

    Rows that only name the plan (an audit event of a photo) need not wait.
    """
    session.flush()
    session.execute(select(CaseFile.id).where(CaseFile.id == plan.id).with_for_update(key_share=True))
    session.refresh(plan)


def step(
    session: Session,
    plan: Plan,
    action: str,
    *,
    by: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason_code: str | None = None,
    reason_text: str | None = None,
    details: Mapping[str, Any] = MappingProxyType({}),
) -> History:
    """Take a step, see :func:`caseflow.workflow.fire.fire`.

    A family's phone reaches its claim; here it acts on the plan of that claim, which the caller has checked.

    :param expected_version: of the page that was acted from; ``None`` under the plan's lock: as it stands.
    """
    if by.kind == "family" and by.casefile_id == plan.claim_id:
        by = replace(by, casefile_id=plan.id)
    return fire(
        session,
        plan,
        action,
        by=by,
        expected_version=plan.version if expected_version is None else expected_version,
        definition=definition(plan.workflow_version),
        calendar=queries.calendar(session, clock.local(now).date()),
        now=now,
        rules={},
        reason_code=reason_code,
        reason_text=reason_text,
        details=details,
    )


def may_be_drawn(today: date) -> ColumnElement[bool]:
    """Return the condition that a visit may still be chosen to be looked at again (``revisits``)."""
    return and_(
        PlannedVisit.state == "done",
        PlannedVisit.outcome == "met",
        PlannedVisit.kind.not_in(("m1", "revisit")),
        PlannedVisit.done_on > today - LOOKED_AGAIN_WITHIN,
    )


def finish_if_over(session: Session, plan: Plan, *, now: datetime) -> bool:
    """Finish a plan that has no visit to come; the plan is locked. Return whether it was finished now.

    A visit that may still be chosen to be looked at again keeps it open until the night has chosen.
    """
    keeps = (PlannedVisit.state == "due") | may_be_drawn(clock.local(now).date())
    kept = session.scalar(select(PlannedVisit.id).where(PlannedVisit.plan_id == plan.id, keeps).limit(1))
    if kept is not None or plan.state != "following":
        return False
    step(session, plan, "finish", by=SYSTEM, now=now)
    return True
