"""The one query on cover says what the law says, on any ledger, and stays an index look-up among many."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from caseflow.errors import NotFound
from caseflow.law.cover import PaidMonth, assess_cover
from caseflow.law.ledger import first_of
from caseflow.registry import ledger
from caseflow.registry.models import CoverMonth
from tests.registry.dues import paid, worker

_FIRST = date(2023, 1, 1)
_NUMBER = _FIRST.year * 12
_days = st.dates(_FIRST, date(2026, 12, 31))
_ledgers = st.dictionaries(
    st.integers(0, 47).map(lambda ahead: first_of(_NUMBER + ahead)),
    st.integers(-200, 200),
    max_size=30,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_ledgers, registered_on=_days, day=_days)
def test_the_query_says_what_the_law_says(
    session: Session, rows: dict[date, int], registered_on: date, day: date
) -> None:
    with session.begin_nested() as undone:
        someone = worker(session, registered_on=registered_on)
        for month, late in rows.items():
            session.add(
                CoverMonth(
                    worker_id=someone.id, month=month, paid_on=month + timedelta(days=late),
                    funding_source="apbd", amount_idr=16_800, receipt_number="x",
                )
            )  # fmt: skip
        session.flush()
        found = ledger.cover_on(session, someone.id, day)
        undone.rollback()
    said = assess_cover(
        [PaidMonth(month, month + timedelta(days=late), "apbd") for month, late in rows.items()],
        registered_on=registered_on,
        died_on=day,
        book=ledger.numbers(),
    )
    assert (
        found.covered, found.first_month, found.last_month, found.consecutive_months, found.unpaid_months,
        found.paid_after,
    ) == (
        said.active, said.first_paid_month, said.last_paid_month, said.consecutive_months, said.unpaid_months,
        len(said.paid_after_death),
    )  # fmt: skip


def test_by_whom_and_with_which_proof(session: Session) -> None:
    someone = worker(session)
    paid(session, someone, [date(2026, 8, 1), date(2026, 9, 1)], source="dbh_sawit")
    paid(session, someone, [date(2026, 10, 1), date(2026, 11, 1)], source="apb_nagari")
    found = ledger.cover_on(session, someone.id, date(2026, 11, 20))
    assert (found.covered, found.funding_source, found.paid_on) == ("yes", "apb_nagari", date(2026, 11, 10))
    assert (found.receipt_number, found.payment, found.consecutive_months) == ("LAMA-202611", None, 4)
    before = ledger.cover_on(session, someone.id, date(2026, 9, 30))
    assert (before.covered, before.funding_source, before.last_month) == (
        "yes",
        "dbh_sawit",
        date(2026, 9, 1),
    )


def test_paid_through_ends_before_the_first_month_that_nobody_paid(session: Session) -> None:
    someone = worker(session)
    paid(session, someone, [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)])
    paid(session, someone, [date(2027, 3, 1)])
    through = [
        ledger.paid_through(session, someone.id, day) for day in (date(2026, 11, 30), date(2027, 2, 1))
    ]
    assert through == [date(2027, 1, 1), None]
    assert ledger.paid_through(session, someone.id, date(2027, 3, 31)) == date(2027, 3, 1)


def test_nobody_of_that_key(session: Session) -> None:
    with pytest.raises(NotFound):
        ledger.cover_on(session, 10**12, date(2026, 11, 20))


def test_one_query_that_reads_no_table_from_end_to_end(session: Session) -> None:
    """Three thousand workers with 24 months each: the plan finds one worker's rows by their keys."""
    someone = worker(session)
    session.execute(
        text(
            "INSERT INTO worker (national_id, national_id_index, full_name, born_on, sex, region_code, jorong, occupation,"
            " registered_on, address, birth_place, mothers_name, hazard, version) SELECT national_id,"
            " encode(sha256(n::text::bytea), 'hex'), 'Banyak', '1970-01-01', 'm', '13.03.99.2001', 'Pasar', 'Petani',"
            " '2024-01-01', '', '', '', '', 0 FROM worker, generate_series(1, 3000) n WHERE worker.id = :like"
        ),
        {"like": someone.id},
    )
    session.execute(
        text(
            "INSERT INTO cover_month (worker_id, month, paid_on, funding_source, amount_idr, receipt_number)"
            " SELECT worker.id, month::date, month::date, 'apbd', 16800, 'x' FROM worker,"
            " generate_series('2024-12-01'::date, '2026-11-01', '1 month') month WHERE full_name = 'Banyak'"
        )
    )
    values = {"worker_id": someone.id, "day": date(2026, 11, 20), "grace": 3}
    plan = "\n".join(session.scalars(text("EXPLAIN " + ledger.statement().text).bindparams(**values)).all())
    assert "pk_cover_month" in plan
    assert "pk_worker" in plan
    assert "Seq Scan on worker" not in plan
    assert "Seq Scan on cover_month" not in plan
