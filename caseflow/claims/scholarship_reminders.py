"""What the night does for scholarships: remind families on the day of the plan, finish years the bank has settled.

One case at a time, in the caller's transaction; a second run of the same night changes nothing.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.claims.operations import act
from caseflow.claims.owing import owe
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.scholarship_plan import CLAIMABLE, WAITING, plan, school_calendar
from caseflow.claims.states import lock
from caseflow.formats import long_date
from caseflow.law.pupil import school_year_words
from caseflow.law.scholarship_calendar import CalendarYear
from caseflow.people.actor import SYSTEM
from caseflow.workflow.models import CaseFile

_SETTLED = ("paid", "refused")
_NOTICES = {"school": "scholarship_school", "year": "scholarship_reminder"}


def due_children(session: Session, today: date) -> Sequence[int]:
    """Return the cases whose planned day has come, the oldest day first."""
    return session.scalars(
        select(ScholarshipChild.casefile_id)
        .where(ScholarshipChild.next_on <= today)
        .order_by(ScholarshipChild.next_on, ScholarshipChild.casefile_id)
    ).all()


def remind(session: Session, casefile_id: int, *, now: datetime) -> bool:
    """Owe the family the reminder of the planned day, if there is one, and plan the next.

    Only while nothing is under way: who is just applying is not asked to apply.

    :return: whether a message was written; never a second one for the same day.
    """
    claim = session.get_one(Claim, casefile_id)
    lock(session, claim)
    child = session.get_one(ScholarshipChild, casefile_id, populate_existing=True)
    today = clock.local(now).date()
    if child.next_on is None or child.next_on > today:
        return False
    notice = _NOTICES.get(child.next_step or "") if claim.state in WAITING else None
    years = [year for year in school_calendar(session, claim, today=today) if year.status in CLAIMABLE]
    written = notice is not None and bool(years) and _owe(session, claim, child.next_on, notice, years, now)
    plan(session, claim)
    return written


def settled_cases(session: Session) -> Sequence[int]:
    """Return scholarship cases that are paid or refused for the year."""
    return session.scalars(
        select(CaseFile.id)
        .where(CaseFile.workflow == "scholarship", CaseFile.state.in_(_SETTLED), CaseFile.closed_at.is_(None))
        .order_by(CaseFile.id)
    ).all()


def finish_year(session: Session, casefile_id: int, *, now: datetime) -> bool:
    """Let a case wait for the next school year once bank and family have had their time.

    :return: whether it moved; one that has gone on stays. :raises NotPossible: their time is not over.
    """
    claim = session.get_one(Claim, casefile_id)
    lock(session, claim)
    if claim.state not in _SETTLED:
        return False
    act(session, claim, "finish_year", by=SYSTEM, expected_version=claim.version, now=now)
    return True


def _owe(
    session: Session, claim: Claim, day: date, notice: str, years: Sequence[CalendarYear], now: datetime
) -> bool:
    words = [school_year_words(year.school_year) for year in years]
    values = {
        "years": f"{', '.join(words[:-1])} dan {words[-1]}" if len(words) > 1 else words[0],
        "last_day": long_date(min(year.last_day for year in years)),
    }
    return owe(session, claim, notice, occasion=day.isoformat(), now=now, values=values)
