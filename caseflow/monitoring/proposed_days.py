"""The day that a family proposes for its next visit: taken over when it can be, else kept beside the visit with why not.

A proposal never holds a visit back. A Sunday or holiday is not taken over unasked: the visitor reads so and chooses.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import CaseflowError
from caseflow.formats import long_date
from caseflow.monitoring import days, fields, plans
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.visit_models import Visit
from caseflow.people.actor import Actor
from caseflow.registry import queries as registry

REASON = "Diusulkan keluarga saat kunjungan"
_FIELD = "next_due"
WHY_NOT: Mapping[str, str] = MappingProxyType(
    {
        "past": "hari itu sudah lewat",
        "free_day": "itu hari Minggu atau hari libur",
        "mourning": "penghidupan belum boleh ditanyakan pada hari itu",
        "handed_over": "petugas keluarga ini sudah berganti",
        "refused": "hari itu tidak bisa dipilih",
    }
)


def follow(session: Session, plan: Plan, visit: Visit, *, by: Actor, now: datetime) -> None:
    """Move the next visit to the day that was proposed at a visit, or write down why not.

    Called under the lock of the plan, after the visit counted. Nothing happens when nobody was met, when two people
    proposed different days, when a later visit was made already, or when no visit is due.
    """
    proposed = _proposed(session, visit)
    following = _next(session, plan)
    if proposed is None or following is None or visit.outcome != "met" or _is_overtaken(session, visit):
        return
    if following.due_on == proposed:
        return
    why_not = _why_not(session, plan, following, proposed, today=clock.local(now).date())
    if why_not is None:
        try:
            plans.reschedule(session, following, proposed, REASON, by=by, now=now)
        except CaseflowError as refused:
            why_not = "handed_over" if refused.status in {403, 404} else "refused"
        else:
            return
    following.proposed_on, following.proposed_why_not = proposed, why_not
    session.flush()
    details = {"proposed": proposed.isoformat(), "why_not": why_not}
    record(
        session, "visit.day_not_possible", by=by, casefile_id=plan.id,
        subject=f"planned_visit:{following.id}", details=details,
    )  # fmt: skip


def words(visit: PlannedVisit) -> str | None:
    """Return what the visitor reads of a proposal that was not taken over; ``None``: there is none."""
    if visit.proposed_on is None or visit.proposed_why_not is None:
        return None
    why_not = WHY_NOT[visit.proposed_why_not]
    return f"Keluarga mengusulkan {long_date(visit.proposed_on)}. Belum dipindah: {why_not}. Pilih hari lain bersama keluarga."


def _proposed(session: Session, visit: Visit) -> date | None:
    row = fields.in_force(session, visit.plan_id, visit.planned_visit_id).get(_FIELD)
    if row is None or row.visit_id != visit.id or not row.value["is"]:
        return None
    return date.fromisoformat(row.value["is"])


def _next(session: Session, plan: Plan) -> PlannedVisit | None:
    """Return the visit that is due next; one that looks again at another visit has a day of its own."""
    return session.scalar(
        select(PlannedVisit)
        .where(PlannedVisit.plan_id == plan.id, PlannedVisit.state == "due", PlannedVisit.kind != "revisit")
        .order_by(PlannedVisit.due_on, PlannedVisit.id)
        .limit(1)
    )


def _is_overtaken(session: Session, visit: Visit) -> bool:
    later = select(Visit.id).where(
        Visit.plan_id == visit.plan_id, Visit.outcome == "met", Visit.started_at > visit.started_at
    )
    return session.scalar(later.limit(1)) is not None


def _why_not(
    session: Session, plan: Plan, following: PlannedVisit, proposed: date, *, today: date
) -> str | None:
    if proposed < today:
        return "past"
    if following.asks_livelihood and proposed < plan.livelihood_from_on:
        return "mourning"
    if days.why_not(proposed, registry.calendar(session, proposed)):
        return "free_day"
    return None
