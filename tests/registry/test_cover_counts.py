"""The database counts coverage itself: whatever is written, the counts are those of the rows."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import create_engine, delete, pool, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow.claims.cover import numbers
from caseflow.law.ledger import first_of, month_number
from caseflow.registry.cover_models import CoverCount, CoverEnd, CoverMember
from caseflow.registry.models import CoverMonth, Worker
from tests.conftest import FreshDatabase

NAGARI = ("13.03.99.2001", "13.03.99.2002")
SOURCES = ("apb_nagari", "apbd", "csr")
FIRST = month_number(date(2025, 1, 1))


def _worker(session: Session, number: int, region: str = NAGARI[0]) -> Worker:
    worker = Worker(
        national_id=f"13039901017{number:05}",
        full_name=f"Pekerja {number}",
        born_on=date(1970, 1, 1),
        sex="m",
        region_code=region,
        jorong="Pasar",
        occupation="Petani",
        registered_on=date(2025, 1, 1),
    )
    session.add(worker)
    session.flush()
    return worker


def _paid(worker: Worker, month: date, *, source: str = "apbd", paid_on: date | None = None) -> CoverMonth:
    return CoverMonth(
        worker_id=worker.id,
        month=month,
        paid_on=paid_on or month,
        funding_source=source,
        amount_idr=16_800,
        receipt_number="UJI-1",
    )


def _due(month: date) -> date:
    """The 15th of the next month."""
    return first_of(month_number(month) + 1).replace(day=15)


def _check(session: Session) -> None:
    """Count everything again, one worker after the other, and compare."""
    session.flush()
    session.expire_all()
    counts: Counter[tuple[str, date, str]] = Counter()
    in_time: Counter[tuple[str, date, str]] = Counter()
    money: Counter[tuple[str, date, str]] = Counter()
    members: Counter[tuple[str, date]] = Counter()
    ends: dict[int, tuple[str, date]] = {}
    grace = numbers().on("grace_months", date(2026, 11, 20)).value
    for worker in session.scalars(select(Worker)):
        rows = session.scalars(select(CoverMonth).where(CoverMonth.worker_id == worker.id)).all()
        gone = min((day for day in (worker.died_on, worker.left_on) if day), default=date.max)
        for row in rows:
            if row.month <= gone:
                key = (worker.region_code, row.month, row.funding_source)
                counts[key] += 1
                in_time[key] += row.paid_on <= _due(row.month)
                money[key] += row.amount_idr
        reached = {month_number(row.month) + back for row in rows for back in range(grace + 1)}
        members.update((worker.region_code, first_of(one)) for one in reached if first_of(one) <= gone)
        if rows and gone == date.max:
            ends[worker.id] = (worker.region_code, max(row.month for row in rows))
    kept = {
        (row.region_code, row.month, row.funding_source): (row.workers, row.in_time, row.amount_idr)
        for row in session.scalars(select(CoverCount))
        if row.workers
    }
    assert kept == {key: (number, in_time[key], money[key]) for key, number in counts.items()}
    assert {
        (row.region_code, row.month): row.workers
        for row in session.scalars(select(CoverMember))
        if row.workers
    } == dict(members)
    assert {
        row.worker_id: (row.region_code, row.last_month) for row in session.scalars(select(CoverEnd))
    } == ends


def test_what_was_there_before_is_counted(session: Session) -> None:
    """The practice data."""
    _check(session)


@pytest.fixture
def unguarded(shared_database: FreshDatabase) -> Iterator[Session]:
    """A session in which months go without a reversed payment behind them; nothing of it stays."""
    engine = create_engine(shared_database.owner_url, poolclass=pool.NullPool)
    with Session(engine) as opened:
        opened.execute(text("ALTER TABLE cover_month DISABLE TRIGGER prove_cover_month"))
        yield opened
        opened.rollback()
    engine.dispose()


@pytest.mark.parametrize("seed", range(4))
def test_counts_follow_every_change(unguarded: Session, seed: int) -> None:
    """Months paid and reversed in any order, one by one and many at once; people move, die, leave, come back."""
    chance = random.Random(seed)  # noqa: S311 (the same walk every time)
    workers = [_worker(unguarded, number, chance.choice(NAGARI)) for number in range(6)]
    for _ in range(25):
        worker = chance.choice(workers)
        _one_change(unguarded, worker, workers, chance)
    _check(unguarded)


def _one_change(session: Session, worker: Worker, workers: list[Worker], chance: random.Random) -> None:
    day = first_of(FIRST + chance.randrange(18)).replace(day=chance.randrange(1, 28))
    match chance.randrange(6):
        case 0 | 1:
            first, length = FIRST + chance.randrange(14), chance.randrange(1, 6)
            for one in chance.sample(workers, 3):
                _pay_missing(session, one, range(first, first + length), chance)
        case 2:
            after = first_of(FIRST + chance.randrange(14))
            session.execute(
                delete(CoverMonth).where(CoverMonth.worker_id == worker.id, CoverMonth.month >= after)
            )
        case 3:
            worker.region_code = chance.choice(NAGARI)
        case 4:
            worker.died_on = chance.choice((None, day))
        case _:
            worker.left_on = chance.choice((None, day))
            worker.left_reason = "moved" if worker.left_on else None
    session.flush()


def _pay_missing(session: Session, worker: Worker, months: range, chance: random.Random) -> None:
    known = set(session.scalars(select(CoverMonth.month).where(CoverMonth.worker_id == worker.id)))
    session.add_all(
        _paid(
            worker,
            first_of(one),
            source=chance.choice(SOURCES),
            paid_on=first_of(one + chance.randrange(3)).replace(day=chance.choice((1, 15, 16, 28))),
        )
        for one in months
        if first_of(one) not in known
    )
    session.flush()


def test_a_paid_month_is_never_changed(session: Session) -> None:
    """It is reversed and paid anew, so that the evidence stays with the payment."""
    worker = _worker(session, 50)
    session.add(_paid(worker, date(2026, 10, 1)))
    session.flush()
    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(
            update(CoverMonth).where(CoverMonth.worker_id == worker.id).values(month=date(2026, 11, 1))
        )


def test_no_program_writes_the_counts(session: Session) -> None:
    """Only the triggers do."""
    for table in (CoverCount, CoverMember, CoverEnd):
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(delete(table))


def test_two_who_pay_at_once_are_both_counted(fresh_database: FreshDatabase) -> None:
    """Neighbouring months of the same people, paid in the same moment, and one of them moves."""
    with Session(fresh_database.engine) as session:
        ids = [_worker(session, number).id for number in range(5)]
        session.commit()
    together = threading.Barrier(3)

    def pay(month: date) -> None:
        with Session(fresh_database.engine) as own:
            together.wait()
            own.add_all(_paid(own.get_one(Worker, one), month) for one in ids)
            own.commit()

    def move() -> None:
        with Session(fresh_database.engine) as own:
            together.wait()
            own.get_one(Worker, ids[2]).region_code = NAGARI[1]
            own.commit()

    at_once = [
        threading.Thread(target=pay, args=(date(2026, 1, 1),)),
        threading.Thread(target=pay, args=(date(2026, 2, 1),)),
        threading.Thread(target=move),
    ]
    for one in at_once:
        one.start()
    for one in at_once:
        one.join()
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(CoverMonth.month).where(CoverMonth.worker_id == ids[4]).limit(1))
        _check(session)
