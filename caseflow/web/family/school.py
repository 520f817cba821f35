"""What a family reads of a child's scholarship besides the five steps: its school years, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim
from caseflow.claims.scholarship import askable_years
from caseflow.claims.scholarship_benefit import awards
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.school_years import child_of, school_years
from caseflow.documents.catalogue import catalogue
from caseflow.formats import long_date, rupiah
from caseflow.law.pupil import Child, Employment, school_year_words
from caseflow.law.scholarship_calendar import CalendarYear, Status, scholarship_calendar

_WAITING = frozenset({"waiting_school", "waiting_year"})
_NOW: frozenset[Status] = frozenset({"open", "arrears"})
_LATER: frozenset[Status] = frozenset({"not_yet_school", "upcoming"})
_PAST: frozenset[Status] = frozenset({"lost", "ended"})


@dataclass(frozen=True)
class ShownLevel:
    """What one level gives: rupiah for a school year, and for how many years at most."""

    label: str
    amount: str
    most_years: int


@dataclass(frozen=True)
class ShownSchool:
    """The school years of one child in sentences.

    :ivar asked: the school years that are applied for now; :ivar now: those that can be applied for;
    :ivar can_ask: the form of this phone takes an application now; :ivar paid: those the bank confirmed; :ivar to_bring: papers of a school year, while none is applied for.
    """

    born: str
    asked: Sequence[str]
    now: Sequence[str]
    paid: Sequence[str]
    later: Sequence[str]
    past: Sequence[str]
    reminder: str | None
    to_bring: Sequence[str]
    levels: Sequence[ShownLevel]
    can_ask: bool


def shown_school(session: Session, claim: Claim, *, close: bool) -> ShownSchool:
    """Read the child's calendar as the law tells it today.

    :param close: the phone is the family's, who alone read what was paid.
    """
    row, today = child_of(session, claim), clock.today()
    paid = awards(session, claim)
    asked = [
        year for year in school_years(session, claim.id) if year.year not in {one.school_year for one in paid}
    ]
    years = scholarship_calendar(_child(row), paid, event_on=claim.event_on, today=today, book=numbers())
    applied_for = {year.year for year in asked}
    waiting = claim.state in _WAITING
    return ShownSchool(
        born=long_date(row.born_on),
        asked=[] if waiting else [f"{school_year_words(year.year)}, {year.school}" for year in asked],
        now=[
            year.sentence
            for year in years
            if year.status in _NOW and (waiting or year.school_year not in applied_for)
        ],
        paid=_paid(years, {one.school_year: one.amount_idr for one in paid} if close else {}),
        later=[year.sentence for year in years if year.status in _LATER],
        past=[year.sentence for year in years if year.status in _PAST],
        reminder=_reminder(row, years, today) if claim.closed_at is None else None,
        to_bring=_yearly_papers() if waiting else [],
        levels=_levels(claim.event_on),
        can_ask=waiting and bool(askable_years(session, claim, today=today)),
    )


def _child(row: ScholarshipChild) -> Child:
    """What is on record of the child; who never told of work or marriage is not asked here."""
    return Child(
        str(row.member_id), row.born_on, row.married_on is not None, cast(Employment, row.employment)
    )


def _paid(years: Sequence[CalendarYear], amounts_idr: dict[int, int]) -> list[str]:
    return [
        f"{year.sentence.rstrip('.')}: {rupiah(amounts_idr[year.school_year])}."
        if amounts_idr
        else year.sentence
        for year in years
        if year.status == "awarded"
    ]


def _reminder(row: ScholarshipChild, years: Sequence[CalendarYear], today: date) -> str | None:
    """Return the next day on which we call: the first school day that is expected, or what the calendar says."""
    days = [year.next_reminder_on for year in years if year.next_reminder_on is not None]
    if row.school_expected_on is not None and row.school_expected_on >= today:
        days = [row.school_expected_on]
    return long_date(min(days)) if days else None


def _yearly_papers() -> list[str]:
    return [
        paper.words()["name"]
        for paper in catalogue().papers.values()
        if paper.yearly and "scholarship" in paper.programs
    ]


def _levels(event_on: date) -> list[ShownLevel]:
    return [
        ShownLevel(level.label, rupiah(level.amount(event_on).value), level.most_years(event_on).value)
        for level in numbers().tables.levels.values()
    ]
