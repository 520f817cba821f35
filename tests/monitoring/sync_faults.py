"""Faults planted in the way a visit comes in: each one a line that somebody might forget or break."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.monitoring import arrival, envelope, fields, records
from caseflow.monitoring.arrival import Arrival, Arrived
from caseflow.monitoring.visit_models import Visit


def _taken_in_again(patch: pytest.MonkeyPatch) -> None:
    """A visit that is there already is written once more, under a number of the server's own."""
    real = arrival._take

    def take(session: Session, content: Arrived, **rest: Any) -> Arrival:
        known = select(Visit.id).where(Visit.client_id == content.client_id)
        if session.scalar(known) is not None and content.device is not None:
            said = {**content.said, "sequence": content.device.last_sequence + 1}
            content = replace(content, client_id=str(uuid.uuid4()), said=said)
        return real(session, content, **rest)

    patch.setattr(arrival, "_take", take)


def _digest_not_compared(patch: pytest.MonkeyPatch) -> None:
    """A known number is enough to say that the visit is here."""
    real = arrival._take

    def take(session: Session, content: Arrived, **rest: Any) -> Arrival:
        earlier = session.scalar(select(Visit).where(Visit.client_id == content.client_id))
        return (
            real(session, content, **rest) if earlier is None else arrival._told(session, earlier, again=True)
        )

    patch.setattr(arrival, "_take", take)


def _predecessor_not_awaited(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(arrival, "_require_turn", lambda *_: None)


def _removed_ones_awaited(patch: pytest.MonkeyPatch) -> None:
    """What a phone says it does not hold any more is waited for all the same."""
    real = arrival._require_turn
    patch.setattr(
        arrival,
        "_require_turn",
        lambda session, device, said: real(session, device, replace(said, first=False)),
    )


def _number_taken_twice(patch: pytest.MonkeyPatch) -> None:
    """A phone that counts anew is believed."""
    patch.setattr(arrival, "_number_of", lambda session, device, said: said.sequence)


def _withdrawal_ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(arrival, "_require_allowed", lambda *_: None)


def _last_writer_wins(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fields, "_by_the_same_hand", lambda *_: True)


def _clock_not_corrected(patch: pytest.MonkeyPatch) -> None:
    real = envelope.corrected

    def believed(told: envelope.Envelope, **rest: Any) -> envelope.Times:
        return real(replace(told, phone_now=None), **rest)

    patch.setattr(arrival, "corrected", believed)


def _fields_not_copied(patch: pytest.MonkeyPatch) -> None:
    """Answers are kept as they came, but the record that everybody reads stays as it was."""
    real = records.write

    def once(session: Session, plan: Any, planned: Any, **rest: Any) -> None:
        if planned.version <= 1:
            real(session, plan, planned, **rest)

    patch.setattr(records, "write", once)


FAULTS: Mapping[str, Callable[[pytest.MonkeyPatch], None]] = {
    "the same visit is taken in twice": _taken_in_again,
    "the digest is not compared": _digest_not_compared,
    "what was before is not awaited": _predecessor_not_awaited,
    "what was removed is awaited for ever": _removed_ones_awaited,
    "a number is given twice": _number_taken_twice,
    "a withdrawal is ignored": _withdrawal_ignored,
    "a contested value writes over the one in force": _last_writer_wins,
    "the clock of the phone is believed": _clock_not_corrected,
    "a second visit leaves the record as it was": _fields_not_copied,
}
