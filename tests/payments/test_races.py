"""Many people at the same instant, on real connections with real commits: one wins, the others read why."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow.audit.checks import run_checks
from caseflow.claims.models import Claim
from caseflow.db_refusals import refusal_of
from caseflow.errors import CaseflowError, NotPossible, Stale
from caseflow.payments.batches import add_to_batch, lock_batch
from caseflow.payments.models import BankStatement, Batch, Instruction, StatementLine, StatementMatch
from caseflow.payments.releases import release_batch
from caseflow.payments.statements import load_statement, match_line
from caseflow.workflow.fire import take_duty
from tests.conftest import FreshDatabase
from tests.payments.world import AMOUNT, Staff, World, row, statement

Act = Callable[[World], object]


class Arena:
    """A database of its own, in which several acts begin together."""

    def __init__(self, database: FreshDatabase, staff: Staff) -> None:
        self.engine = database.engine
        self.staff = staff
        self.serial = 9100

    @contextmanager
    def world(self) -> Iterator[World]:
        """Give a world and commit it, as a door does."""
        with Session(self.engine) as session:
            world = World(session, self.staff, self.serial)
            yield world
            self.serial = world.serial
            session.commit()

    def race(self, *acts: Act) -> list[str]:
        """Begin all acts at one instant; return ``done`` or the name of the refusal of each."""
        barrier = threading.Barrier(len(acts))

        def run(act: Act) -> str:
            with Session(self.engine) as session:
                session.execute(select(1))
                barrier.wait(timeout=60)
                try:
                    act(World(session, self.staff))
                    session.commit()
                except CaseflowError as refusal:
                    return type(refusal).__name__
                except DBAPIError as error:
                    return type(refusal_of(error)).__name__
                return "done"

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(run, acts))

    def broken(self) -> dict[str, list[dict[str, object]]]:
        """Return what the invariant checks say."""
        with self.engine.connect() as connection:
            return run_checks(connection)


def adding(batch: int, instruction: int) -> Act:
    return lambda world: add_to_batch(
        world.session, batch, instruction, by=world.staff["nina"], now=world.now
    )


def locking(batch: int) -> Act:
    return lambda world: lock_batch(world.session, batch, by=world.staff["nina"], now=world.now)


def releasing(batch: int) -> Act:
    return lambda world: release_batch(world.session, batch, by=world.staff["hadi"], now=world.now)


def matching(line: int, instruction: int, username: str = "lusi") -> Act:
    return lambda world: match_line(
        world.session,
        line,
        instruction,
        by=world.staff[username],
        now=world.now,
        note="Cocok dengan bukti bank",
    )


def loading(data: bytes) -> Act:
    return lambda world: load_statement(world.session, "a.csv", data, by=world.staff["lusi"], now=world.now)


def freezing(claim: int) -> Act:
    return lambda world: world.move(world.session.get_one(Claim, claim), "hold", "sari", "dispute")


@pytest.fixture
def arena(fresh_database: FreshDatabase, staff: Staff) -> Arena:
    return Arena(fresh_database, staff)


def test_sixty_four_workers_pay_one_claim_once(arena: Arena) -> None:
    with arena.world() as world:
        claim_id = world.approved_claim().id

    def pay(world: World) -> None:
        world.prepare(world.session.get_one(Claim, claim_id))

    outcome = Counter(arena.race(*[pay] * 64))
    assert outcome == {"done": 1, "NotPossible": 63}
    with Session(arena.engine) as session:
        assert session.scalar(select(func.count()).select_from(Instruction)) == 1
    assert arena.broken() == {}


def test_one_instruction_into_eight_batches(arena: Arena) -> None:
    with arena.world() as world:
        instruction = world.prepare(world.approved_claim()).id
        targets = [world.batch().id for _ in range(8)]

    assert Counter(arena.race(*[adding(target, instruction) for target in targets])) == {
        "done": 1,
        "NotPossible": 7,
    }
    assert arena.broken() == {}


def test_lock_and_add_at_once(arena: Arena) -> None:
    """Whoever is second learns it: the file holds exactly the lines of its batch."""
    for _ in range(6):
        with arena.world() as world:
            batch = world.batch(world.prepare(world.approved_claim())).id
            late = world.prepare(world.approved_claim()).id
        outcomes = arena.race(locking(batch), adding(batch, late))
        assert "done" in outcomes
        assert set(outcomes) <= {"done", Stale.__name__, NotPossible.__name__}
        assert arena.broken() == {}


def test_eight_people_lock_and_eight_release(arena: Arena) -> None:
    with arena.world() as world:
        batch = world.batch(*[world.prepare(world.approved_claim()) for _ in range(3)]).id
    locks = arena.race(*[locking(batch)] * 8)
    assert Counter(locks) == {"done": 1, "NotPossible": 7}
    with Session(arena.engine) as session:
        data = session.scalar(select(Batch.file_bytes).where(Batch.id == batch))
    releases = arena.race(*[releasing(batch)] * 8)
    assert Counter(releases) == {"done": 1, "NotPossible": 7}
    with Session(arena.engine) as session:
        assert session.scalar(select(Batch.file_bytes).where(Batch.id == batch)) == data
    assert arena.broken() == {}


@pytest.mark.parametrize(
    "pair", [("make_batch", "release"), ("release", "reconcile"), ("approve", "release")]
)
def test_one_person_takes_two_duties_in_two_tabs(arena: Arena, pair: tuple[str, str]) -> None:
    """S04: the key of the duty table lets one of them through, whichever it is."""
    for _ in range(8):
        with arena.world() as world:
            claim_id = world.approved_claim().id

        def take(duty: str, claim_id: int = claim_id) -> Act:
            return lambda world: take_duty(
                world.session,
                world.session.get_one(Claim, claim_id),
                duty,
                by=world.staff["hadi"],
                now=world.now,
            )

        assert Counter(arena.race(*[take(duty) for duty in pair])) == {"done": 1, "NotPossible": 1}
        assert arena.broken() == {}


def test_the_same_person_releases_and_reconciles_at_once(arena: Arena) -> None:
    for _ in range(5):
        with arena.world() as world:
            claim = world.approved_claim()
            instruction = world.prepare(claim)
            batch, paid = world.locked(instruction).id, instruction.id
            load_statement(
                world.session, "a.csv", statement(row("TRANSFER KELUAR", debit=AMOUNT, ref=f"F{paid}")),
                by=world.staff["lusi"], now=world.now,
            )  # fmt: skip
            line = world.session.scalar(select(func.max(StatementLine.id))) or 0
        outcomes = arena.race(releasing(batch), matching(line, paid, "hadi"))
        assert outcomes == ["done", "NotPossible"]
        assert arena.broken() == {}


def test_sixteen_people_match_one_line_and_one_instruction(arena: Arena) -> None:
    with arena.world() as world:
        sent = [world.sent() for _ in range(4)]
        ids = [one.id for one in sent]
        lines = [row("TRANSFER KELUAR", debit=AMOUNT, ref=f"F{n}") for n in range(2)]
        load_statement(world.session, "a.csv", statement(*lines), by=world.staff["lusi"], now=world.now)
        line, other = world.session.scalars(select(StatementLine.id).order_by(StatementLine.id)).all()

    one_line = arena.race(*[matching(line, instruction) for instruction in ids * 4])
    assert Counter(one_line) == {"done": 1, "NotPossible": 15}
    with Session(arena.engine) as session:
        open_ones = session.scalars(select(Instruction.id).where(Instruction.state == "sent")).all()
        assert len(open_ones) == 3
    assert Counter(arena.race(*[matching(other, open_ones[0])] * 8)) == {"done": 1, "NotPossible": 7}
    with Session(arena.engine) as session:
        assert session.scalar(select(func.count()).select_from(StatementMatch)) == 2
    assert arena.broken() == {}


def test_one_statement_loaded_by_eight_at_once(arena: Arena) -> None:
    data = statement(*[row(f"BIAYA {n}", debit=n, ref=f"F{n}") for n in range(1, 60)])
    overlapping = statement(*[row(f"BIAYA {n}", debit=n, ref=f"F{n}") for n in range(59, 0, -1)])
    acts = [loading(data)] * 4 + [loading(overlapping)] * 4
    assert Counter(arena.race(*acts)) == {"done": 2, "NotPossible": 6}
    with Session(arena.engine) as session:
        assert session.scalar(select(func.count()).select_from(StatementLine)) == 59
        assert session.scalar(select(func.count()).select_from(BankStatement)) == 2


def test_a_freeze_meets_a_release(arena: Arena) -> None:
    """S19: the freeze wins or loses whole, never half."""
    seen = set()
    for _ in range(8):
        with arena.world() as world:
            claim = world.approved_claim()
            instruction = world.prepare(claim)
            batch, claim_id, paid = world.locked(instruction).id, claim.id, instruction.id
        arena.race(freezing(claim_id), releasing(batch))
        with Session(arena.engine) as session:
            seen.add((session.get_one(Claim, claim_id).state, session.get_one(Instruction, paid).state))
        assert arena.broken() == {}
    assert seen <= {("on_hold", "batched"), ("payment_in_process", "sent")}
