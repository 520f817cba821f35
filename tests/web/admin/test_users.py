"""Accounts: made on paper, proposed by one and answered by another, closed with everything they had in hand."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.claims import intake
from caseflow.people.actor import Actor
from caseflow.people.models import RoleGrant, StaffUser
from caseflow.workflow.models import CaseFile
from tests import story
from tests.conftest import FreshDatabase
from tests.web.forms import fill, form_of, send

PATH = "/admin/pengguna"
OWN = "lesung kabut sendok tua"
NEW = {"full_name": "Tuti Alawiyah", "username": "tuti", "title": "Petugas klaim"}
NOTE = "Bu Yusra dijanjikan telepon hari Senin."

Browse = Callable[[str], FlaskClient]


@pytest.fixture
def browse(app: CaseflowApp, sign_in: Callable[[FlaskClient, str], None]) -> Browse:
    """Somebody at a browser."""

    def opened(username: str) -> FlaskClient:
        browser = app.test_client()
        sign_in(browser, username)
        return browser

    return opened


def page(browser: FlaskClient, path: str = PATH) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def passphrase_on(paper: str) -> str:
    found = re.search(r'class="paper-words">([^<]+)<', paper)
    assert found is not None, paper
    return found[1]


def type_in(browser: FlaskClient, path: str, **typed: str) -> TestResponse:
    """Fill the form of a page that sends itself to where it lies."""
    form = form_of(page(browser, path), "")
    form.action = path
    return send(browser, form, **typed)


def sign_in_with(browser: FlaskClient, username: str, passphrase: str) -> str:
    answer = type_in(browser, "/masuk", username=username, passphrase=passphrase)
    return answer.location if answer.status_code == 303 else answer.get_data(as_text=True)


def test_a_new_account_opens_nothing_before_its_owner_chose_a_passphrase(
    app: CaseflowApp, browse: Browse
) -> None:
    bram = browse("bram")
    made = fill(bram, f"{PATH}/baru", "/baru", role="officer", nagari="", **NEW)
    assert made.status_code == 200
    on_paper = passphrase_on(made.get_data(as_text=True))
    tuti = app.test_client()
    assert sign_in_with(tuti, "tuti", on_paper) == "/masuk/frasa-sandi"
    assert tuti.get("/petugas/").status_code in {302, 303}, "half signed in opens nothing"
    assert tuti.get("/masuk/daftar-kode").location == "/masuk"
    again = type_in(tuti, "/masuk/frasa-sandi", new_passphrase=on_paper)
    assert again.status_code == 422
    assert "tertulis di kertas" in again.get_data(as_text=True)
    assert type_in(tuti, "/masuk/frasa-sandi", new_passphrase=OWN).location == "/petugas/"
    assert tuti.get("/petugas/").status_code == 200
    assert "tidak cocok" in sign_in_with(app.test_client(), "tuti", on_paper)
    assert sign_in_with(app.test_client(), "tuti", OWN) == "/petugas/"


def test_a_passphrase_on_paper_grows_old(app: CaseflowApp, browse: Browse) -> None:
    bram = browse("bram")
    on_paper = passphrase_on(
        fill(bram, f"{PATH}/baru", "/baru", role="officer", nagari="", **NEW).get_data(as_text=True)
    )
    clock.set_start(clock.now() + timedelta(days=3, minutes=1))
    assert "sudah lewat masanya" in sign_in_with(app.test_client(), "tuti", on_paper)
    bram = browse("bram")
    renewed = fill(bram, f"{PATH}/tuti", "/frasa-sandi")
    fresh = passphrase_on(renewed.get_data(as_text=True))
    assert fresh != on_paper
    assert sign_in_with(app.test_client(), "tuti", fresh) == "/masuk/frasa-sandi"


def test_going_back_in_the_browser_shows_no_passphrase(browse: Browse) -> None:
    bram = browse("bram")
    form = form_of(page(bram, f"{PATH}/baru"), "/baru")
    typed = {**NEW, "role": "officer", "nagari": ""}
    assert "paper-words" in send(bram, form, **typed).get_data(as_text=True)
    again = send(bram, form, **typed)
    assert (again.status_code, again.location) == (303, PATH)
    assert "paper-words" not in page(bram, f"{PATH}/tuti")


def test_an_administrator_proposes_and_the_head_answers(browse: Browse) -> None:
    admin, bram = browse("admin"), browse("bram")
    nagari = {"role": "nagari_operator", "nagari": "13.03.99.2002"}
    short = fill(admin, f"{PATH}/baru", "/baru", reason="ya", **nagari, **NEW)
    assert short.status_code == 422
    told = fill(admin, f"{PATH}/baru", "/baru", reason="SK wali nagari 3/2026", **nagari, **NEW)
    assert told.status_code == 303
    assert admin.get(f"{PATH}/tuti").status_code == 404, "nothing is there before the second person"
    said = page(admin)
    assert "1 usul menunggu kepala cabang" in said
    assert "Setujui" not in said
    paper = send(bram, form_of(page(bram), "/usul"))
    passphrase_on(paper.get_data(as_text=True))
    assert "Petugas nagari, Koto Contoh" in page(bram)
    assert "usul menunggu" not in page(bram)


def test_an_administrator_cannot_answer(browse: Browse) -> None:
    admin, bram = browse("admin"), browse("bram")
    fill(admin, f"{PATH}/sari", "/peran", role="approver", nagari="", reason="menggantikan Mega cuti")
    form = form_of(page(bram), "/usul")
    stolen = form_of(page(admin, f"{PATH}/sari"), "/peran")
    stolen.action = form.action
    stolen.fields |= {name: form.fields[name] for name in ("proposal", "answer")}
    assert send(admin, stolen).status_code == 403
    refused = [one for one in (form,) if one.fields["answer"] == ["ya"]]
    assert refused
    refused[0].fields["answer"] = ["tidak"]
    assert send(bram, refused[0]).status_code == 303
    assert "Penyetuju" not in page(bram, f"{PATH}/sari").split("Riwayat perubahan")[0].split("Beri peran")[0]


def test_roles_that_may_not_meet_are_refused_in_words(browse: Browse) -> None:
    bram = browse("bram")
    clash = fill(bram, f"{PATH}/nina", "/peran", role="officer", nagari="")
    assert clash.status_code == 409
    assert "tidak boleh dirangkap" in clash.get_data(as_text=True)
    no_place = fill(bram, f"{PATH}/fitri", "/peran", role="nagari_operator", nagari="")
    assert no_place.status_code == 422
    assert "Pilih nagarinya" in no_place.get_data(as_text=True)
    junk = fill(bram, f"{PATH}/dedi", "/peran", role="nagari_operator", nagari="13.03.98.0000")
    assert junk.status_code == 422


def test_the_last_keeper_of_the_keys_stays(browse: Browse) -> None:
    bram, admin = browse("bram"), browse("admin")
    for who, browser in (("admin", bram), ("bram", admin)):
        answer = fill(browser, f"{PATH}/{who}/tutup", "/tutup")
        assert answer.status_code == 409
        assert "yang terakhir" in answer.get_data(as_text=True)
        taken = fill(browser, f"{PATH}/{who}/cabut", "/cabut")
        assert taken.status_code in {409, 422}
    assert "Tutup akun" not in page(bram, f"{PATH}/bram"), "nobody closes their own"


def test_closing_an_account_ends_its_sessions_and_hands_over_its_cases(
    browse: Browse, fresh_database: FreshDatabase, staff: Mapping[str, Actor]
) -> None:
    with Session(fresh_database.engine) as session:
        claim = story.reported(session)
        intake.assign(session, claim, staff["dedi"].user_id, by=staff["dedi"])
        number = claim.number
        session.commit()
    dedi, bram, sari = browse("dedi"), browse("bram"), browse("sari")
    assert dedi.get("/petugas/").status_code == 200
    empty = fill(bram, f"{PATH}/dedi/tutup", "/tutup", to=str(staff["sari"].user_id))
    assert empty.status_code == 422
    assert "dijanjikan" in empty.get_data(as_text=True)
    assert dedi.get("/petugas/").status_code == 200, "nothing was closed"
    done = fill(bram, f"{PATH}/dedi/tutup", "/tutup", to=str(staff["sari"].user_id), note=NOTE)
    assert done.status_code == 303
    assert dedi.get("/petugas/").status_code in {302, 303}
    with Session(fresh_database.engine) as session:
        assert (
            session.scalars(select(CaseFile.assignee_user_id).where(CaseFile.kind == "claim")).one()
            == staff["sari"].user_id
        )
        assert session.scalars(select(StaffUser.active).where(StaffUser.username == "dedi")).one() is False
        living = select(RoleGrant.id).where(
            RoleGrant.person_id == staff["dedi"].person_id, RoleGrant.revoked_at.is_(None)
        )
        assert session.scalars(living).all() == []
    assert NOTE in page(sari, f"/petugas/kasus/{number}")
    listed = page(sari, "/petugas/serah-terima")
    assert "1 kasus baru datang kepada Anda" in listed
    assert "Samsir" in listed
    assert "Sudah ditutup" in page(bram)
    assert "Dedi Putra" in page(bram, f"{PATH}?status=tutup")


def test_no_page_shows_a_passphrase_or_a_hash(browse: Browse) -> None:
    bram = browse("bram")
    for path in (PATH, f"{PATH}/dedi", f"{PATH}/dedi/tutup", f"{PATH}/dedi/cabut"):
        said = page(bram, path)
        assert "argon2" not in said
        assert "gonjong padi" not in said


def test_the_list_is_narrowed_and_takes_junk(browse: Browse) -> None:
    bram = browse("bram")
    found = page(bram, f"{PATH}?q=handayani&peran=nagari_operator")
    assert "Fitri Handayani" in found
    assert "Jon Efendi" not in found.split("Riwayat perubahan")[0]
    assert "Tidak ada akun yang cocok" in page(bram, f"{PATH}?q=%25&peran=nagari_operator")
    for junk in ("?setelah=x", "?setelah=9999999999999999999999.z", "?peran=raja&status=%F0%9F%98%80"):
        page(bram, f"{PATH}{junk}")


@pytest.mark.parametrize("who", ["dedi", "mega", "fitri", "desi", "nina", "bupati"])
def test_others_do_not_see_accounts(browse: Browse, who: str) -> None:
    browser = browse(who)
    assert browser.get(PATH).status_code == 403
    assert browser.post(f"{PATH}/dedi/tutup", data={}).status_code in {400, 403}
