"""Who changed a part of the settings, newest first. Not here: what happened in cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
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


def changes(session: Session, *parts: str, limit: int = LIMIT) -> Sequence[Change]:
    """Return the last changes of these parts of the settings (``region``, ``quota``, ``calendar``, …)."""
    return _changes(session, func.split_part(AuditEvent.action, ".", 1).in_(parts), limit)


def changes_of(session: Session, subject: str, *, limit: int = LIMIT) -> Sequence[Change]:
    """Return the last changes of one thing (``quota:7``, ``user:3``)."""
    return _changes(session, AuditEvent.subject == subject, limit)


def _changes(session: Session, which: Any, limit: int) -> Sequence[Change]:
    rows = session.execute(
        select(
            AuditEvent.at, AuditEvent.action, AuditEvent.actor_name, AuditEvent.subject, AuditEvent.details
        )
        .where(which, AuditEvent.casefile_id.is_(None))
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return [Change(*row) for row in rows]
