"""The verbs of audit: put down, in the transaction of the act, who did or saw what."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, insert, literal, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.people.actor import Actor

LOOKED = "case.looked"
_LOOKS_EVERY = timedelta(hours=1)


def record(
    session: Session,
    action: str,
    *,
    by: Actor | None,
    casefile_id: int | None = None,
    subject: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add one audit event, see :func:`event`."""
    session.add(AuditEvent(**event(action, by=by, casefile_id=casefile_id, subject=subject, details=details)))


def note_look(session: Session, casefile_id: int, *, by: Actor) -> None:
    """Put down that a member of staff opened a case; once a person, case and hour, in one statement.

    A second look within the hour only asks the index whether the first is there.
    """
    if by.kind != "staff" or by.user_id is None:
        return
    values = event(LOOKED, by=by, casefile_id=casefile_id)
    recent = exists().where(
        AuditEvent.casefile_id == casefile_id,
        AuditEvent.at > values["at"] - _LOOKS_EVERY,
        AuditEvent.action == LOOKED,
        AuditEvent.actor_user_id == by.user_id,
    )
    columns = AuditEvent.__table__.c
    row = select(*(literal(value, columns[name].type) for name, value in values.items())).where(~recent)
    session.execute(insert(AuditEvent).from_select(list(values), row))


def event(
    action: str,
    *,
    by: Actor | None,
    casefile_id: int | None = None,
    subject: str = "",
    details: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the columns of one audit event, for statements that write it with the act itself.

    :param action: dotted and in the past: ``document.opened``, ``staff.signed_in``.
    :param by: ``None`` for a visitor we do not know.
    :param subject: what it was done to, as ``kind:id``; never a name.
    :param details: ids and digests only; no names, numbers of people, codes or texts.
    """
    return {
        "at": clock.now(),
        "action": action,
        "actor_kind": by.kind if by else "public",
        "actor_name": by.signature if by else "Pengunjung",
        "actor_person_id": by.person_id if by else None,
        "actor_user_id": by.user_id if by else None,
        "device_id": by.device_id if by else None,
        "casefile_id": casefile_id,
        "subject": subject,
        "details": dict(details or {}),
    }
