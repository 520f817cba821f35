"""The verb of audit: put down, in the transaction of the act, who did or saw what."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.people.actor import Actor


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
