"""Which offers fit a family: by the help it needs, by its trade, and by how far the place is.

Kilometres are a great circle between two places that are both known, never a road; where one is not known, the
nearest place of administration counts, and the screen always says which of the two it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import asin, cos, radians, sin, sqrt
from types import MappingProxyType

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from caseflow.monitoring.models import Plan
from caseflow.monitoring.offers import REGENCY, OfferRow, rows_where
from caseflow.monitoring.referral_models import Offer, RegionPlace

# what a family says it needs → the kind of help for it
KIND_OF_NEED: Mapping[str, str] = MappingProxyType(
    {
        "training": "training",
        "capital": "credit",
        "bank_access": "credit",
        "child_papers": "papers",
        "scholarship": "school",
        "health": "health",
        "comfort": "social",
    }
)
_EARTH_KM = 6371.0
_KECAMATAN = len("13.03.99")


@dataclass(frozen=True)
class Near:
    """How near an offer is.

    :ivar tier: same | comes | measured | district | regency, in this order; :ivar km: of ``measured``.
    """

    tier: str
    km: int | None = None

    @property
    def words(self) -> str:
        """The distance as it is shown, with what it rests on."""
        return {
            "same": "di nagari yang sama",
            "comes": "untuk seluruh kabupaten",
            "measured": f"kira-kira {self.km} km garis lurus",
            "district": "di kecamatan yang sama (jarak belum diketahui)",
            "regency": "di kecamatan lain (jarak belum diketahui)",
        }[self.tier]


@dataclass(frozen=True)
class Match:
    """An offer that fits, and why. ``for_trade``: it names the trade of the family; else it is for any."""

    row: OfferRow
    near: Near
    for_trade: bool


def kilometres(one: RegionPlace, other: RegionPlace) -> int:
    """Return the great circle between two places, in whole kilometres (at most some two off: places are rounded)."""
    north, south = radians(float(one.latitude)), radians(float(other.latitude))
    across = radians(float(one.longitude) - float(other.longitude))
    half = sin((north - south) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    return round(2 * _EARTH_KM * asin(min(1.0, sqrt(half))))


def near(home: str, offered: str, places: Mapping[str, RegionPlace]) -> Near:
    """Return how far an offer is from a nagari.

    :param places: those known, by region code.
    """
    if offered == home:
        return Near("same")
    if len(offered) <= REGENCY:
        return Near("comes")
    if home in places and offered in places:
        return Near("measured", kilometres(places[home], places[offered]))
    same = home[:_KECAMATAN] == offered[:_KECAMATAN]
    return Near("district" if same else "regency")


_ORDER = {tier: place for place, tier in enumerate(("same", "comes", "measured", "district", "regency"))}


def matches(
    session: Session, plan: Plan, kinds: Sequence[str], *, trade: str | None, on: date
) -> list[Match]:
    """Return the open offers of these kinds for a family, the fitting trade first, then the nearest.

    :param trade: name of ``visit_models.TYPES`` that the family has or plans; ``None``: not told.
    """
    rows = rows_where(
        session,
        Offer.closed_at.is_(None)
        & Offer.kind.in_(kinds)
        & or_(Offer.ends_on.is_(None), Offer.ends_on >= on)
        & Offer.region_code.startswith(plan.region_code[:REGENCY], autoescape=True),
    )
    codes = {row.offer.region_code for row in rows} | {plan.region_code}
    places = {
        one.region_code: one
        for one in session.scalars(select(RegionPlace).where(RegionPlace.region_code.in_(codes)))
    }
    found = [
        Match(row, near(plan.region_code, row.offer.region_code, places), trade in row.offer.trades.split())
        for row in rows
        if row.free != 0 and (not row.offer.trades or trade is None or trade in row.offer.trades.split())
    ]
    return sorted(found, key=_rank)


def _rank(match: Match) -> tuple[bool, int, int, str]:
    return (not match.for_trade, _ORDER[match.near.tier], match.near.km or 0, match.row.offer.title)
