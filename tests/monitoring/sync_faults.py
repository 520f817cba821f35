"""Faults planted in the way a visit comes in: each one a line that somebody might forget or break.

Beside each the shortest walk that meets it, in steps of ``sync_walk.Protocol``.
"""

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

Step = tuple[str, Mapping[str, Any]]  # a rule of the walk, and what it is given
Fault = tuple[Callable[[pytest.MonkeyPatch], None], tuple[Step, ...]]


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


def _visit(which: int = 0, change: str = "same", then: str = "is sent") -> Step:
    return "visit_a_family", {"which": which, "visit": 0, "change": change, "kind": "plain", "then": then}


_SENT_AGAIN: Step = ("send", {"which": 0, "place": 0, "lost": False})
_OTHER_WORDS: Step = ("a_confirmed_number_comes_once_more", {"which": 0, "place": 0, "other": True})
_OVERTAKEN: Step = ("a_visit_overtakes_another", {"which": 0, "visit": 0})
_REMOVED: Step = ("a_waiting_visit_is_removed", {"which": 0, "place": 0})
_EMPTIED: Step = ("a_phone_is_emptied", {"which": 0})
_CLOCK_WRONG: Step = ("the_clock_of_a_phone_is_wrong", {"which": 0, "days": -1})
FAULTS: Mapping[str, Fault] = {
    "the same visit is taken in twice": (_taken_in_again, (_visit(then="answer lost"), _SENT_AGAIN)),
    "the digest is not compared": (_digest_not_compared, (_visit(), _OTHER_WORDS)),
    "what was before is not awaited": (_predecessor_not_awaited, (_OVERTAKEN,)),
    "what was removed is awaited for ever": (
        _removed_ones_awaited,
        (_visit(then="waits"), _REMOVED, _visit()),
    ),
    "a number is given twice": (_number_taken_twice, (_visit(), _EMPTIED, _visit())),
    "a withdrawal is ignored": (_withdrawal_ignored, (_visit(then="family says no"),)),
    "a contested value writes over the one in force": (_last_writer_wins, (_visit(0), _visit(1, "heavier"))),
    "the clock of the phone is believed": (_clock_not_corrected, (_CLOCK_WRONG, _visit())),
    "a second visit leaves the record as it was": (_fields_not_copied, (_visit(), _visit(0, "heavier"))),
}
