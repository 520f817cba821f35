"""The form for a family without a phone that allows visits again: what was typed is kept, nobody else opens it."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from caseflow import clock
from caseflow.monitoring import consents
from tests.families import FIRDAUS
from tests.story import Stage
from tests.told import visitor
from tests.visit_story import followed
from tests.web.casework.conftest import Office
from tests.web.casework.conftest import office as office
from tests.web.forms import form_of, send


@pytest.fixture
def stage(office: Office) -> Iterator[Stage]:
    """The office's own stage."""
    with office.stage() as opened:
        yield opened


def read(browser: FlaskClient, path: str, status: int = 200) -> str:
    """A page in plain text."""
    answer = browser.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return unescape(answer.get_data(as_text=True))


def test_the_supervisor_writes_down_that_a_family_allows_visits_again(office: Office, stage: Stage) -> None:
    plan = followed(stage, FIRDAUS)
    family, siska = f"/pendamping/keluarga/{plan.public_id}", office.browser("siska")
    path, text = f"{family}/bolehkan", consents.text_on(clock.today())
    stage.session.commit()
    assert path not in read(siska, family)
    assert "tidak sedang dihentikan" in read(siska, path)
    now = clock.now()
    consents.withdraw(
        stage.session,
        plan,
        said_by="Elmita",
        said_at=now - timedelta(days=3),
        by=visitor(stage, plan),
        now=now,
    )
    stage.session.commit()
    assert path in read(siska, family)
    page = read(siska, path)
    assert all(sentence in page for sentence in (*text.text, text.version))
    form = form_of(page, "/bolehkan")
    typed = {"said_by": "Elmita", "way": "nagari", "said_at": "08.15"}
    unread = send(siska, form, **typed)
    assert unread.status_code == 422
    shown = unescape(unread.get_data(as_text=True))
    assert "Bacakan dulu kalimat di atas" in shown
    assert "08.15" in shown
    day = {"said_on__day": "18", "said_on__month": "11", "said_on__year": "2026"}
    done = send(siska, form, **typed, **day, read="y")
    assert done.status_code == 303, done.get_data(as_text=True)
    page = read(siska, done.location)
    assert "boleh dikunjungi lagi" in page
    assert "Persetujuan terakhir: bersedia dikunjungi, Elmita" in page
    assert "08.15 WIB" in page
    assert "Keluarga datang ke kantor nagari." in page
    for name in ("rina", "yoga", "dedi", "fitri", "desi"):
        read(office.browser(name), path, 403)
