"""Signs that somebody should look at a nagari's lists. They never refuse anybody and decide nothing.

Counts by nagari only; who stands behind a count is found on the lists themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, cast, func, select
from sqlalchemy.orm import Session

from caseflow.people.actor import Actor
from caseflow.registry import queries, reach
from caseflow.registry.models import Region, Worker
from caseflow.registry.nomination_models import Nominee

# upper ends of the bands of days between nomination and death; the last band is open
BANDS = (30, 90, 180, 365)
_JOINING_DAYS = "death_after_joining_days"
_WIB = "Asia/Jakarta"


@dataclass(frozen=True)
class NagariSigns:
    """What the lists of a nagari show since a day.

    :ivar turned_back: refused or returned, of ``named`` people put on lists.
    :ivar early_deaths: died within the days of the policy after they were enrolled.
    """

    region_code: str
    nagari: str
    named: int
    turned_back: int
    deaths: int
    early_deaths: int


def signs_by_nagari(session: Session, *, by: Actor, since: date, on: date) -> Sequence[NagariSigns]:
    """Return the signs of every nagari within reach that put anybody on a list since a day."""
    limit = queries.policy(session, _JOINING_DAYS, on)
    rows = session.execute(
        select(
            Nominee.region_code,
            Region.name,
            func.count().label("named"),
            func.count().filter(Nominee.state.in_(("refused", "returned"))).label("turned_back"),
            func.count().filter(Worker.died_on.is_not(None)).label("deaths"),
            func.count().filter(Worker.died_on - Worker.registered_on < limit).label("early"),
        )
        .join(Region, Region.code == Nominee.region_code)
        .outerjoin(Worker, Worker.id == Nominee.worker_id)
        .where(reach.within(Nominee.region_code, by, "nomination.review"), _named_on() >= since)
        .group_by(Nominee.region_code, Region.name)
        .order_by(Region.name)
    )
    return [NagariSigns(*row) for row in rows]


def days_to_death(session: Session, *, by: Actor) -> Sequence[tuple[str, int]]:
    """Return how many participants died so many days after they were put on a list, band by band."""
    days = Worker.died_on - _named_on()
    rows = session.execute(
        select(
            func.width_bucket(days, [1, *(end + 1 for end in BANDS)]).label("band"),
            func.count().label("people"),
        )
        .join(Nominee, Nominee.worker_id == Worker.id)
        .where(Worker.died_on.is_not(None), reach.within(Nominee.region_code, by, "nomination.review"))
        .group_by("band")
    )
    found = {row.band: row.people for row in rows}
    starts = (1, *(end + 1 for end in BANDS))
    names = [f"{start} sampai {end} hari" for start, end in zip(starts, BANDS, strict=False)]
    labels = ["pada hari itu atau sebelumnya", *names, f"lebih dari {BANDS[-1]} hari"]
    return [(label, found.get(band, 0)) for band, label in enumerate(labels)]


def _named_on() -> ColumnElement[date]:
    return cast(func.timezone(_WIB, Nominee.added_at), Date)
