"""A first notice on one page: who may send it for which nagari, and what becomes of a second one."""

import re
from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow.claims.models import Claim, Report
from caseflow.people.actor import Actor
from caseflow.people.models import FamilyDevice
from tests.conftest import FreshDatabase
from tests.web.forms import fill
from tests.web.public.test_accident_pages import ANSWERS
from tests.web.public.test_report_pages import count

PAGE = "/nagari/kecelakaan/baru"
TYPED = {
    name.replace("-", "__"): value
    for page, fields in ANSWERS.items()
    for name, value in fields.items()
    if page != "persetujuan"
} | {"given_how": "spoken"}
OTHER_NAGARI = "13.03.99.2002"
SignIn = Callable[[FlaskClient, str], None]


def notify(client: FlaskClient, **changes: str) -> TestResponse:
    """Fill in the one page and send it."""
    return fill(client, PAGE, PAGE, **{**TYPED, "consented": "y", **changes})


def test_a_nagari_operator_sends_it_and_gets_the_number(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, staff: Mapping[str, Actor]
) -> None:
    """The case remembers who helped; no phone is opened; the number is shown to whoever sent it, and to nobody else."""
    sign_in(client, "fitri")
    answer = notify(client)
    with Session(fresh_database.engine) as session:
        claim = session.scalars(select(Claim)).one()
        assert session.get_one(Report, claim.id).helped_by_user_id == staff["fitri"].user_id
        assert (claim.program, claim.state) == ("jkk", "notified")
    assert answer.location == f"/nagari/kecelakaan/{claim.number}"
    page = client.get(answer.location).get_data(as_text=True)
    assert claim.number in page
    assert "Minggu, 22 November 2026" in page
    assert count(fresh_database, FamilyDevice) == 0
    colleague = client.application.test_client()
    sign_in(colleague, "jon")
    assert colleague.get(answer.location).status_code == 404


def test_an_officer_is_led_to_the_case(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "dedi")
    answer = notify(client, region_code=OTHER_NAGARI)
    assert re.fullmatch(r"/petugas/kasus/SJJ-26-\d{4}-\d", answer.location)
    assert "dicatat dengan nomor" in client.get(answer.location).get_data(as_text=True)


def test_only_for_the_own_nagari(client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn) -> None:
    """The list holds no other, and a form that was changed by hand is refused in a sentence."""
    sign_in(client, "fitri")
    page = client.get(PAGE).get_data(as_text=True)
    assert "Koto Latihan" in page
    assert "Koto Contoh" not in page
    answer = notify(client, region_code=OTHER_NAGARI)
    assert answer.status_code == 422
    assert "Untuk nagari di luar wilayah Anda" in answer.get_data(as_text=True)
    assert "Jatuh dari perancah" in answer.get_data(as_text=True)
    assert count(fresh_database, Claim) == 0


def test_a_social_worker_helps_in_the_whole_regency(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "rina")
    assert notify(client, region_code=OTHER_NAGARI).status_code == 303


@pytest.mark.parametrize(("username", "named"), [("fitri", False), ("dedi", True)])
def test_a_second_notice_is_asked_about(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, username: str, named: bool
) -> None:
    """Only who may open cases reads the number of the first one."""
    sign_in(client, username)
    notify(client)
    again = notify(client)
    page = again.get_data(as_text=True)
    assert again.status_code == 409
    assert "belum tersimpan" in page
    assert ("SJJ-26-" in page) is named
    assert count(fresh_database, Claim) == 1
    assert notify(client, another="y").status_code == 303
    assert count(fresh_database, Claim) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"happened_on__day": "21"}, "tidak boleh setelah hari ini"),
        ({"result": "died", "died_on__day": "1", "died_on__month": "11", "died_on__year": "2026"},
         "tidak boleh sebelum kejadian"),
        ({"chronology": "jatuh"}, "sedikit lebih banyak"),
        ({"notifier_name": "😀"}, "Nama hanya berisi"),
        ({"region_code": "99.99"}, "Pilih nagari dari daftar"),
    ],
)  # fmt: skip
def test_wrong_answers_keep_what_was_typed(
    client: FlaskClient,
    fresh_database: FreshDatabase,
    sign_in: SignIn,
    changes: dict[str, str],
    sentence: str,
) -> None:
    sign_in(client, "fitri")
    answer = notify(client, **changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Marzuki"' in page
    assert count(fresh_database, Claim) == 0


def test_without_consent_nothing_is_sent(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    sign_in(client, "fitri")
    answer = fill(client, PAGE, PAGE, **TYPED)
    assert answer.status_code == 422
    assert "Tanpa persetujuan" in answer.get_data(as_text=True)
    assert count(fresh_database, Claim) == 0


def test_the_same_form_twice_is_one_notice(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    sign_in(client, "fitri")
    page = client.get(PAGE).get_data(as_text=True)
    hidden = dict(re.findall(r'name="(csrf_token|request_key)" value="([^"]+)"', page))
    fields = {name.replace("__", "-"): value for name, value in TYPED.items()} | hidden | {"consented": "y"}
    first, second = client.post(PAGE, data=fields), client.post(PAGE, data=fields)
    assert first.location == second.location
    assert count(fresh_database, Claim) == 1


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get(PAGE).location.startswith("/masuk?next=")
