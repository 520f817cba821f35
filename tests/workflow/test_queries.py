"""Figures of the picture: open cases, oldest and median age by state."""

from datetime import timedelta

from sqlalchemy import update

from caseflow import clock
from caseflow.workflow.models import CaseFile
from caseflow.workflow.queries import StateFigures, state_figures
from tests.workflow.world import World


def test_figures_count_open_cases_of_one_branch(world: World) -> None:
    now = clock.now()
    for days in (1, 2, 9, 30):
        case = world.at("reported")
        entered = now - timedelta(days=days, hours=5)
        world.session.execute(update(CaseFile).where(CaseFile.id == case.id).values(entered_at=entered))
    world.move(world.at("reported"), "withdraw", "dedi", reason_code="duplicate")
    world.at("verifying")
    figures = state_figures(world.session, "jkm", "uji", now=now)
    assert figures == {
        "reported": StateFigures(count=4, oldest_days=30, median_days=2),
        "verifying": StateFigures(count=1, oldest_days=0, median_days=0),
    }
    assert state_figures(world.session, "jkm", "lain", now=now) == {}
    assert int(state_figures(world.session, "jkm", None, now=now)["reported"].words) >= 4


def test_a_clock_that_was_set_back_shows_no_negative_age(world: World) -> None:
    world.at("reported")
    figures = state_figures(world.session, "jkm", "uji", now=clock.now() - timedelta(days=2))
    assert figures["reported"] == StateFigures(count=1, oldest_days=0, median_days=0)
