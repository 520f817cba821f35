"""Answers as fields with versions: what is in force, what was before, and where two people wrote without knowing.

Nothing is overwritten in silence: a value written upon another version than the one in force stands beside it,
contested, until a person chooses (``clashes``); what only the inspector reads is nobody's to choose. Every function is called under the lock of the plan.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from caseflow.identifiers import public_id
from caseflow.monitoring.answers import Answer
from caseflow.monitoring.models import Plan
from caseflow.monitoring.questions import FACTS, FOR_INSPECTOR
from caseflow.monitoring.visit_models import FieldClash, Visit, VisitField

# why a choice was closed without anybody choosing
_ALIKE = "Isian yang sama ditulis lagi."
_AGAIN = "Penulisnya sendiri menulis lagi sesudahnya."


def write(
    session: Session, plan: Plan, visit: Visit, answers: Mapping[str, Answer], *, now: datetime
) -> Sequence[str]:
    """Put down the answers of a visit; return the fields that somebody else wrote meanwhile."""
    contested = []
    for field, answer in answers.items():
        if _write_one(session, visit, field, answer, now=now):
            contested.append(field)
    carry_facts(session, plan)
    return contested


def in_force(session: Session, plan_id: int, planned_visit_id: int | None) -> Mapping[str, VisitField]:
    """Return the fields in force of one planned visit; ``None``: the facts of the family."""
    rows = session.scalars(
        select(VisitField).where(
            VisitField.plan_id == plan_id,
            VisitField.planned_visit_id.is_not_distinct_from(planned_visit_id),
            VisitField.standing == "current",
        )
    )
    return {row.field: row for row in rows}


def enforce(session: Session, row: VisitField) -> None:
    """Let a value hold from now on, above whatever held before; who still chooses, chooses beside this one."""
    of_field = _of_field(row.plan_id, row.planned_visit_id, row.field)
    highest = session.scalar(select(func.max(VisitField.version)).where(*of_field)) or 0
    before = session.scalar(select(VisitField).where(*of_field, VisitField.standing == "current"))
    if before is not None:
        before.standing = "superseded"
        session.flush()
    row.standing, row.version = "current", highest + 1
    session.add(row)
    session.flush()
    if before is not None:
        session.execute(
            update(FieldClash)
            .where(
                FieldClash.standing_field_id == before.id,
                FieldClash.contested_field_id != row.id,
                FieldClash.chosen.is_(None),
            )
            .values(standing_field_id=row.id)
        )


def settle_alike(session: Session, row: VisitField, why: str, *, by_user_id: int, now: datetime) -> None:
    """Close the choices between a value that holds and the very same value: there is nothing left to choose."""
    contested = aliased(VisitField)
    rows = session.execute(
        select(FieldClash, contested)
        .join(contested, contested.id == FieldClash.contested_field_id)
        .where(
            FieldClash.standing_field_id == row.id,
            FieldClash.chosen.is_(None),
            contested.id != row.id,
            contested.value == row.value,
        )
    )
    for clash, same in rows.all():
        _put_aside(clash, same, why, by_user_id=by_user_id, now=now)
    session.flush()


def carry_facts(session: Session, plan: Plan) -> None:
    """Let the plan say what is in force of the family: its phone and how its house is found."""
    facts = in_force(session, plan.id, None)
    if "contact_phone" in facts:
        plan.contact_phone = facts["contact_phone"].value["is"]
    if "landmark" in facts:
        plan.landmark = facts["landmark"].value["is"] or ""


def value_of(rows: Mapping[str, VisitField], field: str) -> Any:
    """Return the value of a field; ``None``: nobody wrote it, or it was cleared."""
    row = rows.get(field)
    return row.value["is"] if row is not None else None


def _write_one(session: Session, visit: Visit, field: str, answer: Answer, *, now: datetime) -> bool:
    planned_visit_id = None if field in FACTS else visit.planned_visit_id
    row = VisitField(
        plan_id=visit.plan_id,
        planned_visit_id=planned_visit_id,
        field=field,
        value={"is": answer.value},
        base_version=answer.base,
        standing="contested",
        visit_id=visit.id,
        written_at=now,
    )
    current = session.scalar(
        select(VisitField).where(
            *_of_field(visit.plan_id, planned_visit_id, field), VisitField.standing == "current"
        )
    )
    _take_back_own(session, visit, field, planned_visit_id, now=now)
    if current is not None and current.value == row.value:
        return False
    if current is None or current.version == answer.base or _by_the_same_hand(session, current, visit):
        enforce(session, row)
        settle_alike(session, row, _ALIKE, by_user_id=visit.visitor_user_id, now=now)
        return False
    if field in FOR_INSPECTOR:
        _keep_the_yes(session, row)
        return False
    session.add(row)
    session.flush()
    session.add(
        FieldClash(
            public_id=public_id(),
            plan_id=visit.plan_id,
            standing_field_id=current.id,
            contested_field_id=row.id,
            opened_at=now,
        )
    )
    session.flush()
    return True


def _keep_the_yes(session: Session, row: VisitField) -> None:
    """Of two words to the inspector a yes holds; the other stays on record, and nobody is asked to choose."""
    if row.value["is"] is True:
        enforce(session, row)
        return
    row.standing = "put_aside"
    session.add(row)
    session.flush()


def _take_back_own(
    session: Session, visit: Visit, field: str, planned_visit_id: int | None, *, now: datetime
) -> None:
    """Close the choices about what the same phone wrote before: its later word is the one that counts."""
    if visit.device_id is None or visit.sequence is None:
        return
    rows = session.execute(
        select(FieldClash, VisitField)
        .join(VisitField, VisitField.id == FieldClash.contested_field_id)
        .join(Visit, Visit.id == VisitField.visit_id)
        .where(
            *_of_field(visit.plan_id, planned_visit_id, field),
            FieldClash.chosen.is_(None),
            Visit.device_id == visit.device_id,
            Visit.sequence < visit.sequence,
        )
    )
    for clash, own in rows.all():
        _put_aside(clash, own, _AGAIN, by_user_id=visit.visitor_user_id, now=now)
    session.flush()


def _put_aside(clash: FieldClash, row: VisitField, why: str, *, by_user_id: int, now: datetime) -> None:
    row.standing = "put_aside"
    clash.chosen, clash.chosen_why = "standing", why
    clash.chosen_at, clash.chosen_by_user_id = now, by_user_id


def _by_the_same_hand(session: Session, current: VisitField, visit: Visit) -> bool:
    """Whether the value in force came from the same phone before: what a phone wrote itself it knows."""
    if visit.device_id is None or visit.sequence is None:
        return False
    earlier = session.get_one(Visit, current.visit_id)
    return (
        earlier.device_id == visit.device_id
        and earlier.sequence is not None
        and earlier.sequence < visit.sequence
    )


def _of_field(plan_id: int, planned_visit_id: int | None, field: str) -> tuple[Any, ...]:
    return (
        VisitField.plan_id == plan_id,
        VisitField.planned_visit_id.is_not_distinct_from(planned_visit_id),
        VisitField.field == field,
    )
