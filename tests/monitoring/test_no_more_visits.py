"""After a family said no, nothing that is still on its way is kept, and no phone takes it along again."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock
from caseflow.documents.storage import open_store
from caseflow.monitoring import consents, pack, photos
from caseflow.monitoring.models import Plan
from caseflow.monitoring.visit_models import PhotoPiece, VisitPhoto
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.files import samples
from tests.monitoring.visiting import made, phone, photo, send
from tests.story import Stage
from tests.told import visitor
from tests.visit_story import days_pass, followed, visit_of


def test_a_no_on_a_phone_whose_clock_was_set_in_between_holds(stage: Stage) -> None:
    """Its battery was out: the visit says 1970, and the family had agreed to the call before."""
    plan = followed(stage)
    rina = visitor(stage, plan)
    days_pass(31)
    device = phone(stage.session, rina)
    assert send(stage.session, device, made(visit_of(stage, plan, "m1")), by=rina).refusal is None
    days_pass(64)
    refusing = made(visit_of(stage, plan, "m3"), sequence=2, outcome="declined")
    long_ago = {"started_at": "1970-01-01T07:00:00+07:00", "finished_at": "1970-01-01T07:05:00+07:00"}
    assert send(stage.session, device, refusing | long_ago, by=rina).refusal is None
    said = consents.standing(stage.session, plan.id)
    assert said is not None
    assert (said.given, plan.state) == (False, "paused")


def test_a_phone_takes_no_family_along_that_said_no(stage: Stage) -> None:
    plan = followed(stage)
    rina = visitor(stage, plan)
    device = phone(stage.session, rina)

    def taken() -> list[str]:
        found = pack.pack_of(stage.session, device, by=rina, today=clock.today())
        return [family["plan"] for family in found["families"]]

    assert taken() == [plan.public_id]
    consents.withdraw(stage.session, plan, said_by="Elmita", by=rina, now=clock.now())
    assert taken() == []
    later = clock.now() + timedelta(minutes=1)
    consents.give(stage.session, plan, said_by="Elmita", by=rina, now=later)
    assert taken() == [plan.public_id]


@pytest.mark.parametrize("again", [False, True])
def test_a_photo_that_comes_after_the_familys_no_is_not_kept(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path, again: bool
) -> None:
    """Its visit arrived before and stays; what came of the photo so far is forgotten."""
    store, body = open_store(f"folder://{tmp_path / 'objects'}"), samples.jpeg()
    store.prepare()
    sessions: Callable[[], Session] = sessionmaker(fresh_database.engine)
    shown = photo(body)
    number = str(shown["uuid"])
    with sessions() as session, session.begin():
        stage = Stage(session, store, staff)
        plan = followed(stage)
        visit, by = visit_of(stage, plan, "m3"), visitor(stage, plan)
        days_pass(95)
        assert send(session, phone(session, by), made(visit, photos=[shown]), by=by).refusal is None
        plan_id = plan.id
    photos.append(sessions, store, number, body[:1000], at=0, by=by, now=clock.now())
    days_pass(1)
    with sessions() as session, session.begin():
        plan = session.get_one(Plan, plan_id)
        consents.withdraw(session, plan, said_by="Elmita", by=by, now=clock.now())
        if again:
            later = clock.now() + timedelta(minutes=5)
            consents.give(session, plan, said_by="Elmita", by=by, now=later)
    days_pass(1)
    for at, piece in ((1000, body[1000:]), (0, body)):
        with pytest.raises(photos.PhotoGone, match="tidak mau dikunjungi lagi, jadi foto ini tidak disimpan"):
            photos.append(sessions, store, number, piece, at=at, by=by, now=clock.now())
    with sessions() as session:
        assert session.scalars(select(VisitPhoto.stored_at)).one() is None
        assert session.scalar(select(func.count()).select_from(PhotoPiece)) == 0
