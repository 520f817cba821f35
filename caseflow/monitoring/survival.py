"""How many businesses still give a living 3, 6, 12 and 24 months after the money, with the number still seen.

A stock, told anew at each milestone: never added up over milestones. Pure: who may be counted is asked elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.visit_models import ALIVE, VisitRecord

MILESTONES: Mapping[str, int] = MappingProxyType({"m3": 3, "m6": 6, "m12": 12, "m24": 24})  # months
NOT_SEEN = ("not_yet", "another_day", "declined", "moved", "not_found", "not_told")


@dataclass(frozen=True)
class Told:
    """A visit that was due: how it went and, if the family told, the stage of its business.

    :ivar outcome: ``None`` when nobody has come yet.
    """

    plan_id: int
    milestone: str
    outcome: str | None
    stage: str | None

    @property
    def is_seen(self) -> bool:
        """Whether the family was met and told how its business stands, "none" too."""
        return self.outcome == "met" and self.stage is not None

    @property
    def is_alive(self) -> bool:
        """Whether a business gives a living: it runs or grows."""
        return self.is_seen and self.stage in ALIVE

    @property
    def why_not_seen(self) -> str:
        """Why it does not count; met and nothing told is a reason too."""
        if self.outcome is None:
            return "not_yet"
        return "not_told" if self.outcome == "met" else self.outcome


@dataclass(frozen=True)
class Point:
    """One milestone: families, not visits.

    :ivar seen: of ``due``, met and told; :ivar matched: of ``seen``, also seen at every milestone before.
    :ivar not_seen: reason → families; they and ``seen`` add up to ``due``.
    """

    milestone: str
    due: int
    seen: int
    alive: int
    matched: int
    matched_alive: int
    not_seen: Mapping[str, int]

    @property
    def months(self) -> int:
        """Months after the money."""
        return MILESTONES[self.milestone]

    @property
    def unmatched(self) -> int:
        """Families seen now that were missed at an earlier milestone; shown apart, never in the curve."""
        return self.seen - self.matched

    @property
    def unmatched_alive(self) -> int:
        """Of these, how many live from a business."""
        return self.alive - self.matched_alive

    @property
    def percent(self) -> int | None:
        """Of the matched, in whole percent (half up); ``None`` when nobody is matched."""
        return (200 * self.matched_alive + self.matched) // (2 * self.matched) if self.matched else None


def curve(told: Iterable[Told]) -> tuple[Point, ...]:
    """Return one point a milestone that was due for somebody, in the order of months."""
    by_milestone: dict[str, dict[int, Told]] = {name: {} for name in MILESTONES}
    for one in told:
        if one.milestone in by_milestone:
            by_milestone[one.milestone][one.plan_id] = one
    points, seen_so_far = [], None
    for milestone, families in by_milestone.items():
        if not families:
            continue
        seen = {plan_id for plan_id, one in families.items() if one.is_seen}
        seen_so_far = seen if seen_so_far is None else seen_so_far & seen
        points.append(_point(milestone, families.values(), seen_so_far))
    return tuple(points)


def told_until(session: Session, on: date, where: ColumnElement[bool]) -> Sequence[Told]:
    """Return every visit at a milestone that was due until ``on`` or was made already; cancelled ones were never due.

    :param where: whose plans, asked of ``Plan``.
    """
    rows = session.execute(
        select(PlannedVisit.plan_id, PlannedVisit.kind, PlannedVisit.outcome, VisitRecord.livelihood_stage)
        .join(Plan, Plan.id == PlannedVisit.plan_id)
        .outerjoin(VisitRecord, VisitRecord.planned_visit_id == PlannedVisit.id)
        .where(
            where,
            PlannedVisit.kind.in_(tuple(MILESTONES)),
            PlannedVisit.state != "cancelled",
            (PlannedVisit.due_on <= on) | (PlannedVisit.state == "done"),
        )
        .order_by(PlannedVisit.id)
    )
    return [Told(*row) for row in rows]


def _point(milestone: str, families: Iterable[Told], matched: set[int]) -> Point:
    everybody = list(families)
    reasons = [one.why_not_seen for one in everybody if not one.is_seen]
    alive = {one.plan_id for one in everybody if one.is_alive}
    return Point(
        milestone=milestone,
        due=len(everybody),
        seen=len(everybody) - len(reasons),
        alive=len(alive),
        matched=len(matched),
        matched_alive=len(alive & matched),
        not_seen={name: reasons.count(name) for name in NOT_SEEN if name in reasons},
    )
