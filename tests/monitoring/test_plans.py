"""Who reaches a plan, who visits, other days with a reason, extra visits, cancelling and ending."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from caseflow import clock
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible, Stale
from caseflow.monitoring import plans, revisits
from caseflow.monitoring.models import DayChange, Plan, PlannedVisit
from caseflow.people.actor import Actor
from tests.families import FIRDAUS, SAMSIR, SYAFRIL
from tests.story import Stage
from tests.visit_story import days_pass, followed, settled, visit_of

WHY = "Keluarga sedang panen sampai minggu depan."


def visitor(stage: Stage, plan: Plan) -> Actor:
    """The social worker who has the family."""
    return next(one for one in stage.staff.values() if one.user_id == plan.visitor_user_id)


def other(stage: Stage, plan: Plan) -> Actor:
    """The social worker who has it not."""
    return stage.staff["yoga" if visitor(stage, plan).name == "Rina Marlina" else "rina"]


def test_a_social_worker_reaches_only_the_families_given_to_them(stage: Stage) -> None:
    plan = followed(stage)
    mine, theirs = visitor(stage, plan), other(stage, plan)
    assert plans.get_plan(stage.session, plan.public_id, by=mine, permission="visit.plan") is plan
    with pytest.raises(NotFound):
        plans.get_plan(stage.session, plan.public_id, by=theirs, permission="visit.plan")
    visit = visit_of(stage, plan, "m3")
    with pytest.raises(NotFound):
        plans.get_visit(stage.session, visit.public_id, by=theirs, permission="visit.plan")
    with pytest.raises(NotFound):
        plans.reschedule(stage.session, visit, date(2027, 3, 1), WHY, by=theirs, now=clock.now())


def test_the_supervisor_reaches_the_regency_and_nobody_else_anything(stage: Stage) -> None:
    plan = followed(stage)
    found = plans.get_plan(stage.session, plan.public_id, by=stage.staff["siska"], permission="visit.plan")
    assert found is plan
    for name in ("dedi", "fitri", "bram", "desi", "bupati", "aulia", "nina"):
        with pytest.raises(NotPermitted):
            plans.get_plan(stage.session, plan.public_id, by=stage.staff[name], permission="visit.plan")


def test_a_supervisor_of_another_place_finds_nothing(stage: Stage) -> None:
    plan = followed(stage)
    siska = stage.staff["siska"]
    elsewhere = Actor(**{**vars(siska), "region_codes": frozenset({"13.04"})})
    with pytest.raises(NotFound):
        plans.get_plan(stage.session, plan.public_id, by=elsewhere, permission="visit.plan")


def test_given_to_another_the_family_leaves_the_first_list(stage: Stage) -> None:
    plan = followed(stage)
    mine, theirs, siska = visitor(stage, plan), other(stage, plan), stage.staff["siska"]
    done = settled(stage, visit_of(stage, plan, "m1"), "met", by=mine)
    moved = plans.assign(
        stage.session, plan, theirs.user_id or 0, instead_of=mine.user_id, by=siska, now=clock.now()
    )
    assert moved == 1
    with pytest.raises(NotFound):
        plans.get_plan(stage.session, plan.public_id, by=mine, permission="visit.plan")
    assert visit_of(stage, plan, "m3").visitor_user_id == theirs.user_id
    assert done.visitor_user_id == mine.user_id  # who made it stays named


def test_a_whole_nagari_is_given_away_and_new_families_of_it_follow(stage: Stage) -> None:
    plan = followed(stage, FIRDAUS)
    mine, theirs, siska = visitor(stage, plan), other(stage, plan), stage.staff["siska"]
    contoh = followed(stage, SYAFRIL)
    assert contoh.visitor_user_id == theirs.user_id
    plans.assign(
        stage.session, plan, theirs.user_id or 0,
        instead_of=mine.user_id, by=siska, now=clock.now(), whole_nagari=True,
    )  # fmt: skip
    assert plan.visitor_user_id == theirs.user_id
    # by number of families alone it would be the other one
    assert followed(stage, SAMSIR).visitor_user_id == theirs.user_id


def test_two_supervisors_at_once_the_second_learns_of_the_first(stage: Stage) -> None:
    plan = followed(stage)
    mine, theirs, siska = visitor(stage, plan), other(stage, plan), stage.staff["siska"]
    plans.assign(stage.session, plan, theirs.user_id or 0, instead_of=mine.user_id, by=siska, now=clock.now())
    with pytest.raises(Stale, match="baru saja diganti"):
        plans.assign(
            stage.session, plan, mine.user_id or 0, instead_of=mine.user_id, by=siska, now=clock.now()
        )


def test_only_social_workers_of_the_area_can_be_given_a_family(stage: Stage) -> None:
    plan, siska = followed(stage), stage.staff["siska"]
    for name in ("dedi", "fitri", "siska"):
        with pytest.raises(Invalid, match="bertugas di nagari ini"):
            plans.assign(
                stage.session, plan, stage.staff[name].user_id or 0,
                instead_of=plan.visitor_user_id, by=siska, now=clock.now(),
            )  # fmt: skip
    with pytest.raises(NotPermitted):
        plans.assign(
            stage.session, plan, stage.staff["rina"].user_id or 0,
            instead_of=plan.visitor_user_id, by=visitor(stage, plan), now=clock.now(),
        )  # fmt: skip


def test_another_day_is_kept_with_its_reason(stage: Stage) -> None:
    plan = followed(stage)
    visit, rina = visit_of(stage, plan, "m3"), visitor(stage, plan)
    plans.reschedule(stage.session, visit, date(2027, 3, 1), f"  {WHY} ", by=rina, now=clock.now())
    assert (visit.due_on, visit.version) == (date(2027, 3, 1), 1)
    change = stage.session.scalars(select(DayChange)).one()
    assert (change.from_on, change.to_on, change.reason) == (date(2027, 2, 20), date(2027, 3, 1), WHY)
    assert change.changed_by_user_id == rina.user_id


@pytest.mark.parametrize(
    ("to_on", "reason", "field", "says"),
    [
        (date(2027, 3, 1), "sibuk", "reason", "10 sampai 500 huruf"),
        (date(2027, 3, 1), "x" * 501, "reason", "10 sampai 500 huruf"),
        (date(2026, 11, 19), WHY, "to_on", "mulai hari ini"),
        (date(2028, 11, 20), WHY, "to_on", "setahun ke depan"),
        (date(2027, 2, 20), WHY, "to_on", "sudah pada hari itu"),
        (date(2026, 12, 12), WHY, "to_on", "14 Desember 2026"),  # day 39: a Saturday in the days of mourning
        (date(2027, 2, 28), WHY, "to_on", "hari Minggu"),
        (date(2026, 12, 25), WHY, "to_on", "hari libur"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(
    stage: Stage, to_on: date, reason: str, field: str, says: str
) -> None:
    plan = followed(stage)
    visit = visit_of(stage, plan, "m3")
    with pytest.raises(Invalid) as refused:
        plans.reschedule(stage.session, visit, to_on, reason, by=visitor(stage, plan), now=clock.now())
    assert says in refused.value.fields[field]
    assert (visit.due_on, visit.version) == (date(2027, 2, 20), 0)


def test_the_family_itself_may_choose_a_sunday(stage: Stage) -> None:
    plan = followed(stage)
    visit = visit_of(stage, plan, "m3")
    sunday = date(2027, 2, 28)
    plans.reschedule(stage.session, visit, sunday, WHY, by=visitor(stage, plan), now=clock.now(), anyway=True)
    assert visit.due_on == sunday


def test_what_was_made_is_not_moved(stage: Stage) -> None:
    plan = followed(stage)
    visit = settled(stage, visit_of(stage, plan, "m1"), "met", by=visitor(stage, plan))
    with pytest.raises(NotPossible, match="sudah dijalani"):
        plans.reschedule(
            stage.session, visit, date(2027, 1, 5), WHY, by=visitor(stage, plan), now=clock.now()
        )


@pytest.mark.parametrize(
    ("kind", "to_on", "says"),
    [
        ("m3", date(2027, 5, 21), "Kunjungan 6 bulan direncanakan 21 Mei 2027. Pilih hari sebelum itu."),
        ("m3", date(2027, 9, 1), "Kunjungan 6 bulan direncanakan 21 Mei 2027. Pilih hari sebelum itu."),
        ("m6", date(2027, 2, 20), "Kunjungan 3 bulan direncanakan 20 Februari 2027. Pilih hari sesudah itu."),
    ],
)
def test_visits_stay_in_their_order(stage: Stage, kind: str, to_on: date, says: str) -> None:
    plan = followed(stage)
    visit = visit_of(stage, plan, kind)
    planned = visit.due_on
    with pytest.raises(Invalid) as refused:
        plans.reschedule(stage.session, visit, to_on, WHY, by=visitor(stage, plan), now=clock.now())
    assert says in refused.value.fields["to_on"]
    assert visit.due_on == planned


def test_a_visit_whose_day_is_over_holds_no_other_back(stage: Stage) -> None:
    plan = followed(stage)
    days_pass(200)  # the third and the sixth month lie behind
    to_on = date(2027, 6, 14)
    plans.reschedule(
        stage.session, visit_of(stage, plan, "m3"), to_on, WHY, by=visitor(stage, plan), now=clock.now()
    )
    assert visit_of(stage, plan, "m3").due_on == to_on


def test_no_day_is_changed_for_a_family_that_refused(stage: Stage) -> None:
    plan = followed(stage)
    settled(stage, visit_of(stage, plan, "m1"), "declined", by=visitor(stage, plan))
    visit = visit_of(stage, plan, "m3")
    with pytest.raises(NotPossible, match="Harinya tidak berubah"):
        plans.reschedule(
            stage.session, visit, date(2027, 3, 1), WHY, by=visitor(stage, plan), now=clock.now()
        )


def test_a_second_look_stays_within_thirty_days_of_the_first(stage: Stage) -> None:
    plan = followed(stage)
    days_pass(92)
    made = settled(stage, visit_of(stage, plan, "m3"), "met", by=visitor(stage, plan))
    assert revisits.plan_revisit(stage.session, made.id, now=clock.now())
    again = visit_of(stage, plan, "revisit")
    with pytest.raises(Invalid) as refused:
        plans.reschedule(stage.session, again, date(2027, 3, 23), WHY, by=other(stage, plan), now=clock.now())
    assert "paling lambat 22 Maret 2027" in refused.value.fields["to_on"]
    plans.reschedule(stage.session, again, date(2027, 3, 18), WHY, by=other(stage, plan), now=clock.now())
    assert again.due_on == date(2027, 3, 18)


def test_an_early_visit_moved_behind_the_mourning_may_ask_of_livelihood(stage: Stage) -> None:
    plan = followed(stage)
    rina = visitor(stage, plan)
    early = plans.add_extra(stage.session, plan, date(2026, 11, 23), WHY, by=rina, now=clock.now())
    plans.reschedule(stage.session, early, date(2026, 12, 14), WHY, by=rina, now=clock.now())
    assert early.asks_livelihood


def test_an_extra_visit_before_the_forty_first_day_asks_nothing_of_livelihood(stage: Stage) -> None:
    plan = followed(stage)
    rina = visitor(stage, plan)
    early = plans.add_extra(stage.session, plan, date(2026, 11, 23), WHY, by=rina, now=clock.now())
    late = plans.add_extra(stage.session, plan, date(2026, 12, 14), WHY, by=rina, now=clock.now())
    assert (early.asks_livelihood, late.asks_livelihood) == (False, True)
    assert early.visitor_user_id == rina.user_id
    plans.add_extra(stage.session, plan, date(2026, 12, 15), WHY, by=rina, now=clock.now())
    with pytest.raises(NotPossible, match="tiga kunjungan tambahan"):
        plans.add_extra(stage.session, plan, date(2026, 12, 16), WHY, by=rina, now=clock.now())


def test_only_a_supervisor_cancels_and_says_why(stage: Stage) -> None:
    plan, siska = followed(stage), stage.staff["siska"]
    visit = visit_of(stage, plan, "m1")
    with pytest.raises(NotPermitted):
        plans.cancel(stage.session, visit, WHY, by=visitor(stage, plan), now=clock.now())
    with pytest.raises(Invalid, match="10 sampai 500"):
        plans.cancel(stage.session, visit, "tidak", by=siska, now=clock.now())
    plans.cancel(stage.session, visit, WHY, by=siska, now=clock.now())
    assert (visit.state, visit.cancelled_why) == ("cancelled", WHY)
    with pytest.raises(NotPossible, match="sudah dibatalkan"):
        plans.cancel(stage.session, visit, WHY, by=siska, now=clock.now())


def test_a_plan_is_not_finished_while_a_visit_is_due_but_it_can_be_ended(stage: Stage) -> None:
    plan, siska = followed(stage), stage.staff["siska"]
    with pytest.raises(NotPossible, match="belum dijalani"):
        plans.take_step(stage.session, plan, "finish", by=siska, expected_version=0, now=clock.now())
    plans.take_step(
        stage.session, plan, "end", by=siska, expected_version=0, now=clock.now(),
        reason_code="moved", reason_text="Pindah ke Dharmasraya, ikut anaknya.",
    )  # fmt: skip
    assert (plan.state, plan.closed_at is not None) == ("ended", True)
    states = stage.session.scalars(select(PlannedVisit.state).where(PlannedVisit.plan_id == plan.id)).all()
    assert set(states) == {"cancelled"}
    with pytest.raises(NotPossible, match="dihentikan"):
        plans.add_extra(
            stage.session, plan, clock.today() + timedelta(days=7), WHY, by=siska, now=clock.now()
        )
