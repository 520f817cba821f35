"""Sends what is due. Towards a gateway each message goes at most once.

Three steps, the network between two transactions: write that it is being sent, send, write what became of it. A
process that dies in between leaves ``sending`` behind; after a while that is ``unknown``, for an officer to clear up.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from caseflow.claims.contacts import recipients
from caseflow.claims.models import Claim
from caseflow.claims.silence import listen
from caseflow.notices.adapters import Adapter, Letter, Outcome
from caseflow.notices.adapters.outcome import Became
from caseflow.notices.models import Delivery
from caseflow.notices.overtaken import CAN_BE, is_overtaken
from caseflow.notices.planning import leaving_time
from caseflow.notices.words import Office, case_words, promised_on
from caseflow.workflow.models import Outbox

MOST_TRIES = 5
_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
_LOST_AFTER = timedelta(minutes=10)
_LOST = "Pengiriman terputus di tengah jalan."
_NO_ADAPTER = "Cara kirim ini sudah tidak diatur lagi."
_NO_HELPER = "Izin pembantu ini sudah berakhir. Sampaikan langsung kepada keluarga."


def send_next(
    sessions: Callable[[], Session], adapters: Mapping[str, Adapter], office: Office, *, now: datetime
) -> Became | Literal["kept", ""]:
    """Send the next message that is due; return what became of it.

    :return: ``kept``: it turned out not to leave now; empty: none was due.
    """
    with sessions() as session, session.begin():
        taken = _take(session, office, now)
    if taken is None:
        return ""
    delivery_id, adapter, letter = taken
    if letter is None:
        return "kept"
    by = adapters.get(adapter)
    outcome = by.send(letter) if by is not None else Outcome("refused", _NO_ADAPTER)
    with sessions() as session, session.begin():
        _settle(session, delivery_id, outcome, now)
    return outcome.became


def give_up_lost(session: Session, *, now: datetime) -> int:
    """Call ``unknown`` what a process that died was sending; return how many."""
    lost = session.scalars(
        update(Delivery)
        .where(Delivery.state == "sending", Delivery.attempted_at < now - _LOST_AFTER)
        .values(state="unknown", last_error=_LOST)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(lost.all())


def drop_overtaken(session: Session) -> int:
    """Take off the officers' list what is no longer true: papers that came, a report taken back; return how many."""
    may_be = or_(
        Outbox.occasion != "",
        Claim.state == "withdrawn",
        and_(Outbox.notice.in_(CAN_BE), Claim.closed_at.is_(None)),
    )
    rows = session.execute(
        select(Delivery, Outbox)
        .join(Outbox, Outbox.id == Delivery.outbox_id)
        .join(Claim, Claim.id == Delivery.casefile_id)
        .where(Delivery.state == "by_hand", may_be)
        .with_for_update(of=Delivery, skip_locked=True)
    ).all()
    dropped = 0
    for delivery, row in rows:
        if is_overtaken(session, session.get_one(Claim, row.casefile_id), row):
            delivery.state = "skipped"
            dropped += 1
    session.flush()
    return dropped


def _take(session: Session, office: Office, now: datetime) -> tuple[int, str, Letter | None] | None:
    """Take the next message for ourselves; without a letter when it turned out not to leave now."""
    delivery = session.scalar(
        select(Delivery)
        .where(Delivery.state == "waiting", Delivery.next_try_at <= now)
        .order_by(Delivery.next_try_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if delivery is None:
        return None
    row = session.get_one(Outbox, delivery.outbox_id)
    claim = session.get_one(Claim, row.casefile_id)
    if is_overtaken(session, claim, row):
        delivery.state, delivery.next_try_at = "skipped", None
        return delivery.id, delivery.adapter, None
    if delivery.role == "helper" and _helps_no_more(session, claim, delivery.address, now):
        _keep_from_helper(session, delivery)
        return delivery.id, delivery.adapter, None
    good_at = leaving_time(session, claim, row, now=now)
    if good_at > now:
        delivery.next_try_at = good_at
        return delivery.id, delivery.adapter, None
    delivery.words = case_words(session, claim, office).render(
        row, promised_on(session, row), sms=delivery.channel == "sms", to=delivery.recipient_name
    )
    delivery.state, delivery.next_try_at, delivery.attempted_at = "sending", None, now
    delivery.attempts += 1
    session.flush()
    letter = Letter(delivery.key, delivery.channel, delivery.address, delivery.words)
    return delivery.id, delivery.adapter, letter


def _helps_no_more(session: Session, claim: Claim, address: str, now: datetime) -> bool:
    """Whether nobody with this number is to hear of the case any more."""
    return all(contact.phone != address for contact in recipients(session, claim, now=now))


def _keep_from_helper(session: Session, delivery: Delivery) -> None:
    """Let a message not leave to a helper; when the family does not get it either, a person passes it on."""
    delivery.state, delivery.next_try_at = "skipped", None
    if not _has_family(session, delivery.outbox_id):
        delivery.state, delivery.last_error = "failed", _NO_HELPER


def lock_message(session: Session, *which: ColumnElement[bool]) -> None:
    """Lock the message of a delivery before the delivery itself, as everybody does who writes both."""
    of_delivery = select(Delivery.outbox_id).where(*which).scalar_subquery()
    session.execute(select(Outbox.id).where(Outbox.id == of_delivery).with_for_update())


def _settle(session: Session, delivery_id: int, outcome: Outcome, now: datetime) -> None:
    """Write what became of a message; a report of the gateway may have been faster."""
    lock_message(session, Delivery.id == delivery_id)
    delivery = session.scalar(
        select(Delivery).where(Delivery.id == delivery_id, Delivery.state == "sending").with_for_update()
    )
    if delivery is None:
        return
    delivery.last_error = outcome.reason or None
    delivery.provider_reference = outcome.reference
    if outcome.became == "sent":
        delivery.state, delivery.sent_at = "sent", now
        note_heard(session, delivery, now=now)
    elif outcome.became == "unknown":
        delivery.state = "unknown"
    elif outcome.became == "refused" or delivery.attempts >= MOST_TRIES:
        delivery.state = "failed"
    else:
        delivery.state, delivery.next_try_at = "waiting", now + _WAITS[delivery.attempts - 1]


def note_heard(session: Session, delivery: Delivery, *, now: datetime, how: str | None = None) -> None:
    """Note on the message itself that it has reached the family, the first time: what a helper heard is not enough."""
    session.flush()
    if delivery.role == "helper" and _has_family(session, delivery.outbox_id):
        return
    session.execute(
        update(Outbox)
        .where(Outbox.id == delivery.outbox_id, Outbox.delivered_at.is_(None))
        .values(
            delivered_at=now,
            delivered_how=how or delivery.channel,
            delivered_by_user_id=delivery.told_by_user_id,
        )
        .execution_options(synchronize_session=False)
    )
    listen(session, delivery.casefile_id, now=now)


def _has_family(session: Session, outbox_id: int) -> bool:
    of_family = select(Delivery.id).where(Delivery.outbox_id == outbox_id, Delivery.role == "family")
    return session.scalar(of_family.limit(1)) is not None
