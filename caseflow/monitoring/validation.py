"""The supervisor's word that a visit was read: by somebody other than the visitor, once, and undone when it changes.

A visit that is written anew loses it (``records`` writes ``VisitRecord`` without). It moves no claim and no payment.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import NotFound, NotPermitted, NotPossible
from caseflow.monitoring.models import PlannedVisit
from caseflow.monitoring.visit_models import VisitRecord
from caseflow.people import policy
from caseflow.people.actor import Actor


def validate(session: Session, visit: PlannedVisit, *, by: Actor, now: datetime) -> VisitRecord:
    """Put down who read the answers of a visit.

    :param visit: fetched with ``plans.get_visit`` for ``visit.validate``.
    :raises NotFound: nothing came of this visit yet. :raises NotPermitted: the visitor's own visit.
    :raises NotPossible: read before.
    """
    policy.require(by, "visit.validate")
    found = session.get(VisitRecord, visit.id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("Kunjungan ini belum ada isinya. Tidak ada yang berubah.")
    if found.visitor_user_id == by.user_id:
        raise NotPermitted("Kunjungan sendiri diperiksa oleh penyelia lain. Tidak ada yang berubah.")
    if found.validated_at is not None:
        raise NotPossible("Isi kunjungan ini sudah diperiksa. Tidak ada yang berubah.")
    found.validated_at, found.validated_by_user_id = now, by.user_id
    session.flush()
    record(session, "visit.validated", by=by, casefile_id=visit.plan_id, subject=f"planned_visit:{visit.id}")
    return found
