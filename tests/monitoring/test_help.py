"""Offers, which of them fit, families sent on with the answer that came, and confidential flags."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims import complaint_queries
from caseflow.claims.complaint_models import Complaint
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible, Stale
from caseflow.monitoring import flags, matching, offers, places, referral_queries, referrals
from caseflow.monitoring.models import Plan
from caseflow.monitoring.offers import OfferFacts
from caseflow.monitoring.referral_models import Offer, Referral, ReferralEvent, RegionPlace
from caseflow.monitoring.referrals import Answered, Asked
from caseflow.people.actor import Actor
from caseflow.workflow.models import History
from tests.conftest import FreshDatabase
from tests.story import Stage
from tests.told import other, visitor
from tests.visit_story import followed

SEWING = OfferFacts(
    kind="training",
    title="Pelatihan menjahit 30 hari",
    provider="Balai Latihan Kerja",
    region_code="13.03.99.2002",
    trades=("sewing_or_crafts",),
    places=2,
)
FORTNIGHT = date(2026, 12, 4)


def added(stage: Stage, facts: OfferFacts = SEWING) -> Offer:
    return offers.add_offer(stage.session, facts, by=stage.staff["siska"], now=clock.now())


def wish(offer: Offer | None = None, **changes: object) -> Asked:
    asked = Asked(
        kind="training",
        for_whom="Elmita",
        to_whom="Pelatihan menjahit",
        words="Ingin belajar menjahit.",
        answer_by_on=FORTNIGHT,
        offer=offer,
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


def sent(stage: Stage, plan: Plan, offer: Offer | None = None, *, until: date = FORTNIGHT) -> Referral:
    asked = wish(offer, answer_by_on=until)
    return referrals.send_on(stage.session, plan, asked, by=visitor(stage, plan), now=clock.now())


# --- offers


def test_an_offer_is_kept_by_supervisor_and_programme_within_their_area(stage: Stage) -> None:
    offer = added(stage)
    offers.add_offer(
        stage.session,
        replace(SEWING, title="Modal usaha", kind="credit"),
        by=stage.staff["desi"],
        now=clock.now(),
    )
    titles = [row.offer.title for row in offers.offer_rows(stage.session, by=stage.staff["siska"])]
    assert titles == ["Modal usaha", "Pelatihan menjahit 30 hari"]
    assert offer.trades == "sewing_or_crafts"
    elsewhere = Actor(**{**vars(stage.staff["siska"]), "region_codes": frozenset({"13.04"})})
    with pytest.raises(NotFound):
        offers.get_offer(stage.session, offer.public_id, by=elsewhere, permission="offer.edit")
    for name in ("rina", "dedi", "fitri", "bupati"):
        with pytest.raises(NotPermitted):
            offers.add_offer(stage.session, SEWING, by=stage.staff[name], now=clock.now())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "gift"}, "kind"),
        ({"title": "x"}, "title"),
        ({"provider": ""}, "provider"),
        ({"trades": ("banking",)}, "trades"),
        ({"places": 0}, "places"),
        ({"region_code": "99"}, "region_code"),
        ({"about": "a" * 601}, "about"),
        ({"starts_on": FORTNIGHT, "ends_on": FORTNIGHT - timedelta(days=1)}, "ends_on"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_at_its_field(
    stage: Stage, change: Mapping[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        added(stage, replace(SEWING, **change))  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


def test_an_older_page_changes_no_offer_and_held_places_stay(stage: Stage) -> None:
    plan, offer, siska = followed(stage), added(stage), stage.staff["siska"]
    sent(stage, plan, offer)
    sent(stage, plan, offer)
    with pytest.raises(Invalid) as refused:
        offers.change_offer(
            stage.session, offer, replace(SEWING, places=1), by=siska, expected_version=0, now=clock.now()
        )
    assert "Sudah 2 keluarga" in refused.value.fields["places"]
    offers.change_offer(
        stage.session, offer, replace(SEWING, places=3), by=siska, expected_version=0, now=clock.now()
    )
    with pytest.raises(Stale):
        offers.close_offer(stage.session, offer, by=siska, expected_version=0, now=clock.now())
    offers.close_offer(stage.session, offer, by=siska, expected_version=1, now=clock.now())
    with pytest.raises(NotPossible):
        sent(stage, plan, offer)


# --- which of them fit


def test_the_nearest_comes_first_and_says_what_that_rests_on(stage: Stage) -> None:
    plan = followed(stage)
    facts = {
        "here": plan.region_code,
        "all": "13.03",
        "near": "13.03.99.2002" if plan.region_code != "13.03.99.2002" else "13.03.99.2001",
        "far": "13.03.04.2001",
    }
    for title, code in facts.items():
        added(stage, replace(SEWING, title=f"Kursus {title}", region_code=code, trades=()))
    found = matching.matches(stage.session, plan, ["training"], trade="shop", on=clock.today())
    assert [(one.row.offer.title, one.near.words) for one in found] == [
        ("Kursus here", "di nagari yang sama"),
        ("Kursus all", "untuk seluruh kabupaten"),
        ("Kursus near", "di kecamatan yang sama (jarak belum diketahui)"),
        ("Kursus far", "di kecamatan lain (jarak belum diketahui)"),
    ]
    siska, now = stage.staff["siska"], clock.now()
    for code, longitude in ((plan.region_code, "100.95"), (facts["near"], "101.05")):
        places.place_region(
            stage.session,
            code,
            (Decimal("-0.66"), Decimal(longitude)),
            "peta kantor camat",
            by=siska,
            now=now,
        )
    measured = matching.matches(stage.session, plan, ["training"], trade="shop", on=clock.today())[2]
    assert (measured.row.offer.title, measured.near.words) == ("Kursus near", "kira-kira 11 km garis lurus")


def test_a_trade_that_does_not_fit_a_full_a_closed_and_a_past_offer_are_left_out(stage: Stage) -> None:
    plan, siska = followed(stage), stage.staff["siska"]
    added(stage)
    full = added(stage, replace(SEWING, title="Penuh", trades=(), places=1))
    sent(stage, plan, full)
    closed = added(stage, replace(SEWING, title="Ditutup", trades=()))
    offers.close_offer(stage.session, closed, by=siska, expected_version=0, now=clock.now())
    yesterday = clock.today() - timedelta(days=1)
    added(stage, replace(SEWING, title="Lewat", trades=(), ends_on=yesterday))
    added(stage, replace(SEWING, title="Lain jenis", kind="health", trades=()))

    def fitting(trade: str | None) -> list[tuple[str, bool]]:
        found = matching.matches(stage.session, plan, ["training"], trade=trade, on=clock.today())
        return [(one.row.offer.title, one.for_trade) for one in found]

    assert fitting("livestock") == []
    assert fitting("sewing_or_crafts") == [(SEWING.title, True)]
    assert fitting(None) == [(SEWING.title, False)]


def test_great_circle_worked_by_hand() -> None:
    """One degree on the equator is 111 kilometres."""

    def at(latitude: str, longitude: str) -> RegionPlace:
        return RegionPlace(
            region_code="13",
            latitude=Decimal(latitude),
            longitude=Decimal(longitude),
            source="uji",
            changed_at=clock.now(),
        )

    assert matching.kilometres(at("0.00", "100.00"), at("0.00", "101.00")) == 111
    assert matching.kilometres(at("0.00", "100.00"), at("-1.00", "100.00")) == 111
    assert matching.kilometres(at("-0.66", "100.95"), at("-0.66", "100.95")) == 0
    # Padang to Muaro Sijunjung, some 75 kilometres as the crow flies
    assert 70 <= matching.kilometres(at("-0.95", "100.35"), at("-0.67", "100.95")) <= 76


@pytest.mark.parametrize(
    ("degrees", "source", "field"),
    [(("50", "100"), "peta", "latitude"), (("0", "10"), "peta", "longitude"), (("0", "100"), "", "source")],
)
def test_a_place_outside_the_country_or_from_nowhere_is_refused(
    stage: Stage, degrees: tuple[str, str], source: str, field: str
) -> None:
    at = (Decimal(degrees[0]), Decimal(degrees[1]))
    with pytest.raises(Invalid) as refused:
        places.place_region(
            stage.session, "13.03.99.2001", at, source, by=stage.staff["siska"], now=clock.now()
        )
    assert list(refused.value.fields) == [field]


# --- families sent on


def test_attendance_comes_back_step_by_step_and_every_step_stays(stage: Stage) -> None:
    plan = followed(stage)
    referral = sent(stage, plan, added(stage))
    by = visitor(stage, plan)
    for version, (state, words) in enumerate(
        (
            ("accepted", "Diterima mulai Desember."),
            ("attended", "Hadir hari pertama."),
            ("completed", "Lulus."),
        )
    ):
        referrals.answer(
            stage.session,
            referral,
            Answered(state, words, clock.today()),
            by=by,
            expected_version=version,
            now=clock.now(),
        )
    events = referrals.events_of(stage.session, referral.id)
    assert [(event.state, name) for event, name in events] == [
        (state, by.name) for state in ("asked", "accepted", "attended", "completed")
    ]
    with pytest.raises(NotPossible):
        referrals.answer(
            stage.session, referral, Answered("withdrawn", "Tidak jadi.", clock.today()), by=by,
            expected_version=3, now=clock.now(),
        )  # fmt: skip
    traced = stage.session.scalars(
        select(AuditEvent.action).where(
            AuditEvent.casefile_id == plan.id, AuditEvent.action == "referral.changed"
        )
    ).all()
    assert len(traced) == 4


def test_a_full_offer_takes_nobody_and_a_refusal_frees_the_place(stage: Stage) -> None:
    plan, offer = followed(stage), added(stage, replace(SEWING, places=1))
    first = sent(stage, plan, offer)
    with pytest.raises(NotPossible) as full:
        sent(stage, plan, offer)
    assert "penuh" in full.value.sentences[0]
    said = Answered("declined", "Belum bisa menerima.", clock.today())
    referrals.answer(stage.session, first, said, by=visitor(stage, plan), expected_version=0, now=clock.now())
    assert sent(stage, plan, offer).state == "asked"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"for_whom": ""}, "for_whom"),
        ({"to_whom": ""}, "to_whom"),
        ({"words": "a" * 601}, "words"),
        ({"answer_by_on": date(2026, 11, 20)}, "answer_by_on"),
        ({"answer_by_on": date(2028, 11, 20)}, "answer_by_on"),
    ],
)
def test_a_referral_that_cannot_be_is_refused_at_its_field(
    stage: Stage, change: Mapping[str, object], field: str
) -> None:
    plan = followed(stage)
    asked = replace(wish(), **change)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        referrals.send_on(stage.session, plan, asked, by=visitor(stage, plan), now=clock.now())
    assert list(refused.value.fields) == [field]


def test_an_answer_has_words_and_a_day_that_can_be(stage: Stage) -> None:
    plan = followed(stage)
    referral = sent(stage, plan)
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        referrals.answer(
            stage.session, referral, Answered("accepted", "", tomorrow), by=visitor(stage, plan), expected_version=0,
            now=clock.now(),
        )  # fmt: skip
    assert set(refused.value.fields) == {"words", "on"}


def test_only_ones_own_families_and_what_is_overdue_are_listed(stage: Stage) -> None:
    plan = followed(stage)
    referral = sent(stage, plan)
    mine, theirs, siska = visitor(stage, plan), other(stage, plan), stage.staff["siska"]
    later = FORTNIGHT + timedelta(days=1)

    def listed(by: Actor, which: str, today: date) -> list[str]:
        rows = referral_queries.referral_rows(stage.session, which, by=by, today=today)
        return [row.public_id for row in rows]

    for by in (mine, siska):
        assert listed(by, "waiting", FORTNIGHT) == [referral.public_id]
        assert listed(by, "overdue", FORTNIGHT) == []
        assert listed(by, "overdue", later) == [referral.public_id]
    assert listed(theirs, "waiting", later) == []
    assert referral_queries.referral_counts(stage.session, by=theirs, today=later)["waiting"] == 0
    with pytest.raises(NotFound):
        referrals.get_referral(stage.session, referral.public_id, by=theirs)
    for name in ("fitri", "dedi", "bupati", "desi"):
        with pytest.raises(NotPermitted):
            referrals.get_referral(stage.session, referral.public_id, by=stage.staff[name])


def test_two_answers_at_once_one_counts_and_the_other_is_told(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: object
) -> None:
    with Session(fresh_database.engine) as session:
        stage = Stage(session, open_store(f"folder://{tmp_path}/objects"), staff)
        plan = followed(stage)
        referral_id, by = sent(stage, plan).id, visitor(stage, plan)
        session.commit()
    ready, outcomes = threading.Barrier(2), []

    def answering(state: str) -> None:
        with Session(fresh_database.engine) as own:
            referral = own.get_one(Referral, referral_id)
            ready.wait()
            said = Answered(state, "Dijawab lewat telepon.", clock.today())
            try:
                referrals.answer(own, referral, said, by=by, expected_version=0, now=clock.now())
                own.commit()
                outcomes.append(state)
            except Stale:
                outcomes.append("stale")

    both = [threading.Thread(target=answering, args=(state,)) for state in ("accepted", "declined")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert outcomes.count("stale") == 1
    with Session(fresh_database.engine) as session:
        kept = session.get_one(Referral, referral_id)
        assert kept.state in outcomes
        assert kept.version == 1
        assert (
            len(session.scalars(select(ReferralEvent).where(ReferralEvent.referral_id == referral_id)).all())
            == 2
        )


# --- confidential flags


@pytest.mark.parametrize("kind", list(flags.KINDS))
def test_a_flag_is_read_by_the_inspector_alone_and_leaves_nothing_at_the_plan(
    stage: Stage, kind: str
) -> None:
    plan = followed(stage)
    steps = select(History).where(History.casefile_id == plan.id)
    before = len(stage.session.scalars(steps).all())
    words = "Anak tertua berhenti sekolah karena disuruh bekerja."
    filed = flags.flag(
        stage.session, plan, kind, words, key="kunci-satu", by=visitor(stage, plan), now=clock.now()
    )
    again = flags.flag(
        stage.session, plan, kind, words, key="kunci-satu", by=visitor(stage, plan), now=clock.now()
    )
    assert again.number == filed.number
    complaint = complaint_queries.get_complaint(stage.session, filed.number, by=stage.staff["irma"])
    assert complaint.desk == "inspector"
    assert words in complaint.words
    with pytest.raises((NotFound, NotPermitted)):
        complaint_queries.get_complaint(stage.session, filed.number, by=stage.staff["bram"])
    assert len(stage.session.scalars(steps).all()) == before
    told_at_plan = stage.session.scalars(
        select(AuditEvent).where(AuditEvent.casefile_id.in_([plan.id, plan.claim_id]))
    ).all()
    assert not any("complaint" in one.action or "flag" in one.action for one in told_at_plan)


def test_a_levy_heard_at_a_visit_is_told_once_even_without_words(stage: Stage) -> None:
    plan = followed(stage)
    first = flags.on_levy(stage.session, plan, "", "a1b2", user_id=None, now=clock.now())
    assert (
        flags.on_levy(stage.session, plan, "", "a1b2", user_id=None, now=clock.now()).number == first.number
    )
    complaint = stage.session.scalars(select(Complaint).where(Complaint.number == first.number)).one()
    assert (complaint.category, complaint.desk) == ("levy", "inspector")


@pytest.mark.parametrize(
    ("kind", "words", "field"), [("gossip", "x" * 20, "kind"), ("levy", "pendek", "words")]
)
def test_a_flag_without_kind_or_words_is_refused(stage: Stage, kind: str, words: str, field: str) -> None:
    plan = followed(stage)
    with pytest.raises(Invalid) as refused:
        flags.flag(stage.session, plan, kind, words, key="k", by=visitor(stage, plan), now=clock.now())
    assert list(refused.value.fields) == [field]
