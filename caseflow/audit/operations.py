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
    """Add one audit event.

    :param action: dotted and in the past: ``document.opened``, ``staff.signed_in``.
    :param by: ``None`` for a visitor we do not know.
    :param subject: what it was done to, as ``kind:id``; never a name.
    :param details: ids and digests only; no names, numbers of people, codes or texts.
    """
    event = AuditEvent(
        at=clock.now(),
        action=action,
        actor_kind=by.kind if by else "public",
        actor_name=by.name if by else "Pengunjung",
        actor_person_id=by.person_id if by else None,
        actor_user_id=by.user_id if by else None,
        device_id=by.device_id if by else None,
        casefile_id=casefile_id,
        subject=subject,
        details=dict(details or {}),
    )
    session.add(event)
