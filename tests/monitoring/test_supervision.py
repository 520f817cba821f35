"""What the supervisor sees: load, late visits, families that wait for a word, phones that have not sent, questions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from caseflow import clock
from caseflow.errors import NotPermitted
from caseflow.monitoring import opening, plans, quality, revisits, supervision
from caseflow.monitoring.models import FieldDevice, Plan, PlannedVisit
from caseflow.monitoring.visit_models import VisitRecord
from caseflow.people.models import StaffUser
from tests import accident_story
from tests.families import FIRDAUS, SYAFRIL
from tests.monitoring.visiting import made, phone, send
from tests.story import SAMSIR, Stage
from tests.visit_story import days_pass, followed, settled, visit_of

SALT = "p" * 40


def loads(stage: Stage) -> dict[str | None, tuple[int, int, int, int]]:
    """Load by name: families, late, this month, made."""
    found = supervision.loads(stage.session, by=stage.staff["siska"], now=clock.now())
    return {one.name: (one.families, one.late, one.this_month, one.made) for one in found}


def why(stage: Stage) -> list[str]:
    """What waits for the supervisor."""
    return [one.why for one in supervision.to_decide(stage.session, by=stage.staff["siska"]).rows]


def test_load_counts_from_the_server_and_late_visits_first(stage: Stage) -> None:
    first, second = followed(stage, FIRDAUS), followed(stage, SYAFRIL)
    names = {actor.user_id: actor for actor in stage.staff.values()}
    one, two = names[first.visitor_user_id], names[second.visitor_user_id]
    days_pass(35)  # Christmas day: both calls were due on the 21st
    settled(stage, visit_of(stage, first, "m1"), "met", by=one)
    assert loads(stage) == {one.name: (1, 0, 0, 1), two.name: (1, 1, 0, 0)}
    found = supervision.loads(stage.session, by=stage.staff["siska"], now=clock.now())
    assert [row.name for row in found] == [two.name, one.name]


def test_a_family_that_was_given_away_is_the_load_of_who_visits_it_now(stage: Stage) -> None:
    plan = followed(stage)
    names = {actor.user_id: actor for actor in stage.staff.values()}
    former = names[plan.visitor_user_id]
    other = next(stage.staff[name] for name in ("rina", "yoga") if stage.staff[name] is not former)
    settled(stage, visit_of(stage, plan, "m1"), "met", by=former)
    assert loads(stage)[former.name][0] == 1
    plans.assign(
        stage.session, plan, other.user_id or 0, instead_of=former.user_id,
        by=stage.staff["siska"], now=clock.now(),
    )  # fmt: skip
    assert loads(stage) == {former.name: (0, 0, 0, 1), other.name: (1, 0, 0, 0)}


def test_only_the_supervisor_looks_and_only_at_the_own_area(stage: Stage) -> None:
    followed(stage)
    for name in ("rina", "dedi", "fitri", "aulia"):
        with pytest.raises(NotPermitted):
            supervision.loads(stage.session, by=stage.staff[name], now=clock.now())
    elsewhere = replace(stage.staff["siska"], region_codes=frozenset({"13.04"}))
    assert supervision.loads(stage.session, by=elsewhere, now=clock.now()) == []
    assert supervision.to_decide(stage.session, by=elsewhere).rows == []


def test_twice_not_found_waits_for_a_word_and_an_extra_visit_is_one(stage: Stage) -> None:
    plan, siska = followed(stage), stage.staff["siska"]
    visit = visit_of(stage, plan, "m1")
    settled(stage, visit, "not_found", by=siska)
    assert why(stage) == []
    settled(stage, visit, "not_found", by=siska)
    assert why(stage) == ["not_found"]
    plans.add_extra(
        stage.session, plan, clock.today() + timedelta(days=4), "Coba lewat wali jorong dulu.",
        by=siska, now=clock.now(),
    )  # fmt: skip
    assert why(stage) == []


def test_moved_waits_until_it_is_ended(stage: Stage) -> None:
    plan, siska = followed(stage), stage.staff["siska"]
    settled(stage, visit_of(stage, plan, "m1"), "moved", by=siska)
    assert why(stage) == ["moved"]
    plans.take_step(
        stage.session, plan, "end", by=siska, expected_version=plan.version, now=clock.now(),
        reason_code="moved", reason_text="Pindah ke Dharmasraya.",
    )  # fmt: skip
    assert why(stage) == []


def test_money_that_came_back_is_told_and_the_plan_is_not_deleted(stage: Stage) -> None:
    claim = accident_story.approved(stage)
    order = accident_story.sent(stage, claim, accident_story.MARZUKI.account)
    accident_story.settle(stage, order)
    assert opening.open_due_plans(stage.session, now=clock.now()) == 1
    assert why(stage) == []
    accident_story.bring_back(stage, order)
    assert why(stage) == ["money_back"]
    assert stage.session.scalars(select(Plan.state)).one() == "following"


def test_a_family_whose_visitor_is_gone_waits_for_another(stage: Stage) -> None:
    plan = followed(stage)
    stage.session.get_one(StaffUser, plan.visitor_user_id).active = False
    stage.session.flush()
    assert why(stage) == ["no_visitor"]


def test_a_phone_with_visits_unsent_for_more_than_three_days(stage: Stage) -> None:
    plan = followed(stage)
    now = clock.now()
    phone = FieldDevice(
        public_id="0b6f1c52-53cf-4e0e-9d8e-5ad2a0a3c001", user_id=plan.visitor_user_id or 0, name="HP Rina",
        prepared_at=now, last_seen_at=now, waiting=2, waiting_since=now - timedelta(days=3),
    )  # fmt: skip
    stage.session.add(phone)
    stage.session.flush()
    siska = stage.staff["siska"]
    assert supervision.unsent(stage.session, by=siska, now=now).rows == []
    found = supervision.unsent(stage.session, by=siska, now=now + timedelta(minutes=1)).rows
    assert [(one.phone, one.waiting) for one in found] == [("HP Rina", 2)]
    phone.revoked_at, phone.revoked_why = now, "Hilang di pasar."
    stage.session.flush()
    assert supervision.unsent(stage.session, by=siska, now=now + timedelta(days=1)).rows == []


def test_what_a_page_does_not_hold_is_counted_and_read_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "LISTED", 1)
    siska, now = stage.staff["siska"], clock.now()
    followed_ones = [followed(stage, person) for person in (FIRDAUS, SYAFRIL, SAMSIR)]
    for number, plan in enumerate(followed_ones):
        settled(stage, visit_of(stage, plan, "m1"), "moved", by=siska)
        phone = FieldDevice(
            public_id=f"0b6f1c52-53cf-4e0e-9d8e-5ad2a0a3c00{number}", user_id=plan.visitor_user_id or 0, name="HP",
            prepared_at=now, last_seen_at=now, waiting=1, waiting_since=now - timedelta(days=5),
        )  # fmt: skip
        stage.session.add(phone)
        stage.session.flush()
    seen, after = [], None
    for _ in followed_ones:
        decide = supervision.to_decide(stage.session, by=siska, only="moved", after=after)
        assert decide.total == 3
        seen += [one.plan for one in decide.rows]
        after = decide.more.get("moved")
    assert (seen, after) == ([plan.public_id for plan in followed_ones], None)
    phones, last = [], None
    for _ in followed_ones:
        found = supervision.unsent(stage.session, by=siska, now=now, after=last)
        assert found.total == 3
        phones += [one.public_id for one in found.rows]
        last = found.after
    assert (len(set(phones)), last) == (3, None)


def recorded(stage: Stage, plan: Plan, kind: str, **answers: Any) -> VisitRecord:
    """A visit of this plan as it was told; its visitor is Rina."""
    row = VisitRecord(
        planned_visit_id=visit_of(stage, plan, kind).id, plan_id=plan.id, region_code=plan.region_code, kind=kind,
        visitor_user_id=stage.staff["rina"].user_id or 0, outcome="met", made_on=clock.today(),
        changed_at=clock.now(), **{"minutes": 9, **answers},
    )  # fmt: skip
    stage.session.add(row)
    stage.session.flush()
    return row


def asked(stage: Stage) -> list[str]:
    """The questions that the supervisor reads."""
    found = quality.questions(stage.session, by=stage.staff["siska"], now=clock.now())
    return [one.words for one in found]


def test_short_visits_are_a_question_and_short_calls_are_not(stage: Stage) -> None:
    plan = followed(stage)
    recorded(stage, plan, "m1", minutes=2)
    recorded(stage, plan, "m3", minutes=3)
    assert asked(stage) == []
    for kind in ("m6", "m12", "m24"):
        recorded(stage, plan, kind, minutes=2)
    assert asked(stage) == [
        "Tiga kunjungan Rina Marlina lebih singkat dari 3 menit. Apakah ada yang terputus?"
    ]


def test_the_same_answers_at_three_families_are_a_question(stage: Stage) -> None:
    same = {
        "livelihood_stage": "running", "livelihood_type": "shop", "income_band": "1m_2m", "household_change": "same",
    }  # fmt: skip
    for person in (FIRDAUS, SYAFRIL, SAMSIR):
        assert asked(stage) == []
        recorded(stage, followed(stage, person), "m3", **same)
    (words,) = asked(stage)
    assert words.startswith("Tiga kunjungan Rina Marlina jawabannya sama persis. Apakah keadaan keluarganya")


def test_one_visit_in_twenty_is_drawn_and_always_the_same_ones() -> None:
    names = [f"visit{number:05d}" for number in range(20_000)]
    drawn = [name for name in names if revisits.is_drawn(name, SALT)]
    assert 900 <= len(drawn) <= 1100  # 1,000 expected; the draw is fixed by the salt
    assert drawn == [name for name in names if revisits.is_drawn(name, SALT)]
    assert drawn != [name for name in names if revisits.is_drawn(name, "another secret")]


def salt_that_draws(public_id: str) -> str:
    """A secret under which this visit is drawn."""
    return next(salt for salt in (f"salt{n}" for n in range(1000)) if revisits.is_drawn(public_id, salt))


def test_a_drawn_visit_is_made_again_by_another_within_thirty_days(stage: Stage) -> None:
    plan = followed(stage)
    days_pass(92)
    visit = visit_of(stage, plan, "m3")
    mine = next(one for one in stage.staff.values() if one.user_id == plan.visitor_user_id)
    settled(stage, visit, "met", by=mine)
    salt = salt_that_draws(visit.public_id)
    assert revisits.undrawn(stage.session, salt, now=clock.now()) == [visit.id]
    assert revisits.plan_revisit(stage.session, visit.id, now=clock.now())
    assert not revisits.plan_revisit(stage.session, visit.id, now=clock.now())
    assert revisits.undrawn(stage.session, salt, now=clock.now()) == []
    again = visit_of(stage, plan, "revisit")
    assert again.checks_visit_id == visit.id
    assert again.visitor_user_id not in {None, visit.visitor_user_id}
    assert 0 < (again.due_on - (visit.done_on or again.due_on)).days <= 30
    other = next(one for one in stage.staff.values() if one.user_id == again.visitor_user_id)
    # who looks again reaches the family while that visit is due, and no longer
    assert plans.get_plan(stage.session, plan.public_id, by=other, permission="visit.plan") is plan
    settled(stage, again, "met", by=other)
    assert (
        stage.session.scalar(
            select(func.count()).where(plans.reachable(other, "visit.plan"), Plan.id == plan.id)
        )
        == 0
    )


def test_the_visit_of_the_last_month_is_drawn_like_any_other(stage: Stage) -> None:
    plan = followed(stage)
    mine = next(one for one in stage.staff.values() if one.user_id == plan.visitor_user_id)
    for kind in ("m1", "m3", "m6", "m12"):
        settled(stage, visit_of(stage, plan, kind), "met", by=mine)
    days_pass(731)
    visit = settled(stage, visit_of(stage, plan, "m24"), "met", by=mine)
    salt = salt_that_draws(visit.public_id)
    assert revisits.undrawn(stage.session, salt, now=clock.now()) == [visit.id]
    assert not revisits.finish(stage.session, plan.id, salt, now=clock.now())
    again = visit_of(stage, plan, "revisit")
    assert (again.checks_visit_id, plan.state) == (visit.id, "following")
    days_pass(31)
    settled(
        stage, again, "met", by=next(o for o in stage.staff.values() if o.user_id == again.visitor_user_id)
    )
    assert plan.state == "finished"


def test_who_made_a_visit_that_arrived_after_the_family_was_given_away_does_not_look_at_it(
    stage: Stage,
) -> None:
    plan = followed(stage)
    mine = next(one for one in stage.staff.values() if one.user_id == plan.visitor_user_id)
    other = next(stage.staff[name] for name in ("rina", "yoga") if stage.staff[name] is not mine)
    days_pass(92)
    visit, began = visit_of(stage, plan, "m3"), clock.now()
    device = phone(stage.session, mine)
    days_pass(1)
    plans.assign(
        stage.session,
        plan,
        other.user_id or 0,
        instead_of=mine.user_id,
        by=stage.staff["siska"],
        now=clock.now(),
    )
    assert send(stage.session, device, made(visit, at=began), by=mine).refusal is None
    assert revisits.made_by(stage.session, visit) == [mine.user_id]
    assert revisits.plan_revisit(stage.session, visit.id, now=clock.now())
    assert visit_of(stage, plan, "revisit").visitor_user_id == other.user_id


def test_nobody_looks_again_at_the_own_visit(stage: Stage) -> None:
    plan = followed(stage)
    days_pass(92)
    visit = visit_of(stage, plan, "m3")
    people = {actor.user_id: actor for actor in stage.staff.values()}
    mine = people[plan.visitor_user_id]
    settled(stage, visit, "met", by=mine)
    assert revisits.plan_revisit(stage.session, visit.id, now=clock.now())
    again = visit_of(stage, plan, "revisit")
    refused = send(stage.session, phone(stage.session, mine), made(again), by=mine).refusal
    assert refused is not None
    assert refused.reason == "not_assigned"
    other = people[again.visitor_user_id]
    assert send(stage.session, phone(stage.session, other), made(again), by=other).refusal is None


@pytest.mark.parametrize("why", ["ended", "alone"])
def test_no_second_visit_is_planned_that_nobody_could_make(stage: Stage, why: str) -> None:
    plan = followed(stage)
    days_pass(92)
    visit = visit_of(stage, plan, "m3")
    settled(stage, visit, "met", by=stage.staff["siska"])
    if why == "ended":
        plans.take_step(
            stage.session, plan, "end", by=stage.staff["siska"], expected_version=plan.version, now=clock.now(),
            reason_code="moved", reason_text="Pindah ke Pekanbaru.",
        )  # fmt: skip
    else:
        for one in stage.session.scalars(select(StaffUser).where(StaffUser.id != plan.visitor_user_id)):
            one.active = False
    assert not revisits.plan_revisit(stage.session, visit.id, now=clock.now())


def test_calls_and_families_that_refuse_are_not_drawn(stage: Stage) -> None:
    plan, siska = followed(stage), stage.staff["siska"]
    call = settled(stage, visit_of(stage, plan, "m1"), "met", by=siska)
    assert revisits.undrawn(stage.session, salt_that_draws(call.public_id), now=clock.now()) == []
    made = settled(stage, visit_of(stage, plan, "m3"), "met", by=siska)
    settled(stage, visit_of(stage, plan, "m6"), "declined", by=siska)
    assert revisits.undrawn(stage.session, salt_that_draws(made.public_id), now=clock.now()) == []
    assert stage.session.scalar(select(func.count()).select_from(PlannedVisit)) == 5
