"""What a supervisor looks at: load of each visitor, what waits for a decision, phones that have not sent, notes on quality.

Numbers come from the server alone. Notes on quality are questions to a person, never a verdict on one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.monitoring import lists, plans, visitors
from caseflow.monitoring.models import FieldDevice, Plan, PlannedVisit
from caseflow.monitoring.visit_models import VisitRecord
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser
from caseflow.registry import reach
from caseflow.registry.models import Region
from caseflow.workflow.models import CaseFile

PERMISSION = "visit.supervise"
_UNSENT_AFTER = timedelta(days=3)
_LATELY = timedelta(days=90)
LISTED = 200
_CLAIM = Claim.__table__.c
_NUMBERS = ("families", "late", "this_month", "made")


@dataclass(frozen=True)
class Load:
    """One visitor's work. ``made``: visits of the last ninety days; ``late``: visits whose day is over."""

    user_id: int | None
    username: str | None
    name: str | None
    active: bool
    families: int
    late: int
    this_month: int
    made: int


@dataclass(frozen=True)
class Unsent:
    """A phone that said that visits wait on it, and since when."""

    public_id: str
    name: str
    phone: str
    waiting: int
    since: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class ToDecide:
    """A family that waits for the supervisor's word. ``why``: a code of ``WHY``."""

    plan: str
    contact_name: str
    family: str
    nagari: str
    visitor: str | None
    why: str
    since: date | None


@dataclass(frozen=True)
class Decisions:
    """Families that wait for a word. ``total``: of all pages; ``more``: by reason, the last family shown of it."""

    rows: Sequence[ToDecide]
    total: int
    more: Mapping[str, str]


@dataclass(frozen=True)
class Phones:
    """Phones with visits that were not sent. ``total``: of all pages; ``after``: the last one shown when there are more."""

    rows: Sequence[Unsent]
    total: int
    after: str | None


WHY = {
    "moved": "Keluarga pindah. Hentikan pendampingan, atau rencanakan kunjungan di tempat yang baru.",
    "not_found": "Dua kali tidak ditemukan. Rencanakan kunjungan lagi dengan cara lain, atau hentikan.",
    "no_visitor": "Belum ada petugas, atau petugasnya sudah tidak bertugas. Pilih petugas.",
    "money_back": "Pembayarannya kembali dari bank. Tunda kunjungan sampai dibayar lagi, atau hentikan.",
}


def loads(session: Session, *, by: Actor, now: datetime) -> Sequence[Load]:
    """Return every visitor with families or visits in the area, most late visits first.

    Families are those that the visitor follows now, visits made those of the area's nagari. Each number reads its own
    rows, never the archive.
    """
    today = clock.local(now).date()
    month_end = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    following = _part(Plan.visitor_user_id, families=func.count()).where(Plan.closed_at.is_(None))
    to_come = (
        _part(
            PlannedVisit.visitor_user_id,
            late=func.count().filter(PlannedVisit.due_on < today),
            this_month=func.count().filter(PlannedVisit.due_on >= today),
        )
        .join(Plan, Plan.id == PlannedVisit.plan_id)
        .where(PlannedVisit.state == "due", PlannedVisit.due_on < month_end, Plan.state == "following")
    )
    made = _part(PlannedVisit.visitor_user_id, made=func.count()).where(
        PlannedVisit.state == "done",
        PlannedVisit.done_on > today - _LATELY,
        reach.within(PlannedVisit.region_code, by, PERMISSION),
    )
    here = plans.reachable(by, PERMISSION)
    counted = union_all(
        following.where(here).group_by(Plan.visitor_user_id),
        to_come.where(here).group_by(PlannedVisit.visitor_user_id),
        made.group_by(PlannedVisit.visitor_user_id),
    ).subquery("counted")
    user_id = counted.c.user_id
    rows = session.execute(
        select(
            user_id,
            StaffUser.username,
            Person.full_name,
            StaffUser.active,
            *(func.sum(counted.c[name]) for name in _NUMBERS),
        )
        .outerjoin(StaffUser, StaffUser.id == user_id)
        .outerjoin(Person, Person.id == StaffUser.person_id)
        .group_by(user_id, StaffUser.username, Person.full_name, StaffUser.active)
    ).all()
    found = [Load(row[0], row[1], row[2], bool(row[3]), *map(int, row[4:])) for row in rows]
    return sorted(found, key=lambda one: (-one.late, -one.families, one.name or ""))


def _part(user_id: Any, **numbers: Any) -> Select[*tuple[Any, ...]]:
    """Return some of the numbers of each visitor; the others are nought."""
    columns = (numbers.get(name, literal(0)).label(name) for name in _NUMBERS)
    return select(user_id.label("user_id"), *columns)


def unsent(session: Session, *, by: Actor, now: datetime, after: str | None = None) -> Phones:
    """Return the phones of the area's visitors on which visits have waited for more than three days.

    A visitor of the area follows a family there, has a visit to make there, or made one.

    :param after: the last phone of the page before; unknown: the first page.
    """
    here = plans.reachable(by, PERMISSION)
    follows = select(Plan.id).where(Plan.visitor_user_id == FieldDevice.user_id, here)
    visits = (
        select(PlannedVisit.id)
        .join(Plan, Plan.id == PlannedVisit.plan_id)
        .where(PlannedVisit.visitor_user_id == FieldDevice.user_id, PlannedVisit.state == "due", here)
    )
    made = select(VisitRecord.plan_id).where(
        VisitRecord.visitor_user_id == FieldDevice.user_id,
        reach.within(VisitRecord.region_code, by, PERMISSION),
    )
    waits = (
        FieldDevice.revoked_at.is_(None),
        FieldDevice.waiting > 0,
        FieldDevice.waiting_since < now - _UNSENT_AFTER,
        or_(follows.exists(), visits.exists(), made.exists()),
    )
    statement = (
        select(
            FieldDevice.public_id,
            Person.full_name,
            FieldDevice.name,
            FieldDevice.waiting,
            FieldDevice.waiting_since,
            FieldDevice.last_seen_at,
        )
        .join(StaffUser, StaffUser.id == FieldDevice.user_id)
        .join(Person, Person.id == StaffUser.person_id)
        .where(*waits)
        .order_by(FieldDevice.waiting_since, FieldDevice.id)
    )
    last = session.execute(
        select(FieldDevice.waiting_since, FieldDevice.id).where(
            FieldDevice.public_id == (after or ""), FieldDevice.waiting_since.is_not(None)
        )
    ).one_or_none()
    if last is not None:
        statement = statement.where(tuple_(FieldDevice.waiting_since, FieldDevice.id) > tuple_(*last))
    rows = session.execute(statement.limit(LISTED + 1)).all()
    total, more = len(rows), len(rows) > LISTED
    if more or last is not None:
        total = session.scalar(select(func.count()).select_from(FieldDevice).where(*waits)) or 0
    found = [Unsent(*row[:4], row[4] or now, row[5]) for row in rows[:LISTED]]
    return Phones(found, total, found[-1].public_id if more else None)


def to_decide(session: Session, *, by: Actor, only: str | None = None, after: str | None = None) -> Decisions:
    """Return the families that wait for a word: moved, not found twice, nobody visits them, or the money came back.

    :param only: a code of ``WHY``; :param after: the last family of it on the page before.
    """
    found: list[ToDecide] = []
    total, more = 0, {}
    for why, condition, since in _waiting(by):
        if only in WHY and why != only:
            continue
        waits = (plans.reachable(by, PERMISSION), Plan.closed_at.is_(None), condition)
        statement = _plans(since).where(*waits).order_by(Plan.id).limit(LISTED + 1)
        if only in WHY and after:
            key = select(Plan.id).where(Plan.public_id == after).scalar_subquery()
            statement = statement.where(Plan.id > func.coalesce(key, 0))
        rows = session.execute(statement).all()
        if len(rows) > LISTED:
            more[why] = rows[LISTED - 1].public_id
        whole = len(rows) <= LISTED and not after
        total += len(rows) if whole else _count(session, waits)
        found += [
            ToDecide(
                row.public_id,
                row.contact_name,
                lists.name_of(row.honorific, row.subject),
                row.nagari,
                row.visitor,
                why,
                row.since,
            )
            for row in rows[:LISTED]
        ]
    return Decisions(found, total, more)


def _count(session: Session, where: Sequence[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(Plan).where(*where)) or 0


def _waiting(by: Actor) -> Sequence[tuple[str, ColumnElement[bool], Any]]:
    last = (
        select(PlannedVisit.id)
        .where(PlannedVisit.plan_id == Plan.id, PlannedVisit.state == "done")
        .order_by(PlannedVisit.done_on.desc(), PlannedVisit.id.desc())
        .limit(1)
        .correlate(Plan)
        .scalar_subquery()
    )
    later = aliased(PlannedVisit)
    answered = select(later.id).where(later.plan_id == Plan.id, later.kind == "extra", later.state == "due")
    paid = aliased(CaseFile)
    came_back = select(paid.id).where(
        paid.id == Plan.claim_id, paid.state == "payment_failed", paid.closed_at.is_(None)
    )

    def ended(outcome: str) -> ColumnElement[bool]:
        one = aliased(PlannedVisit)
        said = select(one.id).where(one.id == last, one.outcome == outcome)
        return and_(Plan.state == "following", said.exists(), ~answered.exists())

    done_on = select(PlannedVisit.done_on).where(PlannedVisit.id == last).scalar_subquery()
    return (
        ("money_back", came_back.exists(), None),
        ("no_visitor", Plan.id.in_(_nobodys(by)), None),
        ("moved", ended("moved"), done_on),
        ("not_found", ended("not_found"), done_on),
    )


def _nobodys(by: Actor) -> Select[tuple[int]]:
    """Return the open plans that nobody visits, of those that are open: asked the other way round, all plans are read."""
    is_open = select(Plan.id, Plan.visitor_user_id, Plan.region_code).where(
        plans.reachable(by, PERMISSION), Plan.closed_at.is_(None)
    )
    found = is_open.cte("open_plans").prefix_with("MATERIALIZED")
    return select(found.c.id).where(~visitors.is_served(found.c.visitor_user_id, found.c.region_code))


def _plans(since: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Plan.public_id,
            Plan.contact_name,
            Plan.subject,
            _CLAIM.honorific,
            Region.name.label("nagari"),
            Person.full_name.label("visitor"),
            (since if since is not None else Plan.paid_on).label("since"),
        )
        .join(Claim.__table__, _CLAIM.id == Plan.claim_id)
        .join(Region, Region.code == Plan.region_code)
        .outerjoin(StaffUser, StaffUser.id == Plan.visitor_user_id)
        .outerjoin(Person, Person.id == StaffUser.person_id)
    )
