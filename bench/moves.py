"""Rows 5 to 7: what writing costs, against one bare statement that writes as many rows, both durable."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import psycopg
from psycopg import sql
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from bench.clocks import backends, cpu_clock
from bench.result import Row, interleaved
from bench.world import Place, World, numbers, staff
from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims import operations, queries, workflows
from caseflow.claims.opening import Branch
from caseflow.claims.reporting import DeathReport, report_death
from caseflow.documents.models import Requirement
from caseflow.identifiers import read_case_number
from caseflow.launch.databases import libpq
from caseflow.people.actor import REPORTER, Actor
from caseflow.workflow.definition import Workflow
from caseflow.workflow.machine import NoSuchMove, next_state
from caseflow.workflow.models import CaseFile, History, Outbox

_ACTION = "start_intake"
_BARE_MOVE = """
WITH moved AS (
    UPDATE casefile SET state = 'documents_pending', version = version + 1, entered_at = %(now)s, due_on = NULL,
        follow_up_on = %(day)s, sort_on = '9999-12-31'
    WHERE number = %(number)s AND state = 'reported' AND version = 1
    RETURNING id, number, version, state, workflow, workflow_version
), told AS (
    INSERT INTO history (casefile_id, version, state, action, workflow, workflow_version, at, actor_kind,
        actor_name, prev_version, from_state, actor_person_id, actor_user_id, details)
    SELECT id, version, state, 'start_intake', workflow, workflow_version, %(now)s, 'staff', %(name)s, version - 1,
        'reported', %(person)s, %(user)s, '{}' FROM moved
)
INSERT INTO audit_event (at, action, actor_kind, actor_name, actor_person_id, actor_user_id, casefile_id, subject,
    details)
SELECT %(now)s, 'case.moved', 'staff', %(name)s, %(person)s, %(user)s, id, number, '{}' FROM moved
"""
_REPORTED = sql.SQL(
    "SELECT number FROM casefile WHERE (branch_code = 'solok') = %s AND state = 'reported' ORDER BY id"
)
_REPORT = DeathReport(
    worker_name="Samsir Bandaro",
    national_id=None,
    died_on=date(2026, 11, 17),
    cause="illness_or_other",
    region_code="13.03.99.2001",
    jorong="Pasar",
    reporter_name="Yusra",
    reporter_relation="istri",
    reporter_phone="+6281267001234",
    phone_owner="sendiri",
    contact_by="whatsapp",
    consented=True,
)


def measure(world: World) -> list[Row]:
    """Measure all three rows."""
    with psycopg.connect(libpq(world.main.urls.app), autocommit=True) as bare:
        limit = _bare_move(world, bare)
        return [transition(world, limit), machine(), creation(world, limit)]


def transition(world: World, limit: Callable[[], None]) -> Row:
    """Row 5: guard, version, state, history, audit, message; on the disk when it returns."""
    waiting = iter(numbers(world.main, _REPORTED, [True]))
    moved: list[str] = []
    dedi = staff(world.main.engine, "dedi")

    def move() -> None:
        moved.append(next(waiting))
        with Session(world.main.engine) as session:
            claim = queries.get_claim(session, moved[-1], by=dedi)
            operations.act(session, claim, _ACTION, by=dedi, expected_version=claim.version, now=clock.now())
            session.commit()

    with _counted(world.main) as sent:
        move()
    statements = len(sent)
    cpu, notes = _both(world, move, limit)
    wrong = _not_durable(world.main) + _unmoved(world.main, moved, dedi)
    notes += [f"{statements} statements a move, {len(moved)} moves checked"]
    return Row(
        "5",
        "one transition, durable",
        "UPDATE + 2 INSERT",
        cpu,
        0.12,
        0.25,
        notes=notes,
        wrong=wrong,
    )


def machine() -> Row:
    """Row 6: where an action leads, without a database."""
    definition = workflows.book().latest("jkm")
    every = itertools.chain(definition.moves(), definition.departures())
    known = {(state, action.name): target for action, state, target in every}
    wrong = [
        f"{state} {action}: the machine and the table disagree"
        for state, action in itertools.product(definition.states, definition.actions)
        if _led(definition, state, action) != known.get((state, action))
    ]
    calls = len(known)

    def ours() -> None:
        for state, action in known:
            next_state(definition, state, action)

    def limit() -> None:
        for key in known:
            known.get(key)

    pair = interleaved(ours, limit, time.process_time_ns, rounds=9, ours_calls=20, limit_calls=200)
    notes = [f"dict look-up {pair.limit_ms / calls * 1000:.3f} µs, {calls} moves"]
    value = pair.ours_ms / calls * 1000
    return Row(
        "6",
        "the machine alone",
        "dict look-up",
        value,
        2,
        0.5,
        high=False,
        unit=" µs",
        notes=notes,
        wrong=wrong,
    )


def creation(world: World, limit: Callable[[], None]) -> Row:
    """Row 7: a report becomes a case with number, history, papers asked for and a message."""
    serial = itertools.count(1)
    made: list[str] = []

    def create() -> None:
        report = replace(_REPORT, national_id=f"13039912097{next(serial):05d}")
        with Session(world.main.engine) as session:
            claim = report_death(session, report, branch=Branch("solok", "SJJ"), by=REPORTER, now=clock.now())
            made.append(claim.number)
            session.commit()

    with _counted(world.main) as sent:
        create()
    statements = len(sent)
    cpu, notes = _both(world, create, limit)
    notes += [f"{statements} statements a case, {len(made)} cases checked"]
    return Row(
        "7",
        "create a case",
        "UPDATE + 2 INSERT",
        cpu,
        0.10,
        0.20,
        notes=notes,
        wrong=_unmade(world.main, made),
    )


def _both(world: World, ours: Callable[[], None], limit: Callable[[], None]) -> tuple[float, list[str]]:
    """CPU through CPU, limit through ours: 1 is as good as the bare statement. Wall is told beside it."""
    pids = backends(world.main.urls.admin, world.main.name)
    cpu = interleaved(ours, limit, cpu_clock(pids, own=True), rounds=7)
    wall = interleaved(ours, limit, time.perf_counter_ns, rounds=7)
    notes = [
        f"CPU {1 / cpu.ratio:.3f} ({cpu.say('ours', 'bare')})",
        f"wall {1 / wall.ratio:.3f} ({wall.say('ours', 'bare')})",
    ]
    return 1 / cpu.ratio, notes


def _bare_move(world: World, connection: psycopg.Connection[tuple[object, ...]]) -> Callable[[], None]:
    """The same move as one statement on the same tables, in the other branches."""
    waiting = iter(numbers(world.main, _REPORTED, [False]))
    by, now = staff(world.main.engine, "dedi"), clock.now()
    values = {"now": now, "day": now.date(), "name": by.name, "person": by.person_id, "user": by.user_id}

    def move() -> None:
        done = connection.execute(_BARE_MOVE, {**values, "number": next(waiting)})
        if done.rowcount != 1:
            raise RuntimeError("the bare statement moved nothing")

    return move


@contextmanager
def _counted(place: Place) -> Iterator[list[str]]:
    """Collect the statements of a block."""
    sent: list[str] = []

    def keep(_connection: object, _cursor: object, text: str, *_more: object) -> None:
        sent.append(text)

    event.listen(place.engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(place.engine, "before_cursor_execute", keep)


def _led(definition: Workflow, state: str, action: str) -> str | None:
    try:
        return next_state(definition, state, action)
    except NoSuchMove:
        return None


def _not_durable(place: Place) -> list[str]:
    with psycopg.connect(libpq(place.urls.app)) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            row = connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(setting))).fetchone()
            if row != ("on",):
                return [f"{setting} is not on"]
    return []


def _unmoved(place: Place, moved: list[str], by: Actor) -> list[str]:
    """Whether every move left state, history, audit and message, once."""
    definition = workflows.book().latest("jkm")
    target = definition.actions[_ACTION].target
    with Session(place.engine) as session:
        of_moved = select(CaseFile.id).where(CaseFile.number.in_(moved))
        counts = {
            "state": select(func.count()).where(
                CaseFile.number.in_(moved), CaseFile.state == target, CaseFile.version == 2
            ),
            "history": select(func.count()).where(
                History.casefile_id.in_(of_moved), History.version == 2, History.actor_user_id == by.user_id
            ),
            "message": select(func.count()).where(
                Outbox.casefile_id.in_(of_moved), Outbox.history_version == 2
            ),
            "audit": select(func.count()).where(
                AuditEvent.casefile_id.in_(of_moved),
                AuditEvent.action == "case.moved",
                AuditEvent.details["version"].as_integer() == 2,
            ),
        }
        found = {name: session.scalars(count).one() for name, count in counts.items()}
    return [f"{name}: {count} of {len(moved)}" for name, count in found.items() if count != len(moved)]


def _unmade(place: Place, made: list[str]) -> list[str]:
    """Whether every case has a good number, two moves and its list of papers."""
    wrong = [f"{number} is no case number" for number in made if read_case_number(number) != number]
    with Session(place.engine) as session:
        rows = session.execute(
            select(
                CaseFile.state,
                select(func.count()).where(History.casefile_id == CaseFile.id).scalar_subquery(),
                select(func.count()).where(Requirement.casefile_id == CaseFile.id).scalar_subquery(),
            ).where(CaseFile.number.in_(made))
        ).all()
    if (
        len(rows) != len(made)
        or len(set(rows)) != 1
        or rows[0][0] != "reported"
        or rows[0][1] != 2
        or not rows[0][2]
    ):
        wrong.append(f"{len(rows)} of {len(made)} cases: {set(rows)}")
    return wrong
