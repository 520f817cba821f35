"""The time of real stories: one case on its page, and the closed cases of a quarter together."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import intake, operations
from caseflow.claims.models import Claim
from caseflow.claims.papers import return_paper
from caseflow.documents.spells import missing_spells
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from caseflow.reports.days import FEWEST, Period, autopsy_of, closed_between
from caseflow.workflow.models import CaseFile
from tests import story
from tests.conftest import START
from tests.story import NURBAITI, SAMSIR, SYAFRIL, ZULBAHRI, Stage

NAGARI = ("death_letter", "heir_statement")
PERIOD = date(2026, 10, 1), date(2026, 12, 31)


def on_day(days: int) -> datetime:
    """Let the clock stand some days after the first."""
    at = START + timedelta(days=days)
    clock.set_start(at)
    return at


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """Where the stories are played."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def slowly(stage: Stage) -> Claim:
    """Reported; all papers but the nagari's on day 2, those on day 5, approved on day 9."""
    claim = story.reported(stage)
    phone = story.phone_of(stage, claim)
    story.move(stage, claim, "start_intake")
    on_day(2)
    story.with_papers(stage, claim=claim, but=NAGARI)
    on_day(5)
    for code in NAGARI:
        story.send_paper(stage, claim, code, by=phone)
    operations.papers_arrived(stage.session, claim, now=clock.now())
    on_day(9)
    story.computed(stage, claim=claim)
    story.move(stage, claim, "submit")
    story.approved(stage, claim=claim)
    return claim


def test_days_are_split_by_what_was_missing(stage: Stage) -> None:
    claim = slowly(stage)
    found = autopsy_of(stage.session, claim, now=on_day(10))
    assert {party: days for party, days in found.days.items() if days} == {
        "family": 2,
        "nagari": 3,
        "branch": 5,
    }
    assert [(span.party, span.days) for span in found.spans] == [
        ("family", 2),
        ("nagari", 3),
        ("branch", 4),
        ("branch", 1),
    ]
    assert found.spans[1].papers == NAGARI


def test_a_paper_sent_back_is_missing_again(stage: Stage) -> None:
    claim = story.with_papers(stage)
    intake.assign(stage.session, claim, stage.verifier.user_id, by=stage.verifier)
    on_day(3)
    return_paper(
        stage.session,
        claim,
        "family_card",
        "page_missing",
        by=stage.verifier,
        now=clock.now(),
        details={"page": "2"},
    )
    (first, again) = [
        spell for spell in missing_spells(stage.session, [claim.id])[claim.id] if spell.code == "family_card"
    ]
    assert first.until is not None
    assert clock.local(again.since).date() == date(2026, 11, 23)
    assert again.until is None


def closed(stage: Stage, claim: Claim, days: int) -> None:
    """Let a case be closed after some days, as a statement alone: what closes it is not asked here."""
    at = START + timedelta(days=days)
    stage.session.execute(update(CaseFile).where(CaseFile.id == claim.id).values(closed_at=at))
    stage.session.refresh(claim)


def quarter(
    stage: Stage, name: str = "mega", *, everywhere: bool = False, program: str | None = None
) -> Period:
    by = stage.staff[name]
    return closed_between(stage.session, *PERIOD, by=by, program=program, everywhere=everywhere)


def test_few_cases_have_no_median(stage: Stage) -> None:
    claim = story.reported(stage)
    closed(stage, claim, 4)
    period = quarter(stage)
    assert (period.cases, period.median) == (1, None)
    assert all(one.median is None for one in period.parties)
    assert sum(one.total or 0 for one in period.parties) == 4
    assert quarter(stage, program="jkk").cases == 0


def test_the_median_is_over_all_cases(stage: Stage) -> None:
    people = (SAMSIR, NURBAITI, ZULBAHRI, SYAFRIL, SAMSIR)
    for days, person in zip((1, 2, 3, 5, 9), people, strict=True):
        closed(stage, _reported_anyway(stage, person, days), days)
    period = quarter(stage)
    assert (period.cases, period.median) == (FEWEST, 3)
    branch = next(one for one in period.parties if one.party == "branch")
    assert (branch.median, branch.longest, branch.total, branch.cases) == (3, 9, 20, 5)


def _reported_anyway(stage: Stage, person: story.Person, days: int) -> Claim:
    """The same death is reported once; a second report of it is told with another day."""
    report = replace(
        person.report,
        died_on=person.report.died_on - timedelta(days=days),
        national_id=None,
        worker_name=f"{person.report.worker_name} {days}",
    )
    return story.reported(stage, replace(person, report=report))


def test_people_from_outside_see_their_own_region(stage: Stage) -> None:
    closed(stage, story.reported(stage), 4)
    assert quarter(stage, "bupati", everywhere=True).cases == 1
    other = Actor(kind="staff", name="x", roles=frozenset(), region_codes=frozenset({"13.04"}))
    period = closed_between(stage.session, *PERIOD, by=other, program=None, everywhere=True)
    assert period.cases == 0
    assert quarter(stage).cases == 1
