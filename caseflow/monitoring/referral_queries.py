"""What the list of referrals reads: those of one's own families, or of the area, the longest overdue first."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from caseflow.monitoring import plans
from caseflow.monitoring.models import Plan
from caseflow.monitoring.referral_models import Referral
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser

FILTERS = ("overdue", "waiting", "going", "ended")
PAGE = 100
_STATES = {
    "waiting": ("asked",),
    "going": ("accepted", "attended"),
    "ended": ("completed", "declined", "no_answer", "withdrawn"),
}


class ReferralRow(NamedTuple):
    """A referral as the list shows it."""

    public_id: str
    family: str
    kind: str
    for_whom: str
    to_whom: str
    state: str
    asked_on: date
    answer_by_on: date
    answered_on: date | None
    answer: str
    asked_by: str


def referral_rows(session: Session, which: str, *, by: Actor, today: date) -> Sequence[ReferralRow]:
    """Return at most ``PAGE`` referrals within somebody's reach."""
    waiting = which in {"overdue", "waiting"}
    rows = session.execute(
        select(
            Referral.public_id,
            Plan.subject,
            Referral.kind,
            Referral.for_whom,
            Referral.to_whom,
            Referral.state,
            Referral.asked_on,
            Referral.answer_by_on,
            Referral.answered_on,
            Referral.answer,
            Person.full_name,
        )
        .join(Plan, Plan.id == Referral.plan_id)
        .join(StaffUser, StaffUser.id == Referral.asked_by_user_id)
        .join(Person, Person.id == StaffUser.person_id)
        .where(plans.reachable(by, "referral.edit"), _filter(which, today))
        .order_by(Referral.answer_by_on if waiting else Referral.changed_at.desc(), Referral.id)
        .limit(PAGE)
    )
    return [ReferralRow._make(row) for row in rows]


def referral_counts(session: Session, *, by: Actor, today: date) -> dict[str, int]:
    """Return how many referrals each filter holds."""
    columns: list[Any] = [func.count(case((_filter(which, today), 1))).label(which) for which in FILTERS]
    statement = (
        select(*columns)
        .select_from(Referral)
        .join(Plan, Plan.id == Referral.plan_id)
        .where(plans.reachable(by, "referral.edit"))
    )
    return dict(session.execute(statement).one()._asdict())


def _filter(which: str, today: date) -> ColumnElement[bool]:
    if which == "overdue":
        return (Referral.state == "asked") & (Referral.answer_by_on < today)
    return Referral.state.in_(_STATES[which])
