"""A visitor who left is replaced: one family by its form, all of them at once; their letters of duty end with it."""

from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from caseflow.monitoring.models import Plan
from caseflow.notices.visit_order import orders_of
from caseflow.people.models import StaffUser
from tests.families import FIRDAUS
from tests.story import Stage
from tests.told import other
from tests.visit_story import followed
from tests.web.casework.conftest import Office
from tests.web.casework.conftest import office as office
from tests.web.forms import fill, form_of, send


@pytest.fixture
def stage(office: Office) -> Iterator[Stage]:
    """The office's own stage."""
    with office.stage() as opened:
        yield opened


@pytest.fixture
def plan(stage: Stage) -> Plan:
    """Firdaus's family, followed since today."""
    found = followed(stage, FIRDAUS)
    stage.session.commit()
    return found


def read(browser: FlaskClient, path: str, status: int = 200) -> str:
    """A page in plain text."""
    answer = browser.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return unescape(answer.get_data(as_text=True))


def username(stage: Stage, user_id: int | None) -> str:
    """A user's name at the door."""
    return stage.session.get_one(StaffUser, user_id).username


def ordered(siska: FlaskClient, plan: Plan) -> None:
    """The letter of duty is issued."""
    form = form_of(read(siska, f"/pendamping/keluarga/{plan.public_id}/surat-tugas"), "/surat-tugas")
    assert send(siska, form).status_code == 303


def gone(stage: Stage, plan: Plan) -> str:
    """The family's visitor leaves; their name at the door."""
    name = username(stage, plan.visitor_user_id)
    stage.session.get_one(StaffUser, plan.visitor_user_id).active = False
    stage.session.commit()
    return name


def test_one_family_of_a_closed_account_is_given_to_another(office: Office, stage: Stage, plan: Plan) -> None:
    siska, then = office.browser("siska"), username(stage, other(stage, plan).user_id)
    left = gone(stage, plan)
    path = f"/pendamping/keluarga/{plan.public_id}/petugas"
    page = read(siska, path)
    assert "tidak bertugas lagi di nagari ini" in page
    assert f"/pendamping/penyelia/serahkan/{left}" in page
    answer = send(siska, form_of(page, "/petugas"), visitor=then)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert "Elmita" in read(office.browser(then), "/pendamping/keluarga")


def test_all_families_of_a_closed_account_move_with_a_note(office: Office, stage: Stage, plan: Plan) -> None:
    siska, then = office.browser("siska"), username(stage, other(stage, plan).user_id)
    ordered(siska, plan)
    path = f"/pendamping/penyelia/serahkan/{gone(stage, plan)}"
    assert path in read(siska, "/pendamping/penyelia/")
    page = read(siska, path)
    assert "Koto Latihan: 1 keluarga" in page
    for typed in ({"to": then, "note": "sakit"}, {"to": "dedi", "note": "Dijanjikan daftar pelatihan."}):
        refused = send(siska, form_of(page, path), **typed)
        assert refused.status_code == 422
        assert typed["note"] in unescape(refused.get_data(as_text=True))
    done = send(siska, form_of(page, path), to=then, note="Dijanjikan daftar pelatihan.")
    assert done.status_code == 303, done.get_data(as_text=True)
    assert "1 keluarga mendapat petugas baru" in read(siska, done.location)
    assert "Dijanjikan daftar pelatihan." in read(
        office.browser(then), f"/pendamping/keluarga/{plan.public_id}"
    )
    stage.session.expire_all()
    assert [one.letter.revoked_at is not None for one in orders_of(stage.session, plan)] == [True]
    read(siska, path, 404)  # nothing is left
    read(office.browser(then), path, 403)


def test_closing_an_account_gives_its_families_away_and_ends_its_letters(
    office: Office, stage: Stage, plan: Plan
) -> None:
    ordered(office.browser("siska"), plan)
    expected, name = other(stage, plan).user_id, username(stage, plan.visitor_user_id)
    bram, path = office.browser("bram"), f"/admin/pengguna/{name}/tutup"
    done = fill(bram, path, "/tutup")
    assert done.status_code == 303, done.get_data(as_text=True)
    assert "1 keluarga dampingan mendapat petugas lain" in read(bram, done.location)
    stage.session.expire_all()
    assert plan.visitor_user_id == expected
    assert [one.letter.revoked_at is not None for one in orders_of(stage.session, plan)] == [True]
