"""A sealed copy of a phone's queue: opened only with its words, brought in once, on the phone's own clock."""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from Crypto.Cipher import AES
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.audit.models import AuditEvent
from caseflow.errors import Invalid, NotFound, NotPermitted
from caseflow.extensions import db
from caseflow.monitoring import phone_copies
from caseflow.monitoring.models import FieldDevice, PlannedVisit
from caseflow.monitoring.visit_models import Visit, VisitPhoto
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.files import samples
from tests.monitoring.visiting import made, phone, photo, send
from tests.story import Stage
from tests.visit_story import days_pass, followed, visit_of

WORDS = "surau di tepi sawah"
ROUNDS = 310_000


def sealed(
    device: str, visits: list[dict[str, Any]], *, words: str = WORDS, skew_ms: float = 0, **outside: Any
) -> bytes:
    """A copy as the app writes it."""
    inside = {
        "device": device,
        "person": "Rina Marlina",
        "made_at": clock.now().isoformat(),
        "skew_ms": skew_ms,
        "visits": visits,
    }
    salt, iv = b"s" * 16, b"i" * 12
    cipher = AES.new(hashlib.pbkdf2_hmac("sha256", words.encode(), salt, ROUNDS, 32), AES.MODE_GCM, nonce=iv)
    cipher.update(f"caseflow-visits-1:{device}".encode())
    body, tag = cipher.encrypt_and_digest(json.dumps(inside).encode())
    written = {name: base64.b64encode(raw).decode() for name, raw in (("salt", salt), ("iv", iv))}
    file = {"format": "caseflow-visits-1", "device": device, "rounds": ROUNDS, **written}
    return json.dumps({**file, "body": base64.b64encode(body + tag).decode(), **outside}).encode()


def copied(said: Mapping[str, Any], number: str, *photos: tuple[str, bytes]) -> dict[str, Any]:
    """One visit of a copy."""
    shown = [{"uuid": one, "content": base64.b64encode(content).decode()} for one, content in photos]
    return {"id": number, "body": dict(said), "photos": shown}


@pytest.fixture
def due(stage: Stage, staff: Mapping[str, Actor]) -> PlannedVisit:
    """A visit of Rina's that is due."""
    plan = followed(stage)
    visit = visit_of(stage, plan, "m3")
    plan.visitor_user_id = visit.visitor_user_id = staff["rina"].user_id
    days_pass(95)
    return visit


def bring(session: Session, copy: phone_copies.PhoneCopy, by: Actor) -> list[phone_copies.BroughtIn]:
    """Bring a copy in."""
    kept: list[phone_copies.BroughtIn] = []
    phone_copies.bring_in(session, copy, by=by, now=clock.now(), after_each=kept.append)
    return kept


def test_a_copy_is_brought_in_once_on_the_phones_own_clock(
    session: Session, due: PlannedVisit, staff: Mapping[str, Actor]
) -> None:
    device = phone(session, staff["rina"])
    began = clock.now() - timedelta(hours=2)
    ahead = timedelta(days=1)
    said, number = made(due, at=began, clock_ahead=ahead), str(uuid.uuid4())
    days_pass(9)  # the file travels for nine days
    content = sealed(device.public_id, [copied(said, number)], skew_ms=-ahead.total_seconds() * 1000)
    copy = phone_copies.open_copy(content, WORDS)
    assert (copy.person, len(copy.visits)) == ("Rina Marlina", 1)
    (one,) = bring(session, copy, staff["siska"])
    assert (one.arrival.refusal, one.arrival.again) == (None, False)
    visit = session.scalars(select(Visit)).one()
    assert (visit.client_id, visit.visitor_user_id, visit.sequence) == (number, staff["rina"].user_id, 1)
    assert abs(visit.started_at - began) < timedelta(minutes=1)
    assert bring(session, copy, staff["siska"])[0].arrival.again
    assert send(session, device, said, by=staff["rina"], client_id=number).again
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "device.copy_brought_in")).all()
    assert [event.details["visits"] for event in noted] == [[number]] * 2


def test_a_copy_is_not_held_for_a_visit_that_was_removed_on_its_phone(
    session: Session, due: PlannedVisit, staff: Mapping[str, Actor]
) -> None:
    device = phone(session, staff["rina"])
    visits = [copied(made(due, sequence=number), str(uuid.uuid4())) for number in (2, 4)]
    copy = phone_copies.open_copy(sealed(device.public_id, visits), WORDS)
    assert [one.arrival.refusal for one in bring(session, copy, staff["siska"])] == [None, None]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: b"",
        lambda file: b"[]",
        lambda file: file[:-40],
        lambda file: file.replace(b"visits-1", b"visits-9"),
        lambda file: json.dumps({**json.loads(file), "rounds": 1}).encode(),
        lambda file: json.dumps({**json.loads(file), "rounds": True}).encode(),
        lambda file: json.dumps({**json.loads(file), "iv": "AAAA"}).encode(),
        lambda file: json.dumps({**json.loads(file), "body": "?"}).encode(),
        lambda file: json.dumps({**json.loads(file), "device": str(uuid.uuid4())}).encode(),
    ],
)
def test_what_is_no_copy_is_refused_in_a_sentence(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Invalid) as refused:
        phone_copies.open_copy(spoil(sealed(str(uuid.uuid4()), [])), WORDS)
    assert "Tidak ada yang tersimpan." in refused.value.sentence


@pytest.mark.parametrize("visits", [[{}], ["x"], [{"id": 1, "body": 2, "photos": 3}], {"a": 1}])
def test_a_copy_with_something_else_inside_is_refused(visits: Any) -> None:
    with pytest.raises(Invalid):
        phone_copies.open_copy(sealed(str(uuid.uuid4()), visits), WORDS)


def test_other_words_open_nothing() -> None:
    with pytest.raises(Invalid, match="Kata sandinya berbeda"):
        phone_copies.open_copy(sealed(str(uuid.uuid4()), []), "kata yang lain")


def test_only_a_supervisor_brings_in_and_only_from_a_known_phone(
    session: Session, staff: Mapping[str, Actor]
) -> None:
    copy = phone_copies.open_copy(sealed(str(uuid.uuid4()), []), WORDS)
    with pytest.raises(NotPermitted):
        bring(session, copy, staff["rina"])
    with pytest.raises(NotFound):
        bring(session, copy, staff["siska"])


def test_the_command_keeps_visits_and_photos(
    app: CaseflowApp, fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    body = samples.jpeg("WARUNG")
    shown = photo(body)
    with Session(fresh_database.engine) as session:
        stage = Stage(session, app.extensions["caseflow_store"], staff)
        plan = followed(stage)
        due = visit_of(stage, plan, "m3")
        plan.visitor_user_id = due.visitor_user_id = staff["rina"].user_id
        days_pass(95)
        device = phone(session, staff["rina"])
        said, number = made(due, photos=[shown]), str(uuid.uuid4())
        session.commit()
        file = tmp_path / "salinan.caseflow"
        file.write_bytes(sealed(device.public_id, [copied(said, number, (shown["uuid"], body))]))
    run = app.test_cli_runner()
    command = ["visits", "open-export", str(file), "--supervisor", "siska", "--passphrase"]
    looked = run.invoke(args=[*command, WORDS, "--only-look"])
    assert (looked.exit_code, "1 kunjungan" in looked.output) == (0, True)
    wrong = run.invoke(args=[*command, "kata yang lain"])
    assert (wrong.exit_code, "Kata sandinya berbeda" in wrong.output) == (1, True)
    done = run.invoke(args=[*command, WORDS])
    assert (done.exit_code, f"{number}: diterima." in done.output) == (0, True), done.output
    assert f"{number}: sudah ada." in run.invoke(args=[*command, WORDS]).output
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(VisitPhoto.stored_at)).one() is not None
        assert session.scalars(select(FieldDevice.last_sequence)).one() == 1
    with app.app_context():
        db.session.remove()
