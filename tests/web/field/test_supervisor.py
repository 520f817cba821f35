"""The supervisor's page and what officers read of visits: outcomes and questions, never an answer."""

from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from caseflow.claims.models import Claim
from tests.families import FIRDAUS
from tests.story import Stage
from tests.visit_story import followed, settled, visit_of
from tests.web.casework.conftest import Office
from tests.web.casework.conftest import office as office


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


def test_the_supervisor_reads_load_and_what_waits(office: Office, stage: Stage) -> None:
    page = read(office.browser("siska"), "/pendamping/penyelia/")
    assert "Belum ada keluarga yang didampingi" in page
    assert "Tidak ada yang menunggu keputusan" in page
    plan, siska = followed(stage, FIRDAUS), stage.staff["siska"]
    for _ in range(2):
        settled(stage, visit_of(stage, plan, "m1"), "not_found", by=siska)
    stage.session.commit()
    page = read(office.browser("siska"), "/pendamping/penyelia/")
    assert "Dua kali tidak ditemukan" in page
    assert "Elmita" in page
    assert "Rina Marlina" in page
    for other in ("rina", "dedi", "fitri", "desi"):
        read(office.browser(other), "/pendamping/penyelia/", 403)


def test_officer_and_head_read_the_outcome_of_a_visit_and_no_answer(office: Office, stage: Stage) -> None:
    plan, siska = followed(stage, FIRDAUS), stage.staff["siska"]
    number = stage.session.get_one(Claim, plan.claim_id).number
    stage.session.commit()
    assert "Sesudah santunan" not in read(office.browser("dedi"), f"/petugas/kasus/{number}")
    settled(stage, visit_of(stage, plan, "m3"), "met", by=siska)
    stage.session.commit()
    for who in ("dedi", "bram"):
        page = read(office.browser(who), f"/petugas/kasus/{number}")
        assert "Kunjungan 3 bulan: keluarga ditemui, 20 November 2026" in page
        assert plan.public_id not in page
        read(office.browser(who), f"/pendamping/keluarga/{plan.public_id}", 403)
