"""Where two people wrote the same answer without knowing of each other: both stand until a person chooses, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible, Stale
from caseflow.monitoring import fields, records, steps
from caseflow.monitoring.models import FieldDevice, Plan, PlannedVisit
from caseflow.monitoring.questions import FOR_INSPECTOR
from caseflow.monitoring.visit_models import FieldClash, Visit, VisitField
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser
from caseflow.registry import reach

PERMISSION = "visit.choose"
SIDES = ("standing", "contested")
REASON = range(10, 501)  # letters


@dataclass(frozen=True)
class Written:
    """One of two values: who wrote it, when, and on which phone (``None``: from paper)."""

    value: Any
    by: str
    made_at: datetime
    received_at: datetime
    phone: str | None


@dataclass(frozen=True)
class Clash:
    """Two values of one field.

    :ivar visit_kind: ``None``: a fact of the family. :ivar chosen: ``standing``, ``contested``, or still open.
        :ivar version: of the value that holds, to be sent back with a choice.
    """

    public_id: str
    plan_public_id: str
    family: str
    field: str
    visit_kind: str | None
    opened_at: datetime
    standing: Written
    contested: Written
    chosen: str | None
    version: int


def open_clashes(session: Session, *, by: Actor, limit: int = 200) -> Sequence[Clash]:
    """Return what waits for a choice within somebody's reach, oldest first."""
    rows = session.execute(
        select(FieldClash, Plan)
        .join(Plan, Plan.id == FieldClash.plan_id)
        .where(FieldClash.chosen.is_(None), _reachable(by))
        .order_by(FieldClash.id)
        .limit(limit)
    )
    return [_told(session, clash, plan) for clash, plan in rows]


def get_clash(session: Session, public_id: str, *, by: Actor) -> Clash:
    """Return one, open or chosen.

    :raises NotFound: not there, or not in reach.
    """
    clash, plan = _get(session, public_id, by=by)
    return _told(session, clash, plan)


def choose(
    session: Session,
    public_id: str,
    which: str,
    why: str,
    *,
    by: Actor,
    now: datetime,
    seen: int | None = None,
) -> FieldClash:
    """Let one of the two values hold; the other stays on record.

    :param seen: version of the value that held on the page; ``None``: as it stands.
    :raises Stale: another value holds by now.
    :raises NotFound: not in reach. :raises Invalid: no side or no reason. :raises NotPossible: it was chosen before.
    """
    problems = {}
    if which not in SIDES:
        problems["which"] = "Pilih salah satu isian. Belum ada yang berubah."
    if len(why.strip()) not in REASON:
        problems["why"] = "Tulis alasannya, 10 sampai 500 huruf. Belum ada yang berubah."
    if problems:
        raise Invalid(problems)
    _clash, plan = _get(session, public_id, by=by)
    steps.lock(session, plan)
    clash = session.scalars(
        select(FieldClash)
        .where(FieldClash.public_id == public_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if clash.chosen is not None:
        raise NotPossible("Orang lain sudah memilih. Tidak ada yang berubah.")
    standing = session.get_one(VisitField, clash.standing_field_id)
    if seen is not None and seen != standing.version:
        raise Stale(
            "Isian yang berlaku berubah sejak halaman dibuka. Pilihan Anda belum tersimpan. "
            "Bandingkan lagi di bawah, lalu pilih."
        )
    contested = session.get_one(VisitField, clash.contested_field_id)
    if which == "contested":
        fields.enforce(session, contested)
    else:
        contested.standing = "put_aside"
    clash.chosen, clash.chosen_why = which, why.strip()
    clash.chosen_at, clash.chosen_by_user_id = now, by.user_id
    session.flush()
    if which == "contested":
        fields.settle_alike(session, contested, why.strip(), by_user_id=by.user_id or 0, now=now)
    fields.carry_facts(session, plan)
    if contested.planned_visit_id is not None:
        planned = session.get_one(PlannedVisit, contested.planned_visit_id)
        records.write(session, plan, planned, now=now)
    record(
        session, "visit.clash_chosen", by=by, casefile_id=plan.id, subject=f"clash:{public_id}",
        details={"field": contested.field, "chosen": which},
    )  # fmt: skip
    return clash


def _reachable(by: Actor) -> ColumnElement[bool]:
    """A worker's own families, and any clash that they wrote a side of; a supervisor's area.

    Never an answer for the inspector, which was to choose between once.
    """
    policy.require(by, PERMISSION)
    contested = aliased(VisitField)
    shown = (
        select(contested.id)
        .where(contested.id == FieldClash.contested_field_id, contested.field.not_in(FOR_INSPECTOR))
        .exists()
    )
    return and_(shown, _within_reach(by))


def _within_reach(by: Actor) -> ColumnElement[bool]:
    if policy.mark(by, PERMISSION) == "full":
        return reach.within(Plan.region_code, by, PERMISSION)
    sides = aliased(VisitField)
    wrote = (
        select(sides.id)
        .join(Visit, Visit.id == sides.visit_id)
        .where(
            sides.id.in_([FieldClash.standing_field_id, FieldClash.contested_field_id]),
            Visit.visitor_user_id == by.user_id,
        )
    )
    return or_(
        Plan.visitor_user_id == by.user_id,
        and_(wrote.exists(), reach.within(Plan.region_code, by, PERMISSION)),
    )


def _get(session: Session, public_id: str, *, by: Actor) -> tuple[FieldClash, Plan]:
    found = session.execute(
        select(FieldClash, Plan)
        .join(Plan, Plan.id == FieldClash.plan_id)
        .where(FieldClash.public_id == public_id, _reachable(by))
    ).one_or_none()
    if found is None:
        raise NotFound("Isian ini tidak ditemukan di daftar Anda.")
    return found[0], found[1]


def _told(session: Session, clash: FieldClash, plan: Plan) -> Clash:
    contested = session.get_one(VisitField, clash.contested_field_id)
    planned_visit_id = contested.planned_visit_id
    return Clash(
        public_id=clash.public_id,
        plan_public_id=plan.public_id,
        family=plan.subject,
        field=contested.field,
        visit_kind=session.get_one(PlannedVisit, planned_visit_id).kind if planned_visit_id else None,
        opened_at=clash.opened_at,
        standing=_written(session, clash.standing_field_id),
        contested=_written(session, clash.contested_field_id),
        chosen=clash.chosen,
        version=session.get_one(VisitField, clash.standing_field_id).version or 0,
    )


def _written(session: Session, field_id: int) -> Written:
    row = session.execute(
        select(VisitField.value, Person.full_name, Visit.started_at, Visit.received_at, FieldDevice.name)
        .join(Visit, Visit.id == VisitField.visit_id)
        .join(StaffUser, StaffUser.id == Visit.visitor_user_id)
        .join(Person, Person.id == StaffUser.person_id)
        .outerjoin(FieldDevice, FieldDevice.id == Visit.device_id)
        .where(VisitField.id == field_id)
    ).one()
    return Written(row[0]["is"], row[1], row[2], row[3], row[4])
