"""An accident told from a worker's name: five answers, and the case is the worker's from the first day."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow.claims.accident_models import AccidentNotice
from caseflow.claims.models import Claim
from caseflow.people.models import HelperMandate
from caseflow.registry.models import Worker
from tests.conftest import FreshDatabase
from tests.web.forms import fill
from tests.web.nagari import test_worker_death as death

SignIn = Callable[[FlaskClient, str], None]
TYPED = {
    "happened_on__day": "19",
    "happened_on__month": "11",
    "happened_on__year": "2026",
    "kind": "accident",
    "place": "Kebun di Pasar",
    "chronology": "Jatuh dari pohon saat menyadap.",
    "result": "injured",
    "notifier_phone": "081234567890",
    "given_by_relation": "diri_sendiri",
    "given_how": "spoken",
    "consented": "y",
}


def send(client: FlaskClient, page: str, **changes: str) -> TestResponse:
    return fill(client, page, page, **{**TYPED, **changes})


def test_the_worker_agrees_and_the_case_is_linked(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    sign_in(client, "fitri")
    page = death.page_of(fresh_database, "Marzuki", "kecelakaan")
    assert 'value="Marzuki"' in client.get(page).get_data(as_text=True)
    answer = send(client, page)
    with Session(fresh_database.engine) as session:
        claim = session.scalars(select(Claim)).one()
        notice = session.get_one(AccidentNotice, claim.id)
        mandate = session.scalars(select(HelperMandate)).one()
        assert (claim.program, claim.event_on, claim.died_on) == ("jkk", date(2026, 11, 19), None)
        assert session.get_one(Worker, claim.worker_id).full_name == "Marzuki"
        assert (notice.kind, notice.notifier_role) == ("accident", "nagari")
        assert (mandate.given_by_name, mandate.given_by_relation) == ("Marzuki", "diri_sendiri")
        number = claim.number
    assert answer.location == f"/nagari/kecelakaan/{number}"
    again = send(client, page)
    assert again.status_code == 409
    assert "Sudah ada laporan untuk pekerja ini" in again.get_data(as_text=True)
    forced = send(client, page, another="y")
    assert forced.status_code == 409
    assert f"sudah ada dengan nomor {number}" in forced.get_data(as_text=True)
    assert death.count(fresh_database, Claim) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"happened_on__day": "21"}, "tidak boleh setelah hari ini"),
        ({"chronology": "jatuh"}, "Tulis 10 sampai 1000 huruf"),
        ({"place": ""}, "Tulis tempatnya"),
        ({"result": "died"}, "Pilih salah satu dari daftar"),
        ({"notifier_phone": "12"}, "dimulai"),
        ({"consented": ""}, "Tanpa persetujuan"),
        ({"given_by_name": ""}, "Tulis siapa dari keluarga yang menyetujui"),
    ],
)
def test_wrong_answers_save_nothing(
    client: FlaskClient,
    fresh_database: FreshDatabase,
    sign_in: SignIn,
    changes: dict[str, str],
    sentence: str,
) -> None:
    sign_in(client, "fitri")
    answer = send(client, death.page_of(fresh_database, "Marzuki", "kecelakaan"), **changes)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert death.count(fresh_database, Claim) == 0


def test_who_has_died_has_no_accident_any_more(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    sign_in(client, "fitri")
    death.send(client, death.page_of(fresh_database))
    page = death.page_of(fresh_database, "Samsir", "kecelakaan")
    assert "Tercatat meninggal 17 November 2026" in client.get(page).get_data(as_text=True)
    assert send(client, page).status_code == 409
    assert death.count(fresh_database, Claim) == 1


def test_a_death_of_an_open_accident_goes_on_in_its_case(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    """No second case: the officer of the accident reads it in the history; another cause makes a report of its own."""
    sign_in(client, "fitri")
    send(client, death.page_of(fresh_database, "Marzuki", "kecelakaan"))
    page = death.page_of(fresh_database, "Marzuki")
    assert "kasus kecelakaan kerja" in client.get(page).get_data(as_text=True)
    day = {"died_on__day": "20", "died_on__month": "11", "died_on__year": "2026"}
    missing = fill(client, page, page, **day, of_accident="yes")
    assert missing.status_code == 422
    answer = fill(client, page, page, **day, told_by="Anaknya", of_accident="yes")
    assert answer.location == page
    with Session(fresh_database.engine) as session:
        claim = session.scalars(select(Claim)).one()
        assert claim.died_on is None
        assert session.get_one(Worker, claim.worker_id).died_on == date(2026, 11, 20)
        number = claim.number
    assert number in client.get(page).get_data(as_text=True)
    officer = client.application.test_client()
    sign_in(officer, "dedi")
    history = officer.get(f"/petugas/kasus/{number}/riwayat").get_data(as_text=True)
    assert "memberi kabar pekerja meninggal" in history
