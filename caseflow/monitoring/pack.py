"""What a phone takes along to visit without signal: the families of one visitor, the least that a visit needs.

No NIK, no account, no other family, none that does not want to be visited, and nothing that the inspector alone
reads. Which families a phone holds is put down. Not here: what comes back (``arrival``).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims.models import Claim
from caseflow.monitoring import consents, questions
from caseflow.monitoring.household import children_of
from caseflow.monitoring.models import FieldDevice, Plan, PlannedVisit
from caseflow.monitoring.titles import VISITS
from caseflow.monitoring.visit_models import NeedTold, VisitField, VisitRecord
from caseflow.payments.queries import instructions_of_claim
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.people.slips import live_slips
from caseflow.registry import queries as registry

PERMISSION = "visit.record"
KEPT_FOR = timedelta(days=30)  # a phone that was not heard of for so long forgets it
_ADDED_TO_FOR = timedelta(days=60)  # a visit that was made may be added to


@dataclass(frozen=True)
class _Read:
    """What was read at once for all families: rows by plan, by visit."""

    claims: Mapping[int, Claim]
    visits: Mapping[int, Sequence[PlannedVisit]]
    fields: Mapping[tuple[int, int | None], Sequence[VisitField]]
    records: Mapping[int, Sequence[VisitRecord]]
    needs: Mapping[int, Sequence[str]]


def pack_of(session: Session, device: FieldDevice, *, by: Actor, today: date) -> dict[str, Any]:
    """Return the pack of a phone; ``pack_at`` and ``valid_until`` are put to it by :func:`stamped`."""
    policy.require(by, PERMISSION)
    plans = session.scalars(
        select(Plan)
        .where(_given_to(by), Plan.state == "following")
        .order_by(Plan.region_code, Plan.jorong, Plan.id)
    ).all()
    read = _read(session, plans, by=by, today=today)
    text = consents.text_on(today)
    return {
        "device": device.public_id,
        "consent": {"version": text.version, "agree": text.agree, "text": list(text.text)},
        "questions_version": questions.VERSION,
        "questions": questions.told(),
        "families": [_family(session, plan, read) for plan in plans],
    }


def stamped(
    session: Session, device: FieldDevice, pack: dict[str, Any], *, by: Actor, now: datetime
) -> dict[str, Any]:
    """Put down that a phone takes a pack along, and say in it since when and how long it holds."""
    device.pack_at = device.last_seen_at = now
    held = [family["number"] for family in pack["families"]]
    record(session, "device.took_pack", by=by, subject=f"device:{device.public_id}", details={"plans": held})
    until = clock.local(now).date() + KEPT_FOR
    return {**pack, "pack_at": now.isoformat(), "valid_until": until.isoformat()}


def _given_to(by: Actor) -> Any:
    visits = select(PlannedVisit.plan_id).where(
        PlannedVisit.visitor_user_id == by.user_id, PlannedVisit.state == "due"
    )
    return or_(Plan.visitor_user_id == by.user_id, Plan.id.in_(visits))


def _read(session: Session, followed: Sequence[Plan], *, by: Actor, today: date) -> _Read:
    """Read what all families need, a handful of statements however many they are."""
    plans = [plan.id for plan in followed]
    claims = session.scalars(select(Claim).where(Claim.id.in_([plan.claim_id for plan in followed])))
    since = today - _ADDED_TO_FOR
    visits = session.scalars(
        select(PlannedVisit)
        .where(
            PlannedVisit.plan_id.in_(plans),
            PlannedVisit.visitor_user_id == by.user_id,
            or_(
                PlannedVisit.state == "due",
                and_(PlannedVisit.state == "done", PlannedVisit.done_on >= since),
            ),
        )
        .order_by(PlannedVisit.due_on, PlannedVisit.id)
    ).all()
    shown = [visit.id for visit in visits]
    rows = session.scalars(
        select(VisitField).where(
            VisitField.plan_id.in_(plans),
            VisitField.standing == "current",
            VisitField.field.not_in(questions.FOR_INSPECTOR),
            or_(VisitField.planned_visit_id.is_(None), VisitField.planned_visit_id.in_(shown)),
        )
    )
    records = session.scalars(
        select(VisitRecord)
        .where(VisitRecord.plan_id.in_(plans))
        .order_by(VisitRecord.made_on, VisitRecord.planned_visit_id)
    ).all()
    needs: dict[int, list[str]] = defaultdict(list)
    for visit_id, need in session.execute(
        select(NeedTold.planned_visit_id, NeedTold.need)
        .where(NeedTold.planned_visit_id.in_([one.planned_visit_id for one in records]))
        .order_by(NeedTold.planned_visit_id, NeedTold.need)
    ):
        needs[visit_id].append(need)
    return _Read(
        claims={claim.id: claim for claim in claims},
        visits=_grouped(visits, "plan_id"),
        fields=_grouped(rows, "plan_id", "planned_visit_id"),
        records=_grouped(records, "plan_id"),
        needs=needs,
    )


def _grouped(rows: Iterable[Any], *by: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        key = tuple(getattr(row, name) for name in by)
        found[key if len(by) > 1 else key[0]].append(row)
    return found


def _family(session: Session, plan: Plan, read: _Read) -> dict[str, Any]:
    claim = read.claims[plan.claim_id]
    phrases = {slip.holder_name: slip.phrase for slip in live_slips(session, claim.id)}
    paid = [
        order.amount_idr for order in instructions_of_claim(session, claim.id) if order.state == "settled"
    ]
    return {
        "plan": plan.public_id,
        "number": plan.number,
        "family_name": f"Keluarga {claim.subject}",
        "worker_name": claim.subject,
        "honorific": claim.honorific,
        "jorong": plan.jorong,
        "nagari": registry.region_name(session, plan.region_code),
        "landmark": plan.landmark,
        "contact_name": plan.contact_name,
        "contact_phone": plan.contact_phone,
        "paid_on": plan.paid_on.isoformat(),
        "received_idr": sum(paid),
        "livelihood_from_on": plan.livelihood_from_on.isoformat(),
        "words": phrases.get(plan.contact_name) or next(iter(phrases.values()), ""),
        "children": [
            {
                "member": child.number,
                "first_name": child.first_name,
                "born_on": child.born_on.isoformat() if child.born_on else None,
            }
            for child in children_of(session, claim.id)
            if child.known
        ],
        "visits": [_visit(visit, read) for visit in read.visits.get(plan.id, ())],
        "facts": _facts(plan, read),
        "earlier": [
            {
                "title": VISITS[one.kind],
                "made_on": one.made_on.isoformat(),
                "stage": one.livelihood_stage,
                "needs": list(read.needs.get(one.planned_visit_id, ())),
            }
            for one in read.records.get(plan.id, ())
        ],
    }


def _visit(visit: PlannedVisit, read: _Read) -> dict[str, Any]:
    return {
        "visit": visit.public_id,
        "kind": visit.kind,
        "title": VISITS[visit.kind],
        "due_on": visit.due_on.isoformat(),
        "state": visit.state,
        "asks_livelihood": visit.asks_livelihood,
        "fields": {
            row.field: {"value": row.value["is"], "version": row.version}
            for row in read.fields.get((visit.plan_id, visit.id), ())
        },
    }


def _facts(plan: Plan, read: _Read) -> dict[str, Any]:
    """Return the facts of the family with their versions; what only the plan says is version 0."""
    written = {row.field: row for row in read.fields.get((plan.id, None), ())}
    said = {"contact_phone": plan.contact_phone, "landmark": plan.landmark or None}
    return {
        field: {"value": value, "version": written[field].version if field in written else 0}
        for field, value in said.items()
    }
