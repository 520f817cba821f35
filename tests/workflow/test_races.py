"""People who act on one case at the same instant, on real connections that really commit."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.errors import CaseflowError, NotPossible, Stale
from caseflow.people.actor import Actor
from caseflow.workflow.models import CaseFile, Duty, History
from tests.workflow.world import World

if TYPE_CHECKING:
    from tests.conftest import FreshDatabase

ROUNDS = 8


def committed(database: "FreshDatabase", staff: Mapping[str, Actor], state: str) -> int:
    with Session(database.engine) as session:
        case = World(session, staff).at(state)
        session.commit()
        return case.id


def race(
    database: "FreshDatabase", staff: Mapping[str, Actor], case_id: int, moves: list[tuple[str, Actor]]
) -> list[CaseflowError | None]:
    """Let everybody read the same page, then act at once; return what each was told."""
    barrier = Barrier(len(moves))

    def act(move: tuple[str, Actor]) -> CaseflowError | None:
        action, actor = move
        with Session(database.engine) as session:
            world = World(session, staff)
            case = session.get_one(CaseFile, case_id)
            barrier.wait()
            try:
                world.move(case, action, "", by=actor, version=case.version)
                session.commit()
            except CaseflowError as refusal:
                session.rollback()
                return refusal
            return None

    with ThreadPoolExecutor(len(moves)) as pool:
        return list(pool.map(act, moves))


def test_of_many_who_act_at_once_one_wins_and_the_others_hear_of_it(
    fresh_database: "FreshDatabase", staff: Mapping[str, Actor]
) -> None:
    moves = [("start_verification", staff[name]) for name in ("dedi", "sari")] * 4
    for _ in range(ROUNDS):
        case_id = committed(fresh_database, staff, "documents_complete")
        told = race(fresh_database, staff, case_id, moves)
        assert told.count(None) == 1
        assert all(isinstance(refusal, Stale) for refusal in told if refusal is not None)
        with Session(fresh_database.engine) as session:
            versions = session.scalars(
                select(History.version).where(History.casefile_id == case_id).order_by(History.version)
            ).all()
            assert list(versions) == list(range(len(versions)))
            assert session.get_one(CaseFile, case_id).version == versions[-1]


def test_one_person_in_two_tabs_never_holds_two_duties(
    fresh_database: "FreshDatabase", staff: Mapping[str, Actor]
) -> None:
    sari = staff["sari"]
    both = Actor(
        kind="staff", name=sari.name, roles=frozenset({"officer", "approver"}), person_id=sari.person_id
    )
    for _ in range(ROUNDS):
        case_id = committed(fresh_database, staff, "awaiting_approval")
        told = race(fresh_database, staff, case_id, [("withdraw_submission", both), ("approve", both)])
        assert told.count(None) == 1
        with Session(fresh_database.engine) as session:
            held = session.scalars(
                select(Duty.duty).where(Duty.casefile_id == case_id, Duty.person_id == sari.person_id)
            ).all()
            assert len(held) == 1


def test_a_person_who_verified_meanwhile_cannot_approve(
    fresh_database: "FreshDatabase", staff: Mapping[str, Actor]
) -> None:
    sari = staff["sari"]
    both = Actor(
        kind="staff", name=sari.name, roles=frozenset({"officer", "approver"}), person_id=sari.person_id
    )
    case_id = committed(fresh_database, staff, "awaiting_approval")
    with Session(fresh_database.engine) as session:
        case = session.get_one(CaseFile, case_id)
        world = World(session, staff)
        world.move(case, "withdraw_submission", "", by=both)
        world.move(case, "submit", "dedi")
        session.commit()
        with pytest.raises(NotPossible, match="Anda sudah memeriksa berkas"):
            world.move(case, "approve", "", by=both)


def test_a_refused_move_leaves_nothing(fresh_database: "FreshDatabase", staff: Mapping[str, Actor]) -> None:
    case_id = committed(fresh_database, staff, "calculating")
    with Session(fresh_database.engine) as session:
        world = World(session, staff, objections={"benefit_computed": "Manfaat belum dihitung."})
        case = session.get_one(CaseFile, case_id)
        version = case.version
        with pytest.raises(NotPossible):
            world.move(case, "submit", "dedi")
        session.commit()
    with Session(fresh_database.engine) as session:
        assert session.get_one(CaseFile, case_id).version == version
        assert (
            len(session.scalars(select(History.version).where(History.casefile_id == case_id)).all())
            == version + 1
        )
