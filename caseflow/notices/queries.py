"""What the list of messages for a person reads: one statement a page, by key, over a partial index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.notices.models import Delivery
from caseflow.notices.texts import texts
from caseflow.workflow.models import Outbox

PAGE = 50
_FOR_A_PERSON = ("by_hand", "failed", "unknown")


@dataclass(frozen=True)
class Waiting:
    """A message that an officer has to pass on, or to ask about; the key of the page is ``id``."""

    id: int
    number: str
    subject: str
    honorific: str
    title: str
    recipient: str
    role: str
    channel: str
    address: str
    state: str
    error: str | None
    owed_at: datetime


def waiting_for_a_person(session: Session, branch_code: str | None, *, after: int = 0) -> Sequence[Waiting]:
    """Return a page of the messages of a branch that no gateway will bring, the oldest first; one more than a page."""
    rows = session.execute(
        select(
            Delivery.id,
            Claim.number,
            Claim.subject,
            Claim.honorific,
            Outbox.notice,
            Delivery.recipient_name,
            Delivery.role,
            Delivery.channel,
            Delivery.address,
            Delivery.state,
            Delivery.last_error,
            Outbox.created_at,
        )
        .join(Outbox, Outbox.id == Delivery.outbox_id)
        .join(Claim, Claim.id == Delivery.casefile_id)
        .where(Delivery.state.in_(_FOR_A_PERSON), Delivery.id > after, Claim.branch_code == branch_code)
        .order_by(Delivery.id)
        .limit(PAGE + 1)
    )
    return [
        Waiting(
            id=row.id,
            number=row.number,
            subject=row.subject,
            honorific=row.honorific,
            title=texts()[row.notice].title,
            recipient=row.recipient_name,
            role=row.role,
            channel=row.channel,
            address=row.address,
            state=row.state,
            error=row.last_error,
            owed_at=row.created_at,
        )
        for row in rows
    ]


def how_many_wait(session: Session, branch_code: str | None) -> int:
    """Return how many messages of a branch wait for a person."""
    return session.execute(
        select(func.count())
        .select_from(Delivery)
        .join(Claim, Claim.id == Delivery.casefile_id)
        .where(Delivery.state.in_(_FOR_A_PERSON), Claim.branch_code == branch_code)
    ).scalar_one()
