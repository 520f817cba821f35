"""A death on one page: for which nagari, on whose word, and what the helper gets to give the family."""

import re
from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow.claims.family_models import Consent
from caseflow.claims.models import Claim, Report
from caseflow.people.actor import Actor
from caseflow.people.models import FamilyDevice, HelperMandate
from caseflow.workflow.models import History
from tests.conftest import FreshDatabase
from tests.web.forms import fill
from tests.web.public.test_report_pages import ANSWERS, count

PAGE = "/nagari/kematian/baru"
TYPED = {
    name.replace("-", "__"): value
    for page, fields in ANSWERS.items()
    for name, value in fields.items()
    if page != "persetujuan"
} | {"given_how": "written"}
SignIn = Callable[[FlaskClient, str], None]


def write(client: FlaskClient, **changes: str) -> TestResponse:
    """Fill in the one page and send it."""
    return fill(client, PAGE, PAGE, **{**TYPED, "consented": "y", **changes})


def test_the_case_says_who_helped_and_who_agreed(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, staff: Mapping[str, Actor]
) -> None:
    """Yusra is who we call and who agreed, in writing; the operator is the helper, and no phone is opened."""
    sign_in(client, "fitri")
    assert "Anda mengisi untuk keluarga." in client.get(PAGE).get_data(as_text=True)
    answer = write(client)
    with Session(fresh_database.engine) as session:
        claim = session.scalars(select(Claim)).one()
        report = session.get_one(Report, claim.id)
        mandate = session.scalars(select(HelperMandate)).one()
        consent = session.scalars(select(Consent)).one()
        names = set(session.scalars(select(History.actor_name).where(History.casefile_id == claim.id)))
    assert (claim.program, report.reporter_name) == ("jkm", "Yusra")
    assert report.helped_by_user_id == mandate.helped_by_user_id == staff["fitri"].user_id
    assert (mandate.helper_name, mandate.helper_relation) == ("Fitri Handayani", "nagari")
    assert (mandate.given_by_name, mandate.given_by_relation) == ("Yusra", "istri")
    assert (consent.said_by, consent.note) == ("Yusra", "tertulis, dicatat Fitri Handayani")
    assert names == {"Fitri Handayani"}
    assert answer.location == f"/nagari/kematian/{claim.number}"
    page = client.get(answer.location).get_data(as_text=True)
    assert "Senin, 23 November 2026" in page
    assert count(fresh_database, FamilyDevice) == 0
    colleague = client.application.test_client()
    sign_in(colleague, "jon")
    assert colleague.get(answer.location).status_code == 404


def test_an_officer_goes_on_to_the_case_and_reads_who_helps(client: FlaskClient, sign_in: SignIn) -> None:
    """The wali jorong telephones; who of the family agreed stands on the summary and on a page of its own."""
    sign_in(client, "dedi")
    wali = {"reporter_name": "Zul", "reporter_relation": "wali_jorong"}
    answer = write(client, **wali, given_by_name="Yusra", given_by_relation="istri", died_about="y")
    assert re.fullmatch(r"/petugas/kasus/SJJ-26-\d{4}-\d", answer.location)
    page = client.get(answer.location).get_data(as_text=True)
    assert "Dibantu <strong>Dedi Putra</strong> (petugas kantor cabang), diizinkan Yusra (istri)" in page
    assert "perkiraan pelapor" in page
    helpers = f"{answer.location}/pembantu"
    assert "Dedi Putra (petugas kantor cabang)" in client.get(helpers).get_data(as_text=True)
    short = fill(client, helpers, helpers, why="ya")
    assert short.status_code == 422
    ended = fill(client, helpers, helpers, why="Yusra meminta di loket.")
    assert ended.location == helpers
    assert "Yusra meminta di loket." in client.get(helpers).get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"region_code": "13.03.99.2002"}, "Untuk nagari di luar wilayah Anda"),
        ({"reporter_relation": "tetangga"}, "Tulis siapa dari keluarga yang menyetujui"),
        ({"reporter_relation": "tetangga", "given_by_name": "Yusra"}, "Pilih hubungannya dengan pekerja"),
        ({"consented": ""}, "Tanpa persetujuan"),
        ({"given_how": ""}, "Pilih salah satu"),
        ({"died_on__day": "31"}, "31 November 2026 tidak ada"),
        ({"cause": "accident"}, "Pilih salah satu dari daftar"),
        ({"worker_name": "😀"}, "Nama hanya berisi"),
    ],
)
def test_wrong_answers_keep_what_was_typed(
    client: FlaskClient,
    fresh_database: FreshDatabase,
    sign_in: SignIn,
    changes: dict[str, str],
    sentence: str,
) -> None:
    sign_in(client, "fitri")
    answer = write(client, **changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="0812-3456-7890"' in page
    assert count(fresh_database, Claim) == 0


def test_a_second_report_is_asked_about(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    """Without the number, for who may not open cases."""
    sign_in(client, "fitri")
    write(client)
    again = write(client)
    assert again.status_code == 409
    assert "SJJ-26-" not in again.get_data(as_text=True)
    assert write(client, another="y").status_code == 303
    assert count(fresh_database, Claim) == 2
