"""Who is asking: staff before phone, the right one for the page, and each form's work once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Response, request
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.app import CaseflowApp, create_app
from caseflow.errors import NotPossible
from caseflow.extensions import db
from caseflow.identifiers import slip_code
from caseflow.people import devices, slips
from caseflow.people.actor import SYSTEM
from caseflow.people.models import FamilyDevice, Person, SignInTry
from caseflow.training.people import PASSPHRASE
from caseflow.web import here
from caseflow.web.identity import give_family_cookie
from caseflow.web.once import once
from caseflow.web.phones import open_phone
from caseflow.web.security import requires
from tests.conftest import FreshDatabase, make_settings
from tests.people.conftest import PEPPER, new_casefile


class Doorway:
    """An application without form tokens, with a case, its slip and a few pages that say who is asking."""

    def __init__(self, app: CaseflowApp, database: FreshDatabase) -> None:
        self.app = app
        self.database = database
        with Session(database.engine) as session:
            casefile = new_casefile(session)
            self.number, self.casefile_id = casefile.number, casefile.id
            self.codes = slips.issue_slip(
                session, casefile.id, "Yusra", by=SYSTEM, now=clock.now(), pepper=PEPPER
            ).codes
            self.reporter = devices.device_for_reporter(session, casefile.id, "Rani", now=clock.now())
            session.commit()
        for path, permission in (
            ("keluarga", "family.read"),
            ("lapor", "report.create"),
            ("kerja", "claim.read"),
        ):
            app.add_url_rule(f"/uji/{path}", path, requires(permission)(lambda: _who()))
        app.add_url_rule("/uji/slip", "uji-slip", requires("family.sign_in")(_slip), methods=["POST"])
        app.add_url_rule("/uji/simpan", "uji-simpan", requires("public.read")(_save), methods=["POST"])

    def count(self, full_name: str) -> int:
        with Session(self.database.engine) as session:
            found = session.scalar(
                select(func.count()).select_from(Person).where(Person.full_name == full_name)
            )
        return found or 0


def _who() -> ResponseReturnValue:
    actor = here.find_actor()
    return f"{actor.kind} {actor.name}" if actor else "siapa saja"


def _slip() -> ResponseReturnValue:
    token = open_phone(request.form["number"], request.form["code"])
    return give_family_cookie(Response("masuk"), token)


def _save() -> ResponseReturnValue:
    def work() -> str:
        db.session.add(Person(full_name=request.form["name"]))
        if request.form.get("fails"):
            raise NotPossible("Belum bisa.")
        return f"/orang/{request.form['name']}"

    return once(work)


@pytest.fixture
def doorway(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Doorway]:
    """One of them."""
    app = create_app(make_settings(fresh_database.app_url, tmp_path), TESTING=True, WTF_CSRF_ENABLED=False)
    yield Doorway(app, fresh_database)
    with app.app_context():
        db.engine.dispose()


def signed_in(doorway: Doorway, username: str) -> FlaskClient:
    client = doorway.app.test_client()
    assert client.post("/masuk", data={"username": username, "passphrase": PASSPHRASE}).status_code == 303
    return client


def test_a_phone_sees_its_case_and_nothing_of_staff(doorway: Doorway) -> None:
    client = doorway.app.test_client()
    client.set_cookie("kel", doorway.reporter)
    assert client.get("/uji/keluarga").text == "family Rani"
    assert client.get("/uji/lapor").text == "family Rani"
    assert client.get("/uji/kerja").status_code == 303


def test_staff_with_a_phones_cookie_is_each_on_their_own_pages(doorway: Doorway) -> None:
    client = signed_in(doorway, "dedi")
    client.set_cookie("kel", doorway.reporter)
    assert client.get("/uji/kerja").text == "staff Dedi Putra"
    assert client.get("/uji/keluarga").text == "family Rani"
    assert client.get("/uji/lapor").text == "staff Dedi Putra"


def test_staff_without_a_part_in_it_reports_as_anybody(doorway: Doorway) -> None:
    assert signed_in(doorway, "nina").get("/uji/lapor").text == "siapa saja"


def test_a_closed_phone_is_out_with_the_next_request(doorway: Doorway) -> None:
    client = doorway.app.test_client()
    client.set_cookie("kel", doorway.reporter)
    assert client.get("/uji/keluarga").status_code == 200
    with Session(doorway.database.engine) as session:
        session.execute(update(FamilyDevice).values(revoked_at=clock.now()))
        session.commit()
    assert client.get("/uji/keluarga").location == "/masuk-keluarga"


def test_a_code_gives_the_phone_a_cookie(doorway: Doorway) -> None:
    client = doorway.app.test_client()
    answer = client.post("/uji/slip", data={"number": doorway.number, "code": doorway.codes[0]})
    assert answer.status_code == 200
    given = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in given.split(";")}
    assert client.get("/uji/keluarga").text == "family Yusra"
    again = doorway.app.test_client()
    assert (
        again.post("/uji/slip", data={"number": doorway.number, "code": doorway.codes[0]}).status_code == 409
    )


def test_a_wrong_code_is_counted_though_the_request_fails(doorway: Doorway) -> None:
    client = doorway.app.test_client()
    other = slip_code()
    for _ in range(5):
        assert client.post("/uji/slip", data={"number": doorway.number, "code": other}).status_code == 422
    answer = client.post("/uji/slip", data={"number": doorway.number, "code": doorway.codes[1]})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 60
    with Session(doorway.database.engine) as session:
        assert (
            session.scalar(select(func.count()).select_from(SignInTry).where(SignInTry.kind == "slip")) == 5
        )


def test_a_form_sent_twice_is_done_once(doorway: Doorway) -> None:
    client = doorway.app.test_client()
    typed = {"name": "Sekali", "request_key": "k1"}
    locations = {client.post("/uji/simpan", data=typed).location for _ in range(3)}
    assert locations == {"/orang/Sekali"}
    assert doorway.count("Sekali") == 1


def test_the_same_key_with_other_words_is_refused(doorway: Doorway) -> None:
    client = doorway.app.test_client()
    client.post("/uji/simpan", data={"name": "Satu", "request_key": "k1"})
    assert client.post("/uji/simpan", data={"name": "Dua", "request_key": "k1"}).status_code == 422
    assert doorway.count("Dua") == 0


def test_a_form_without_a_key_does_nothing(doorway: Doorway) -> None:
    assert doorway.app.test_client().post("/uji/simpan", data={"name": "Tanpa"}).status_code == 422
    assert doorway.count("Tanpa") == 0


def test_refused_work_may_be_sent_again(doorway: Doorway) -> None:
    client = doorway.app.test_client()
    typed = {"name": "Lagi", "request_key": "k1"}
    assert client.post("/uji/simpan", data={**typed, "fails": "1"}).status_code == 409
    assert doorway.count("Lagi") == 0
    assert client.post("/uji/simpan", data=typed).status_code == 303
    assert doorway.count("Lagi") == 1


def test_the_system_is_nobodys_cookie(doorway: Doorway) -> None:
    client = doorway.app.test_client()
    for name in ("petugas", "kel"):
        client.set_cookie(name, SYSTEM.name)
    assert client.get("/uji/kerja").status_code == 303
    assert client.get("/uji/keluarga").status_code == 303
