"""What a refresh writes: only what differs; and the curve of businesses, against the visits themselves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.monitoring import plans, survival
from caseflow.people.actor import Actor
from caseflow.reports.result_models import ResultCount
from caseflow.reports.result_refresh import refresh
from caseflow.reports.survival_counts import families_of_area
from tests.reports import results_world as world


def test_a_refresh_writes_what_differs_and_nothing_else(session: Session, staff: Mapping[str, Actor]) -> None:
    """A count that is wrong, missing or of nothing is put right; the others are not written again."""
    world.population(session, staff, seed=5, claims=30)
    refresh(session, now=clock.now())
    whole = _counts(session)
    session.execute(text("UPDATE result_count SET number = number + 1 WHERE topic = 'paid'"))
    session.execute(text("DELETE FROM result_count WHERE topic = 'visit'"))
    session.execute(text("UPDATE result_day SET claims = claims + 2 WHERE measure = 'report_to_paid'"))
    session.execute(
        text("INSERT INTO result_count VALUES ('paid', '2019-01-01', '13.03.99.2001', 'jkm', '', '', 3)")
    )
    assert _counts(session) != whole
    places = _places(session)
    refresh(session, now=clock.now())
    assert _counts(session) == whole
    assert places <= _places(session)


def _counts(session: Session) -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for table in ("result_day", "result_count", "result_month_day", "result_month", "result_place")
        for row in session.execute(text(f"SELECT * FROM {table} ORDER BY {table}::text"))  # noqa: S608
    ]


def _places(session: Session) -> set[tuple[str, str]]:
    """Return where the rows lie that nobody touched: a row that is written again lies elsewhere."""
    return {
        (str(row[0]), str(row[1]))
        for row in session.execute(
            text(
                "SELECT 'day', ctid FROM result_day WHERE measure <> 'report_to_paid'"
                " UNION ALL SELECT 'count', ctid FROM result_count WHERE topic NOT IN ('paid', 'visit')"
            )
        )
    }


def test_sums_are_those_of_the_counts(session: Session, staff: Mapping[str, Actor]) -> None:
    """Of all nagari together, of all months together."""
    world.population(session, staff, seed=7, claims=40)
    refresh(session, now=clock.now())
    for table, of, key, number in (
        ("result_month", "result_count", "topic, month, program, key, part", "number"),
        ("result_place", "result_count", "topic, region_code, program, key, part", "number"),
        ("result_month_day", "result_day", "measure, month, program, days", "claims"),
    ):
        kept = session.execute(text(f"SELECT {key}, {number} FROM {table}"))  # noqa: S608
        summed = session.execute(text(f"SELECT {key}, sum({number}) FROM {of} GROUP BY {key}"))  # noqa: S608
        found = {tuple(row) for row in kept}
        assert found
        assert found == {tuple(row) for row in summed}


@pytest.mark.parametrize("seed", [3, 11])
def test_the_curve_that_was_counted_is_that_of_the_visits(
    session: Session, staff: Mapping[str, Actor], seed: int
) -> None:
    """Of the whole regency and of one nagari; no milestone is left out."""
    world.population(session, staff, seed=seed, claims=70)
    refresh(session, now=clock.now())
    for code in ("13.03", world.KOTO_CONTOH):
        siska = replace(staff["siska"], region_codes=frozenset({code}))
        told = survival.told_until(session, clock.today(), plans.reachable(siska, "trail.read"))
        points = survival.curve(survival.alike(told))
        assert points
        assert survival.curve(families_of_area(session, by=siska, permission="trail.read")) == points


@pytest.mark.parametrize(("days", "told"), [(7, []), (8, [("later", 1)])])
def test_a_family_can_be_called_in_time_until_the_seventh_day_is_over(
    session: Session, staff: Mapping[str, Actor], days: int, told: list[tuple[str, int]]
) -> None:
    """Reported seven days ago and not called yet: that may still happen today, so nobody is late."""
    reported_on = clock.local(clock.now()).date() - timedelta(days=days)
    world.lived(session, world.Life([("report", 0)], died_on=reported_on), staff)
    refresh(session, now=clock.now())
    rows = session.execute(
        select(ResultCount.key, ResultCount.number).where(ResultCount.topic == "contacted")
    ).all()
    assert [tuple(row) for row in rows] == told
