"""Notes on quality as questions: visits shorter than three minutes, visits whose answers are all alike.

A question is put to a person and answered by talking; nothing here judges anybody or is shown outside supervision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.monitoring.visit_models import VisitRecord
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser
from caseflow.registry import reach

SHORT_MINUTES = 3
_ALIKE = 3  # the same answers at so many families
_LATELY = timedelta(days=90)
_NUMBERS = ("", "Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan", "Sembilan", "Sepuluh")


@dataclass(frozen=True)
class Question:
    """A question about a visitor's visits. ``since``: the first day that was looked at."""

    visitor: str
    words: str
    since: date


def questions(session: Session, *, by: Actor, now: datetime) -> Sequence[Question]:
    """Return the questions about the visits of the last ninety days, by visitor."""
    since = clock.local(now).date() - _LATELY
    found = [Question(name, short_words(name, count), since) for name, count in _short(session, since, by=by)]
    found += [
        Question(name, alike_words(name, count), since) for name, count in _alike(session, since, by=by)
    ]
    return sorted(found, key=lambda one: one.visitor)


def short_words(name: str, count: int) -> str:
    """Return the question about short visits."""
    return f"{_counted(count)} kunjungan {name} lebih singkat dari {SHORT_MINUTES} menit. Apakah ada yang terputus?"


def alike_words(name: str, count: int) -> str:
    """Return the question about answers that are alike."""
    return (
        f"{_counted(count)} kunjungan {name} jawabannya sama persis. "
        "Apakah keadaan keluarganya memang sama, atau ada pertanyaan yang sulit ditanyakan?"
    )


def _counted(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _short(session: Session, since: date, *, by: Actor) -> Sequence[tuple[str, int]]:
    rows = session.execute(
        select(Person.full_name, func.count())
        .select_from(VisitRecord)
        .join(StaffUser, StaffUser.id == VisitRecord.visitor_user_id)
        .join(Person, Person.id == StaffUser.person_id)
        .where(
            reach.within(VisitRecord.region_code, by, "visit.supervise"),
            VisitRecord.made_on >= since,
            VisitRecord.outcome == "met",
            VisitRecord.kind != "m1",  # a call may be short
            VisitRecord.minutes < SHORT_MINUTES,
        )
        .group_by(Person.full_name)
    )
    return [(row[0], row[1]) for row in rows]


def _alike(session: Session, since: date, *, by: Actor) -> Sequence[tuple[str, int]]:
    """Return visitors with the very same set of answers at several families, and at how many."""
    told = (
        VisitRecord.livelihood_stage,
        VisitRecord.livelihood_type,
        VisitRecord.income_band,
        VisitRecord.household_change,
    )
    groups = (
        select(VisitRecord.visitor_user_id, func.count(VisitRecord.plan_id.distinct()).label("families"))
        .where(
            reach.within(VisitRecord.region_code, by, "visit.supervise"),
            VisitRecord.made_on >= since,
            VisitRecord.outcome == "met",
            VisitRecord.livelihood_stage.is_not(None),
            VisitRecord.livelihood_type.is_not(None),
            VisitRecord.income_band.is_not(None),
        )
        .group_by(VisitRecord.visitor_user_id, *told)
        .having(func.count(VisitRecord.plan_id.distinct()) >= _ALIKE)
        .subquery()
    )
    rows = session.execute(
        select(Person.full_name, func.max(groups.c.families))
        .join(StaffUser, StaffUser.id == groups.c.visitor_user_id)
        .join(Person, Person.id == StaffUser.person_id)
        .group_by(Person.full_name)
    )
    return [(row[0], row[1]) for row in rows]
