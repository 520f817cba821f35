"""Families that change hands in one go: of a visitor who left or moves, with a note for whoever goes on.

What nobody hands over is given away in the night: no family stays with somebody who no longer visits. Not here: one
family or one nagari given to somebody (``plans.assign``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotPossible
from caseflow.monitoring import plans, revisits, steps, visitors
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.people import policy
from caseflow.people.actor import SYSTEM, Actor
from caseflow.people.models import StaffUser
from caseflow.registry.models import Region

PERMISSION = "visit.assign"
GONE = "Petugas sebelumnya sudah tidak bertugas."
_NOBODY = "Petugasnya sudah tidak bertugas, dan tidak ada petugas lain."
_NOTE = "Tulis pesan untuk petugas baru, 10 sampai 500 huruf. Belum ada yang pindah."


@dataclass(frozen=True)
class Held:
    """What a visitor has in one nagari: families followed, and second visits at families of others."""

    region_code: str
    nagari: str
    families: int
    again: int


@dataclass(frozen=True)
class Handed:
    """What became of it: families and second visits that moved, and those that nobody there can take."""

    moved: int
    again: int
    left: int


@dataclass(frozen=True)
class Told:
    """The note of the last time a family changed hands. ``former``: who had it."""

    note: str
    former: str | None
    at: datetime


def held_by(session: Session, user_id: int, *, by: Actor) -> Sequence[Held]:
    """Return what a visitor has within somebody's reach, by nagari.

    :raises NotPermitted: they may not at all.
    """
    own, looks_again = Plan.visitor_user_id == user_id, _looks_again(user_id)
    rows = session.execute(
        select(Plan.region_code, Region.name, func.count().filter(own), func.count().filter(looks_again))
        .join(Region, Region.code == Plan.region_code)
        .where(plans.reachable(by, PERMISSION), Plan.closed_at.is_(None), or_(own, looks_again))
        .group_by(Plan.region_code, Region.name)
        .order_by(Region.name, Plan.region_code)
    )
    return [Held(*row) for row in rows]


def hand_over(
    session: Session, from_user_id: int, to_user_id: int | None, note: str, *, by: Actor, now: datetime
) -> Handed:
    """Give everything that a visitor has to another; a nagari that the other does not visit stays where it is.

    :param to_user_id: ``None``: each nagari to who visits there already, else to who has fewest families near.
    :param note: what was promised; whoever goes on reads it beside the family.
    :raises NotPermitted: they may not. :raises Invalid: no note, or nobody who visits.
    :raises NotPossible: there is nothing, or nothing that the other can take.
    """
    policy.require(by, PERMISSION)
    words, problems = " ".join(note.split()), {}
    if len(words) not in plans.REASON:
        problems["note"] = _NOTE
    if to_user_id == from_user_id or (to_user_id is not None and not visitors.serves(session, to_user_id)):
        problems["to"] = "Pilih petugas sosial lain yang masih bertugas. Belum ada yang pindah."
    if problems:
        raise Invalid(problems)
    found = session.scalars(
        select(Plan.id)
        .where(plans.reachable(by, PERMISSION), Plan.closed_at.is_(None))
        .where(or_(Plan.visitor_user_id == from_user_id, _looks_again(from_user_id)))
        .order_by(Plan.id)
    ).all()
    if not found:
        raise NotPossible("Petugas ini tidak mendampingi keluarga. Tidak ada yang perlu dipindah.")
    done = Handed(0, 0, 0)
    for key in found:
        done = _hand_one(
            session, session.get_one(Plan, key), from_user_id, to_user_id, words, by=by, so_far=done
        )
    if not done.moved and not done.again:
        raise NotPossible(
            "Petugas itu tidak bertugas di nagari keluarga-keluarga ini. Belum ada yang pindah. Pilih petugas lain."
        )
    return done


def without_visitor(session: Session) -> Sequence[int]:
    """Return the open plans that are in the hands of somebody who no longer visits there, or of nobody."""
    is_open = (
        select(Plan.id, Plan.visitor_user_id, Plan.region_code)
        .where(Plan.closed_at.is_(None))
        .cte("open_plans")
        .prefix_with("MATERIALIZED")
    )
    again = aliased(PlannedVisit)
    looks_again = exists().where(
        again.plan_id == is_open.c.id,
        again.kind == "revisit",
        again.state == "due",
        ~visitors.is_served(again.visitor_user_id, again.region_code),
    )
    unserved = ~visitors.is_served(is_open.c.visitor_user_id, is_open.c.region_code)
    return session.scalars(
        select(is_open.c.id).where(or_(unserved, looks_again)).order_by(is_open.c.id)
    ).all()


def give_from_gone(session: Session, plan_id: int, *, now: datetime) -> bool:
    """Give a family whose visitor is gone to who visits there, or to nobody; the work of a night.

    What nobody can take lies before the supervisor. Harmless to repeat; returns whether anything moved.
    """
    plan = session.get_one(Plan, plan_id)
    steps.lock(session, plan)
    if plan.closed_at is not None:
        return False
    able = {one.user_id for one in visitors.visitors_of(session, plan.region_code)}
    former, moved = plan.visitor_user_id, False
    if former not in able:
        to = visitors.choose(session, plan.region_code)
        if to != former:
            plans.give(session, plan, to, by=SYSTEM, note=GONE if former is not None else "")
            moved = True
    due = session.scalars(
        select(PlannedVisit).where(
            PlannedVisit.plan_id == plan.id, PlannedVisit.kind == "revisit", PlannedVisit.state == "due"
        )
    )
    for visit in [one for one in due if one.visitor_user_id not in able]:
        other = visitors.choose(session, plan.region_code, but=_not_again(session, visit))
        if other is None:
            visit.state, visit.cancelled_why, visit.version = "cancelled", _NOBODY, visit.version + 1
            details = {"visit": visit.id, "on": clock.local(now).date().isoformat()}
            record(
                session,
                "visit.cancelled",
                by=SYSTEM,
                casefile_id=plan.id,
                subject=plan.number,
                details=details,
            )
        else:
            _give_second(session, plan, visit, other, by=SYSTEM)
        moved = True
    session.flush()
    return moved


def told_last(session: Session, plan: Plan) -> Told | None:
    """Return the note with which a family came into the hands that it is in; ``None``: it came without one."""
    row = session.execute(
        select(AuditEvent.details, AuditEvent.at)
        .where(AuditEvent.casefile_id == plan.id, AuditEvent.action == "visit.assigned")
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or not row.details.get("note") or row.details.get("to") != plan.visitor_user_id:
        return None
    return Told(row.details["note"], visitors.name_of(session, row.details.get("from")), row.at)


def find_visitor(session: Session, username: str) -> StaffUser | None:
    """Return an account by its name, also a closed one."""
    return session.scalar(select(StaffUser).where(StaffUser.username == username))


def _hand_one(
    session: Session,
    plan: Plan,
    from_user_id: int,
    to_user_id: int | None,
    note: str,
    *,
    by: Actor,
    so_far: Handed,
) -> Handed:
    """Give one plan away, and the second visits of it; return the sum with it."""
    steps.lock(session, plan)
    moved, again, left = so_far.moved, so_far.again, so_far.left
    if plan.visitor_user_id == from_user_id:
        to = _choose(session, plan.region_code, to_user_id, but=(from_user_id,))
        if to is not None:
            plans.give(session, plan, to, by=by, note=note)
        moved, left = moved + (to is not None), left + (to is None)
    for visit in _second_visits(session, plan, from_user_id):
        other = _choose(session, plan.region_code, to_user_id, but=_not_again(session, visit))
        if other is not None:
            _give_second(session, plan, visit, other, by=by)
        again, left = again + (other is not None), left + (other is None)
    return Handed(moved, again, left)


def _looks_again(user_id: int) -> ColumnElement[bool]:
    again = aliased(PlannedVisit)
    return exists().where(
        again.plan_id == Plan.id,
        again.visitor_user_id == user_id,
        again.kind == "revisit",
        again.state == "due",
    )


def _choose(
    session: Session, region_code: str, to_user_id: int | None, *, but: Sequence[int | None]
) -> int | None:
    if to_user_id is None:
        return visitors.choose(session, region_code, but=but)
    able = {one.user_id for one in visitors.visitors_of(session, region_code)}
    return to_user_id if to_user_id in able and to_user_id not in but else None


def _second_visits(session: Session, plan: Plan, user_id: int) -> Sequence[PlannedVisit]:
    return session.scalars(
        select(PlannedVisit).where(
            PlannedVisit.plan_id == plan.id,
            PlannedVisit.visitor_user_id == user_id,
            PlannedVisit.kind == "revisit",
            PlannedVisit.state == "due",
        )
    ).all()


def _not_again(session: Session, visit: PlannedVisit) -> tuple[int | None, ...]:
    """Return who cannot make a second visit: who has it now, and who made the visit that it looks at."""
    checked = session.get_one(PlannedVisit, visit.checks_visit_id)
    return visit.visitor_user_id, *revisits.made_by(session, checked)


def _give_second(session: Session, plan: Plan, visit: PlannedVisit, user_id: int, *, by: Actor) -> None:
    former, visit.visitor_user_id, visit.version = visit.visitor_user_id, user_id, visit.version + 1
    session.flush()
    details = {"visit": visit.id, "from": former, "to": user_id}
    record(session, "visit.second_given", by=by, casefile_id=plan.id, subject=plan.number, details=details)
