"""What families are told: true, short, and nothing in it that a thief could use."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.workflows import NOTICES
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotPossible
from caseflow.notices.messages import (
    TEXTS,
    TITLES,
    Message,
    Office,
    mark_delivered,
    messages_of,
    reporter_phone,
)
from caseflow.people.actor import SYSTEM, Actor
from caseflow.people.slips import issue_slip
from tests.story import Stage, approved, reported

SOLOK = Office("BPJS Ketenagakerjaan Solok", "175")


@pytest.fixture
def told(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> list[Message]:
    """All messages of a claim that came to an approval, with a slip printed."""
    stage = Stage(session, open_store(f"folder://{tmp_path}"), staff)
    claim = approved(stage)
    issue_slip(session, claim.id, "Yusra", by=SYSTEM, now=clock.now(), pepper="p" * 40)
    return messages_of(session, claim, SOLOK)


def test_every_notice_has_words() -> None:
    """A workflow file can name no message that nobody wrote."""
    assert set(TEXTS) == set(TITLES) == NOTICES


def test_the_promised_day_stays_what_it_was(told: list[Message]) -> None:
    """The first message still names the day that the report promised, whatever the case's deadline is now."""
    assert "Senin, 23 November 2026" in told[-1].text


def test_each_move_owes_its_message(told: list[Message]) -> None:
    """Report, completeness and approval are told, newest first."""
    assert [message.notice for message in told] == ["approved", "complete", "reported"]
    assert all(message.delivered_at is None for message in told)


def test_messages_hold_nothing_to_steal(told: list[Message]) -> None:
    """No link, no amount, no identity number, no full account; our two words in each (trust T17)."""
    for message in told:
        assert "http" not in message.text
        assert "Rp" not in message.text
        assert not re.search(r"[0-9]{7,}", message.text)
        assert "Kata pengenal:" in message.text
        assert len(message.text) <= 400


def test_the_words_are_those_of_whoever_reported(session: Session, staff: Mapping[str, Actor]) -> None:
    """Another holder's words would tell the reporter nothing, and give them away."""
    claim = reported(session)
    other = issue_slip(session, claim.id, "Rani", by=SYSTEM, now=clock.now(), pepper="p" * 40)
    text = messages_of(session, claim, SOLOK)[0].text
    assert other.phrase not in text
    assert "Kata pengenal" not in text
    own = issue_slip(session, claim.id, "Yusra", by=SYSTEM, now=clock.now(), pepper="p" * 40)
    assert f"Kata pengenal: {own.phrase}." in messages_of(session, claim, SOLOK)[0].text


def test_a_message_is_ticked_off_once(session: Session, staff: Mapping[str, Actor]) -> None:
    """Two officers at once: the second learns that it was done."""
    claim = reported(session)
    message = messages_of(session, claim, SOLOK)[0]
    mark_delivered(session, claim, message.outbox_id, "whatsapp", by=staff["dedi"], now=clock.now())
    with pytest.raises(NotPossible):
        mark_delivered(session, claim, message.outbox_id, "call", by=staff["sari"], now=clock.now())
    assert messages_of(session, claim, SOLOK)[0].delivered_how == "whatsapp"


def test_an_unknown_way_is_refused(session: Session, staff: Mapping[str, Actor]) -> None:
    """Nothing is noted for a way that does not exist, nor for a message of another case."""
    claim, other = reported(session), reported(session)
    message = messages_of(session, claim, SOLOK)[0]
    with pytest.raises(Invalid):
        mark_delivered(session, claim, message.outbox_id, "merpati", by=staff["dedi"], now=clock.now())
    with pytest.raises(NotPossible):
        mark_delivered(session, other, message.outbox_id, "call", by=staff["dedi"], now=clock.now())


def test_it_goes_to_whoever_reported(session: Session) -> None:
    """The number is the reporter's, in international form."""
    assert reporter_phone(session, reported(session)).startswith("+62")
