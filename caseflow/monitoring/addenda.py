"""Adding to a visit that was made: what differs from what stood there, with a reason; a visit of its own with ``after``.

The visit itself is never changed, and says on which day and how it ended; the addendum says only answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from caseflow.errors import NotPossible
from caseflow.monitoring import records
from caseflow.monitoring.answers import RECEIVED
from caseflow.monitoring.models import PlannedVisit
from caseflow.monitoring.questions import FACTS
from caseflow.monitoring.visit_models import Visit, VisitField
from caseflow.people.models import Person, StaffUser


@dataclass(frozen=True)
class Addendum:
    """That something was added to a visit: when, by whom, and why."""

    at: datetime
    by_name: str
    why: str


def earlier_of(session: Session, visit: PlannedVisit) -> Visit:
    """Return the visit that an addendum to a planned visit adds to.

    :raises NotPossible: nobody was met at it yet.
    """
    if not may_add(visit):
        raise NotPossible("Kunjungan ini belum dijalani, jadi belum ada yang bisa ditambah. Belum tersimpan.")
    return records.deciding(session, visit.id)


def may_add(visit: PlannedVisit) -> bool:
    """Whether a visit was made and the family was met."""
    return visit.state == "done" and visit.outcome == "met"


def values_at(session: Session, visit: PlannedVisit, versions: Mapping[str, int]) -> Mapping[str, Any]:
    """Return the answers of a visit as they stood in the versions that a page showed; a cleared one is left out."""
    rows = session.scalars(
        select(VisitField).where(
            VisitField.plan_id == visit.plan_id,
            or_(
                VisitField.planned_visit_id == visit.id,
                and_(VisitField.planned_visit_id.is_(None), VisitField.field.in_(FACTS)),
            ),
            VisitField.version.is_not(None),
        )
    )
    found = {
        row.field: row.value["is"]
        for row in rows
        if versions.get(row.field) == row.version and row.value["is"] is not None
    }
    received = _received(session, visit)
    return found if received is None else {**found, RECEIVED: received}


def said(
    earlier: Visit,
    visit: PlannedVisit,
    why: str,
    written: Mapping[str, Any],
    shown: Mapping[str, Any],
    versions: Mapping[str, int],
) -> dict[str, Any]:
    """Return an addendum in the words of a phone: only the answers that differ from what was shown.

    :param written: answers as they are now; :param shown: as they stood on the page, in the same form.
    :raises NotPossible: nothing differs.
    """
    changed: dict[str, Any] = {name: value for name, value in written.items() if shown.get(name) != value}
    changed.update({name: None for name in shown if name not in written})
    if not changed:
        raise NotPossible("Belum ada isian yang diubah. Tidak ada yang ditambah.")
    return {
        "visit": visit.public_id,
        "after": earlier.client_id,
        "why": why,
        "started_at": earlier.started_at.isoformat(),
        "finished_at": earlier.finished_at.isoformat(),
        "outcome": earlier.outcome,
        "consent": earlier.content["consent"],
        "answers": {name: {"value": value, "base": versions.get(name, 0)} for name, value in changed.items()},
        "photos": [],
    }


def addenda_of(session: Session, planned_visit_ids: Sequence[int]) -> Mapping[int, Sequence[Addendum]]:
    """Return what was added to visits, by planned visit, oldest first."""
    rows = session.execute(
        select(Visit.planned_visit_id, Visit.received_at, Person.full_name, Visit.after_why)
        .join(StaffUser, StaffUser.id == Visit.visitor_user_id)
        .join(Person, Person.id == StaffUser.person_id)
        .where(Visit.planned_visit_id.in_(planned_visit_ids), Visit.after_why.is_not(None))
        .order_by(Visit.id)
    )
    found: dict[int, list[Addendum]] = {}
    for planned_visit_id, at, name, why in rows:
        found.setdefault(planned_visit_id, []).append(Addendum(at, name, why or ""))
    return found


def _received(session: Session, visit: PlannedVisit) -> str | None:
    """Return what was said last of the money, which is kept in the visit itself."""
    answer = Visit.content["answers"][RECEIVED]["value"].as_string()
    return session.scalar(
        select(answer)
        .where(Visit.planned_visit_id == visit.id, answer.is_not(None))
        .order_by(Visit.id.desc())
        .limit(1)
    )
