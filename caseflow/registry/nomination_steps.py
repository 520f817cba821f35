"""The steps of a nomination: its file, and the one way to take a step.

The whole book of workflows is read by claims, which stand above; a nomination needs only its own pages of it.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.config import ROOT
from caseflow.people.actor import Actor
from caseflow.registry import queries
from caseflow.registry.nomination_models import Nomination
from caseflow.registry.nomination_rules import RULES
from caseflow.workflow.definition import Workflow
from caseflow.workflow.fire import fire
from caseflow.workflow.loader import Vocabulary, load_workflow
from caseflow.workflow.models import CaseFile, History

NAME = "nomination"
# states in which the nagari itself writes on the list
OPEN = ("draft", "returned")
_FOLDER = ROOT / "workflows"
_VOCABULARY = Vocabulary(rules=RULES, notices=(), placeholders=())


@cache
def latest() -> Workflow:
    """Return the file in use."""
    return load_workflow(_FOLDER / f"{NAME}.yaml", _VOCABULARY)


@cache
def definition(version: int) -> Workflow:
    """Return the file in the version that a nomination began with."""
    if version == latest().version:
        return latest()
    return load_workflow(_FOLDER / "archive" / f"{NAME}-{version}.yaml", _VOCABULARY)


def lock(session: Session, nomination_id: int) -> None:
    """Take the lock of a nomination: whoever writes on its rows comes one after the other."""
    session.execute(select(CaseFile.id).where(CaseFile.id == nomination_id).with_for_update())


def step(
    session: Session,
    nomination: Nomination,
    action: str,
    *,
    by: Actor,
    expected_version: int,
    now: datetime,
    reason_code: str | None = None,
    reason_text: str | None = None,
    details: Mapping[str, Any] = MappingProxyType({}),
) -> History:
    """Take a step, see :func:`caseflow.workflow.fire.fire`."""
    return fire(
        session,
        nomination,
        action,
        by=by,
        expected_version=expected_version,
        definition=definition(nomination.workflow_version),
        calendar=queries.calendar(session, clock.local(now).date()),
        now=now,
        rules=RULES,
        reason_code=reason_code,
        reason_text=reason_text,
        details=details,
    )
