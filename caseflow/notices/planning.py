"""Turns a message of the outbox into deliveries: one for each recipient, in the way that each asked for."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.contacts import Contact, recipients
from caseflow.claims.models import Claim
from caseflow.claims.paper_reminders import is_wished
from caseflow.config import MessageSettings, Way
from caseflow.identifiers import random_token
from caseflow.notices.models import Delivery
from caseflow.notices.texts import texts
from caseflow.notices.times import leaves_at
from caseflow.registry.queries import calendar
from caseflow.workflow.models import Outbox

NOBODY_KNOWN = "Keluarga"


def unplanned(session: Session, limit: int = 200) -> Sequence[int]:
    """Return messages of claims that nobody has planned yet, the oldest first."""
    return session.scalars(
        select(Outbox.id)
        .join(Claim, Claim.id == Outbox.casefile_id)
        .where(Outbox.planned_at.is_(None))
        .order_by(Outbox.id)
        .limit(limit)
    ).all()


def plan(session: Session, outbox_id: int, settings: MessageSettings, *, now: datetime) -> bool:
    """Write the deliveries of a message; a second worker finds them written.

    :return: whether they were written now.
    """
    row = session.scalar(
        select(Outbox)
        .where(Outbox.id == outbox_id, Outbox.planned_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    claim = session.get(Claim, row.casefile_id) if row is not None else None
    if row is None or claim is None:
        return False
    for contact in addressees(session, claim, row.notice):
        session.execute(
            insert(Delivery)
            .values(**_columns(session, claim, row, contact, settings, now=now))
            .on_conflict_do_nothing()
        )
    row.planned_at = now
    session.flush()
    return True


def addressees(session: Session, claim: Claim, notice: str) -> list[Contact]:
    """Return who gets a notice; when nobody can be reached, the family itself, to be told in person."""
    told = recipients(session, claim)
    if texts()[notice].to == "family":
        told = [contact for contact in told if contact.role == "family"]
    return told or [Contact(NOBODY_KNOWN, "", "", "call", "family")]


def way_of(contact: Contact, settings: MessageSettings) -> Way:
    """Return how a message travels to somebody: who asked to be telephoned is telephoned."""
    if not contact.phone or contact.channel == "call":
        return "hand"
    return settings.whatsapp if contact.channel == "whatsapp" else settings.sms


def _columns(
    session: Session, claim: Claim, row: Outbox, contact: Contact, settings: MessageSettings, *, now: datetime
) -> dict[str, object]:
    way = way_of(contact, settings)
    found = {
        "outbox_id": row.id,
        "casefile_id": claim.id,
        "recipient_name": contact.name,
        "relation": contact.relation,
        "role": contact.role,
        "channel": contact.channel if contact.phone else "in_person",
        "address": contact.phone,
        "adapter": way,
        "state": "by_hand",
        "key": random_token(),
        "created_at": now,
        "attempts": 0,
    }
    if way != "hand":
        found |= {"state": "waiting", "next_try_at": leaving_time(session, claim, row, now=now)}
    return found


def leaving_time(session: Session, claim: Claim, row: Outbox, *, now: datetime) -> datetime:
    """Return the first good moment for a message of a case; a reminder that the family wished leaves on its day."""
    days = calendar(session, clock.local(now).date())
    leaves = "office_hours" if is_wished(row.notice, row.occasion) else texts()[row.notice].leaves
    return leaves_at(now, leaves, calendar=days, died_on=claim.died_on)
