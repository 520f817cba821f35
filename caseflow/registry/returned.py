"""People who came back from a list that went on without them: to a draft of their own, where they can be put right.

Not here: a whole list that came back (``reviews``), which is written on again as it is.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import NotPossible
from caseflow.people.actor import Actor
from caseflow.registry import nomination_steps, nominations, reach
from caseflow.registry.nomination_models import Nomination, Quota


def take_back(session: Session, nomination: Nomination, *, by: Actor, now: datetime) -> Nomination:
    """Move who came back to a draft on the same meeting and decree, and return that draft.

    :raises NotPossible: the list can still be written on itself, nobody came back, or the period is over.
    :raises NotFound: out of reach.
    """
    reach.require(nomination.region_code, by, "nomination.edit")
    nomination_steps.lock(session, nomination.id)
    session.refresh(nomination, ["state", "version"])
    if nomination.state in nomination_steps.OPEN:
        raise NotPossible("Usulan ini masih bisa diubah. Perbaiki orangnya di sini. Tidak ada yang berubah.")
    people = nominations.count_by_state(session, nomination.id).get("returned", 0)
    if not people:
        raise NotPossible("Tidak ada lagi orang yang dikembalikan di usulan ini. Tidak ada yang berubah.")
    quota = session.get_one(Quota, nomination.quota_id)
    draft = nominations.move_to_draft(session, nomination, quota, state="returned", by=by, now=now)
    record(
        session, "nomination.returned_taken_back", by=by, casefile_id=nomination.id, subject=nomination.number,
        details={"people": people, "to": draft.number},
    )  # fmt: skip
    return draft
