"""The messages of a case as people look at them: what was or will be said, to whom, and how far it has come.

Officers see every recipient before anything leaves, and note what they passed on themselves. Families see what we
sent, so that a false message can be told from ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.claims.contacts import Contact, recipients
from caseflow.claims.models import Claim
from caseflow.config import MessageSettings, Settings
from caseflow.errors import Invalid, NotPossible
from caseflow.notices.models import Delivery
from caseflow.notices.planning import addressees, plan, way_of
from caseflow.notices.sending import note_heard
from caseflow.notices.texts import texts
from caseflow.notices.words import CaseWords, case_words, office_of, promised_on, unsigned
from caseflow.people.actor import Actor
from caseflow.workflow.models import History, Outbox

HOW = MappingProxyType({"whatsapp": "WhatsApp", "sms": "SMS", "call": "Telepon", "in_person": "Tatap muka"})
# what a person may still pass on: nothing has left, or nobody can say that it arrived
_BY_PERSON = frozenset({"by_hand", "waiting", "failed", "unknown"})
_MAY_HAVE_ARRIVED = ("sent", "delivered", "unknown")


@dataclass(frozen=True)
class Way:
    """A message on its way to one recipient; ``state`` as in ``notices.models``.

    :ivar at: when it arrived, left or was given up; :ivar error: in words.
    """

    recipient: str
    relation: str
    role: str
    channel: str
    address: str
    adapter: str
    state: str
    text: str
    at: datetime | None = None
    next_try_at: datetime | None = None
    error: str | None = None
    told_how: str | None = None

    @property
    def for_a_person(self) -> bool:
        """Whether an officer may pass it on."""
        return self.state in _BY_PERSON


@dataclass(frozen=True)
class Message:
    """One message of a case; ``delivered_at`` is ``None`` while it has reached nobody."""

    outbox_id: int
    title: str
    notice: str
    created_at: datetime
    delivered_at: datetime | None
    delivered_how: str | None
    ways: Sequence[Way]

    @property
    def text(self) -> str:
        """The words as its first recipient reads them."""
        return self.ways[0].text


@dataclass(frozen=True)
class SentMessage:
    """A message that left, for the family's own page: without the two words, which only its reader knows."""

    title: str
    text: str
    recipient: str
    channel: str
    at: datetime


def messages_of(session: Session, claim: Claim, settings: Settings) -> list[Message]:
    """Return the messages of a case, newest first; each with the day that was promised when it was owed."""
    promised = and_(History.casefile_id == Outbox.casefile_id, History.version == Outbox.history_version)
    rows = session.execute(
        select(Outbox, History.due_on)
        .join(History, promised)
        .where(Outbox.casefile_id == claim.id)
        .order_by(Outbox.id.desc())
    ).all()
    if not rows:
        return []
    words = case_words(session, claim, office_of(settings))
    planned: dict[int, list[Delivery]] = {}
    of_case = select(Delivery).where(Delivery.casefile_id == claim.id).order_by(Delivery.id)
    for delivery in session.scalars(of_case.execution_options(populate_existing=True)):
        planned.setdefault(delivery.outbox_id, []).append(delivery)
    return [
        Message(
            outbox_id=row.id,
            title=texts()[row.notice].title,
            notice=row.notice,
            created_at=row.created_at,
            delivered_at=row.delivered_at,
            delivered_how=row.delivered_how,
            ways=[_way(delivery, row, due_on, words) for delivery in planned.get(row.id, [])]
            or _to_be_planned(session, claim, row, due_on, words, settings.messages),
        )
        for row, due_on in rows
    ]


def mark_delivered(
    session: Session,
    claim: Claim,
    outbox_id: int,
    how: str,
    *,
    settings: Settings,
    by: Actor,
    now: datetime,
    address: str | None = None,
) -> None:
    """Note that a person passed the message on; it does not leave by itself any more.

    :param address: one recipient; without it everybody whom a person may still tell.
    :raises Invalid: an unknown way. :raises NotPossible: somebody already did, or there is no such message.
    """
    if how not in HOW:
        raise Invalid({"how": "Pilih bagaimana pesan disampaikan. Belum ada yang tersimpan."})
    row = session.scalar(
        select(Outbox).where(Outbox.id == outbox_id, Outbox.casefile_id == claim.id).with_for_update()
    )
    if row is None:
        raise NotPossible("Pesan ini tidak ada pada kasus ini. Tidak ada yang berubah.")
    plan(session, row.id, settings.messages, now=now)
    found = _locked(session, row.id, address)
    told = [delivery for delivery in found if delivery.state in _BY_PERSON]
    if not told and any(delivery.state == "sending" for delivery in found):
        raise NotPossible("Pesan ini sedang dikirim. Tidak ada yang berubah. Muat ulang sebentar lagi.")
    if not told:
        raise NotPossible("Pesan ini sudah terkirim atau sudah dicatat disampaikan. Tidak ada yang berubah.")
    words = case_words(session, claim, office_of(settings))
    for delivery in told:
        if delivery.words is None:
            delivery.words = _render(
                delivery.channel, delivery.recipient_name, row, promised_on(session, row), words
            )
        delivery.state, delivery.next_try_at, delivery.delivered_at = "delivered", None, now
        delivery.told_how, delivery.told_by_user_id = how, by.user_id
        note_heard(session, delivery, now=now, how=how)
    record(
        session, "notice.delivered", by=by, casefile_id=claim.id, details={"notice": row.notice, "how": how}
    )


def sent_messages(session: Session, claim: Claim, settings: Settings, *, by: Actor) -> list[SentMessage]:
    """Return what we sent, newest first; a helper's phone shows only what the helper was sent."""
    helps = by.is_helper or any(
        one.role == "helper" and one.name == by.name for one in recipients(session, claim)
    )
    only_own = (Delivery.recipient_name == by.name,) if helps else (Delivery.role == "family",)
    rows = session.execute(
        select(Delivery, Outbox)
        .join(Outbox, Outbox.id == Delivery.outbox_id)
        .where(Delivery.casefile_id == claim.id, Delivery.state.in_(_MAY_HAVE_ARRIVED), *only_own)
        .order_by(Delivery.id.desc())
    ).all()
    words = case_words(session, claim, office_of(settings))
    return [
        SentMessage(
            title=texts()[row.notice].title,
            text=unsigned(_said(delivery, row, promised_on(session, row), words)),
            recipient=delivery.recipient_name,
            channel=delivery.told_how or delivery.channel,
            at=delivery.sent_at or delivery.delivered_at or delivery.attempted_at or delivery.created_at,
        )
        for delivery, row in rows
    ]


def _locked(session: Session, outbox_id: int, address: str | None) -> Sequence[Delivery]:
    of_message = select(Delivery).where(Delivery.outbox_id == outbox_id).order_by(Delivery.id)
    if address is not None:
        of_message = of_message.where(Delivery.address == address)
    return session.scalars(of_message.with_for_update().execution_options(populate_existing=True)).all()


def _way(delivery: Delivery, row: Outbox, due_on: date | None, words: CaseWords) -> Way:
    return Way(
        recipient=delivery.recipient_name,
        relation=delivery.relation,
        role=delivery.role,
        channel=delivery.channel,
        address=delivery.address,
        adapter=delivery.adapter,
        state=delivery.state,
        text=_said(delivery, row, due_on, words),
        at=delivery.delivered_at or delivery.sent_at or delivery.attempted_at,
        next_try_at=delivery.next_try_at,
        error=delivery.last_error,
        told_how=delivery.told_how,
    )


def _to_be_planned(
    session: Session,
    claim: Claim,
    row: Outbox,
    due_on: date | None,
    words: CaseWords,
    settings: MessageSettings,
) -> list[Way]:
    """Return the ways of a message that the worker has not planned yet."""

    def of(contact: Contact) -> Way:
        channel, way = contact.channel if contact.phone else "in_person", way_of(contact, settings)
        return Way(
            recipient=contact.name,
            relation=contact.relation,
            role=contact.role,
            channel=channel,
            address=contact.phone,
            adapter=way,
            state="by_hand" if way == "hand" else "waiting",
            text=_render(channel, contact.name, row, due_on, words),
        )

    return [of(contact) for contact in addressees(session, claim, row.notice)]


def _said(delivery: Delivery, row: Outbox, due_on: date | None, words: CaseWords) -> str:
    """Return the words that left; what has not left is told as it stands now."""
    return delivery.words or _render(delivery.channel, delivery.recipient_name, row, due_on, words)


def _render(channel: str, to: str, row: Outbox, due_on: date | None, words: CaseWords) -> str:
    return words.render(row, due_on, sms=channel == "sms", to=to)
