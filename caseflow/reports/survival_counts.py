"""How many businesses still give a living, of a whole area: from the counts that are kept ready.

A visitor's own few families are asked directly (``monitoring.survival``); of an area that would be every visit there
ever was. What is counted is the same. Not here: the curve itself.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow.monitoring.survival import Families
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.reports.result_models import ResultPlace

_TOPIC = "survival"


def families_of_area(session: Session, *, by: Actor, permission: str) -> Sequence[Families]:
    """Return the families of somebody's area, alike ones together, as they were counted last.

    :raises NotPermitted: they may not at all.
    """
    rows = session.execute(
        select(ResultPlace.key, ResultPlace.part, func.sum(ResultPlace.number))
        .where(ResultPlace.topic == _TOPIC, reach.within(ResultPlace.region_code, by, permission))
        .group_by(ResultPlace.key, ResultPlace.part)
        .order_by(ResultPlace.key, ResultPlace.part)
    )
    return [_families(*row) for row in rows]


def _families(milestone: str, part: str, number: int) -> Families:
    """Read ``how:milestones at which they were seen``."""
    how, _, seen_at = part.partition(":")
    is_seen = how in {"alive", "seen"}
    return Families(
        milestone, frozenset(seen_at.split()), how == "alive", None if is_seen else how, int(number)
    )
