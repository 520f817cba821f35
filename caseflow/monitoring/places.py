"""Where nagari and kecamatan roughly lie, to tell how far a course is. Offices, never houses.

Not here: how far two of them are apart (``matching``).
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import Invalid
from caseflow.monitoring.referral_models import RegionPlace
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.models import Region

_SOUTH, _NORTH, _WEST, _EAST = Decimal("-11.5"), Decimal("6.5"), Decimal("94.5"), Decimal("141.5")


def place_region(
    session: Session,
    region_code: str,
    degrees: tuple[Decimal, Decimal],
    source: str,
    *,
    by: Actor,
    now: datetime,
) -> RegionPlace:
    """Write down where a nagari or kecamatan roughly lies, rounded to a hundredth of a degree (a kilometre).

    :param degrees: latitude and longitude. :raises Invalid: no such place, not in Indonesia, or no source. Nothing is saved.
    """
    reach.require(region_code, by, "offer.edit")
    (latitude, longitude), problems = degrees, {}
    if session.get(Region, region_code) is None:
        problems["region"] = "Pilih nagari atau kecamatannya. Belum tersimpan."
    if not _SOUTH <= latitude <= _NORTH:
        problems["latitude"] = "Lintang di Indonesia antara -11,5 dan 6,5. Belum tersimpan."
    if not _WEST <= longitude <= _EAST:
        problems["longitude"] = "Bujur di Indonesia antara 94,5 dan 141,5. Belum tersimpan."
    if len(source) not in range(3, 201):
        problems["source"] = "Tulis dari mana letaknya diketahui, 3 sampai 200 huruf. Belum tersimpan."
    if problems:
        raise Invalid(problems)
    place = session.get(RegionPlace, region_code, with_for_update=True)
    if place is None:
        place = RegionPlace(
            region_code=region_code, latitude=latitude, longitude=longitude, source=source, changed_at=now
        )
        session.add(place)
    place.latitude, place.longitude, place.source = round(latitude, 2), round(longitude, 2), source
    place.changed_at, place.changed_by_user_id = now, by.user_id
    session.flush()
    record(session, "region.placed", by=by, subject=f"region:{region_code}", details={"source": source})
    return place


def places_known(session: Session, *, by: Actor) -> Sequence[tuple[str, RegionPlace]]:
    """Return the places of regions within reach, by name."""
    rows = session.execute(
        select(Region.name, RegionPlace)
        .join(RegionPlace, RegionPlace.region_code == Region.code)
        .where(reach.within(RegionPlace.region_code, by, "offer.edit"))
        .order_by(Region.name)
    )
    return [(name, place) for name, place in rows]
