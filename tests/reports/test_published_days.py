"""The days of a quarter for readers of aggregates: no few families, not by one page less another, and no slowest one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from caseflow.people.actor import Actor
from caseflow.reports.days import Period
from caseflow.reports.published_days import closed_for_all
from caseflow.workflow.models import CaseFile
from tests.reports import results_world as world

QUARTER = date(2026, 7, 1), date(2026, 9, 30)
TODAY = date(2026, 11, 20)
CAMAT = Actor(kind="staff", name="Camat", roles=frozenset({"regency_monitor"}), region_codes=frozenset({"13.03.99"}))  # fmt: skip


def _closed(session: Session, staff: Mapping[str, Actor], program: str, days: Sequence[int]) -> None:
    """Cases that were reported, and closed so many days later without anything between."""
    for place, after in enumerate(days):
        opened = date(2026, 7, 1) + timedelta(days=place)
        life = world.Life([("report" if program == "jkm" else "notify", 0)], program=program, died_on=opened)
        claim = world.lived(session, life, staff)
        at = world.at_noon(opened + timedelta(days=after))
        session.execute(update(CaseFile).where(CaseFile.id == claim.id).values(closed_at=at))
        session.expire(claim)


def _of(
    session: Session, by: Actor, program: str | None = None, *, today: date = TODAY, until: date = QUARTER[1]
) -> Period:
    return closed_for_all(session, QUARTER[0], until, by=by, program=program, today=today)


@pytest.mark.parametrize(
    ("accidents", "told"),
    [(2, {None: 8, "jkm": None, "jkk": None}), (6, {None: 12, "jkm": 6, "jkk": 6}), (0, {None: 6, "jkm": 6, "jkk": 0})],
)  # fmt: skip
def test_a_programme_of_few_is_hidden_and_another_with_it(
    session: Session, staff: Mapping[str, Actor], accidents: int, told: Mapping[str | None, int | None]
) -> None:
    """All less the deaths would be the two accidents."""
    _closed(session, staff, "jkm", (8, 9, 10, 11, 12, 40))
    _closed(session, staff, "jkk", (20,) * accidents)
    for program, cases in told.items():
        found = _of(session, staff["bupati"], program)
        assert found.cases == cases, program
        assert found.program == program
        assert (found.median is None) == (not cases)
        for party in found.parties:
            assert party.longest is None
            if cases is None:
                assert (party.cases, party.total, party.median) == (None, None, None)


def test_a_party_that_few_waited_for_is_hidden(session: Session, staff: Mapping[str, Actor]) -> None:
    """Of ten cases two were closed on the day they came: who did not wait are as few as who did would be."""
    _closed(session, staff, "jkm", (0, 0, *[7] * 8))
    found = {one.party: one for one in _of(session, staff["bupati"]).parties}
    assert (found["branch"].cases, found["branch"].total) == (None, None)
    assert (found["hospital"].cases, found["hospital"].total) == (0, 0)


def test_fewer_than_five_cases_are_not_told(session: Session, staff: Mapping[str, Actor]) -> None:
    """Neither how many nor how long."""
    _closed(session, staff, "jkm", (8, 9, 10, 11))
    found = _of(session, staff["bupati"])
    assert (found.cases, found.median) == (None, None)
    assert all((one.cases, one.total) == (None, None) for one in found.parties)


def test_the_month_that_runs_is_not_counted(session: Session, staff: Mapping[str, Actor]) -> None:
    """In August the quarter tells of July, and says until when."""
    _closed(session, staff, "jkm", (8, 9, 10, 11, 12, 50))
    found = _of(session, staff["bupati"], today=date(2026, 8, 25))
    assert (found.cases, found.until) == (5, date(2026, 7, 31))
    assert _of(session, staff["bupati"], today=date(2026, 7, 20)).cases == 0


def test_a_kecamatan_reads_its_row_and_no_second_filter(session: Session, staff: Mapping[str, Actor]) -> None:
    """All cases lie in it; a programme asked for besides is not looked through, and that is said."""
    _closed(session, staff, "jkm", (8, 9, 10, 11, 12))
    _closed(session, staff, "jkk", (8,) * 5)
    found = _of(session, CAMAT, "jkk")
    assert (found.cases, found.program) == (10, None)
