"""What a visitor's phone speaks with: JSON that always says what was saved, and never a page."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.documents.storage import StoreUnavailable
from caseflow.monitoring import arrival, devices, pictures
from caseflow.monitoring.models import FieldDevice
from caseflow.monitoring.visit_models import PhotoPiece, Visit, VisitPhoto, VisitRefused
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.files import samples
from tests.monitoring.visiting import made, photo
from tests.story import Stage
from tests.visit_story import followed, visit_of

SignIn = Callable[[FlaskClient, str], None]


class Phone:
    """A phone of one visitor, speaking through a browser that is signed in."""

    def __init__(self, client: FlaskClient, name: str = "HP Rina") -> None:
        self.client, self.uuid = client, str(uuid.uuid4())
        begun = client.get("/pendamping/api/awal")
        assert begun.status_code == 200
        self.headers = {"X-CSRFToken": begun.get_json()["csrf"], "X-Caseflow-Device": self.uuid}
        prepared = client.put(
            f"/pendamping/api/perangkat/{self.uuid}", json={"name": name}, headers=self.headers
        )
        assert prepared.status_code == 201, prepared.get_data(as_text=True)

    def send(self, said: dict[str, Any], number: str | None = None) -> TestResponse:
        """One visit."""
        address = f"/pendamping/api/kunjungan/{number or uuid.uuid4()}"
        return self.client.put(address, json=said, headers=self.headers)

    def piece(self, number: str, body: bytes, at: int) -> TestResponse:
        """A piece of a photo."""
        headers = {
            **self.headers,
            "Upload-Offset": str(at),
            "Content-Type": "application/offset+octet-stream",
        }
        return self.client.patch(f"/pendamping/api/foto/{number}", data=body, headers=headers)

    def pack(self, etag: str = "") -> TestResponse:
        """The families to take along."""
        headers = {**self.headers, **({"If-None-Match": etag} if etag else {})}
        return self.client.get("/pendamping/api/paket", headers=headers)


@pytest.fixture
def family(fresh_database: FreshDatabase, staff: dict[str, Actor], app: CaseflowApp) -> dict[str, str]:
    """Firdaus's family, given to Rina, at its third month; public ids by name."""
    with Session(fresh_database.engine) as session:
        stage = Stage(session, app.extensions["caseflow_store"], staff)
        plan = followed(stage)
        visits = {kind: visit_of(stage, plan, kind) for kind in ("m3", "m6")}
        plan.visitor_user_id = staff["rina"].user_id
        for visit in visits.values():
            visit.visitor_user_id = staff["rina"].user_id
        session.commit()
        found = {"plan": plan.public_id, **{kind: visit.public_id for kind, visit in visits.items()}}
    clock.set_start(clock.now().replace(year=2027, month=2, day=24))
    return found


@pytest.fixture
def rina(client: FlaskClient, sign_in: SignIn, family: dict[str, str]) -> Phone:
    """Rina's phone, prepared."""
    sign_in(client, "rina")
    return Phone(client)


def _count(database: FreshDatabase, table: Any) -> int:
    with Session(database.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_prepare_take_along_visit_and_send_a_photo(
    rina: Phone, family: dict[str, str], fresh_database: FreshDatabase
) -> None:
    pack = rina.pack()
    told = pack.get_json()
    assert "NIK" not in pack.get_data(as_text=True)
    ours = next(one for one in told["families"] if one["plan"] == family["plan"])
    assert (ours["family_name"], ours["received_idr"] > 0) == ("Keluarga Firdaus", True)
    assert family["m3"] in {visit["visit"] for visit in ours["visits"]}
    assert len(told["questions"]) == 15
    assert rina.pack(pack.headers["ETag"]).status_code == 304
    body = samples.jpeg("WARUNG")
    shown = photo(body, latitude=-0.69, longitude=100.95)
    said, number = made(family["m3"], photos=[shown]), str(uuid.uuid4())
    first = rina.send(said, number)
    assert (first.status_code, first.get_json()["photos_wanted"]) == (201, [shown["uuid"]])
    assert rina.piece(shown["uuid"], body[:1000], 0).headers["Upload-Offset"] == "1000"
    assert (
        rina.client.head(f"/pendamping/api/foto/{shown['uuid']}", headers=rina.headers).headers[
            "Upload-Offset"
        ]
        == "1000"
    )
    again = rina.piece(shown["uuid"], body[:1000], 0)
    assert (again.status_code, again.headers["Upload-Offset"]) == (409, "1000")
    assert rina.piece(shown["uuid"], body[1000:], 1000).status_code == 204
    repeated = rina.send(said, number)
    assert (repeated.status_code, repeated.get_json()["photos_wanted"]) == (200, [])
    assert repeated.get_json()["received_at"] == first.get_json()["received_at"]
    with Session(fresh_database.engine) as session:
        kept = session.scalars(select(VisitPhoto)).one()
        assert (kept.scan, kept.media_type, kept.latitude) == ("no_scanner", "image/jpeg", -0.7)
        store = rina.client.application.extensions["caseflow_store"]
        with store.open(kept.object_key) as stored:
            assert hashlib.sha256(stored.read()).hexdigest() == kept.stored_sha256
        assert kept.sha256 == shown["sha256"]
    assert (_count(fresh_database, Visit), _count(fresh_database, PhotoPiece)) == (1, 0)


def test_a_photo_that_changed_on_the_way_begins_anew(rina: Phone, family: dict[str, str]) -> None:
    body = samples.jpeg("WARUNG")
    shown = photo(body)
    rina.send(made(family["m3"], photos=[shown]))
    spoiled = rina.piece(shown["uuid"], b"x" * len(body), 0)
    assert spoiled.status_code == 422
    assert "kirim lagi dari awal" in spoiled.get_json()["sentence"]
    state = rina.client.get(f"/pendamping/api/foto/{shown['uuid']}", headers=rina.headers)
    assert state.headers["Upload-Offset"] == "0"
    assert rina.piece(shown["uuid"], body + b"more", 0).status_code == 422
    assert rina.piece(shown["uuid"], body, 0).status_code == 204


def test_a_photo_whose_bytes_are_all_there_is_stored_when_it_is_asked_for_once_more(
    rina: Phone, family: dict[str, str], fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server fell between the last piece and putting it together; an empty piece lets it go on."""
    body = samples.jpeg("WARUNG")
    shown = photo(body)
    rina.send(made(family["m3"], photos=[shown]))

    def fall(*_: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(pictures, "transfer", fall)
        assert rina.piece(shown["uuid"], body, 0).status_code == 503
    state = rina.client.head(f"/pendamping/api/foto/{shown['uuid']}", headers=rina.headers)
    assert state.headers["Upload-Offset"] == str(len(body))
    for _ in range(2):
        assert rina.piece(shown["uuid"], b"", len(body)).status_code == 204
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(VisitPhoto.stored_at)).one() is not None
    assert _count(fresh_database, PhotoPiece) == 0


def test_a_visit_whose_twin_is_still_coming_in_is_tried_again_later(
    rina: Phone, family: dict[str, str], fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The phone gave up waiting and sends once more while the first is at work: no failure that a person has to see."""
    receive, number, said = arrival.receive, str(uuid.uuid4()), made(family["m3"])

    def impatient(session: Session, *rest: Any, **more: Any) -> Any:
        session.execute(text("SET LOCAL lock_timeout = 50"))
        return receive(session, *rest, **more)

    monkeypatch.setattr(arrival, "receive", impatient)
    with Session(fresh_database.engine) as twin:
        twin.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(number, 1))))
        busy = rina.send(said, number)
    assert (busy.status_code, busy.get_json()["error"]) == (503, "unavailable")
    assert "yang ada di HP tetap ada" in busy.get_json()["sentence"]
    assert rina.send(said, number).status_code == 201


def test_what_is_no_picture_is_not_kept(rina: Phone, family: dict[str, str]) -> None:
    shown = photo(b"#!/bin/sh\necho no picture at all\n")
    rina.send(made(family["m3"], photos=[shown]))
    refused = rina.piece(shown["uuid"], b"#!/bin/sh\necho no picture at all\n", 0)
    assert (refused.status_code, "bukan foto" in refused.get_json()["sentence"]) == (422, True)


def test_every_refusal_is_json_with_a_sentence(
    rina: Phone, family: dict[str, str], fresh_database: FreshDatabase
) -> None:
    wrong = rina.send(made(family["m3"], answers={"uses": {"school": 9}}))
    assert (wrong.status_code, wrong.get_json()["error"]) == (422, "invalid")
    assert set(wrong.get_json()["fields"]) == {"uses"}
    early = rina.send(made(family["m3"], sequence=9))
    assert (early.status_code, early.get_json()["error"]) == (425, "too_early")
    assert early.get_json()["wait_for"] is None
    nowhere = rina.send(made("0" * 12, sequence=2))
    assert (nowhere.status_code, nowhere.get_json()["error"]) == (404, "not_assigned")
    for status, answer in (
        (422, rina.client.put("/pendamping/api/kunjungan/1", json={}, headers=rina.headers)),
        (
            422,
            rina.client.put(
                f"/pendamping/api/kunjungan/{uuid.uuid4()}",
                data="{",
                headers={**rina.headers, "Content-Type": "application/json"},
            ),
        ),
        (
            415,
            rina.client.put(
                f"/pendamping/api/kunjungan/{uuid.uuid4()}",
                data="x",
                headers={**rina.headers, "Content-Type": "text/plain"},
            ),
        ),
        (
            413,
            rina.client.put(
                f"/pendamping/api/kunjungan/{uuid.uuid4()}", json={"a": "x" * 200_000}, headers=rina.headers
            ),
        ),
        (404, rina.client.get(f"/pendamping/api/foto/{uuid.uuid4()}", headers=rina.headers)),
        (404, rina.client.get("/pendamping/api/paket", headers={"X-Caseflow-Device": str(uuid.uuid4())})),
        (
            422,
            rina.client.put(
                f"/pendamping/api/perangkat/{uuid.uuid4()}", json={"name": " "}, headers=rina.headers
            ),
        ),
        (422, rina.client.post("/pendamping/api/antrean", json={"waiting": -1}, headers=rina.headers)),
        (
            403,
            rina.client.post(
                "/pendamping/api/antrean", json={"waiting": 1}, headers={"X-Caseflow-Device": rina.uuid}
            ),
        ),
    ):
        assert answer.status_code == status, answer.get_data(as_text=True)
        assert len(answer.get_json()["sentence"]) > 30
    assert _count(fresh_database, Visit) == 0
    assert _count(fresh_database, VisitRefused) == 3


def test_a_phone_that_is_signed_out_is_told_so_and_never_redirected(
    client: FlaskClient, family: dict[str, str]
) -> None:
    for answer in (
        client.get("/pendamping/api/awal"),
        client.get("/pendamping/api/paket"),
        client.head(f"/pendamping/api/foto/{uuid.uuid4()}"),
    ):
        assert answer.status_code == 401
    assert client.get("/pendamping/api/awal").get_json()["error"] == "signed_out"
    sent = client.put(f"/pendamping/api/kunjungan/{uuid.uuid4()}", json={})
    assert sent.status_code == 401
    assert "tetap ada" in sent.get_json()["sentence"]


def test_a_phone_that_was_taken_back_is_told_to_forget_and_says_so(
    rina: Phone, family: dict[str, str], fresh_database: FreshDatabase, staff: dict[str, Actor]
) -> None:
    with Session(fresh_database.engine) as session:
        devices.revoke(session, rina.uuid, "HP hilang di pasar", by=staff["siska"], now=clock.now())
        session.commit()
    for answer in (
        rina.send(made(family["m3"])),
        rina.pack(),
        rina.client.post("/pendamping/api/antrean", json={"waiting": 1}, headers=rina.headers),
    ):
        assert (answer.status_code, answer.get_json()["error"]) == (403, "revoked")
    told = rina.client.post(
        "/pendamping/api/antrean",
        json={"waiting": 0, "oldest_at": None, "forgot": True},
        headers=rina.headers,
    )
    assert told.status_code == 204
    with Session(fresh_database.engine) as session:
        device = session.scalars(select(FieldDevice)).one()
        assert device.forgotten_at is not None
        refused = session.scalars(select(VisitRefused)).one()
        assert refused.reason == "device_revoked"


def test_the_pack_holds_only_families_of_ones_own(
    rina: Phone,
    family: dict[str, str],
    fresh_database: FreshDatabase,
    staff: dict[str, Actor],
    app: CaseflowApp,
    sign_in: SignIn,
) -> None:
    yogas = app.test_client()
    sign_in(yogas, "yoga")
    assert Phone(yogas, "HP Yoga").pack().get_json()["families"] == []
    assert family["plan"] in rina.pack().get_data(as_text=True)
