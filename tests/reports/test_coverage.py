"""The figures of coverage: each by a worked example, and all of them against a recount of the rows in Python."""

import random
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from caseflow.claims.cover import numbers
from caseflow.errors import NotFound, NotPermitted
from caseflow.law.ledger import first_of, month_number
from caseflow.people.actor import Actor
from caseflow.registry.arrears import pay_by
from caseflow.registry.cover_models import CoverageTarget
from caseflow.registry.models import CoverMonth, Worker
from caseflow.reports import coverage_rows, public_coverage
from caseflow.reports.coverage import coverage
from caseflow.reports.coverage_figures import PAYER_SOURCES, Choice, Coverage, last_due_month
from tests.reports.coverage_world import KOTO_CONTOH, KOTO_LATIHAN, OCTOBER, no_months, pay, quota, worker

TODAY = date(2026, 11, 20)


def _seen(
    session: Session, by: Actor, choice: Choice | None = None, permission: str = "coverage.read"
) -> Coverage:
    return coverage(session, choice or Choice(OCTOBER), by=by, permission=permission, today=TODAY)


def _line(found: Coverage, code: str) -> tuple[int | None, int | None]:
    line = next(one for one in found.nagari if one.code == code)
    return line.active.value, line.missing


def test_six_in_one_nagari_and_three_in_the_other(session: Session, staff: Mapping[str, Actor]) -> None:
    """D1, D2, D3: 6 + 3 = 9 active in October; 10 budgeted, so 4 are missing in the first."""
    no_months(session)
    for number in range(6):
        pay(session, worker(session, number, KOTO_LATIHAN), OCTOBER, OCTOBER)
    for number in range(6, 9):
        pay(session, worker(session, number, KOTO_CONTOH), OCTOBER, OCTOBER, source="dbh_sawit")
    quota(session, KOTO_LATIHAN, 100, 10)
    found = _seen(session, staff["desi"])
    assert (found.active.value.value, found.active.of, found.active.permille) == (9, 48_838, 0)
    assert (found.active.on, found.active.kind) == (date(2026, 10, 31), "stock")
    assert found.of_quota is not None
    assert (found.of_quota.value.value, found.of_quota.of, found.of_quota.permille) == (9, 100, 90)
    assert found.nagari[0].code == KOTO_LATIHAN
    assert _line(found, KOTO_LATIHAN) == (6, 4)
    assert _line(found, KOTO_CONTOH) == (3, None)
    district = next(one for one in found.districts if one.code == "13.03.99")
    assert (district.active.value, district.quota) == (9, coverage_rows.Places(100, 10))
    assert found.by_payer is not None
    assert {payer: cell.value for payer, cell in found.by_payer.items()} == {
        "nagari": 6,
        "regency": 3,
        "csr": 0,
        "mandiri": 0,
    }
    assert _seen(session, staff["desi"], Choice(OCTOBER, payer="regency")).active.value.value == 3


def test_the_target_is_that_of_2023_and_says_so(session: Session, staff: Mapping[str, Actor]) -> None:
    """30,000 of 48,838 vulnerable workers, and 31,611 = 41 % of all on another basis, both to be verified."""
    found = _seen(session, staff["desi"])
    assert found.target is not None
    assert found.all_workers is not None
    assert (found.target.value, found.target.population, found.target.certainty) == (30_000, 48_838, "verify")
    assert (found.all_workers.value, found.all_workers.share_permille) == (31_611, 410)
    assert found.all_workers.population is None
    session.add(
        CoverageTarget(
            region_code="13.03",
            kind="vulnerable",
            stated_on=date(2026, 10, 5),
            value=35_000,
            value_meaning="target",
            population_meaning="pekerja rentan",
            population=50_000,
            source="SK uji",
            certainty="sure",
        )
    )
    session.flush()
    newer = _seen(session, staff["desi"])
    assert newer.target is not None
    assert newer.target.value == 35_000
    before = _seen(session, staff["desi"], Choice(date(2026, 9, 1)))
    assert before.target is not None
    assert before.target.value == 30_000


def test_the_line_marks_a_changed_contribution(session: Session, staff: Mapping[str, Actor]) -> None:
    """D4: one person from August; PP 50/2025 halves what drivers pay from January 2026, others from April."""
    no_months(session)
    one = worker(session, 1, KOTO_LATIHAN)
    pay(session, one, date(2026, 8, 1), OCTOBER, source="mandiri")
    trend = _seen(session, staff["desi"]).trend
    assert (trend[0].month, len(trend)) == (date(2025, 11, 1), 12)
    assert [point.active.value for point in trend[-4:]] == [0, 1, 1, 1]
    marks = {point.month: point.rates for point in trend if point.rates}
    assert marks == {
        date(2026, 1, 1): ("Bayar sendiri, angkutan (ojek, sopir): Rp16.800 menjadi Rp8.400",),
        date(2026, 4, 1): ("Bayar sendiri, pekerjaan lain: Rp16.800 menjadi Rp8.400",),
    }
    nagari = _seen(session, staff["desi"], Choice(OCTOBER, payer="nagari")).trend
    assert [point.rates for point in nagari] == [()] * 12


def test_paid_by_the_15th_is_in_time_and_a_day_later_is_not(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    """D5: September of two people, one paid on 15 October, one on the 16th: half. In November nothing is due yet."""
    no_months(session)
    september, november = date(2026, 9, 1), date(2026, 11, 1)
    pay(session, worker(session, 1, KOTO_LATIHAN), september, september)
    pay(session, worker(session, 2, KOTO_LATIHAN), september, september, days_late=1)
    found = _seen(session, staff["desi"], Choice(november))
    row = next(one for one in found.heat if one.code == KOTO_LATIHAN)
    told = {cell.month: (cell.state, cell.in_time, cell.members) for cell in row.cells}
    assert told[date(2026, 8, 1)] == ("none", 0, 0)
    assert told[september] == ("part", 1, 2)
    assert told[OCTOBER] == ("unpaid", 0, 2)  # still members: one of the three months before is paid
    assert told[november] == ("running", 0, 2)


def test_two_whole_months_unpaid_are_the_second_step(session: Session, staff: Mapping[str, Actor]) -> None:
    """D6: last paid August; September and October are unpaid; the day to pay by is that of the ladder of dues."""
    no_months(session)
    for number, last in ((1, date(2026, 8, 1)), (2, date(2026, 9, 1)), (3, date(2026, 6, 1))):
        pay(session, worker(session, number, KOTO_LATIHAN), last, last)
    found = _seen(session, staff["desi"])
    assert found.at_risk == {1: 1, 2: 1, 3: 0}  # the third is no member any more
    assert found.at_risk_all.value == 2
    names = list(coverage_rows.unpaid_names(session, TODAY, 3, by=staff["desi"], permission="worker.read"))
    assert [(one.name, one.step, one.pay_by) for one in names] == [
        ("Pekerja Contoh 1", 2, pay_by(date(2026, 8, 1), TODAY)),
        ("Pekerja Contoh 2", 1, pay_by(date(2026, 9, 1), TODAY)),
    ]


def test_the_first_month_judged_is_the_newest_that_was_due() -> None:
    """Until the 15th, the month before last; from the 16th, the last."""
    assert last_due_month(date(2026, 11, 15)) == date(2026, 9, 1)
    assert last_due_month(date(2026, 11, 16)) == date(2026, 10, 1)
    assert last_due_month(date(2026, 1, 3)) == date(2025, 11, 1)


def test_whoever_reads_aggregates_sees_no_small_count(session: Session, staff: Mapping[str, Actor]) -> None:
    """Three in one nagari, forty in the other: neither is told, nor who pays, nor who is at risk by name."""
    no_months(session)
    for number in range(3):
        pay(session, worker(session, number, KOTO_CONTOH), OCTOBER, OCTOBER, source="csr")
    for number in range(3, 43):
        pay(session, worker(session, number, KOTO_LATIHAN), OCTOBER, OCTOBER)
    found = _seen(session, staff["dprd"], Choice(OCTOBER, payer="csr"))
    lines = {one.code: one.active.words for one in found.nagari}
    assert (lines[KOTO_CONTOH], lines[KOTO_LATIHAN]) == ("<5", "disamarkan")
    assert (found.active.value.value, found.payer, found.by_payer, found.at_risk) == (43, None, None, None)
    heat = {row.code: row.cells[-1] for row in found.heat}
    assert (heat[KOTO_CONTOH].state, heat[KOTO_CONTOH].members) == ("few", None)
    assert (heat[KOTO_LATIHAN].state, heat[KOTO_LATIHAN].members) == ("paid", None)
    with pytest.raises(NotPermitted):
        list(coverage_rows.unpaid_names(session, TODAY, 3, by=staff["dprd"], permission="worker.read"))


def test_a_kecamatan_is_told_what_the_regency_is_told_of_it(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    """Three elsewhere hide another count with them: who reads that one's kecamatan alone must not undo it."""
    no_months(session)
    elsewhere = next(
        one.code for one in coverage_rows.every_place(session) if not one.code.startswith("13.03.99")
    )
    for number, place in enumerate((*[KOTO_LATIHAN] * 40, *[KOTO_CONTOH] * 30, *[elsewhere] * 3)):
        pay(session, worker(session, number, place), OCTOBER, OCTOBER)
    of_all = _seen(session, staff["dprd"])
    camat = Actor(
        kind="staff", name="Camat", roles=frozenset({"regency_monitor"}), region_codes=frozenset({"13.03.99"})
    )
    mine = _seen(session, camat)
    assert of_all.active.value.value == 73
    known = {one.code: one.active for one in of_all.nagari}
    assert known[KOTO_CONTOH].value is None
    assert {one.code: one.active for one in mine.nagari} == {
        one: known[one] for one in (KOTO_LATIHAN, KOTO_CONTOH)
    }
    assert (mine.active.value.value, mine.by_payer) == (None, None)
    other = Actor(
        kind="staff",
        name="Camat",
        roles=frozenset({"regency_monitor"}),
        region_codes=frozenset({elsewhere[:8]}),
    )
    assert _seen(session, other).active.value.value is None


def test_a_nagari_sees_itself_alone(session: Session, staff: Mapping[str, Actor]) -> None:
    """No line, no count, no name of another nagari; another's code is not there."""
    by, right = staff["fitri"], "coverage.read_nagari"
    found = _seen(session, by, permission=right)
    assert {one.code for one in found.nagari} == {KOTO_LATIHAN}
    assert found.target is None
    names = coverage_rows.unpaid_names(session, TODAY, 3, by=by, permission="worker.read")
    assert {one.place for one in names} <= {"Koto Latihan"}
    with pytest.raises(NotFound):
        _seen(session, by, Choice(OCTOBER, area=KOTO_CONTOH), right)


def test_figures_are_read_from_counts_and_never_worker_by_worker(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    """However many there are: the page reads the counts of 62 nagari; only the list of names reads names, by index."""
    told: list[str] = []
    connection = session.connection()

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        told.append(statement)

    event.listen(connection, "before_cursor_execute", keep)
    _seen(session, staff["desi"])
    event.remove(connection, "before_cursor_execute", keep)
    assert told
    assert not [
        one for one in told if re.search(r"FROM (cover_month|worker)\b|JOIN (cover_month|worker)\b", one)
    ]
    session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = session.execute(
        text(
            "EXPLAIN SELECT region_code, last_month, count(*) FROM cover_end WHERE region_code = '13.03.99.2001'"
            " AND last_month = '2026-08-01' GROUP BY 1, 2"
        )
    )
    assert "ix_cover_end_" in "".join(row[0] for row in plan)


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_equals_a_recount(session: Session, staff: Mapping[str, Actor], seed: int) -> None:
    """Random people and months, and every count made again one by one."""
    chance = random.Random(seed)  # noqa: S311 (the same people every time)
    for number in range(25):
        died = date(2026, chance.randrange(5, 11), 9) if chance.random() < 0.2 else None
        one = worker(session, number, chance.choice((KOTO_LATIHAN, KOTO_CONTOH)), died_on=died)
        first = month_number(date(2025, 6, 1)) + chance.randrange(16)
        last = min(first + chance.randrange(8), month_number(TODAY))
        source = chance.choice(("apb_nagari", "apbd", "pokir", "csr", "mandiri"))
        pay(
            session,
            one,
            first_of(first),
            first_of(last),
            source=source,
            days_late=chance.choice((-20, 0, 1, 40)),
        )
    found = _seen(session, staff["desi"])
    people = session.scalars(select(Worker)).all()
    months = {
        one.id: session.scalars(select(CoverMonth).where(CoverMonth.worker_id == one.id)).all()
        for one in people
    }
    for line in found.nagari:
        here = [one for one in people if one.region_code == line.code]
        assert line.active.value == sum(_pays(one, months[one.id], OCTOBER) is not None for one in here)
    for point in found.trend:
        assert point.active.value == sum(
            _pays(one, months[one.id], point.month) is not None for one in people
        )
    assert found.by_payer is not None
    for payer, sources in PAYER_SOURCES.items():
        assert found.by_payer[payer].value == sum(
            _pays(one, months[one.id], OCTOBER) in sources for one in people
        )
    assert found.at_risk == {
        step: sum(_unpaid(one, months[one.id]) == step for one in people) for step in (1, 2, 3)
    }
    for row in found.heat:
        here = [one for one in people if one.region_code == row.code]
        for cell in row.cells:
            assert cell.members == sum(_member(one, months[one.id], cell.month) for one in here)


def _alive(one: Worker, month: date) -> bool:
    return one.died_on is None or one.died_on >= month


def _pays(one: Worker, paid: Sequence[CoverMonth], month: date) -> str | None:
    return next((row.funding_source for row in paid if row.month == month and _alive(one, month)), None)


def _member(one: Worker, paid: Sequence[CoverMonth], month: date) -> bool:
    grace = numbers().on("grace_months", TODAY).value
    reached = range(month_number(month) - grace, month_number(month) + 1)
    return _alive(one, month) and any(month_number(row.month) in reached for row in paid)


def _unpaid(one: Worker, paid: Sequence[CoverMonth]) -> int | None:
    if one.died_on or not paid:
        return None
    return month_number(TODAY) - 1 - max(month_number(row.month) for row in paid)


def test_a_small_regency_is_not_what_the_public_sum_leaves_over() -> None:
    """500 here and 3 in the regency beside: whoever reads 500 of this one would take them from 503."""
    districts = {"13.03.99.2001": "13.03.99", "13.04.01.2001": "13.04.01"}
    assert public_coverage._whole({"13.03.99.2001": 500, "13.04.01.2001": 3}, districts) is None
    assert public_coverage._whole({"13.03.99.2001": 500, "13.04.01.2001": 30}, districts) == 530
    assert public_coverage._whole({"13.03.99.2001": 500}, districts) == 500
