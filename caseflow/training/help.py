"""Invented offers of help, where their nagari lie, and three referrals with and without an answer.

The families are those of ``visits``; their cases, payments and visits stay as they are.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.monitoring import offers, places, referrals, validation
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.offers import OfferFacts
from caseflow.monitoring.referral_models import Offer
from caseflow.monitoring.referrals import Answered, Asked
from caseflow.people.actor import Actor
from caseflow.training import later

_LATIHAN, _CONTOH = "13.03.99.2001", "13.03.99.2002"
OFFERS = (
    OfferFacts(
        kind="training", title="Pelatihan mengolah makanan, 12 hari", provider="Balai Latihan Kerja Latihan",
        region_code=_CONTOH, trades=("food", "shop"), contact="Kantor balai, 0754-20001", places=16,
        about="Gratis. Membawa KTP dan surat pengantar pendamping.",
    ),
    OfferFacts(
        kind="training", title="Pelatihan menjahit, 30 hari", provider="Balai Latihan Kerja Latihan",
        region_code=_CONTOH, trades=("sewing_or_crafts",), contact="Kantor balai, 0754-20001", places=12,
    ),
    OfferFacts(
        kind="credit", title="Modal bergulir tanpa bunga", provider="Koperasi Latihan Sejahtera",
        region_code=_LATIHAN, trades=("shop", "livestock", "food"), contact="Pengurus koperasi, 0754-20002",
    ),
    OfferFacts(
        kind="school", title="Pendampingan beasiswa dan perlengkapan sekolah", provider="Dinas pendidikan (latihan)",
        region_code="13.03", contact="Bagian beasiswa, 0754-20003",
    ),
    OfferFacts(
        kind="health", title="Pemeriksaan gratis keluarga", provider="Puskesmas Latihan", region_code=_LATIHAN,
        contact="Loket puskesmas, setiap hari kerja",
    ),
    OfferFacts(
        kind="social", title="Kelompok dukungan keluarga yang ditinggal", provider="Dinas sosial (latihan)",
        region_code="13.03", contact="Pekerja sosial kecamatan",
    ),
)  # fmt: skip
# rough places of two nagari that do not exist
_PLACES = ((_LATIHAN, "-0.66", "100.95"), (_CONTOH, "-0.71", "101.02"))


@dataclass(frozen=True)
class SentOn:
    """A family sent on: how many days ago, to which offer, and what came back after how many days."""

    family: str
    for_whom: str
    offer: int
    days_ago: int
    words: str
    answers: tuple[tuple[int, str, str], ...] = ()


REFERRALS = (
    SentOn(
        "Erizal", "Desmawati", 0, 40, "Berjualan kue, ingin belajar mengemas.",
        ((30, "accepted", "Diterima untuk gelombang berikutnya."), (12, "attended", "Hadir hari pertama.")),
    ),
    SentOn("Bakri", "Yulinar", 2, 30, "Ingin menambah kambing."),
    SentOn(
        "Hamdani", "Fatmawati", 5, 20, "Masih berat melepas suami.",
        ((5, "accepted", "Akan didatangi pekerja sosial."),),
    ),
)  # fmt: skip


def load_help(session: Session) -> int:
    """Write down the offers and send families on; return how many offers."""
    supervisor, today = later.person(session, "siska"), clock.today()
    with clock.lived_at(_morning(today - timedelta(days=60))):
        for code, latitude, longitude in _PLACES:
            at = (Decimal(latitude), Decimal(longitude))
            places.place_region(session, code, at, "peta latihan", by=supervisor, now=clock.now())
        written = [offers.add_offer(session, facts, by=supervisor, now=clock.now()) for facts in OFFERS]
    for one in REFERRALS:
        _send_on(session, one, written[one.offer], today)
    _validate_first(session, by=supervisor)
    return len(written)


def _send_on(session: Session, one: SentOn, offer: Offer, today: date) -> None:
    plan = session.scalars(select(Plan).where(Plan.subject == one.family)).one()
    by = next(
        actor
        for actor in (later.person(session, name) for name in ("rina", "yoga"))
        if actor.user_id == plan.visitor_user_id
    )
    with clock.lived_at(_morning(today - timedelta(days=one.days_ago))):
        asked = Asked(
            kind=offer.kind,
            for_whom=one.for_whom,
            to_whom=f"{offer.title}, {offer.provider}",
            words=one.words,
            answer_by_on=clock.today() + referrals.USUAL_WAIT,
            offer=offer,
        )
        referral = referrals.send_on(session, plan, asked, by=by, now=clock.now())
    for days_ago, state, words in one.answers:
        with clock.lived_at(_morning(today - timedelta(days=days_ago))):
            said = Answered(state, words, clock.today())
            referrals.answer(
                session, referral, said, by=by, expected_version=referral.version, now=clock.now()
            )


def _validate_first(session: Session, *, by: Actor) -> None:
    """The supervisor has read the first visits; the later ones wait."""
    visits = session.scalars(
        select(PlannedVisit)
        .where(PlannedVisit.kind == "m3", PlannedVisit.outcome == "met")
        .order_by(PlannedVisit.id)
    ).all()
    for visit in visits:
        validation.validate(session, visit, by=by, now=clock.now())


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(10), clock.WIB).astimezone(UTC)
