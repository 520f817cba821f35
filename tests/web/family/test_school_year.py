"""Applying for school years from the phone: what the law still gives, checked by the officer afterwards."""

from html import unescape

import pytest
from flask.testing import FlaskClient

from caseflow.claims.school_years import years_applied_for
from tests import scholarship_story as school
from tests.story import Stage, reported
from tests.web.family.walk import Walk, begin, unlock
from tests.web.forms import form_of, send

PATH = "/berkas/tahun-ajaran"


@pytest.fixture
def waiting(stage: Stage, client: FlaskClient) -> Walk:
    """Rafi's scholarship, waiting for a school year."""
    origin = school.paid_claim(stage)
    case = begin(stage, client, school.opened(stage, origin, "Rafi"), "Elmita")
    unlock(case.session, case.claim.id)
    return case


def ask(case: Walk, **typed: str) -> tuple[int, str]:
    """Fill in the form."""
    page = case.phone.get(PATH).get_data(as_text=True)
    answer = send(case.phone, form_of(page, PATH), **typed)
    case.session.expire_all()
    return answer.status_code, unescape(answer.get_data(as_text=True))


def test_the_box_leads_there_and_the_papers_appear(waiting: Walk) -> None:
    assert f'href="{PATH}"' in waiting.page()
    status, _ = ask(waiting, level_2026="smp", school_2026="SMP Negeri Latihan")
    assert status == 303
    assert waiting.claim.state == "documents_pending"
    assert [row.year for row in years_applied_for(waiting.session, waiting.claim.id)] == [2026]
    page = unescape(waiting.phone.get("/berkas/dokumen").get_data(as_text=True))
    assert "sekolah" in page


def test_a_phone_that_lies_about_asks_for_its_pin_first(stage: Stage, client: FlaskClient) -> None:
    """Applying is level 2: whoever picked the phone up does not."""
    origin = school.paid_claim(stage)
    case = begin(stage, client, school.opened(stage, origin, "Rafi"), "Elmita")
    answer = case.phone.get(PATH)
    assert answer.status_code == 303
    assert "/berkas/buka-kunci" in answer.headers["Location"] or "/berkas/kunci" in answer.headers["Location"]


def test_nothing_chosen(waiting: Walk) -> None:
    status, page = ask(waiting)
    assert status == 409
    assert "Pilih jenjang untuk paling sedikit satu tahun ajaran." in page
    assert waiting.claim.state in {"waiting_year", "waiting_school"}


def test_a_level_without_a_school_keeps_what_was_typed(waiting: Walk) -> None:
    status, page = ask(waiting, level_2026="smp")
    assert status == 422
    assert "Tulis nama sekolah" in page


def test_once_asked_the_form_is_closed(waiting: Walk) -> None:
    """What is under way is the officer's to correct."""
    ask(waiting, level_2026="smp", school_2026="SMP Negeri Latihan")
    answer = waiting.phone.get(PATH)
    assert answer.status_code == 409
    assert "Belum ada tahun ajaran yang dapat diajukan" in unescape(answer.get_data(as_text=True))


def test_no_other_claim_has_school_years(stage: Stage, client: FlaskClient) -> None:
    case = begin(stage, client, reported(stage), "Yusra")
    unlock(case.session, case.claim.id)
    assert case.phone.get(PATH).status_code == 404
