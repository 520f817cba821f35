"""The ladder counts whole unpaid months as the law does; alarms rise once, 60, 30 and 7 days before cover ends."""

from collections.abc import Mapping
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.errors import NotFound, NotPermitted
from caseflow.law.ledger import first_of, month_number
from caseflow.people.actor import Actor
from caseflow.registry import alarms, arrears
from caseflow.registry.ledger import cover_on
from caseflow.registry.models import Worker
from caseflow.registry.rates import months_of
from tests.registry.dues import KOTO_CONTOH, KOTO_LATIHAN, paid, recorded, transfer, worker

Staff = Mapping[str, Actor]
TODAY = date(2026, 11, 20)


def until(session: Session, last: date, name: str = "Marlis", *, source: str = "apb_nagari") -> Worker:
    """Somebody of Koto Contoh whose last paid month is this, after five others."""
    row = worker(session, name)
    first = first_of(month_number(last) - 5)
    paid(session, row, months_of(first, last), source=source)
    return row


def unpaid_of(session: Session, staff: Staff, row: Worker, on: date = TODAY) -> int | None:
    """Return the step of one worker, ``None`` when they are not behind."""
    found = arrears.behind(session, KOTO_CONTOH, on=on, by=staff["desi"])
    return next((one.unpaid for one in found if one.public_id == row.public_id), None)


@pytest.mark.parametrize(
    ("last", "step"),
    [
        (date(2026, 12, 1), None),  # paid ahead
        (date(2026, 11, 1), None),
        (date(2026, 10, 1), None),  # November runs still
        (date(2026, 9, 1), 1),
        (date(2026, 8, 1), 2),
        (date(2026, 7, 1), 3),
        (date(2026, 6, 1), 4),
    ],
)
def test_whole_months_that_ended_unpaid(session: Session, staff: Staff, last: date, step: int | None) -> None:
    row = until(session, last)
    assert unpaid_of(session, staff, row) == step
    if step:
        assert cover_on(session, row.id, TODAY).unpaid_months == step


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ahead=st.sets(st.integers(0, 30), min_size=1, max_size=20),
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_the_ladder_agrees_with_the_ledger(
    session: Session, staff: Staff, ahead: set[int], day: date
) -> None:
    """Whoever the ladder calls ended is not covered, and nobody else."""
    with session.begin_nested() as undone:
        row = worker(session)
        paid(session, row, [first_of(month_number(date(2024, 6, 1)) + one) for one in sorted(ahead)], days=0)
        step = unpaid_of(session, staff, row, on=day)
        covered = cover_on(session, row.id, day).covered
        found = arrears.ladders(session, on=day, by=staff["desi"])
        undone.rollback()
    assert (covered == "no") == (step is not None and (step > 3 or step == 0))
    assert sum(one.ended + one.never for one in found if one.region_code == KOTO_CONTOH) >= (covered == "no")


def test_paying_by_that_day_still_keeps_them(session: Session) -> None:
    """Three months may end unpaid, a fourth may not: the last day is that of the third."""
    assert arrears.pay_by(date(2026, 8, 1), TODAY) == date(2026, 11, 30)
    row = until(session, date(2026, 8, 1))
    assert cover_on(session, row.id, date(2026, 12, 31)).covered == "officer_decides"
    assert cover_on(session, row.id, date(2027, 1, 1)).covered == "no"


def test_counts_by_nagari(session: Session, staff: Staff) -> None:
    before = {one.region_code: one for one in arrears.ladders(session, on=TODAY, by=staff["desi"])}
    for last in (date(2026, 10, 1), date(2026, 9, 1), date(2026, 8, 1), date(2026, 8, 1), date(2026, 7, 1)):
        until(session, last)
    worker(session)
    after = {one.region_code: one for one in arrears.ladders(session, on=TODAY, by=staff["desi"])}
    old, new = before[KOTO_CONTOH], after[KOTO_CONTOH]
    assert [getattr(new, step) - getattr(old, step) for step in ("current", "one", "two", "limit", "ended", "never")] == [
        1, 1, 2, 1, 0, 1,
    ]  # fmt: skip
    assert new.behind - old.behind == 4
    assert after[KOTO_LATIHAN] == before[KOTO_LATIHAN]
    assert (new.region_name, new.district) == ("Koto Contoh", "Latihan")


def test_the_dead_and_those_who_left_are_not_behind(session: Session, staff: Staff) -> None:
    for row in (worker(session, died_on=date(2026, 9, 1)), worker(session, left_on=date(2026, 9, 1))):
        paid(session, row, [date(2026, 8, 1)])
        assert unpaid_of(session, staff, row) is None


def test_a_recorded_payment_is_shown_as_waiting(session: Session, staff: Staff) -> None:
    row = until(session, date(2026, 8, 1))
    recorded(session, transfer([row], date(2026, 9, 1), date(2026, 10, 1), 33_600), by=staff["desi"])
    found = arrears.behind(session, KOTO_CONTOH, on=TODAY, by=staff["desi"])
    assert [one.waiting for one in found if one.public_id == row.public_id] == [True]


def test_a_hole_before_months_that_are_paid_already_is_a_gap(session: Session, staff: Staff) -> None:
    """The nagari pays this year, the regency the next from February on: nobody pays January."""
    row = until(session, date(2026, 12, 1))
    paid(
        session,
        row,
        [first_of(month_number(date(2027, 2, 1)) + one) for one in range(11)],
        source="apbd",
        days=0,
    )
    found = arrears.gaps_ahead(session, KOTO_CONTOH, on=TODAY, by=staff["desi"])
    assert date(2026, 12, 1) in [one.last_month for one in found if one.workers]
    paid(session, row, [date(2027, 1, 1)], days=0)
    closed = arrears.gaps_ahead(session, KOTO_CONTOH, on=TODAY, by=staff["desi"])
    assert sum(one.workers for one in found) - sum(one.workers for one in closed) == 1


def test_nobody_sees_another_nagari(session: Session, staff: Staff) -> None:
    row = until(session, date(2026, 8, 1), "KENARI")
    with pytest.raises(NotFound):
        arrears.behind(session, KOTO_CONTOH, on=TODAY, by=staff["fitri"])
    with pytest.raises(NotFound):
        arrears.gaps_ahead(session, KOTO_CONTOH, on=TODAY, by=staff["fitri"])
    assert row.public_id not in {
        one.public_id for one in arrears.behind(session, on=TODAY, by=staff["fitri"])
    }
    with pytest.raises(NotPermitted):
        arrears.ladders(session, on=TODAY, by=staff["fitri"])


def test_blocks_that_end_are_told_by_payer(session: Session, staff: Staff) -> None:
    """Cover that another payer goes on with is no gap; who pays ahead further than sixty days is none yet."""
    until(session, date(2026, 11, 1), source="dbh_sawit")
    until(session, date(2027, 2, 1), source="dbh_sawit")
    both = until(session, date(2026, 11, 1), source="pokir")
    paid(session, both, [date(2026, 12, 1)], source="csr")
    found = {
        (one.funding_source, one.last_month): (one.workers, one.days_left, one.step)
        for one in arrears.gaps_ahead(session, KOTO_CONTOH, on=TODAY, by=staff["desi"])
    }
    assert found[("dbh_sawit", date(2026, 11, 1))] == (1, 10, 30)
    assert found[("csr", date(2026, 12, 1))] == (1, 41, 60)
    assert ("pokir", date(2026, 11, 1)) not in found
    assert ("dbh_sawit", date(2027, 2, 1)) not in found


def test_alarms_rise_once_a_step(session: Session, staff: Staff) -> None:
    row = until(session, date(2026, 12, 1), source="dbh_sawit")
    steps = []
    for day in (
        "2026-10-20",
        "2026-11-02",
        "2026-11-03",
        "2026-12-01",
        "2026-12-02",
        "2026-12-24",
        "2026-12-31",
    ):
        clock.set_start(datetime.fromisoformat(f"{day}T06:00:00+07:00"))
        alarms.raise_alarms(session, now=clock.now())
        found = alarms.alarms(session, KOTO_CONTOH, since=date(2026, 12, 1), by=staff["desi"])
        steps.append(sorted(one.step for one in found if one.funding_source == "dbh_sawit"))
    assert steps == [[], [60], [60], [30, 60], [30, 60], [7, 30, 60], [7, 30, 60]]
    assert alarms.raise_alarms(session, now=clock.now()) == 0
    paid(session, row, [date(2027, 1, 1)], source="dbh_sawit")
