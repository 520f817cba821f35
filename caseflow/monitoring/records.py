"""The record of a planned visit: the answers in force and how it ended, one row to read and count.

It follows the fields always: ``write`` makes it anew after every change of them, and ``drift`` finds any that differs.
Called under the lock of the plan.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.monitoring import fields
from caseflow.monitoring.household import children_of
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.visit_models import (
    MOST_MINUTES,
    ChildAtSchool,
    NeedTold,
    RespondentMet,
    UseShare,
    Visit,
    VisitField,
    VisitRecord,
)

_PLAIN = (
    "livelihood_stage", "livelihood_type", "income_band", "household_change", "stopped_why", "levy_reported",
)  # fmt: skip
_CHILDREN = (UseShare, ChildAtSchool, NeedTold, RespondentMet)


def write(session: Session, plan: Plan, planned: PlannedVisit, *, now: datetime) -> VisitRecord:
    """Make the record of a planned visit anew from its visits and the fields in force.

    What a supervisor validated is open again once an answer changed.
    """
    visit = deciding(session, planned.id)
    rows = fields.in_force(session, plan.id, planned.id)
    values: dict[str, Any] = {
        "visitor_user_id": visit.visitor_user_id,
        "outcome": visit.outcome,
        "made_on": clock.local(visit.started_at).date(),
        "minutes": min(round((visit.finished_at - visit.started_at).total_seconds() / 60), MOST_MINUTES),
        **{name: fields.value_of(rows, name) for name in _PLAIN},
        "note": fields.value_of(rows, "note") or "",
    }
    record = session.get(VisitRecord, planned.id, with_for_update=True)
    if record is None:
        record = VisitRecord(
            planned_visit_id=planned.id,
            plan_id=plan.id,
            region_code=planned.region_code,
            kind=planned.kind,
            changed_at=now,
            **values,
        )
        session.add(record)
    else:
        for name, value in values.items():
            setattr(record, name, value)
        record.changed_at = now
        record.validated_at = record.validated_by_user_id = None
    session.flush()
    _write_children(session, plan, planned.id, rows)
    return record


def deciding(session: Session, planned_visit_id: int) -> Visit:
    """Return the visit that says how a planned visit ended: the last at which somebody was met, else the last.

    An addendum says nothing of that. It does not depend on the order in which visits arrived.
    """
    return session.scalars(
        select(Visit)
        .where(Visit.planned_visit_id == planned_visit_id, Visit.after_why.is_(None))
        .order_by((Visit.outcome == "met").desc(), Visit.started_at.desc(), Visit.client_id)
        .limit(1)
    ).one()


def drift(session: Session) -> Sequence[int]:
    """Return the planned visits whose record is not what their fields say; none in a sound database."""
    return session.scalars(text(_DRIFT)).all()


def _write_children(
    session: Session, plan: Plan, planned_visit_id: int, rows: Mapping[str, VisitField]
) -> None:
    for table in _CHILDREN:
        session.execute(delete(table).where(table.planned_visit_id == planned_visit_id))
    members = {child.number: child.member_id for child in children_of(session, plan.claim_id)}
    session.add_all(
        UseShare(planned_visit_id=planned_visit_id, use=use, beans=beans)
        for use, beans in (fields.value_of(rows, "uses") or {}).items()
    )
    session.add_all(
        NeedTold(planned_visit_id=planned_visit_id, need=need)
        for need in fields.value_of(rows, "needs") or ()
    )
    session.add_all(
        RespondentMet(planned_visit_id=planned_visit_id, position=position, **person)
        for position, person in enumerate(fields.value_of(rows, "respondents") or (), start=1)
    )
    session.add_all(
        ChildAtSchool(
            planned_visit_id=planned_visit_id,
            position=position,
            member_id=members.get(child["member"]),
            first_name=child["first_name"],
            attends=child["attends"],
            reason=child["reason"],
            scholarship_asked=child["scholarship_asked"],
        )
        for position, child in enumerate(fields.value_of(rows, "schooling") or (), start=1)
    )
    session.flush()


# written out a second time, from the rows alone
_DRIFT = """
    WITH said AS (
        SELECT planned_visit_id, jsonb_object_agg(field, value -> 'is') AS told
        FROM visit_field WHERE standing = 'current' AND planned_visit_id IS NOT NULL GROUP BY planned_visit_id),
    made AS (
        SELECT DISTINCT ON (planned_visit_id) planned_visit_id, outcome,
            (started_at AT TIME ZONE 'Asia/Jakarta')::date AS made_on
        FROM visit WHERE after_why IS NULL ORDER BY planned_visit_id, (outcome = 'met') DESC, started_at DESC, client_id)
    SELECT coalesce(made.planned_visit_id, r.planned_visit_id)
    FROM made FULL JOIN visit_record r USING (planned_visit_id)
    LEFT JOIN said USING (planned_visit_id)
    WHERE r.planned_visit_id IS NULL OR made.outcome IS DISTINCT FROM r.outcome OR made.made_on IS DISTINCT FROM r.made_on
        OR said.told ->> 'livelihood_stage' IS DISTINCT FROM r.livelihood_stage
        OR said.told ->> 'livelihood_type' IS DISTINCT FROM r.livelihood_type
        OR said.told ->> 'income_band' IS DISTINCT FROM r.income_band
        OR said.told ->> 'household_change' IS DISTINCT FROM r.household_change
        OR said.told ->> 'stopped_why' IS DISTINCT FROM r.stopped_why
        OR (said.told ->> 'levy_reported')::boolean IS DISTINCT FROM r.levy_reported
        OR coalesce(said.told ->> 'note', '') <> r.note
        OR coalesce(nullif(said.told -> 'uses', 'null'), '{}') <> coalesce((
            SELECT jsonb_object_agg(u.use, u.beans) FROM visit_use u
            WHERE u.planned_visit_id = r.planned_visit_id), '{}')
        OR coalesce(nullif(said.told -> 'respondents', 'null'), '[]') <> coalesce((
            SELECT jsonb_agg(jsonb_build_object('name', p.name, 'relation', p.relation) ORDER BY p.position)
            FROM visit_respondent p WHERE p.planned_visit_id = r.planned_visit_id), '[]')
        OR coalesce((SELECT jsonb_agg(n ORDER BY n) FROM jsonb_array_elements_text(
                coalesce(nullif(said.told -> 'needs', 'null'), '[]')) n), '[]') <> coalesce((
            SELECT jsonb_agg(n.need ORDER BY n.need) FROM visit_need n
            WHERE n.planned_visit_id = r.planned_visit_id), '[]')
        OR coalesce((SELECT jsonb_agg(c - 'member' ORDER BY place) FROM jsonb_array_elements(
                coalesce(nullif(said.told -> 'schooling', 'null'), '[]')) WITH ORDINALITY AS each (c, place)), '[]')
            <> coalesce((
            SELECT jsonb_agg(jsonb_build_object('first_name', c.first_name, 'attends', c.attends, 'reason', c.reason,
                'scholarship_asked', c.scholarship_asked) ORDER BY c.position)
            FROM visit_child c WHERE c.planned_visit_id = r.planned_visit_id), '[]')
    ORDER BY 1"""
