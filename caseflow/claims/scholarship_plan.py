"""When somebody next thinks of a scholarship: the school years of a child, and the day that comes first.

The plan is kept with the child, so that lists and the night find it; it decides nothing and pays nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.scholarship_benefit import awards
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.school_years import child_of
from caseflow.formats import month_year
from caseflow.law.deadlines import years_later
from caseflow.law.pupil import Child, Employment, school_year_of, school_year_words, why_ended
from caseflow.law.scholarship_calendar import CalendarYear, scholarship_calendar

WAITING = frozenset({"waiting_school", "waiting_year"})
CLAIMABLE = frozenset({"open", "arrears"})
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """What comes next for a child.

    :ivar next_on: the day; :ivar step: ``school`` (first school day), ``year`` (a year can be applied for),
        ``age`` (the limit is reached) or ``over`` (married, working or dead).
    :ivar year: the school year that the day is about.
    :ivar open_year: the earliest school year that can be applied for today.
    """

    next_on: date
    step: str
    year: int | None
    open_year: int | None


def school_calendar(session: Session, claim: Claim, *, today: date) -> tuple[CalendarYear, ...]:
    """Return all school years of the child of a case, as they stand on ``today``."""
    child = child_of(session, claim)
    years = scholarship_calendar(
        pupil_of(child),
        awards(session, claim),
        event_on=claim.event_on,
        today=max(today, claim.event_on),
        book=numbers(),
    )
    return tuple(_as_expected(year, child.school_expected_on) for year in years)


def pupil_of(child: ScholarshipChild) -> Child:
    """Return a child as it is on record in the law's own words."""
    return Child(
        str(child.member_id), child.born_on, child.married_on is not None, cast(Employment, child.employment)
    )


def has_ended(session: Session, child: ScholarshipChild, today: date) -> bool:
    """Whether death, marriage or work has ended the right by itself, as far as it is on record."""
    member = session.get_one(FamilyMember, child.member_id)
    return member.died_on is not None or why_ended(pupil_of(child), today, numbers()) is not None


def ends_on(born_on: date, today: date) -> date:
    """Return the day on which a child reaches the age limit."""
    return years_later(born_on, numbers().on("scholarship_age_limit", today).value)


def plan(session: Session, claim: Claim) -> None:
    """Write down what comes next for the child of a case; nothing once the right has ended."""
    child = child_of(session, claim)
    if claim.closed_at is not None:
        child.next_on = child.next_step = child.next_year = child.open_year = None
        session.flush()
        return
    found = _plan(session, claim, child, today=clock.today())
    child.next_on, child.next_step = found.next_on, found.step
    child.next_year, child.open_year = found.year, found.open_year
    if claim.state in WAITING:
        claim.follow_up_on = found.next_on
    session.flush()


def _plan(session: Session, claim: Claim, child: ScholarshipChild, *, today: date) -> Plan:
    now, later = (school_calendar(session, claim, today=day) for day in (today, today + _ONE_DAY))
    open_year = next((year.school_year for year in now if year.status in CLAIMABLE), None)
    if has_ended(session, child, today):
        return Plan(today, "over", None, open_year)
    last_day = ends_on(child.born_on, today)
    first = _first_reminder(later)
    if first is None or last_day <= today or last_day < (first.next_reminder_on or last_day):
        return Plan(last_day, "age", None, open_year)
    waits = child.school_expected_on is not None and child.school_expected_on > today
    return Plan(
        first.next_reminder_on or last_day, "school" if waits else "year", first.school_year, open_year
    )


def _first_reminder(years: Sequence[CalendarYear]) -> CalendarYear | None:
    reminded = [year for year in years if year.next_reminder_on is not None]
    return min(reminded, key=lambda year: year.next_reminder_on or date.max, default=None)


def _as_expected(year: CalendarYear, school_expected_on: date | None) -> CalendarYear:
    """A year before the child's own first school day waits, whatever is usual for the age."""
    first = school_year_of(school_expected_on) if school_expected_on else year.school_year
    if year.school_year >= first or year.status in {"awarded", "ended"} or school_expected_on is None:
        return year
    words = f"belum sekolah; mulai sekolah sekitar {month_year(school_expected_on)}"
    return replace(
        year,
        status="not_yet_school",
        level=None,
        next_reminder_on=None,
        sentence=f"{school_year_words(year.school_year)}: {words}.",
    )
