"""Both clocks on the family's phone: whose turn, by when, the days of each side, and a promise that was not kept."""

from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from caseflow import clock
from caseflow.reports.days import autopsy_of
from caseflow.web.family.clocks import Clocks, clocks_of
from caseflow.workflow.models import History
from tests import story
from tests.story import Stage
from tests.web.family.walk import Walk, begin


@pytest.fixture
def case(stage: Stage, client: FlaskClient) -> Walk:
    """Samsir's claim: reported on a Friday."""
    return begin(stage, client, story.reported(stage), "Yusra")


def clocks(case: Walk) -> Clocks:
    """Both clocks as they stand now."""
    moves = case.session.scalars(
        select(History).where(History.casefile_id == case.claim.id).order_by(History.version)
    ).all()
    return clocks_of(case.session, case.claim, moves)


def days(case: Walk) -> dict[str, int]:
    """The working days of each side."""
    return {side.label: side.days for side in clocks(case).sides}


def pass_days(number: int) -> None:
    """Let calendar days pass."""
    clock.set_start(clock.now() + timedelta(days=number))


def test_each_day_belongs_to_who_had_the_ball(case: Walk) -> None:
    """From Friday to Monday ours, then three days the family's; weekends are nobody's burden."""
    pass_days(3)
    assert days(case) == {"Kami": 1, "Ibu/Bapak": 0}
    case.go("start_intake")
    pass_days(3)
    assert days(case) == {"Kami": 1, "Ibu/Bapak": 3}
    assert clocks(case).turn == "Menunggu Ibu/Bapak"
    page = unescape(case.look().page())
    assert "Sejak 23 November 2026." in page
    assert "3 hari kerja" in page


def test_it_is_the_clock_that_the_head_sees(case: Walk) -> None:
    """The same split of the same days; the head counts calendar days, the family working days."""
    pass_days(3)
    case.go("start_intake")
    pass_days(4)
    heads = autopsy_of(case.session, case.claim, now=clock.now()).days
    shown = days(case)
    assert {"Kami": heads["branch"], "Ibu/Bapak": heads["family"]} == {"Kami": 3, "Ibu/Bapak": 4}
    assert shown == {"Kami": 1, "Ibu/Bapak": 4}


def test_a_promise_that_was_not_kept_is_said_so(case: Walk) -> None:
    """One apology, how late, and whom to call."""
    assert clocks(case).promise == "Kami kabari paling lambat Senin, 23 November 2026."
    assert not clocks(case).late
    pass_days(6)
    found = clocks(case)
    assert found.late
    assert found.promise == (
        "Janji kami Senin, 23 November 2026 sudah lewat 3 hari kerja. Maaf. Silakan telepon, kami jelaskan sebabnya."
    )
    assert 'class="clock-late"' in case.look().page()


def test_a_stop_is_told_with_its_reason(stage: Stage, client: FlaskClient) -> None:
    case = begin(stage, client, story.held(stage), "Yusra")
    assert [(pause.until, pause.reason) for pause in clocks(case).pauses] == [
        (None, "keluarga masih membicarakan siapa penerima santunan")
    ]
    case.go("resume", "bram")
    assert [pause.until for pause in clocks(case).pauses] == ["20 November 2026"]
    assert "pernah berhenti sementara" in case.page()


def test_nothing_is_promised_when_it_is_over(case: Walk) -> None:
    case.go("withdraw", reason="family_choice")
    found = clocks(case)
    assert (found.turn, found.promise, found.late) == (None, None, False)
    assert "Berkas ini sudah selesai" in case.page()
