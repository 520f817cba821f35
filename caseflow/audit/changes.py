"""Who changed a part of the settings, newest first. Not here: what happened in cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from caseflow.audit.models import AuditEvent

LIMIT = 20


@dataclass(frozen=True)
class Change:
    """One change: when, what (dotted), by whom, to what (``kind:id``)."""

    at: datetime
    action: str
    actor: str
    subject: str
    details: Mapping[str, Any]


def changes(session: Session, *parts: str, without: Sequence[str] = ()) -> Sequence[Change]:
    """Return the last changes of these parts of the settings (``region``, ``quota``, ``calendar``, …).

    :param without: acts that are put down there and change nothing (``staff.signed_in``).
    """
    of_parts = func.split_part(AuditEvent.action, ".", 1).in_(parts)
    return _changes(session, and_(of_parts, AuditEvent.action.not_in(without)))


def changes_of(session: Session, *subjects: str) -> Sequence[Change]:
    """Return the last changes of one thing, by all its names (``quota:7``; ``user:3`` and ``person:5``)."""
    return _changes(session, AuditEvent.subject.in_(subjects))


def _changes(session: Session, which: ColumnElement[bool]) -> Sequence[Change]:
    rows = session.execute(
        select(
            AuditEvent.at, AuditEvent.action, AuditEvent.actor_name, AuditEvent.subject, AuditEvent.details
        )
        .where(which, AuditEvent.casefile_id.is_(None))
        .order_by(AuditEvent.id.desc())
        .limit(LIMIT)
    )
    return [Change(*row) for row in rows]
