"""The process dies before the n-th statement of a verb, for every n: nothing is half done, and a retry works."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from caseflow.audit.checks import run_checks
from caseflow.claims.models import Claim
from caseflow.payments.batches import add_to_batch, lock_batch, open_batch
from caseflow.payments.models import Batch, Instruction, StatementLine
from caseflow.payments.releases import release_batch
from caseflow.payments.statements import load_statement, match_line
from tests.conftest import FreshDatabase
from tests.payments.world import AMOUNT, Staff, World, row, statement

Step = Callable[[World], object]


class KilledError(Exception):
    """Stands for SIGKILL: no clean-up, the connection is lost."""


@contextmanager
def killed_before(engine: Engine, number: int) -> Iterator[list[int]]:
    """Lose the connection instead of sending the n-th statement."""
    sent = [0]

    def count(*_: Any) -> None:
        sent[0] += 1
        if sent[0] == number:
            raise KilledError

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", count)


def attempt(engine: Engine, staff: Staff, step: Step, number: int) -> bool:
    """Do a step and commit, dying before its n-th statement; return whether it came through."""
    with engine.connect() as connection:
        session = Session(connection)
        try:
            with killed_before(engine, number):
                step(World(session, staff))
                session.commit()
        except KilledError:
            connection.invalidate()
            return False
        finally:
            session.close()
    return True


def steps_of(claim_id: int) -> dict[str, Step]:
    """The whole way of one payment, each step finding what the one before left."""

    def instruction(world: World) -> Instruction:
        return world.session.scalars(select(Instruction).where(Instruction.casefile_id == claim_id)).one()

    def batch(world: World) -> int:
        return world.session.scalars(select(Batch.id)).one()

    def loaded(world: World) -> object:
        data = statement(row(instruction(world).reference, debit=AMOUNT))
        return load_statement(world.session, "a.csv", data, by=world.staff["lusi"], now=world.now)

    def matched(world: World) -> object:
        line = world.session.scalars(select(StatementLine.id)).one()
        return match_line(world.session, line, instruction(world).id, by=world.staff["lusi"], now=world.now)

    return {
        "prepare": lambda world: world.prepare(world.session.get_one(Claim, claim_id)),
        "open": lambda world: open_batch(world.session, by=world.staff["nina"], now=world.now),
        "add": lambda world: add_to_batch(
            world.session, batch(world), instruction(world).id, by=world.staff["nina"], now=world.now
        ),
        "lock": lambda world: lock_batch(world.session, batch(world), by=world.staff["nina"], now=world.now),
        "release": lambda world: release_batch(
            world.session, batch(world), by=world.staff["hadi"], now=world.now
        ),
        "load": loaded,
        "match": matched,
    }


def test_every_step_survives_a_death_at_every_statement(fresh_database: FreshDatabase, staff: Staff) -> None:
    engine = fresh_database.engine
    with Session(engine) as session:
        claim_id = World(session, staff).approved_claim().id
        session.commit()
    deaths = 0
    for name, step in steps_of(claim_id).items():
        number = 1
        before = _rows(engine)
        while not attempt(engine, staff, step, number):
            assert _rows(engine) == before, f"{name} left something after a death before statement {number}"
            number += 1
        deaths += number - 1
        with engine.connect() as connection:
            assert run_checks(connection) == {}, name
    assert deaths > 60
    with Session(engine) as session:
        assert session.get_one(Claim, claim_id).state == "paid"
        assert session.scalars(select(Instruction.state)).all() == ["settled"]


def test_a_death_in_a_step_that_fails_money_back(fresh_database: FreshDatabase, staff: Staff) -> None:
    engine = fresh_database.engine
    with Session(engine) as session:
        world = World(session, staff)
        sent = world.sent()
        data = statement(row(sent.reference, debit=AMOUNT), row(sent.reference, credit=AMOUNT, ref="FT2"))
        load_statement(session, "a.csv", data, by=staff["lusi"], now=world.now)
        debit, credit = session.scalars(select(StatementLine.id).order_by(StatementLine.id)).all()
        match_line(session, debit, sent.id, by=staff["lusi"], now=world.now)
        sent_id = sent.id
        session.commit()

    def back(world: World) -> object:
        return match_line(
            world.session,
            credit,
            sent_id,
            by=world.staff["lusi"],
            now=world.now,
            reason_code="account_closed",
        )

    number = 1
    before = _rows(engine)
    while not attempt(engine, staff, back, number):
        assert _rows(engine) == before
        number += 1
    with engine.connect() as connection:
        assert run_checks(connection) == {}
    with Session(engine) as session:
        assert session.get_one(Instruction, sent_id).state == "failed"


def _rows(engine: Engine) -> list[tuple[Any, ...]]:
    """What a half-done step could have left, in one line a table."""
    with engine.connect() as connection:
        return [
            tuple(connection.exec_driver_sql(query).all())
            for query in (
                "SELECT id, state, version FROM casefile ORDER BY id",
                "SELECT id, state, version FROM payment_instruction ORDER BY id",
                "SELECT id, state, version, file_sha256 FROM payment_batch ORDER BY id",
                "SELECT count(*) FROM payment_event",
                "SELECT count(*) FROM account_check",
                "SELECT count(*) FROM payment_batch_line",
                "SELECT count(*) FROM casefile_duty",
                "SELECT count(*) FROM statement_line",
                "SELECT count(*) FROM statement_match",
                "SELECT count(*) FROM history",
                "SELECT count(*) FROM audit_event",
                "SELECT count(*) FROM outbox",
            )
        ]
