"""A visit comes in exactly once, whole, in order, and never when it is older than the family's no."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from caseflow import clock
from caseflow.claims.complaint_models import Complaint
from caseflow.claims.complaint_queries import reading
from caseflow.errors import Invalid, NotPermitted
from caseflow.monitoring import clashes, consents, devices, fields, plans, records
from caseflow.monitoring.arrival import Arrival
from caseflow.monitoring.visit_models import (
    ChildAtSchool,
    FieldClash,
    UseShare,
    Visit,
    VisitField,
    VisitPhoto,
    VisitRecord,
    VisitRefused,
)
from tests.monitoring.visiting import made, phone, photo, send
from tests.story import Stage
from tests.visit_story import days_pass, followed, visit_of

FULL: dict[str, Any] = {
    "uses": {"business_capital": 3, "school": 1},
    "livelihood_stage": "running",
    "livelihood_type": "shop",
    "income_band": "500k_1m",
    "household_change": "heavier",
    "needs": ["training"],
    "note": "Warung di depan rumah.",
}


class Scene:
    """One family at its third month, its visitor and her phone."""

    def __init__(self, stage: Stage) -> None:
        self.session, self.staff = stage.session, stage.staff
        self.plan = followed(stage)
        self.plan.visitor_user_id = stage.staff["rina"].user_id
        self.visit = visit_of(stage, self.plan, "m3")
        for kind in ("m1", "m3", "m6", "m12", "m24"):
            visit_of(stage, self.plan, kind).visitor_user_id = stage.staff["rina"].user_id
        self.later = visit_of(stage, self.plan, "m6")
        days_pass(95)
        self.rina, self.yoga, self.siska = (stage.staff[name] for name in ("rina", "yoga", "siska"))
        self.phone = phone(self.session, self.rina)

    def send(self, said: Mapping[str, Any], **more: Any) -> Arrival:
        """Sent from Rina's phone, unless it is said otherwise."""
        return send(self.session, more.pop("device", self.phone), said, by=more.pop("by", self.rina), **more)

    def count(self, table: Any) -> int:
        """How many rows there are of this family, or at all."""
        return self.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def scene(stage: Stage) -> Scene:
    """Firdaus's family, visited by Rina."""
    return Scene(stage)


def test_a_visit_is_kept_with_all_that_it_said(scene: Scene) -> None:
    arrived = scene.send(made(scene.visit, answers=FULL))
    assert (arrived.refusal, arrived.again, list(arrived.clashes)) == (None, False, [])
    visit = scene.session.scalars(select(Visit)).one()
    assert (visit.device_id, visit.sequence, visit.clock_skew_seconds) == (scene.phone.id, 1, 0)
    record = scene.session.get_one(VisitRecord, scene.visit.id)
    assert (record.outcome, record.livelihood_stage, record.minutes) == ("met", "running", 9)
    assert record.made_on == clock.today()
    beans = scene.session.execute(select(UseShare.use, UseShare.beans).order_by(UseShare.use)).all()
    assert [tuple(row) for row in beans] == [("business_capital", 3), ("school", 1)]
    assert (scene.visit.state, scene.visit.outcome) == ("done", "met")
    consent = consents.standing(scene.session, scene.plan.id)
    assert consent is not None
    assert (consent.given, consent.said_by, consent.said_at) == (True, "Elmita", visit.started_at)
    assert records.drift(scene.session) == []


def test_the_same_visit_again_changes_nothing_and_answers_the_same(scene: Scene) -> None:
    said, number = made(scene.visit, answers=FULL), str(uuid.uuid4())
    first = scene.send(said, client_id=number)
    days_pass(1)
    reordered = dict(reversed(said.items())) | {"phone_now": clock.now().isoformat()}
    again = scene.send(reordered, client_id=number)
    assert again.again
    assert (again.received_at, again.photos_wanted) == (first.received_at, first.photos_wanted)
    assert (scene.count(Visit), scene.count(VisitRefused), scene.count(VisitRecord)) == (1, 0, 1)


def test_other_content_under_the_same_number_is_refused(scene: Scene) -> None:
    number = str(uuid.uuid4())
    scene.send(made(scene.visit), client_id=number)
    refused = scene.send(made(scene.visit, answers={"note": "Lain"}), client_id=number).refusal
    assert refused is not None
    assert (refused.reason, refused.status) == ("other_content", 409)
    assert "Yang sudah diterima tidak berubah" in refused.sentence
    assert scene.count(Visit) == 1


def test_a_later_visit_waits_for_the_one_before(scene: Scene) -> None:
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    later = made(scene.later, sequence=2, outcome="not_found", after=first)
    early = scene.send(later, client_id=second).refusal
    assert early is not None
    assert (early.reason, early.status, early.wait_for) == ("too_early", 425, first)
    assert scene.send(made(scene.visit), client_id=first).refusal is None
    assert scene.send(later, client_id=second).refusal is None
    assert scene.phone.last_sequence == 2


def test_what_a_phone_does_not_hold_any_more_is_not_waited_for(scene: Scene) -> None:
    """Two visits that got their numbers were removed on the phone; what it made then comes in, and the next after it."""
    gone = str(uuid.uuid4())
    later = made(scene.later, sequence=3, outcome="not_found", after=gone)
    held = scene.send(later).refusal
    assert held is not None
    assert held.reason == "too_early"
    assert scene.send({**later, "first": True}).refusal is None
    assert scene.phone.last_sequence == 3
    assert scene.send(made(scene.visit, sequence=4)).refusal is None


def test_a_refused_visit_lets_the_next_come_also_after_a_gap(scene: Scene) -> None:
    wrong = made(scene.visit, sequence=5, first=True, answers={"uses": {"school": 9}})
    for said, counted in ((wrong, 5), ({**wrong, "sequence": 10**30}, 5)):
        refused = scene.send(said).refusal
        assert refused is not None
        assert (refused.reason, scene.phone.last_sequence) == ("invalid", counted)
    assert scene.send(made(scene.visit, sequence=6)).refusal is None


def test_a_phone_that_counts_anew_loses_nothing(scene: Scene) -> None:
    """Its memory was emptied, its name stayed: the numbers begin at one again, and go on from where they were."""
    scene.send(made(scene.visit))
    scene.send(made(scene.later, sequence=2, outcome="not_found"))
    for sequence, change in ((1, "same"), (2, "heavier")):
        said = made(scene.visit, sequence=sequence, first=True, answers={"household_change": change})
        assert scene.send(said).refusal is None
    assert scene.session.scalars(select(Visit.sequence).order_by(Visit.id)).all() == [1, 2, 3, 4]
    assert scene.session.get_one(VisitRecord, scene.visit.id).household_change == "heavier"
    assert scene.count(FieldClash) == 0


def test_a_refused_visit_holds_back_none_and_can_be_repaired(scene: Scene) -> None:
    first = str(uuid.uuid4())
    wrong = made(scene.visit, answers={"uses": {"school": 9}})
    refused = scene.send(wrong, client_id=first).refusal
    assert refused is not None
    assert (refused.reason, set(refused.fields)) == ("invalid", {"uses"})
    assert "tetap ada di HP" in refused.sentence
    assert scene.send(made(scene.later, sequence=2, outcome="not_found", after=first)).refusal is None
    repaired = made(scene.visit, answers={"uses": {"school": 4}})
    assert scene.send(repaired, client_id=first).refusal is None
    assert (scene.count(Visit), scene.count(VisitRefused)) == (2, 1)


@pytest.mark.parametrize("again", [False, True])
def test_a_visit_older_than_the_familys_no_is_not_kept(scene: Scene, again: bool) -> None:
    made_at = clock.now()
    said = made(scene.visit, at=made_at, answers=FULL)
    days_pass(1)
    consents.withdraw(scene.session, scene.plan, said_by="Elmita", by=scene.siska, now=clock.now())
    if again:
        days_pass(1)
        consents.give(scene.session, scene.plan, said_by="Elmita", by=scene.siska, now=clock.now())
    days_pass(1)
    refused = scene.send(said | {"phone_now": clock.now().isoformat()}).refusal
    assert refused is not None
    assert (refused.reason, refused.status) == ("consent_withdrawn", 410)
    row = scene.session.scalars(select(VisitRefused)).one()
    assert row.reason == "consent_withdrawn"
    assert "Warung" not in row.sentence
    for table in (Visit, VisitField, VisitPhoto, VisitRecord):
        assert scene.count(table) == 0


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=-1), timedelta(days=400)])
def test_a_wrong_clock_moves_no_visit_across_the_familys_no(scene: Scene, ahead: timedelta) -> None:
    """Ahead by a day it looks made after the word was given again; behind, made before it was taken back."""
    before = clock.now()
    days_pass(1)
    consents.withdraw(scene.session, scene.plan, said_by="Elmita", by=scene.siska, now=clock.now())
    clock.set_start(clock.now() + timedelta(hours=2))
    consents.give(scene.session, scene.plan, said_by="Elmita", by=scene.siska, now=clock.now())
    clock.set_start(clock.now() + timedelta(hours=2))
    after = clock.now()
    clock.set_start(clock.now() + timedelta(hours=2))
    too_old = scene.send(made(scene.visit, at=before, clock_ahead=ahead)).refusal
    assert too_old is not None
    assert too_old.reason == "consent_withdrawn"
    kept = scene.send(made(scene.visit, sequence=2, at=after, clock_ahead=ahead))
    assert kept.refusal is None
    visit = scene.session.scalars(select(Visit)).one()
    assert abs(visit.started_at - after) < timedelta(minutes=1)
    assert abs(visit.clock_skew_seconds + ahead.total_seconds()) < 60


def test_a_clock_that_was_set_in_between_cannot_prove_that_it_came_later(scene: Scene) -> None:
    consents.withdraw(scene.session, scene.plan, said_by="Elmita", by=scene.siska, now=clock.now())
    clock.set_start(clock.now() + timedelta(hours=2))
    consents.give(scene.session, scene.plan, said_by="Elmita", by=scene.siska, now=clock.now())
    # the phone says now truly, and that the visit ends tomorrow
    said = made(scene.visit, at=clock.now() + timedelta(days=1))
    refused = scene.send(said).refusal
    assert refused is not None
    assert refused.reason == "consent_withdrawn"


def test_a_family_given_away_after_the_visit_keeps_it_and_before_does_not(scene: Scene) -> None:
    made_at = clock.now()
    days_pass(1)
    assert scene.yoga.user_id is not None
    plans.assign(
        scene.session,
        scene.plan,
        scene.yoga.user_id,
        instead_of=scene.rina.user_id,
        by=scene.siska,
        now=clock.now(),
    )
    days_pass(1)
    assert scene.send(made(scene.visit, at=made_at)).refusal is None
    refused = scene.send(made(scene.later, sequence=2, outcome="not_found")).refusal
    assert refused is not None
    assert (refused.reason, refused.status) == ("not_assigned", 404)
    yogas = phone(scene.session, scene.yoga, "HP Yoga")
    own = scene.send(made(scene.later, outcome="not_found"), device=yogas, by=scene.yoga)
    assert own.refusal is None


@pytest.mark.parametrize("who", ["yoga", "siska"])
def test_a_family_of_somebody_else_is_like_none(scene: Scene, who: str) -> None:
    by = scene.staff[who]
    device = phone(scene.session, by, "HP lain")
    there = scene.send(made(scene.visit), device=device, by=by).refusal
    nowhere = scene.send(made("0" * 12, sequence=2), device=device, by=by).refusal
    assert there is not None
    assert nowhere is not None
    assert (there.reason, there.sentence) == (nowhere.reason, nowhere.sentence)


def test_who_visits_nobody_sends_nothing(scene: Scene) -> None:
    with pytest.raises(NotPermitted):
        scene.send(made(scene.visit), by=scene.staff["dedi"])


def test_one_value_over_another_known_one_replaces_it(scene: Scene) -> None:
    scene.send(made(scene.visit, answers={"household_change": "same", "landmark": "Dekat surau"}))
    yogas = phone(scene.session, scene.siska, "HP Siska")
    scene.plan.visitor_user_id = scene.visit.visitor_user_id = scene.siska.user_id
    second = made(scene.visit, answers={"household_change": "heavier", "landmark": "Belakang pasar"}, base=1)
    arrived = scene.send(second, device=yogas, by=scene.siska)
    assert list(arrived.clashes) == []
    current = fields.in_force(scene.session, scene.plan.id, scene.visit.id)
    assert (current["household_change"].value["is"], current["household_change"].version) == ("heavier", 2)
    assert scene.plan.landmark == "Belakang pasar"


def _clash(scene: Scene) -> FieldClash:
    scene.send(made(scene.visit, answers={"household_change": "same", "note": "Satu"}))
    scene.plan.visitor_user_id = scene.visit.visitor_user_id = scene.yoga.user_id
    yogas = phone(scene.session, scene.yoga, "HP Yoga")
    other = made(scene.visit, answers={"household_change": "heavier", "note": "Satu"})
    arrived = scene.send(other, device=yogas, by=scene.yoga)
    assert list(arrived.clashes) == ["household_change"]
    return scene.session.scalars(select(FieldClash)).one()


def test_two_people_on_one_field_both_stand_until_a_person_chooses(scene: Scene) -> None:
    clash = _clash(scene)
    assert scene.session.get_one(VisitRecord, scene.visit.id).household_change == "same"
    shown = clashes.get_clash(scene.session, clash.public_id, by=scene.siska)
    assert (shown.standing.value, shown.standing.by, shown.standing.phone) == (
        "same",
        "Rina Marlina",
        "HP Rina",
    )
    assert (shown.contested.value, shown.contested.by) == ("heavier", "Yoga Pratama")
    clashes.choose(
        scene.session,
        clash.public_id,
        "contested",
        "Yoga bertemu ibunya sendiri.",
        by=scene.siska,
        now=clock.now(),
    )
    assert scene.session.get_one(VisitRecord, scene.visit.id).household_change == "heavier"
    assert records.drift(scene.session) == []
    with pytest.raises(Exception, match="sudah memilih"):
        clashes.choose(
            scene.session,
            clash.public_id,
            "standing",
            "Tidak jadi, yang lama.",
            by=scene.siska,
            now=clock.now(),
        )


def test_choosing_the_standing_value_puts_the_other_aside(scene: Scene) -> None:
    clash = _clash(scene)
    clashes.choose(
        scene.session, clash.public_id, "standing", "Yang pertama yang benar.", by=scene.yoga, now=clock.now()
    )
    assert scene.session.get_one(VisitField, clash.contested_field_id).standing == "put_aside"
    assert scene.session.get_one(VisitRecord, scene.visit.id).household_change == "same"


@pytest.mark.parametrize(("which", "why"), [("both", "Alasan yang panjang."), ("standing", "ya"), ("", "")])
def test_a_choice_needs_a_side_and_a_reason(scene: Scene, which: str, why: str) -> None:
    clash = _clash(scene)
    with pytest.raises(Invalid, match="Belum ada yang berubah"):
        clashes.choose(scene.session, clash.public_id, which, why, by=scene.siska, now=clock.now())


def test_a_form_left_open_over_night_counts_for_half_a_day(scene: Scene) -> None:
    began = clock.now() - timedelta(hours=40)
    open_long = {"finished_at": (began + timedelta(hours=39)).isoformat()}
    assert scene.send(made(scene.visit, at=began) | open_long).refusal is None
    visit = scene.session.scalars(select(Visit)).one()
    assert (visit.started_at, visit.finished_at - visit.started_at) == (began, timedelta(hours=12))
    assert scene.session.get_one(VisitRecord, scene.visit.id).minutes == 720


def test_a_phone_never_clashes_with_itself(scene: Scene) -> None:
    scene.send(made(scene.visit, answers={"note": "Pertama"}))
    added = scene.send(made(scene.visit, sequence=2, answers={"note": "Kedua"}))
    assert list(added.clashes) == []
    assert scene.session.get_one(VisitRecord, scene.visit.id).note == "Kedua"


def test_a_levy_goes_to_the_inspector_once_and_its_words_nowhere_else(scene: Scene) -> None:
    words, number = "Orang berbaju hijau meminta dua juta.", str(uuid.uuid4())
    said = made(scene.visit, answers={"levy_reported": True, "levy_words": words})
    scene.send(said, client_id=number)
    scene.send(said, client_id=number)
    reading(scene.session)
    told = scene.session.scalars(
        select(Complaint).where(Complaint.about_casefile_id == scene.plan.claim_id)
    ).one()
    assert words in told.words
    assert told.desk == "inspector"
    visit = scene.session.scalars(select(Visit)).one()
    assert words not in json.dumps(visit.content)
    assert "levy_words" not in scene.session.scalars(select(VisitField.field)).all()
    assert scene.session.get_one(VisitRecord, scene.visit.id).levy_reported is True


def test_declined_is_an_answer_and_stops_the_visits(scene: Scene) -> None:
    assert scene.send(made(scene.visit, outcome="declined")).refusal is None
    consent = consents.standing(scene.session, scene.plan.id)
    assert consent is not None
    assert consent.given is False
    assert (scene.visit.state, scene.plan.state) == ("done", "paused")


def test_another_day_moves_the_visit(scene: Scene) -> None:
    on = clock.today() + timedelta(days=6)
    said = made(scene.visit, outcome="another_day", another_day_on=on.isoformat())
    assert scene.send(said).refusal is None
    assert (scene.visit.state, scene.visit.due_on) == ("due", on)


def test_livelihood_is_never_asked_before_the_41st_day(scene: Scene) -> None:
    early = scene.plan.livelihood_from_on - timedelta(days=1)
    at = clock.local(clock.now()).replace(year=early.year, month=early.month, day=early.day)
    refused = scene.send(made(scene.visit, at=at, answers=FULL)).refusal
    assert refused is not None
    assert {"uses", "livelihood_stage"} <= set(refused.fields)
    assert "household_change" not in refused.fields


def test_a_text_that_was_never_read_to_families_is_refused(scene: Scene) -> None:
    unknown = {"version": "unknown-1", "agreed": True, "said_by": "Elmita"}
    refused = scene.send(made(scene.visit) | {"consent": unknown}).refusal
    assert refused is not None
    assert (refused.reason, refused.status, set(refused.fields)) == ("invalid", 422, {"consent"})
    assert scene.count(Visit) == 0


def test_answers_of_a_family_that_was_not_met_are_not_kept(scene: Scene) -> None:
    refused = scene.send(made(scene.visit, outcome="declined", answers={"uses": {"school": 1}})).refusal
    assert refused is not None
    assert set(refused.fields) == {"uses"}
    assert (
        scene.send(made(scene.visit, outcome="not_found", answers={"note": "Rumah kosong."})).refusal is None
    )


def test_a_place_is_rounded_to_the_nagari(scene: Scene) -> None:
    said = made(scene.visit, photos=[photo(b"x", latitude=-0.69134, longitude=100.98765)])
    assert len(scene.send(said).photos_wanted) == 1
    kept = scene.session.scalars(select(VisitPhoto)).one()
    assert (kept.latitude, kept.longitude) == (-0.7, 101.0)
    visit = scene.session.scalars(select(Visit)).one()
    assert "100.98765" not in json.dumps(visit.content)


def test_children_are_known_by_a_number_of_their_own(scene: Scene) -> None:
    told: list[dict[str, Any]] = [
        {"member": 1, "first_name": "Anak", "attends": True, "scholarship_asked": False},
        {"member": None, "first_name": "Keponakan", "attends": False, "reason": "membantu di ladang"},
    ]
    assert scene.send(made(scene.visit, answers={"schooling": told})).refusal is None
    kept = scene.session.scalars(select(ChildAtSchool).order_by(ChildAtSchool.position)).all()
    assert [(one.first_name, one.attends, one.member_id is None) for one in kept] == [
        ("Anak", True, False),
        ("Keponakan", False, True),
    ]
    wrong = made(scene.visit, sequence=2, answers={"schooling": [{**told[0], "member": 50}]})
    refused = scene.send(wrong).refusal
    assert refused is not None
    assert set(refused.fields) == {"schooling"}


def test_a_phone_is_prepared_once_and_taken_back_with_a_reason(scene: Scene) -> None:
    same, new = devices.prepare(
        scene.session, scene.phone.public_id, "HP baru", by=scene.rina, now=clock.now()
    )
    assert (same.id, same.name, new) == (scene.phone.id, "HP baru", False)
    with pytest.raises(Exception, match="belum disiapkan"):
        devices.prepare(scene.session, scene.phone.public_id, "HP Yoga", by=scene.yoga, now=clock.now())
    with pytest.raises(Exception, match="tidak ditemukan"):
        devices.revoke(
            scene.session, scene.phone.public_id, "HP hilang di pasar", by=scene.yoga, now=clock.now()
        )
    devices.revoke(
        scene.session, scene.phone.public_id, "HP hilang di pasar", by=scene.siska, now=clock.now()
    )
    with pytest.raises(devices.Revoked):
        devices.get_device(scene.session, scene.phone.public_id, by=scene.rina)
    devices.forgot(scene.session, scene.phone, by=scene.rina, now=clock.now())
    assert scene.phone.forgotten_at is not None


def test_a_phone_says_what_waits_on_it(scene: Scene) -> None:
    devices.seen(scene.session, scene.phone, 2, clock.now() + timedelta(days=3), now=clock.now())
    assert scene.phone.waiting == 2
    assert scene.phone.waiting_since is not None
    assert scene.phone.waiting_since <= clock.now()
    long_ago = datetime.fromisoformat("0001-01-01T00:00:00+14:00")
    devices.seen(scene.session, scene.phone, 2, long_ago, now=clock.now())
    scene.session.flush()
    assert scene.phone.waiting_since == scene.phone.prepared_at
    devices.seen(scene.session, scene.phone, 0, None, now=clock.now())
    assert scene.phone.waiting_since is None
    with pytest.raises(Invalid):
        devices.seen(scene.session, scene.phone, "2", None, now=clock.now())
