"""Levels at the door of a phone: what is open, what asks for the PIN or a code, what never goes by phone."""

import json
from datetime import timedelta

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims.family_models import Consent
from caseflow.claims.models import Claim
from caseflow.people import devices, slips
from caseflow.people.actor import SYSTEM
from caseflow.web.security import requires
from tests import story
from tests.conftest import FreshDatabase, csrf_of
from tests.people.conftest import PEPPER
from tests.story import Stage
from tests.web.forms import fill, form_of, send

PIN = "802417"
DATA = "/berkas/data-saya.json"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def claim(stage: Stage) -> Claim:
    """A reported case, committed."""
    reported = story.reported(stage)
    stage.session.commit()
    return reported


def open_phone(stage: Stage, client: FlaskClient, claim: Claim, holder: str = "Yusra") -> None:
    """Give the browser the cookie of a phone that reported."""
    token = devices.device_for_reporter(stage.session, claim.id, holder, now=clock.now())
    stage.session.commit()
    client.set_cookie("kel", token)


def new_slip(stage: Stage, claim: Claim, holder: str = "Yusra") -> slips.PrintedSlip:
    paper = slips.issue_slip(stage.session, claim.id, holder, by=SYSTEM, now=clock.now(), pepper=PEPPER)
    stage.session.commit()
    return paper


def with_pin(stage: Stage, client: FlaskClient, claim: Claim) -> None:
    """A phone with a PIN, locked."""
    open_phone(stage, client, claim)
    assert fill(client, "/berkas/kunci", "/kunci", pin=PIN, again=PIN).status_code == 303
    assert fill(client, "/berkas/kunci", "/kunci/tutup").status_code == 303


def test_level_one_is_open_and_level_two_asks(stage: Stage, client: FlaskClient, claim: Claim) -> None:
    open_phone(stage, client, claim)
    assert client.get("/berkas").status_code == 200
    answer = client.get(DATA)
    assert answer.status_code == 303
    assert answer.location == f"/berkas/buka-kunci?lanjut={DATA}"
    page = client.get(answer.location).text
    assert "Kode slip yang belum dipakai" in page
    assert "PIN 6 angka" not in page


def test_the_pin_opens_for_a_quarter_of_an_hour(stage: Stage, client: FlaskClient, claim: Claim) -> None:
    with_pin(stage, client, claim)
    asked = client.get(DATA).location
    assert asked is not None
    wrong = fill(client, asked, "/buka-kunci", pin="904183")
    assert wrong.status_code == 422
    assert "PIN tidak cocok" in wrong.text
    assert "904183" not in wrong.text
    opened = fill(client, asked, "/buka-kunci", pin=PIN)
    assert opened.status_code == 200
    assert f'href="{DATA}"' in opened.text
    assert client.get(DATA).status_code == 200
    clock.set_start(clock.now() + 15 * MINUTE)
    assert client.get(DATA).status_code == 303


def test_a_code_of_the_own_slip_opens_it_once(stage: Stage, client: FlaskClient, claim: Claim) -> None:
    open_phone(stage, client, claim)
    paper, foreign = new_slip(stage, claim), new_slip(stage, claim, "Rani")
    asked = f"/berkas/buka-kunci?lanjut={DATA}"
    for code, status in ((foreign.codes[0], 422), ("1" * 12, 422), (paper.codes[0], 200)):
        assert fill(client, asked, "/buka-kunci", code=code).status_code == status
    assert client.get(DATA).status_code == 200
    clock.set_start(clock.now() + 15 * MINUTE)
    again = fill(client, asked, "/buka-kunci", code=paper.codes[0])
    assert again.status_code == 409
    assert "Kode HP 1 sudah dipakai" in again.text


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/berkas/hp", "/berkas/hp"),
        ("/berkas/kunci?x=1", "/berkas/kunci?x=1"),
        ("//jahat.example", "/berkas/kunci"),
        ("/\\jahat.example", "/berkas/kunci"),
        ("https://jahat.example/berkas/", "/berkas/kunci"),
        ("/petugas/", "/berkas/kunci"),
        ("/berkas/\r\nX: y", "/berkas/kunci"),
        ("", "/berkas/kunci"),
    ],
)
def test_unlocking_leads_back_into_the_own_pages_only(
    stage: Stage, client: FlaskClient, claim: Claim, asked: str, to: str
) -> None:
    with_pin(stage, client, claim)
    token = csrf_of(client.get("/berkas/buka-kunci").text)
    answer = client.post("/berkas/buka-kunci", data={"pin": PIN, "lanjut": asked, "csrf_token": token})
    assert (answer.status_code, answer.location) == (303, to)


def test_nothing_typed_and_too_many_tries_are_told(stage: Stage, client: FlaskClient, claim: Claim) -> None:
    with_pin(stage, client, claim)
    assert "Tulis PIN, atau satu kode slip" in fill(client, "/berkas/buka-kunci", "/buka-kunci").text
    for _ in range(5):
        assert fill(client, "/berkas/buka-kunci", "/buka-kunci", pin="904183").status_code == 422
    answer = fill(client, "/berkas/buka-kunci", "/buka-kunci", pin=PIN)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 60
    assert client.get("/berkas").status_code == 200


@pytest.mark.parametrize(
    ("pin", "again", "said"),
    [
        ("", "", "6 angka"),
        ("123456", "123456", "terlalu mudah"),
        ("171126", "171126", "seperti tanggal"),
        (PIN, "802418", "tidak sama"),
        ("9" * 5000, PIN, "6 angka"),
        ("<b>1</b>", PIN, "6 angka"),
    ],
)
def test_a_wrong_pin_is_refused_in_words(
    stage: Stage, client: FlaskClient, claim: Claim, pin: str, again: str, said: str
) -> None:
    open_phone(stage, client, claim)
    answer = fill(client, "/berkas/kunci", "/kunci", pin=pin, again=again)
    assert answer.status_code == 422
    assert said in answer.text
    assert "belum tersimpan" in answer.text


def test_a_pin_comes_late_only_with_a_code(stage: Stage, client: FlaskClient, claim: Claim) -> None:
    open_phone(stage, client, claim)
    clock.set_start(clock.now() + 31 * MINUTE)
    page = client.get("/berkas/kunci").text
    assert "Buka kunci dengan kode slip" in page
    token = csrf_of(client.get("/berkas/buka-kunci").text)
    refused = client.post("/berkas/kunci", data={"pin": PIN, "again": PIN, "csrf_token": token})
    assert refused.status_code == 409
    guessed = client.post("/berkas/kunci", data={"pin": "171126", "again": "171126", "csrf_token": token})
    assert guessed.status_code == 409, "a locked phone is not told which dates the family knows"
    assert "seperti tanggal" not in guessed.text
    paper = new_slip(stage, claim)
    assert fill(client, "/berkas/buka-kunci", "/buka-kunci", code=paper.codes[1]).status_code == 303
    assert fill(client, "/berkas/kunci", "/kunci", pin=PIN, again=PIN).status_code == 303
    assert fill(client, "/berkas/kunci", "/kunci/hapus").status_code == 303
    assert "PIN dihapus" in client.get("/berkas/kunci").text


def test_what_was_sent_while_locked_is_kept_and_sent_by_the_person(
    stage: Stage, client: FlaskClient, claim: Claim
) -> None:
    """The form travels through the page that unlocks; nothing is done twice, or by itself."""
    sent: list[str] = []
    _add_act(client.application, sent)
    with_pin(stage, client, claim)
    token = csrf_of(client.get("/berkas/buka-kunci").text)
    kept = client.post(
        "/berkas/uji-tingkat-dua",
        data={"school": 'SMPN 1 "Latihan"', "csrf_token": token},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert kept.status_code == 401
    assert "belum tersimpan" in kept.text
    opened = send(client, form_of(kept.text, "/buka-kunci"), pin=PIN)
    assert opened.status_code == 200
    assert sent == []
    assert send(client, form_of(opened.text, "/uji-tingkat-dua")).text == "diterima"
    assert sent == ['SMPN 1 "Latihan"']


def _add_act(app: Flask, sent: list[str]) -> None:
    def act() -> str:
        sent.append(request.form["school"])
        return "diterima"

    app._got_first_request = False
    app.add_url_rule("/berkas/uji-tingkat-dua", "uji-2", requires("family.export")(act), methods=["POST"])


@pytest.mark.parametrize("path", ["rekening", "ahli-waris"])
def test_level_three_is_told_where_to_go(stage: Stage, client: FlaskClient, claim: Claim, path: str) -> None:
    """A phone is not asked to sign in as staff, and an unlocked one gets no further."""
    with_pin(stage, client, claim)
    assert fill(client, "/berkas/buka-kunci", "/buka-kunci", pin=PIN).status_code == 303
    address = f"/petugas/kasus/{claim.number}/{path}"
    token = csrf_of(client.get("/berkas/kunci").text)
    answers = [client.post(address, data={"csrf_token": token})]
    if path == "rekening":
        answers.append(client.get(address))
    for answer in answers:
        assert answer.status_code == 403
        assert "tidak bisa lewat HP" in answer.text
        assert "Bawa KTP asli" in answer.text
    assert "Bawa KTP asli" in client.get("/berkas/di-kantor").text


def test_the_copy_holds_the_own_data_and_nobody_elses(
    stage: Stage, client: FlaskClient, fresh_database: FreshDatabase
) -> None:
    """The widow's phone: her report, her papers, what was decided for her; no NIK, no account, no other relative."""
    claim = story.approved(stage)
    for name in ("Yusra", "Rani"):
        stage.session.add(
            Consent(casefile_id=claim.id, version="2026-01", given=True, said_by=name, at=clock.now())
        )
    open_phone(stage, client, claim)
    paper = new_slip(stage, claim)
    assert fill(client, "/berkas/buka-kunci", "/buka-kunci", code=paper.codes[0]).status_code == 303
    answer = client.get(DATA)
    assert answer.headers["Content-Disposition"].endswith(f'data-saya-{claim.number}.json"')
    assert answer.headers["Cache-Control"] == "no-store"
    data = json.loads(answer.text)
    assert (data["name"], data["number"]) == ("Yusra", claim.number)
    assert data["report"]["worker_name"] == "Samsir"
    assert data["decision"]["total_idr"] == 42_000_000
    assert {one["paper"] for one in data["papers_sent"]} >= {"family_card", "death_letter"}
    assert [one["given"] for one in data["consents"] if one["text"] == "2026-01"] == [True]
    assert data["phones"]
    for hidden in ("1303991209760001", "71000234417", "Rani", "Deni", *paper.codes):
        assert hidden not in answer.text
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(AuditEvent.action).where(AuditEvent.action == "family.exported"))


def test_another_heir_reads_neither_the_report_nor_the_decision(stage: Stage, client: FlaskClient) -> None:
    claim = story.approved(stage)
    open_phone(stage, client, claim, "Rani")
    paper = new_slip(stage, claim, "Rani")
    assert fill(client, "/berkas/buka-kunci", "/buka-kunci", code=paper.codes[0]).status_code == 303
    data = json.loads(client.get(DATA).text)
    assert {"report", "decision", "papers_sent", "account"}.isdisjoint(data)


def test_whoever_holds_a_locked_phone_prints_no_slip(stage: Stage, client: FlaskClient, claim: Claim) -> None:
    """A code of the slip would unlock it; unlocked, its owner prints."""
    with_pin(stage, client, claim)
    receipt = "/berkas/tanda-terima"
    page = client.get(receipt).text
    assert "Buat slip keluarga" not in page
    assert "/berkas/buka-kunci" in page
    refused = client.post("/berkas/slip", data={"csrf_token": csrf_of(client.get("/berkas").text)})
    assert refused.status_code == 409
    assert "Buka kunci dengan PIN dulu" in refused.text
    assert slips.live_slips(stage.session, claim.id) == []
    assert fill(client, "/berkas/buka-kunci", "/buka-kunci", pin=PIN).status_code == 303
    assert fill(client, receipt, "/berkas/slip").status_code == 200


def test_an_old_open_phone_without_a_pin_prints_no_slip(
    stage: Stage, client: FlaskClient, claim: Claim
) -> None:
    open_phone(stage, client, claim)
    clock.set_start(clock.now() + 31 * MINUTE)
    assert "Buat slip keluarga" not in client.get("/berkas/tanda-terima").text
    refused = client.post("/berkas/slip", data={"csrf_token": csrf_of(client.get("/berkas").text)})
    assert refused.status_code == 409
    assert "Datang ke kantor" in refused.text
