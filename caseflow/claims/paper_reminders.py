"""Reminds a family of missing papers on the third, seventh and fourteenth day, while the ball is with the family.

Nobody is pressed: not while somebody lies in hospital, and nothing is ever closed for silence. After the last
reminder the case comes to the officers who telephone (``follow_up`` of the workflow).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import consents
from caseflow.claims.family_models import FamilyRequest
from caseflow.claims.models import Claim
from caseflow.claims.owing import owe
from caseflow.claims.states import OPEN_FOR_PAPERS, is_in_care, lock
from caseflow.claims.workflows import book
from caseflow.documents.models import Requirement
from caseflow.workflow.models import Outbox

NOTICE = "paper_reminder"
_DAYS = (3, 7, 14)
_LAST_DAY = 20  # from the next day on somebody telephones
_BY_ITSELF = "day-"
_ASKED_FOR = "request-"
_NOT_THERE = ("missing", "returned")
_HELP = ("help_find", "help_obtain", "not_applicable")  # the next word is ours
_MOURNING_DAYS = 3  # the day of the death is not counted


def waiting_cases(session: Session) -> Sequence[int]:
    """Return open cases that wait for papers of their family, the longest first."""
    return session.scalars(
        select(Claim.id)
        .where(Claim.closed_at.is_(None), Claim.state.in_(_family_states()))
        .order_by(Claim.entered_at, Claim.id)
    ).all()


def remind(session: Session, casefile_id: int, *, now: datetime) -> bool:
    """Owe the family the reminder of today, if one is due; each day of the three once.

    A day that was missed is not made up for twice: only the latest is owed.
    """
    claim = session.get_one(Claim, casefile_id)
    lock(session, claim)
    asked_on = _asked_on(session, claim)
    if asked_on is None:
        return False
    passed = (clock.local(now).date() - asked_on).days
    due = [day for day in _DAYS if day <= passed]
    if not due or passed > _LAST_DAY or is_mourned(claim.died_on, clock.local(now).date()):
        return False
    return owe(session, claim, NOTICE, occasion=f"{_BY_ITSELF}{due[-1]}:{asked_on.isoformat()}", now=now)


def is_wished(notice: str, occasion: str) -> bool:
    """Whether a family chose the day of a reminder itself."""
    return notice == NOTICE and occasion.startswith(_ASKED_FOR)


def is_overtaken(session: Session, claim: Claim, notice: str, occasion: str) -> bool:
    """Whether a reminder asks for what has come in meanwhile, or can no longer be sent, or was followed by another."""
    if notice != NOTICE:
        return False
    if is_wished(notice, occasion):
        still = claim.state in OPEN_FOR_PAPERS
        return not still or not _is_missing(session, claim, occasion.removeprefix(_ASKED_FOR))
    if not occasion.startswith(_BY_ITSELF):
        return False
    return _asked_on(session, claim) is None or _newest(session, claim) != occasion


def _newest(session: Session, claim: Claim) -> str | None:
    """Return the occasion of the last reminder that was owed by itself: one at a time is enough."""
    return session.scalar(
        select(Outbox.occasion)
        .where(
            Outbox.casefile_id == claim.id,
            Outbox.notice == NOTICE,
            Outbox.occasion.startswith(_BY_ITSELF, autoescape=True),
        )
        .order_by(Outbox.id.desc())
        .limit(1)
    )


def is_mourned(died_on: date | None, day: date) -> bool:
    """Whether a day is one of the first after a death, on which nobody is reminded of anything."""
    return died_on is not None and day <= died_on + timedelta(days=_MOURNING_DAYS)


def _is_missing(session: Session, claim: Claim, request: str) -> bool:
    """Whether the paper that a family wished to be reminded of is still to be sent."""
    found = session.scalar(
        select(Requirement.id)
        .join(FamilyRequest, FamilyRequest.requirement_id == Requirement.id)
        .where(
            FamilyRequest.casefile_id == claim.id,
            FamilyRequest.id == int(request),
            Requirement.status.in_(_NOT_THERE),
        )
    )
    return found is not None


def _asked_on(session: Session, claim: Claim) -> date | None:
    """Return the day we last asked for something that is still missing; ``None``: the ball is not with the family.

    It is with us while the family waits for our help with everything that is missing, and once it has taken its
    consent back: then an officer calls first.
    """
    if claim.closed_at is not None or claim.state not in _family_states() or is_in_care(claim):
        return None
    if consents.taken_back(session, claim.id) is not None or _waits_for_help(session, claim):
        return None
    asked_at = session.scalar(
        select(func.max(func.coalesce(Requirement.status_at, Requirement.asked_at))).where(
            Requirement.casefile_id == claim.id,
            Requirement.need == "required",
            Requirement.status.in_(_NOT_THERE),
        )
    )
    return None if asked_at is None else clock.local(max(asked_at, claim.entered_at)).date()


def _waits_for_help(session: Session, claim: Claim) -> bool:
    """Whether the family has asked us for help with every paper that is missing, and nobody has answered yet."""
    asked = exists().where(
        FamilyRequest.requirement_id == Requirement.id,
        FamilyRequest.kind.in_(_HELP),
        FamilyRequest.answered_at.is_(None),
    )
    alone = exists().where(
        Requirement.casefile_id == claim.id,
        Requirement.need == "required",
        Requirement.status.in_(_NOT_THERE),
        ~asked,
    )
    return not session.scalar(select(alone))


@cache
def _family_states() -> frozenset[str]:
    """Return the states in which papers are the family's to send."""
    return frozenset(
        state.name
        for definition in book()
        for state in definition.states.values()
        if state.waits_for == "family" and state.stage == "documents"
    )
