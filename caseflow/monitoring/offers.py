"""Offers of help: who gives a course, a credit, a place at school; kept by the supervisor and the programme.

Not here: which offers fit a family (``matching``), families sent on to one (``referrals``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible, Stale
from caseflow.identifiers import public_id
from caseflow.monitoring.referral_models import HELP_KINDS, Offer, Referral
from caseflow.monitoring.visit_models import TYPES
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.models import Region

KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "training": "Pelatihan",
        "credit": "Modal dan akses bank",
        "school": "Sekolah dan beasiswa",
        "health": "Kesehatan",
        "papers": "Dokumen anak",
        "social": "Dukungan sosial dan batin",
    }
)
# places of an offer are held by whoever was sent on and not turned away
HOLDING = ("asked", "accepted", "attended", "completed")
REGENCY = len("13.03")  # letters of the code of a regency, with which the codes of its nagari begin
_TITLE, _MOST_PLACES = range(3, 121), 10_000
_LONGEST = {"provider": 120, "contact": 200, "about": 600}
_CHANGED = (
    "Bantuan ini baru saja diubah orang lain. Yang Anda kirim belum tersimpan. "
    "Keadaan terbaru ada di bawah; kirim lagi bila masih perlu."
)


@dataclass(frozen=True, kw_only=True)
class OfferFacts:
    """What is written of an offer. ``trades``: names of ``visit_models.TYPES``; none: for any."""

    kind: str
    title: str
    provider: str
    region_code: str
    trades: Sequence[str] = ()
    contact: str = ""
    about: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    places: int | None = None


@dataclass(frozen=True)
class OfferRow:
    """An offer as lists show it; ``taken`` are the families that hold a place."""

    offer: Offer
    where: str
    taken: int

    @property
    def free(self) -> int | None:
        """Places that are left; ``None``: their number is not known."""
        return None if self.offer.places is None else max(0, self.offer.places - self.taken)


def facts_of(offer: Offer) -> OfferFacts:
    """Return an offer as it is on record."""
    return OfferFacts(
        kind=offer.kind,
        title=offer.title,
        provider=offer.provider,
        region_code=offer.region_code,
        trades=offer.trades.split(),
        contact=offer.contact,
        about=offer.about,
        starts_on=offer.starts_on,
        ends_on=offer.ends_on,
        places=offer.places,
    )


def add_offer(session: Session, facts: OfferFacts, *, by: Actor, now: datetime) -> Offer:
    """Write down an offer.

    :raises Invalid: something is missing or wrong. :raises NotFound: the place is out of reach.
    """
    policy.require(by, "offer.edit")
    _check(session, facts, by=by)
    offer = Offer(public_id=public_id(), changed_at=now, changed_by_user_id=by.user_id, **_columns(facts))
    session.add(offer)
    session.flush()
    record(session, "offer.added", by=by, subject=f"help_offer:{offer.id}", details={"title": offer.title})
    return offer


def change_offer(
    session: Session, offer: Offer, facts: OfferFacts, *, by: Actor, expected_version: int, now: datetime
) -> None:
    """Write an offer anew.

    :raises Stale: somebody was quicker. :raises Invalid: something is wrong, or fewer places than are held.
    """
    _lock(session, offer, expected_version, by=by)
    _check(session, facts, by=by)
    taken = taken_of(session, offer.id)
    if facts.places is not None and facts.places < taken:
        raise Invalid({"places": f"Sudah {taken} keluarga memegang tempat. Tulis {taken} atau lebih."})
    for name, value in _columns(facts).items():
        setattr(offer, name, value)
    _touch(session, offer, "offer.changed", by=by, now=now)


def close_offer(session: Session, offer: Offer, *, by: Actor, expected_version: int, now: datetime) -> None:
    """Offer it to nobody else; who was sent on stays.

    :raises Stale: somebody was quicker. :raises NotPossible: closed before.
    """
    _lock(session, offer, expected_version, by=by)
    if offer.closed_at is not None:
        raise NotPossible("Bantuan ini sudah ditutup. Tidak ada yang berubah.")
    offer.closed_at = now
    _touch(session, offer, "offer.closed", by=by, now=now)


def get_offer(session: Session, public: str, *, by: Actor, permission: str) -> Offer:
    """Return an offer within somebody's reach.

    :raises NotFound: not there, or not theirs.
    """
    offer = session.scalar(select(Offer).where(Offer.public_id == public))
    if offer is None:
        raise NotFound("Bantuan ini tidak ditemukan. Periksa alamatnya.")
    reach.require(offer.region_code, by, permission)
    return offer


def offer_near(session: Session, public: str, region_code: str) -> Offer:
    """Return an offer of the regency in which a nagari lies: a visitor may send on to any of these.

    :raises NotFound: not there.
    """
    offer = session.scalar(
        select(Offer).where(
            Offer.public_id == public, Offer.region_code.startswith(region_code[:REGENCY], autoescape=True)
        )
    )
    if offer is None:
        raise NotFound("Bantuan ini tidak ditemukan. Pilih lagi dari daftar.")
    return offer


def offer_rows(session: Session, *, by: Actor, closed: bool = False) -> list[OfferRow]:
    """Return the offers that somebody keeps, by kind and title."""
    where = Offer.closed_at.is_not(None) if closed else Offer.closed_at.is_(None)
    return rows_where(session, where & reach.within(Offer.region_code, by, "offer.edit"))


def rows_where(session: Session, where: object) -> list[OfferRow]:
    """Return the offers that fulfil a condition, with the places that are held."""
    taken = (
        select(func.count())
        .select_from(Referral)
        .where(Referral.offer_id == Offer.id, Referral.state.in_(HOLDING))
        .correlate(Offer)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Offer, Region.name, taken)
        .join(Region, Region.code == Offer.region_code)
        .where(where)  # type: ignore[arg-type]
        .order_by(Offer.kind, Offer.title, Offer.id)
    )
    return [OfferRow(*row) for row in rows]


def taken_of(session: Session, offer_id: int) -> int:
    """Return how many families hold a place."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Referral)
            .where(Referral.offer_id == offer_id, Referral.state.in_(HOLDING))
        )
        or 0
    )


def _lock(session: Session, offer: Offer, expected_version: int, *, by: Actor) -> None:
    reach.require(offer.region_code, by, "offer.edit")
    session.refresh(offer, with_for_update=True)
    if offer.version != expected_version:
        raise Stale(_CHANGED)


def _touch(session: Session, offer: Offer, what: str, *, by: Actor, now: datetime) -> None:
    offer.version += 1
    offer.changed_at, offer.changed_by_user_id = now, by.user_id
    session.flush()
    record(session, what, by=by, subject=f"help_offer:{offer.id}", details={"title": offer.title})


def _columns(facts: OfferFacts) -> dict[str, Any]:
    return {**asdict(facts), "trades": " ".join(one for one in TYPES if one in facts.trades)}


def _check(session: Session, facts: OfferFacts, *, by: Actor) -> None:
    problems = {
        name: f"Paling banyak {longest} huruf."
        for name, longest in _LONGEST.items()
        if len(getattr(facts, name)) > longest
    } | _of_days_and_places(facts)
    if facts.kind not in HELP_KINDS:
        problems["kind"] = "Pilih jenis bantuannya."
    if len(facts.title) not in _TITLE:
        problems["title"] = "Tulis nama bantuannya, 3 sampai 120 huruf."
    if not facts.provider:
        problems["provider"] = "Tulis siapa yang memberi bantuan ini."
    if set(facts.trades) - set(TYPES):
        problems["trades"] = "Pilih usaha dari daftar."
    if not facts.region_code or session.get(Region, facts.region_code) is None:
        problems["region_code"] = "Pilih tempatnya."
    if problems:
        raise Invalid({name: f"{sentence} Belum tersimpan." for name, sentence in problems.items()})
    reach.require(facts.region_code, by, "offer.edit")


def _of_days_and_places(facts: OfferFacts) -> dict[str, str]:
    problems = {}
    if facts.starts_on and facts.ends_on and facts.ends_on < facts.starts_on:
        problems["ends_on"] = "Hari terakhir tidak boleh sebelum hari pertama."
    if facts.places is not None and facts.places not in range(1, _MOST_PLACES + 1):
        problems["places"] = "Tulis jumlah tempat antara 1 dan 10.000, atau kosongkan."
    return problems
