"""All families of a visitor in one go, with a note; and no family is left overnight with somebody who is gone."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock, jobs
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotPermitted, NotPossible
from caseflow.monitoring import handing, revisits, supervision
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.people.actor import Actor
from caseflow.people.models import RoleGrant, StaffUser
from tests.conftest import FreshDatabase, make_settings
from tests.families import FIRDAUS, SAMSIR
from tests.story import Stage
from tests.told import other, visitor
from tests.visit_story import days_pass, followed, settled, visit_of

NOTE = "Keluarga Elmita dijanjikan daftar pelatihan."


def leaves(stage: Stage, gone: Actor) -> None:
    """The account is closed."""
    stage.session.get_one(StaffUser, gone.user_id).active = False
    stage.session.flush()


def loses_role(stage: Stage, gone: Actor) -> None:
    """The role is taken back, the account stays."""
    grants = select(RoleGrant).where(RoleGrant.person_id == gone.person_id, RoleGrant.revoked_at.is_(None))
    for grant in stage.session.scalars(grants):
        grant.revoked_at = clock.now()
    stage.session.flush()


@pytest.mark.parametrize("how", [leaves, loses_role])
def test_all_families_of_who_left_go_to_one_person_with_a_note(stage: Stage, how: object) -> None:
    first, second = followed(stage, FIRDAUS), followed(stage, SAMSIR)
    mine, theirs, siska = visitor(stage, first), other(stage, first), stage.staff["siska"]
    assert second.visitor_user_id == mine.user_id  # the same nagari
    done = settled(stage, visit_of(stage, first, "m1"), "met", by=mine)
    how(stage, mine)  # type: ignore[operator]
    (held,) = handing.held_by(stage.session, mine.user_id or 0, by=siska)
    assert (held.families, held.again) == (2, 0)
    found = handing.hand_over(
        stage.session, mine.user_id or 0, theirs.user_id, f" {NOTE} ", by=siska, now=clock.now()
    )
    assert (found.moved, found.again, found.left) == (2, 0, 0)
    assert {first.visitor_user_id, second.visitor_user_id} == {theirs.user_id}
    stage.session.refresh(done)
    assert (visit_of(stage, first, "m3").visitor_user_id, done.visitor_user_id) == (
        theirs.user_id,
        mine.user_id,
    )
    told = handing.told_last(stage.session, first)
    assert told is not None
    assert (told.note, told.former) == (NOTE, mine.name)
    assert handing.held_by(stage.session, mine.user_id or 0, by=siska) == []
    with pytest.raises(NotPossible, match="tidak mendampingi keluarga"):
        handing.hand_over(stage.session, mine.user_id or 0, None, NOTE, by=siska, now=clock.now())


def test_without_note_or_to_nobody_who_visits_nothing_moves(stage: Stage) -> None:
    plan, siska = followed(stage), stage.staff["siska"]
    mine = visitor(stage, plan)
    for to, note, field in (
        (other(stage, plan).user_id, "sakit", "note"),
        (stage.staff["dedi"].user_id, NOTE, "to"),
        (mine.user_id, NOTE, "to"),
    ):
        with pytest.raises(Invalid) as refused:
            handing.hand_over(stage.session, mine.user_id or 0, to, note, by=siska, now=clock.now())
        assert list(refused.value.fields) == [field]
    with pytest.raises(NotPermitted):
        handing.hand_over(stage.session, mine.user_id or 0, None, NOTE, by=mine, now=clock.now())
    elsewhere = replace(siska, region_codes=frozenset({"13.04"}))
    with pytest.raises(NotPossible):
        handing.hand_over(stage.session, mine.user_id or 0, None, NOTE, by=elsewhere, now=clock.now())
    assert plan.visitor_user_id == mine.user_id


def test_a_nagari_that_the_other_does_not_visit_stays(stage: Stage) -> None:
    plan, siska = followed(stage), stage.staff["siska"]
    theirs = other(stage, plan)
    stage.session.scalars(
        select(RoleGrant).where(RoleGrant.person_id == theirs.person_id)
    ).one().scope_code = "13.04"
    stage.session.flush()
    with pytest.raises(NotPossible, match="tidak bertugas di nagari"):
        handing.hand_over(
            stage.session, plan.visitor_user_id or 0, theirs.user_id, NOTE, by=siska, now=clock.now()
        )


def test_a_second_visit_goes_to_nobody_who_made_the_first(stage: Stage) -> None:
    plan, siska = followed(stage), stage.staff["siska"]
    mine, theirs = visitor(stage, plan), other(stage, plan)
    days_pass(92)
    visit = settled(stage, visit_of(stage, plan, "m3"), "met", by=mine)
    assert revisits.plan_revisit(stage.session, visit.id, now=clock.now())
    again = visit_of(stage, plan, "revisit")
    assert again.visitor_user_id == theirs.user_id
    with pytest.raises(NotPossible):  # only who made the first is left
        handing.hand_over(stage.session, theirs.user_id or 0, None, NOTE, by=siska, now=clock.now())
    leaves(stage, theirs)
    assert handing.without_visitor(stage.session) == [plan.id]
    assert handing.give_from_gone(stage.session, plan.id, now=clock.now())
    assert (again.state, plan.visitor_user_id) == ("cancelled", mine.user_id)
    assert handing.without_visitor(stage.session) == []


def test_in_the_night_the_families_of_who_is_gone_go_to_who_visits_there(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    store = open_store(f"folder://{tmp_path / 'objects'}")
    with Session(fresh_database.engine) as session:
        stage = Stage(session, store, staff)
        plan = followed(stage)
        mine, theirs = visitor(stage, plan), other(stage, plan)
        leaves(stage, mine)
        session.commit()
        key = plan.id
    tools = jobs.Tools(
        sessionmaker(fresh_database.engine), store, make_settings(fresh_database.app_url, tmp_path)
    )
    for gone, now_with in ((None, theirs.user_id), (theirs, None)):
        if gone is not None:
            with Session(fresh_database.engine) as session, session.begin():
                leaves(Stage(session, store, staff), gone)
        for _ in range(2):  # harmless to repeat
            jobs.build(tools).tasks["visits.give_from_gone"](timestamp=0)
        with Session(fresh_database.engine) as session:
            assert session.get_one(Plan, key).visitor_user_id == now_with
            held = session.scalars(select(PlannedVisit.visitor_user_id).where(PlannedVisit.plan_id == key))
            assert set(held) == {now_with}
            waits = supervision.to_decide(session, by=staff["siska"])
            assert [one.why for one in waits.rows] == (["no_visitor"] if now_with is None else [])
