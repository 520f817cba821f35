"""The protocol of visits without signal, walked at random, and sent by several at once.

Whatever happens on the way, a visit that its phone believes confirmed is in the database exactly once with the bytes
that were sent, and nothing else is; the first that waits on a phone is never told to wait. Planted faults, each with the
shortest walk that meets it, prove that the walk would notice.
"""

import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.storage import open_store
from caseflow.monitoring import arrival, devices, records
from caseflow.monitoring.arrival import Arrived
from caseflow.monitoring.visit_models import FieldClash, Visit, VisitField
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.monitoring.sync_faults import FAULTS, Step
from tests.monitoring.sync_walk import Protocol, World
from tests.monitoring.visiting import made
from tests.story import Stage
from tests.visit_story import followed, visit_of

_WALKS = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def world(fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path) -> World:
    """Firdaus's family at its third month: Yoga's by now, its three visits still Rina's, so that both may write."""
    store = open_store(f"folder://{tmp_path / 'objects'}")
    with Session(fresh_database.engine) as session:
        stage = Stage(session, store, staff)
        plan = followed(stage)
        visits = [visit_of(stage, plan, kind) for kind in ("m3", "m6", "m12")]
        plan.visitor_user_id = staff["yoga"].user_id
        for visit in visits:
            visit.visitor_user_id = staff["rina"].user_id
        session.commit()
        names = tuple(visit.public_id for visit in visits)
        clock.set_start(clock.now() + timedelta(days=95))
        return World(fresh_database, staff, store, plan.id, names, clock.now())


def test_whatever_happens_on_the_way_each_visit_is_there_once(world: World) -> None:
    run_state_machine_as_test(
        lambda: Protocol(world),  # type: ignore[arg-type]  # it takes any function that makes one
        settings=_WALKS,
    )


def _walk(world: World, steps: Sequence[Step]) -> None:
    """The steps one after the other, with a look at everything after each."""
    machine = Protocol(world)
    try:
        for rule, given in steps:
            getattr(machine, rule)(**given)
            machine.look()
    finally:
        machine.forget()


@pytest.mark.parametrize("name", FAULTS)
def test_the_walk_notices_a_planted_fault(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    plant, steps = FAULTS[name]
    _walk(world, steps)
    plant(monkeypatch)
    with pytest.raises((AssertionError, DBAPIError)):
        _walk(world, steps)


def _at_once(database: FreshDatabase, *works: Callable[[Session], None]) -> None:
    barrier = threading.Barrier(len(works))
    failures: list[BaseException] = []

    def run(work: Callable[[Session], None]) -> None:
        try:
            with Session(database.engine) as session:
                barrier.wait(20)
                work(session)
                session.commit()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_the_same_visit_sent_twice_at_once_is_one(world: World) -> None:
    rina, number, phone = world.staff["rina"], str(uuid.uuid4()), str(uuid.uuid4())
    with Session(world.database.engine) as session:
        devices.prepare(session, phone, "HP Rina", by=rina, now=clock.now())
        session.commit()
    said, again = (
        made(world.visits[0], answers={"levy_reported": True, "levy_words": "Diminta dua juta."}),
        [],
    )

    def send(session: Session) -> None:
        device = devices.get_device(session, phone, by=rina)
        found = arrival.receive(session, Arrived(number, said, device), by=rina, now=clock.now())
        assert found.refusal is None
        again.append(found.again)

    _at_once(world.database, send, send, send)
    assert sorted(again) == [False, True, True]
    with Session(world.database.engine) as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 1
        assert records.drift(session) == []


def test_two_phones_on_one_field_at_once_leave_one_clash(world: World) -> None:
    with Session(world.database.engine) as session:
        numbers = {}
        for name in ("rina", "yoga"):
            numbers[name] = str(uuid.uuid4())
            devices.prepare(session, numbers[name], "HP", by=world.staff[name], now=clock.now())
        session.commit()

    def sender(name: str, change: str) -> Callable[[Session], None]:
        def send(session: Session) -> None:
            by = world.staff[name]
            device = devices.get_device(session, numbers[name], by=by)
            said = made(world.visits[0], answers={"household_change": change})
            assert (
                arrival.receive(
                    session, Arrived(str(uuid.uuid4()), said, device), by=by, now=clock.now()
                ).refusal
                is None
            )

        return send

    _at_once(world.database, sender("rina", "same"), sender("yoga", "heavier"))
    with Session(world.database.engine) as session:
        standings = session.scalars(
            select(VisitField.standing)
            .where(VisitField.field == "household_change")
            .order_by(VisitField.standing)
        ).all()
        assert standings == ["contested", "current"]
        assert session.scalar(select(func.count()).select_from(FieldClash)) == 1
        assert records.drift(session) == []
