"""The livelihood trail of one family: the money, what it was used for in shares, the business, school, help.

Read by whoever follows the family. Claims and payments cannot import this folder, so nothing here is used against it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.questions import choice_label
from caseflow.monitoring.receipt_told import Received, received
from caseflow.monitoring.referral_models import Referral
from caseflow.monitoring.referrals import referrals_of
from caseflow.monitoring.school_reminders import SchoolReminder, school_reminders
from caseflow.monitoring.titles import VISITS
from caseflow.monitoring.visit_models import ALIVE, ChildAtSchool, NeedTold, UseShare, VisitRecord

_Row = TypeVar("_Row", UseShare, ChildAtSchool, NeedTold)
PROMISE = "Catatan ini tidak dipakai untuk menilai keluarga, dan tidak mengubah santunan, keputusan, atau pembayaran apa pun."


@dataclass(frozen=True)
class Share:
    """One use of the money: ``percent`` of all beans that were told, never rupiah."""

    use: str
    label: str
    beans: int
    percent: int


@dataclass(frozen=True)
class Child:
    """A child of school age, as told at one visit."""

    first_name: str
    attends: bool
    reason: str
    scholarship_asked: bool | None


@dataclass(frozen=True)
class Step:
    """One visit that was made, with the answers in force."""

    visit: PlannedVisit
    record: VisitRecord
    shares: Sequence[Share]
    children: Sequence[Child]
    needs: Sequence[str]

    @property
    def title(self) -> str:
        """Which visit it was."""
        return VISITS[self.visit.kind]

    @property
    def stage(self) -> str | None:
        """The stage of the business in words; ``None``: not told."""
        return _said("livelihood_stage", self.record.livelihood_stage)

    @property
    def trade(self) -> str | None:
        """What business it is."""
        return _said("livelihood_type", self.record.livelihood_type)

    @property
    def band(self) -> str | None:
        """What it earns a month, in a band."""
        return _said("income_band", self.record.income_band)

    @property
    def change(self) -> str | None:
        """How the household does, compared with before."""
        return _said("household_change", self.record.household_change)

    @property
    def is_alive(self) -> bool:
        """Whether a business gives a living."""
        return self.record.livelihood_stage in ALIVE

    @property
    def need_words(self) -> Sequence[str]:
        """The help that is needed, in words; "none" is left out."""
        return [choice_label("needs", need) for need in self.needs if need != "none"]


@dataclass(frozen=True)
class Trail:
    """Everything of one family, oldest visit first."""

    plan: Plan
    subject: str
    honorific: str
    money: Received
    steps: Sequence[Step]
    due: Sequence[PlannedVisit]
    referrals: Sequence[Referral]
    school: Sequence[SchoolReminder]

    @property
    def shares(self) -> Sequence[Share]:
        """The uses as told last."""
        return next((step.shares for step in reversed(self.steps) if step.shares), ())

    @property
    def trade(self) -> str | None:
        """The trade told last, by its name; to find offers that fit."""
        told = [step.record.livelihood_type for step in self.steps if step.record.livelihood_type]
        return told[-1] if told else None

    @property
    def open_needs(self) -> Sequence[str]:
        """Help that the family said it needs at the last visit that asked, by name."""
        last = next((step.needs for step in reversed(self.steps) if step.needs), ())
        return [need for need in last if need != "none"]


def trail_of(session: Session, plan: Plan, *, today: date) -> Trail:
    """Return the trail of a plan that was fetched (``plans.get_plan``)."""
    claim = session.get_one(Claim, plan.claim_id)
    return Trail(
        plan=plan,
        subject=claim.subject,
        honorific=claim.honorific,
        money=received(session, plan),
        steps=_steps(session, plan.id),
        due=session.scalars(
            select(PlannedVisit)
            .where(PlannedVisit.plan_id == plan.id, PlannedVisit.state == "due")
            .order_by(PlannedVisit.due_on, PlannedVisit.id)
        ).all(),
        referrals=referrals_of(session, plan.id),
        school=school_reminders(session, claim, today=today),
    )


def shares_of(beans: Mapping[str, int]) -> list[Share]:
    """Return shares in whole percent that add up to 100 (largest remainder), the largest first.

    :param beans: use → beans told; uses without a bean were named but not weighed, and stand at 0.
    """
    total = sum(beans.values())
    exact = {use: divmod(100 * count, total) if total else (0, 0) for use, count in beans.items()}
    left = 100 - sum(whole for whole, _ in exact.values()) if total else 0
    most_left = sorted(exact, key=lambda use: -exact[use][1])[:left]
    shares = [
        Share(use, choice_label("uses", use), count, exact[use][0] + (use in most_left))
        for use, count in beans.items()
    ]
    return sorted(shares, key=lambda share: -share.beans)


def _steps(session: Session, plan_id: int) -> list[Step]:
    rows = session.execute(
        select(PlannedVisit, VisitRecord)
        .join(VisitRecord, VisitRecord.planned_visit_id == PlannedVisit.id)
        .where(PlannedVisit.plan_id == plan_id)
        .order_by(VisitRecord.made_on, PlannedVisit.id)
    ).all()
    visit_ids = [visit.id for visit, _ in rows]
    uses = _by_visit(
        session.scalars(
            select(UseShare).where(UseShare.planned_visit_id.in_(visit_ids)).order_by(UseShare.use)
        )
    )
    children = _by_visit(
        session.scalars(
            select(ChildAtSchool)
            .where(ChildAtSchool.planned_visit_id.in_(visit_ids))
            .order_by(ChildAtSchool.position)
        )
    )
    needs = _by_visit(
        session.scalars(
            select(NeedTold).where(NeedTold.planned_visit_id.in_(visit_ids)).order_by(NeedTold.need)
        )
    )
    return [
        Step(
            visit,
            record,
            shares_of({one.use: one.beans for one in uses.get(visit.id, ())}),
            [
                Child(one.first_name, one.attends, one.reason, one.scholarship_asked)
                for one in children.get(visit.id, ())
            ],
            [one.need for one in needs.get(visit.id, ())],
        )
        for visit, record in rows
    ]


def _by_visit(rows: Iterable[_Row]) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.planned_visit_id, []).append(row)
    return found


def _said(field: str, code: str | None) -> str | None:
    return choice_label(field, code) if code is not None else None
