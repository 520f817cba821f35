"""Sending in pieces over HTTP: the protocol's answers, one by one, and the family's sentences in them."""

import base64
import hashlib
import io
from collections.abc import Callable, Mapping

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.claims.models import Claim
from caseflow.documents.models import Document
from caseflow.documents.refusals import MAX_FILE_BYTES
from caseflow.documents.storage import StoreUnavailable
from caseflow.people.devices import device_for_reporter
from caseflow.workflow.models import CaseFile
from tests.conftest import FreshDatabase, csrf_of
from tests.files import samples
from tests.story import Stage, reported, submitted

PAPER = "/berkas/dokumen/family_card"
DOOR = f"{PAPER}/kiriman"
BODY = "application/offset+octet-stream"
PICTURE = samples.jpeg()


class Phone:
    """A phone that speaks the protocol."""

    def __init__(self, client: FlaskClient, claim: Claim) -> None:
        self.client, self.claim = client, claim
        self.token = csrf_of(client.get(PAPER).get_data(as_text=True))

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, data: bytes | None = None
    ) -> TestResponse:
        """Send one request as the script of the page does; a header of ``-`` is left out."""
        all_headers = {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.token, **(headers or {})}
        kept = {name: value for name, value in all_headers.items() if value != "-"}
        return self.client.open(path, method=method, headers=kept, data=data)

    def open(self, content: bytes = PICTURE, **told: str) -> TestResponse:
        """Announce a file."""
        pairs = {"filename": "kk.jpg", **told}
        metadata = ",".join(
            f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in pairs.items()
        )
        return self.ask("POST", DOOR, {"Upload-Length": str(len(content)), "Upload-Metadata": metadata})

    def opened(self, content: bytes = PICTURE, **told: str) -> str:
        """Announce a file and return its address."""
        answer = self.open(content, **told)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.headers["Location"]

    def send(
        self, address: str, data: bytes, at: int, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Send bytes on."""
        return self.ask(
            "PATCH", address, {"Content-Type": BODY, "Upload-Offset": str(at), **(headers or {})}, data
        )


def family_browser(app: CaseflowApp, session: Session, claim: Claim) -> FlaskClient:
    """The browser of whoever reported."""
    token = device_for_reporter(session, claim.id, "Yusra", now=clock.now())
    session.commit()
    client = app.test_client()
    client.set_cookie("kel", token)
    return client


@pytest.fixture
def phone_of(app: CaseflowApp, fresh_database: FreshDatabase) -> Callable[[], Phone]:
    """Phones of as many families as wanted."""

    def make() -> Phone:
        with Session(fresh_database.engine, expire_on_commit=False) as session:
            claim = reported(session)
            return Phone(family_browser(app, session, claim), claim)

    return make


@pytest.fixture
def phone(phone_of: Callable[[], Phone]) -> Phone:
    """The phone that reported."""
    return phone_of()


def stored(database: FreshDatabase) -> list[str]:
    with Session(database.engine) as session:
        return [
            sha or "" for sha in session.scalars(select(Document.sha256).where(Document.status == "stored"))
        ]


def test_a_picture_in_three_pieces(phone: Phone, fresh_database: FreshDatabase) -> None:
    address = phone.opened(sha256=hashlib.sha256(PICTURE).hexdigest())
    for begin, end in ((0, 700), (700, 20_000), (20_000, len(PICTURE))):
        asked = phone.ask("HEAD", address)
        assert (asked.status_code, asked.headers["Upload-Offset"]) == (200, str(begin))
        assert asked.headers["Upload-Length"] == str(len(PICTURE))
        assert asked.headers["Cache-Control"] == "no-store"
        assert asked.headers["Upload-Expires"].startswith("Fri, 27 Nov 2026 03:0")
        assert stored(fresh_database) == []
        sent = phone.send(address, PICTURE[begin:end], begin)
        assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, str(end))
        assert sent.headers["Tus-Resumable"] == "1.0.0"
    assert stored(fresh_database) == [hashlib.sha256(PICTURE).hexdigest()]
    told = phone.ask("GET", address).get_json()
    assert told["stored"]
    assert told["sentence"].startswith("Sudah diterima: kk.jpg (0,1 MB), tanda ")
    assert "Sudah diterima" not in phone.client.get(PAPER).get_data(as_text=True)
    assert "kk.jpg" in phone.client.get(PAPER).get_data(as_text=True)


def test_finished_twice_is_one_document(phone: Phone, fresh_database: FreshDatabase) -> None:
    address = phone.opened(key="one")
    assert phone.send(address, PICTURE, 0).status_code == 204
    assert phone.opened(key="one") == address
    assert phone.ask("HEAD", address).headers["Upload-Offset"] == str(len(PICTURE))
    assert phone.send(address, b"", len(PICTURE)).status_code == 204
    assert phone.send(address, PICTURE, 0).status_code == 409
    assert len(stored(fresh_database)) == 1


def test_what_is_under_way_can_be_found_again(phone: Phone) -> None:
    address = phone.opened(sha256=hashlib.sha256(PICTURE).hexdigest())
    phone.send(address, PICTURE[:999], 0)
    (waiting,) = phone.ask("GET", DOOR).get_json()
    assert (waiting["address"], waiting["offset"], waiting["length"]) == (address, 999, len(PICTURE))
    assert waiting["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    assert phone.ask("DELETE", address).status_code == 204
    assert phone.ask("GET", DOOR).get_json() == []
    for answer in (phone.ask("HEAD", address), phone.send(address, PICTURE[999:], 999)):
        assert answer.status_code == 410


def test_networks_that_know_only_post(phone: Phone, fresh_database: FreshDatabase) -> None:
    address = phone.opened()
    head = {"Content-Type": BODY, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert phone.ask("POST", address, head, PICTURE).status_code == 204
    assert len(stored(fresh_database)) == 1
    assert phone.ask("POST", phone.opened(), {"X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert phone.ask("POST", address).status_code == 405


def test_options_say_what_is_spoken(phone: Phone) -> None:
    answer = phone.ask("OPTIONS", DOOR, {"Tus-Resumable": "-"})
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,termination"
    assert answer.headers["Tus-Max-Size"] == str(MAX_FILE_BYTES)


@pytest.mark.parametrize(
    ("headers", "status", "says"),
    [
        ({"Tus-Resumable": "-"}, 412, "Muat ulang halaman"),
        ({"Tus-Resumable": "0.2.2"}, 412, "Muat ulang halaman"),
        ({"Upload-Length": "-"}, 400, "tidak lengkap"),
        ({"Upload-Length": "-1"}, 400, "tidak lengkap"),
        ({"Upload-Length": "1e3"}, 400, "tidak lengkap"),
        ({"Upload-Length": "-", "Upload-Defer-Length": "1"}, 400, "tidak lengkap"),
        ({"Upload-Length": "0"}, 422, "kosong"),
        ({"Upload-Length": str(MAX_FILE_BYTES + 1)}, 413, "lebih dari 20 MB"),
        ({"Upload-Metadata": "filename ***"}, 400, "tidak terbaca"),
        ({"Upload-Metadata": "filename /w=="}, 400, "tidak terbaca"),
        ({"Upload-Metadata": "key AA=="}, 422, "berbeda"),
        ({"Upload-Metadata": "sha256 YWJj"}, 422, "berbeda"),
    ],
)
def test_announcements_that_are_refused(
    phone: Phone, headers: dict[str, str], status: int, says: str
) -> None:
    answer = phone.ask("POST", DOOR, {"Upload-Length": "10", **headers})
    assert answer.status_code == status
    assert says in answer.get_json()["sentence"]
    assert "ersimpan" in answer.get_json()["sentence"]
    assert answer.get_json()["again"] is False
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert ("Tus-Version" in answer.headers) == (status == 412)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "-"}, 412),
        ({"Upload-Offset": "-"}, 400),
        ({"Upload-Offset": "99x"}, 400),
        ({"Upload-Offset": "1"}, 409),
        ({"Upload-Offset": str(len(PICTURE))}, 409),
        ({"Content-Type": "-"}, 415),
        ({"Content-Type": "application/octet-stream"}, 415),
        ({"X-CSRFToken": "-"}, 403),
        ({"X-CSRFToken": "x"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_pieces_that_are_refused(phone: Phone, headers: dict[str, str], status: int) -> None:
    address = phone.opened()
    assert phone.send(address, PICTURE[:100], 0, headers).status_code == status
    assert phone.ask("HEAD", address).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_every_writing_request_needs_the_token(phone: Phone, method: str) -> None:
    address = phone.opened() if method == "DELETE" else DOOR
    answer = phone.ask(method, address, {"X-CSRFToken": "-", "Upload-Length": "10"})
    assert answer.status_code == 403


def test_more_than_was_announced(phone: Phone) -> None:
    address = phone.opened(PICTURE[:50])
    answer = phone.send(address, PICTURE, 0)
    assert answer.status_code == 413
    assert "lebih panjang" in answer.get_json()["sentence"]


def test_a_page_that_says_it_is_a_picture(phone: Phone, fresh_database: FreshDatabase) -> None:
    page = samples.html()
    address = phone.opened(page)
    for answer in (phone.send(address, page, 0), phone.ask("GET", address)):
        assert answer.status_code == 415
        assert "halaman web" in answer.get_json()["sentence"]
        assert answer.get_json()["again"] is False
    assert stored(fresh_database) == []


def test_bytes_that_changed(phone: Phone, fresh_database: FreshDatabase) -> None:
    address = phone.opened(sha256="0" * 64)
    answer = phone.send(address, PICTURE, 0)
    assert answer.status_code == 460
    assert "berubah di jalan" in answer.get_json()["sentence"]
    assert stored(fresh_database) == []


def test_the_upload_of_another_family_is_not_there(phone_of: Callable[[], Phone]) -> None:
    owner, stranger = phone_of(), phone_of()
    address = owner.opened()
    answers = [
        stranger.ask("HEAD", address),
        stranger.ask("GET", address),
        stranger.send(address, PICTURE, 0),
        stranger.ask("DELETE", address),
        owner.ask("HEAD", address.replace("family_card", "death_letter")),
        owner.ask("HEAD", f"{DOOR}/nosuch"),
        owner.ask("POST", "/berkas/dokumen/nosuch/kiriman", {"Upload-Length": "10"}),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert owner.ask("HEAD", address).headers["Upload-Offset"] == "0"


def test_a_phone_that_was_closed(phone: Phone, app: CaseflowApp) -> None:
    address = phone.opened()
    visitor = app.test_client().open(address, method="HEAD", headers={"Tus-Resumable": "1.0.0"})
    assert visitor.status_code in {303, 401}


def test_after_the_case_was_submitted(stage: Stage, app: CaseflowApp) -> None:
    claim = reported(stage)
    stage.session.commit()
    phone = Phone(family_browser(app, stage.session, claim), claim)
    address = phone.opened()
    phone.send(address, PICTURE[:100], 0)
    submitted(stage, claim=claim)
    stage.session.commit()
    answers = [phone.send(address, PICTURE[100:], 100), phone.open(key="late")]
    for answer in answers:
        assert answer.status_code == 409
        assert "tidak lagi menerima dokumen" in answer.get_json()["sentence"]
        assert answer.get_json()["again"] is False


def test_the_store_is_away(
    phone: Phone, app: CaseflowApp, fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = app.extensions["caseflow_store"]
    address = phone.opened()
    phone.send(address, PICTURE[:1000], 0)
    put = store.put

    def away(*_: object) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(store, "put", away)
    answer = phone.send(address, PICTURE[1000:], 1000)
    assert (answer.status_code, answer.get_json()["again"]) == (503, True)
    assert "BELUM tersimpan" in answer.get_json()["sentence"]
    monkeypatch.setattr(store, "put", put)
    assert phone.send(address, PICTURE[1000:], 1000).status_code == 204
    assert stored(fresh_database) == [hashlib.sha256(PICTURE).hexdigest()]


@pytest.mark.parametrize(
    "trouble",
    [OperationalError("SELECT", {}, psycopg.errors.LockNotAvailable()), PoolTimeoutError()],
    ids=["lock", "pool"],
)
def test_a_database_that_is_busy_is_no_refusal_of_the_file(
    phone: Phone, fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    """The file is stored already when the case cannot be moved on; the phone must come back, not drop it."""
    address = phone.opened()

    def busy(*_: object, **__: object) -> None:
        raise trouble

    with monkeypatch.context() as patch:
        patch.setattr("caseflow.web.family.upload.papers_arrived", busy)
        answer = phone.send(address, PICTURE, 0)
    assert (answer.status_code, answer.get_json()["again"]) == (503, True)
    assert "belum pasti tersimpan" in answer.get_json()["sentence"]
    assert phone.send(address, PICTURE[-1:], len(PICTURE) - 1).status_code == 204
    assert len(stored(fresh_database)) == 1


def test_the_case_moves_on_with_the_last_paper(phone: Phone, fresh_database: FreshDatabase) -> None:
    for code in ("worker_id_card", "claimant_id_card", "death_letter", "heir_statement", "marriage_book"):
        phone.client.post(
            f"/berkas/dokumen/{code}",
            data={
                "csrf_token": phone.token,
                "request_key": code,
                "gallery": (io.BytesIO(samples.jpeg(code)), "a.jpg"),
            },
        )
    address = phone.opened()
    assert phone.send(address, PICTURE, 0).status_code == 204
    with Session(fresh_database.engine) as session:
        state = session.scalars(select(CaseFile.state).where(CaseFile.id == phone.claim.id)).one()
    assert state == "documents_complete"
