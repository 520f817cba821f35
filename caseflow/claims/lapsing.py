"""Work accident cases whose five years have passed without a complete application (PP 82/2019 Art. 26)."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim
from caseflow.claims.operations import act
from caseflow.claims.states import lock
from caseflow.claims.workflows import book, definition_of
from caseflow.law.dated import NoNumber
from caseflow.law.deadlines import lapses_on
from caseflow.people.actor import SYSTEM

_LAPSE = "lapse"


def lapsed_cases(session: Session, today: date) -> Sequence[int]:
    """Return the open cases whose last day has passed."""
    states = book().latest("jkk").actions[_LAPSE].sources
    rows = session.execute(
        select(Claim.id, Claim.event_on)
        .where(Claim.program == "jkk", Claim.closed_at.is_(None), Claim.state.in_(states))
        .order_by(Claim.event_on, Claim.id)
    )
    return [row.id for row in rows if _is_over(row.event_on, today)]


def _is_over(happened_on: date, today: date) -> bool:
    """Whether the last day has passed; of an accident older than the numbers nobody is told so by a program."""
    try:
        return lapses_on(happened_on, numbers()) < today
    except NoNumber:
        return False


def lapse(session: Session, casefile_id: int, *, now: datetime) -> bool:
    """Declare one case lapsed; the family is told and can object.

    :return: whether it moved; one that has gone on stays. :raises NotPossible: its right still holds.
    """
    claim = session.get_one(Claim, casefile_id)
    lock(session, claim)
    action = definition_of(claim).find_action(_LAPSE)
    if action is None or claim.state not in action.sources:
        return False
    act(session, claim, _LAPSE, by=SYSTEM, expected_version=claim.version, now=now)
    return True
