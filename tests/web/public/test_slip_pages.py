"""The door of the slip: the address of the QR code, what is refused in which words, and that no code is kept anywhere."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import MetaData, create_engine, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import CaseflowApp, create_app
from caseflow.extensions import db
from caseflow.identifiers import check_digit
from caseflow.people import devices, slips
from caseflow.people.actor import SYSTEM, Actor
from caseflow.people.models import FamilyDevice, SignInTry, SlipCode
from tests import story
from tests.conftest import FreshDatabase, csrf_of, make_settings
from tests.people.conftest import PEPPER
from tests.web.forms import fill, form_of, send

DOOR = "/masuk-keluarga"
OWN, BORROWED = "sendiri", "pinjaman"


@dataclass
class Paper:
    """A printed slip over a committed case."""

    app: CaseflowApp
    database: FreshDatabase
    casefile_id: int
    number: str
    codes: tuple[str, ...]

    def phone(self) -> FlaskClient:
        """A phone that has opened nothing yet."""
        return self.app.test_client()

    def opens(
        self, phone: FlaskClient, code: str, owner: str = OWN, number: str | None = None
    ) -> TestResponse:
        """Type what the paper says."""
        return fill(phone, DOOR, DOOR, number=number or self.number, code=code, owner=owner)

    def count(self, table: type) -> int:
        """How many rows a table holds."""
        with Session(self.database.engine) as session:
            return session.execute(select(func.count()).select_from(table)).scalar_one()

    def reprint(self) -> slips.PrintedSlip:
        """At another desk, in another process."""
        with Session(self.database.engine) as session:
            printed = slips.issue_slip(
                session, self.casefile_id, "Yusra", by=SYSTEM, now=clock.now(), pepper=PEPPER
            )
            session.commit()
        return printed


@pytest.fixture
def paper(app: CaseflowApp, fresh_database: FreshDatabase) -> Paper:
    """The slip of Yusra."""
    with Session(fresh_database.engine) as session:
        claim = story.reported(session)
        printed = slips.issue_slip(session, claim.id, "Yusra", by=SYSTEM, now=clock.now(), pepper=PEPPER)
        session.commit()
        return Paper(app, fresh_database, claim.id, claim.number, printed.codes)


@pytest.fixture
def second_process(paper: Paper, tmp_path: Path) -> Iterator[CaseflowApp]:
    """Another process of the same installation: an application with connections of its own."""
    built = create_app(make_settings(paper.database.app_url, tmp_path / "objects"), TESTING=True)
    yield built
    with built.app_context():
        db.engine.dispose()


def other_code(code: str) -> str:
    """A code with a right check digit that is not this one."""
    body = f"{(int(code[:11]) + 1) % 10**11:011d}"
    return body + check_digit(body)


@pytest.mark.parametrize("agent", ["WhatsApp/2.23", "TelegramBot (like TwitterBot)", "curl/8", ""])
def test_looking_at_the_address_of_the_qr_code_changes_nothing(paper: Paper, agent: str) -> None:
    """A preview robot fetches it before the family does; the code stands behind the ``#`` and is not sent."""
    phone = paper.phone()
    for _ in range(3):
        answer = phone.get("/k", headers={"User-Agent": agent})
        assert answer.status_code == 200
        assert phone.head("/k").status_code == 200
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert paper.count(SignInTry) == paper.count(FamilyDevice) == 0
    assert paper.opens(phone, paper.codes[0]).status_code == 303


def test_the_form_of_the_qr_page_goes_to_the_same_door(paper: Paper) -> None:
    phone = paper.phone()
    form = form_of(phone.get("/k").text, DOOR)
    answer = send(phone, form, number=paper.number, code=paper.codes[0], owner=OWN)
    assert answer.location == "/berkas"


@pytest.mark.parametrize(
    ("typed", "said", "status"),
    [
        ({"number": ""}, "Tulis nomor laporan.", 422),
        ({"code": ""}, "Tulis salah satu kode di slip.", 422),
        ({"owner": ""}, "Pilih milik siapa HP ini.", 422),
        ({"owner": "kantor"}, "", 422),
        ({"number": "SJJ-26-0001-9"}, "Nomor laporan salah ketik", 422),
        ({"code": "1234 5678 9012"}, "Kode salah ketik", 422),
        ({"code": "\N{ARABIC-INDIC DIGIT ONE}" * 12}, "Kode salah ketik", 422),
        ({"code": "<script>" * 500}, "Kode salah ketik", 422),
        ({"code": "OOOO IIII OOOO"}, "Kode salah ketik", 422),
    ],
)
def test_a_slip_of_the_finger_is_told_and_not_counted(
    paper: Paper, typed: dict[str, str], said: str, status: int
) -> None:
    phone = paper.phone()
    whole = {"number": paper.number, "code": paper.codes[0], "owner": OWN, **typed}
    answer = fill(phone, DOOR, DOOR, **whole)
    assert answer.status_code == status
    assert said in answer.text
    assert paper.count(SignInTry) == paper.count(FamilyDevice) == 0


def test_a_stolen_code_is_seen_by_the_family(paper: Paper) -> None:
    assert paper.opens(paper.phone(), paper.codes[0]).status_code == 303
    answer = paper.opens(paper.phone(), paper.codes[0])
    assert answer.status_code == 409
    assert "Kode HP 1 sudah dipakai 20 Nov 2026 pukul 10.00 WIB" in answer.text


def test_a_fourth_phone_is_refused_kindly(paper: Paper) -> None:
    for code in paper.codes:
        assert paper.opens(paper.phone(), code).status_code == 303
    more = paper.reprint()
    answer = paper.opens(paper.phone(), more.codes[0])
    assert answer.status_code == 409
    assert "Sudah ada 3 HP" in answer.text
    assert "belum terpakai" in answer.text


def test_a_borrowed_phone_offers_to_close_everywhere(paper: Paper) -> None:
    lent, own = paper.phone(), paper.phone()
    given = paper.opens(lent, paper.codes[0], BORROWED).headers["Set-Cookie"]
    assert "Max-Age" not in given
    assert "Max-Age" in paper.opens(own, paper.codes[1]).headers["Set-Cookie"]
    for path in ("/berkas", "/berkas/dokumen", "/berkas/hp", "/berkas/kunci"):
        assert "HP pinjaman. Sudah selesai?" in lent.get(path).text
        assert "HP pinjaman. Sudah selesai?" not in own.get(path).text
    assert fill(lent, "/berkas/dokumen", "/berkas/tutup").status_code == 303
    assert lent.get("/berkas").location == DOOR
    assert fill(own, "/berkas/hp", "/hp/pinjaman").status_code == 303
    assert "HP pinjaman. Sudah selesai?" in own.get("/berkas").text


def test_a_reprint_and_a_revocation_hold_at_once_in_another_process(
    paper: Paper, second_process: CaseflowApp, staff: Mapping[str, Actor]
) -> None:
    phone, elsewhere = paper.phone(), second_process.test_client()
    assert paper.opens(phone, paper.codes[0]).status_code == 303
    fresh = paper.reprint()
    assert paper.opens(elsewhere, paper.codes[1]).status_code == 422
    assert phone.get("/berkas").status_code == 200
    assert paper.opens(elsewhere, fresh.codes[0]).status_code == 303
    with Session(paper.database.engine) as session:
        slips.revoke_slip(session, fresh.slip_id, by=staff["dedi"], why="hilang", now=clock.now())
        session.commit()
    assert elsewhere.get("/berkas").location == DOOR


def test_guessing_is_slowed_down_by_all_processes_together(paper: Paper, second_process: CaseflowApp) -> None:
    guesser, elsewhere = paper.phone(), second_process.test_client()
    for turn in range(5):
        assert paper.opens((guesser, elsewhere)[turn % 2], other_code(paper.codes[0])).status_code == 422
    for phone in (guesser, elsewhere):
        answer = paper.opens(phone, paper.codes[0])
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) == 60
    assert paper.count(SignInTry) == 5


def test_the_phone_of_the_report_prints_once_and_not_after_a_revocation(
    client: FlaskClient, paper: Paper, staff: Mapping[str, Actor]
) -> None:
    """Who stole the phone that reported gets no new codes from it."""
    with Session(paper.database.engine) as session:
        token = devices.device_for_reporter(session, paper.casefile_id, "Yusra", now=clock.now())
        live = slips.live_slips(session, paper.casefile_id)[0]
        slips.revoke_slip(session, live.slip_id, by=staff["dedi"], why="hilang", now=clock.now())
        session.commit()
    client.set_cookie("kel", token)
    assert "Buat slip keluarga" not in client.get("/berkas/tanda-terima").text
    refused = client.post("/berkas/slip", data={"csrf_token": csrf_of(client.get("/berkas").text)})
    assert refused.status_code == 409
    with Session(paper.database.engine) as session:
        assert slips.live_slips(session, paper.casefile_id) == []


def test_no_table_no_log_and_no_later_page_holds_a_code(
    app: CaseflowApp, client: FlaskClient, fresh_database: FreshDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    """Printed on a phone, used, used again, mistyped; then everything that is kept is searched."""
    with Session(fresh_database.engine) as session:
        claim = story.reported(session)
        number = claim.number
        token = devices.device_for_reporter(session, claim.id, "Yusra", now=clock.now())
        session.commit()
    client.set_cookie("kel", token)
    printed = fill(client, "/berkas/tanda-terima", "/berkas/slip").text
    codes = [re.sub(r"\D", "", one) for one in re.findall(r'class="mono">([0-9 ]+)<', printed)]
    assert [len(code) for code in codes] == [12, 12, 12]
    again = client.post("/berkas/slip", data={"csrf_token": csrf_of(client.get("/berkas").text)})
    assert again.status_code == 409
    assert "sudah dicetak" in again.text
    other = app.test_client()
    typed = {"number": number, "owner": OWN}
    pages = [again.text, fill(other, DOOR, DOOR, code=codes[0], **typed).text]
    pages += [
        other.get(path).text for path in ("/berkas", "/berkas/hp", "/berkas/kunci", "/berkas/tanda-terima")
    ]
    assert fill(other, "/berkas/buka-kunci", "/buka-kunci", code=codes[1]).status_code == 303
    kept = [*pages, *_everything(fresh_database), *capsys.readouterr()]
    assert _spent(fresh_database) == 2
    for code in codes:
        spellings = (code, f"{code[:4]} {code[4:8]} {code[8:]}", f"{code[:4]}-{code[4:8]}-{code[8:]}")
        assert not [text[:80] for text in kept for one in spellings if one in text]


def _everything(database: FreshDatabase) -> list[str]:
    """What a backup would hold: every row of every table."""
    metadata = MetaData()
    engine = create_engine(database.owner_url)
    metadata.reflect(engine)
    with engine.connect() as connection:
        rows = [
            str(tuple(row)) for table in metadata.tables.values() for row in connection.execute(select(table))
        ]
    engine.dispose()
    assert any("argon2id" in row for row in rows)
    return rows


def _spent(database: FreshDatabase) -> int:
    with Session(database.engine) as session:
        used = select(func.count()).select_from(SlipCode).where(SlipCode.used_at.is_not(None))
        return session.execute(used).scalar_one()
