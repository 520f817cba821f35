"""How many businesses still give a living 3, 6, 12 and 24 months after the money, with the number still seen.

A stock, told anew at each milestone: never added up over milestones. Pure: who may be counted is asked elsewhere.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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
class Families:
    """Families alike at one milestone: at which they were seen, and whether a business gives them a living now.

    :ivar seen_at: milestones at which they were met and told; :ivar why_not: why they were not seen at this one.
    """

    milestone: str
    seen_at: frozenset[str]
    is_alive: bool
    why_not: str | None
    number: int


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


def curve(families: Iterable[Families]) -> tuple[Point, ...]:
    """Return one point a milestone that was due for somebody, in the order of months."""
    by_milestone: dict[str, list[Families]] = {name: [] for name in MILESTONES}
    for one in families:
        by_milestone[one.milestone].append(one)
    points: list[Point] = []
    for milestone, found in by_milestone.items():
        if found:
            before = {point.milestone for point in points}
            points.append(_point(milestone, found, before | {milestone}))
    return tuple(points)


def alike(told: Iterable[Told]) -> Sequence[Families]:
    """Return what families told, one line a family and milestone; calls and extra visits are no milestones."""
    known = {(one.plan_id, one.milestone): one for one in told if one.milestone in MILESTONES}.values()
    seen_at: dict[int, set[str]] = defaultdict(set)
    for one in known:
        if one.is_seen:
            seen_at[one.plan_id].add(one.milestone)
    return [
        Families(
            one.milestone,
            frozenset(seen_at[one.plan_id]),
            one.is_alive,
            None if one.is_seen else one.why_not_seen,
            1,
        )
        for one in known
    ]


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


def _point(milestone: str, families: Sequence[Families], until: Collection[str]) -> Point:
    """Return the point of a milestone.

    :param until: milestones at which the matched were seen: this one, and those before that were due for somebody.
    """

    def count(those: Iterable[Families]) -> int:
        return sum(one.number for one in those)

    seen = [one for one in families if one.why_not is None]
    matched = [one for one in seen if one.seen_at.issuperset(until)]
    reasons = {name: count(one for one in families if one.why_not == name) for name in NOT_SEEN}
    return Point(
        milestone=milestone,
        due=count(families),
        seen=count(seen),
        alive=count(one for one in seen if one.is_alive),
        matched=count(matched),
        matched_alive=count(one for one in matched if one.is_alive),
        not_seen={name: number for name, number in reasons.items() if number},
    )
