"""Who opened a case and what they did there, read back from the audit for the family the case is about.

Not here: the words, and the staff's own history of a case (``queries``).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.audit.models import AuditEvent
from caseflow.documents.models import Document, Requirement
from caseflow.people.models import FamilyDevice, RoleGrant

# what only one inspector may know of never stands in a list that others can read on a borrowed phone
_HIDDEN = "complaint."


@dataclass(frozen=True)
class Trace:
    """One look or act. ``role``: what the person was at that time; ``code``: the paper it was about."""

    id: int
    at: datetime
    action: str
    kind: str
    name: str
    role: str | None
    device_id: int | None
    by_helper: bool
    code: str | None


def traces(session: Session, casefile_id: int, *, before: int | None = None, limit: int) -> list[Trace]:
    """Return what people saw and did, newest first; machines are left out.

    :param before: key of the last one that was read.
    """
    query = (
        select(AuditEvent, FamilyDevice.mandate_id.is_not(None).label("by_helper"))
        .outerjoin(FamilyDevice, FamilyDevice.id == AuditEvent.device_id)
        .where(
            AuditEvent.casefile_id == casefile_id,
            AuditEvent.actor_kind != "system",
            ~AuditEvent.action.startswith(_HIDDEN),
        )
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(AuditEvent.id < before)
    rows = session.execute(query).all()
    events = [row.AuditEvent for row in rows]
    roles = _roles(session, {event.actor_person_id for event in events if event.actor_person_id})
    codes = _codes(session, casefile_id, {event.subject for event in events})
    return [
        Trace(
            id=event.id,
            at=event.at,
            action=event.action,
            kind=event.actor_kind,
            name=event.actor_name,
            role=_role_at(roles.get(event.actor_person_id or 0, ()), event.at),
            device_id=event.device_id,
            by_helper=bool(row.by_helper),
            code=event.details.get("code") or codes.get(event.subject),
        )
        for event, row in zip(events, rows, strict=True)
    ]


def _roles(session: Session, person_ids: Collection[int]) -> Mapping[int, Sequence[Any]]:
    """Return the roles that people held at any time, oldest first."""
    rows = session.execute(
        select(RoleGrant.person_id, RoleGrant.role, RoleGrant.granted_at, RoleGrant.revoked_at)
        .where(RoleGrant.person_id.in_(person_ids))
        .order_by(RoleGrant.id)
    ).all()
    return {person_id: [row for row in rows if row.person_id == person_id] for person_id in person_ids}


def _role_at(grants: Sequence[Any], at: datetime) -> str | None:
    """Return what somebody was at that time, or else first became."""
    held = [
        row.role for row in grants if row.granted_at <= at and (row.revoked_at is None or at < row.revoked_at)
    ]
    first = [row.role for row in grants[:1]]
    return next(iter(held or first), None)


def _codes(session: Session, casefile_id: int, subjects: Collection[str]) -> dict[str, str]:
    """Return, by subject of an event, the paper that an opened file belongs to."""
    public_ids = {subject.partition(":")[2] for subject in subjects if subject.startswith("document:")}
    rows = session.execute(
        select(Document.public_id, Requirement.code)
        .join(Requirement, Requirement.id == Document.requirement_id)
        .where(Document.casefile_id == casefile_id, Document.public_id.in_(public_ids))
    )
    return {f"document:{row.public_id}": row.code for row in rows}
