"""What families are told: true, short, to the right person, and nothing in it that a thief could use."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.owing import owe
from caseflow.config import Settings
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotPossible
from caseflow.notices.messages import Message, mark_delivered, messages_of, sent_messages
from caseflow.notices.models import Delivery
from caseflow.people.actor import SYSTEM, Actor
from caseflow.people.slips import issue_slip
from tests.conftest import make_settings
from tests.notices.rules import breaches
from tests.story import Stage, approved, phone_of, reported


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A branch that passes messages on by hand."""
    return make_settings("postgresql+psycopg://", tmp_path)


@pytest.fixture
def told(session: Session, staff: Mapping[str, Actor], tmp_path: Path, settings: Settings) -> list[Message]:
    """All messages of a claim that came to an approval, with a slip printed."""
    stage = Stage(session, open_store(f"folder://{tmp_path}"), staff)
    claim = approved(stage)
    issue_slip(session, claim.id, "Yusra", by=SYSTEM, now=clock.now(), pepper="p" * 40)
    return messages_of(session, claim, settings)


def test_the_promised_day_stays_what_it_was(told: list[Message]) -> None:
    """The first message still names the day that the report promised, whatever the case's deadline is now."""
    assert "Senin, 23 November 2026" in told[-1].text


def test_each_move_owes_its_message(told: list[Message]) -> None:
    """Report, completeness, what the payee needs besides, and approval are told, newest first."""
    assert [message.notice for message in told] == ["approved", "paper_added", "complete", "reported"]
    assert all(message.delivered_at is None for message in told)


def test_messages_hold_nothing_to_steal(told: list[Message]) -> None:
    """No link, no amount, no identity number, no account at all; our two words in each (trust T17)."""
    for message in told:
        assert breaches(message.text) == []
        assert "Kata pengenal:" in message.text
        assert len(message.text) <= 400


def test_the_words_are_those_of_whoever_reported(session: Session, settings: Settings) -> None:
    """Another holder's words would tell the reporter nothing, and give them away."""
    claim = reported(session)
    other = issue_slip(session, claim.id, "Rani", by=SYSTEM, now=clock.now(), pepper="p" * 40)
    text = messages_of(session, claim, settings)[0].text
    assert other.phrase not in text
    assert "Kata pengenal" not in text
    own = issue_slip(session, claim.id, "Yusra", by=SYSTEM, now=clock.now(), pepper="p" * 40)
    assert f"Kata pengenal: {own.phrase}." in messages_of(session, claim, settings)[0].text


def test_a_message_is_ticked_off_once(
    session: Session, staff: Mapping[str, Actor], settings: Settings
) -> None:
    """Two officers at once: the second learns that it was done."""
    claim = reported(session)
    key = messages_of(session, claim, settings)[0].outbox_id
    mark_delivered(session, claim, key, "whatsapp", settings=settings, by=staff["dedi"], now=clock.now())
    with pytest.raises(NotPossible):
        mark_delivered(session, claim, key, "call", settings=settings, by=staff["sari"], now=clock.now())
    shown = messages_of(session, claim, settings)[0]
    assert (shown.delivered_how, shown.ways[0].state, shown.ways[0].told_how) == (
        "whatsapp",
        "delivered",
        "whatsapp",
    )


def test_an_unknown_way_is_refused(session: Session, staff: Mapping[str, Actor], settings: Settings) -> None:
    """Nothing is noted for a way that does not exist, nor for a message of another case."""
    claim, other = reported(session), reported(session)
    key = messages_of(session, claim, settings)[0].outbox_id
    with pytest.raises(Invalid):
        mark_delivered(session, claim, key, "merpati", settings=settings, by=staff["dedi"], now=clock.now())
    with pytest.raises(NotPossible):
        mark_delivered(session, other, key, "call", settings=settings, by=staff["dedi"], now=clock.now())
    assert session.scalars(select(Delivery).where(Delivery.state == "delivered")).all() == []


def test_it_goes_to_whoever_reported(session: Session, settings: Settings) -> None:
    """The officer sees the recipient, number and way before anything leaves."""
    way = messages_of(session, reported(session), settings)[0].ways[0]
    assert way.address.startswith("+62")
    assert (way.recipient, way.role, way.channel, way.state) == ("Yusra", "family", "whatsapp", "by_hand")


def test_the_family_sees_what_was_sent_and_never_the_two_words(
    session: Session, staff: Mapping[str, Actor], settings: Settings, tmp_path: Path
) -> None:
    """Nothing before it was sent; then the words as they were, without what only the reader knows."""
    stage = Stage(session, open_store(f"folder://{tmp_path}"), staff)
    claim = reported(stage)
    slip = issue_slip(session, claim.id, "Yusra", by=SYSTEM, now=clock.now(), pepper="p" * 40)
    phone = phone_of(stage, claim)
    assert sent_messages(session, claim, settings, by=phone) == []
    key = messages_of(session, claim, settings)[0].outbox_id
    mark_delivered(session, claim, key, "sms", settings=settings, by=staff["dedi"], now=clock.now())
    (sent,) = sent_messages(session, claim, settings, by=phone)
    assert (sent.channel, sent.recipient, sent.at) == ("sms", "Yusra", sent.at)
    assert "sudah kami terima" in sent.text
    assert slip.phrase not in sent.text


def test_a_helper_without_a_number_reads_nothing_of_the_familys(
    session: Session, staff: Mapping[str, Actor], settings: Settings, tmp_path: Path
) -> None:
    """Who gets no messages is no recipient, and a helper all the same."""
    stage = Stage(session, open_store(f"folder://{tmp_path}"), staff)
    claim = reported(stage)
    key = messages_of(session, claim, settings)[0].outbox_id
    mark_delivered(session, claim, key, "sms", settings=settings, by=staff["dedi"], now=clock.now())
    helper = replace(phone_of(stage, claim), name="Zul Efendi", helper_relation="nagari")
    assert sent_messages(session, claim, settings, by=helper) == []


def test_an_occasion_is_owed_once(session: Session, settings: Settings) -> None:
    """Twice asked, once written; another day is another occasion."""
    claim = reported(session)
    now = clock.now()
    assert owe(session, claim, "request_answered", occasion="request:1", now=now)
    assert not owe(session, claim, "request_answered", occasion="request:1", now=now)
    assert owe(session, claim, "request_answered", occasion="request:2", now=now)
    assert [one.notice for one in messages_of(session, claim, settings)].count("request_answered") == 2
