"""What a gateway reports: believed with our signature, while it is fresh, and once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import create_app
from caseflow.claims.models import Claim
from caseflow.config import MessageSettings
from caseflow.extensions import db
from caseflow.notices.adapters import adapters_of
from caseflow.notices.models import Delivery, DeliveryReport
from caseflow.notices.planning import plan
from caseflow.notices.reports import sign
from caseflow.notices.sending import send_next
from caseflow.notices.words import office_of
from caseflow.workflow.models import Outbox
from tests.conftest import FreshDatabase, make_settings
from tests.notices.servers import gateway
from tests.story import reported

SECRET = "s" * 40
PATH = "/api/kabar-pesan"


class Sent:
    """A message that the gateway took over, and the door for its reports."""

    def __init__(self, client: FlaskClient, database: FreshDatabase, claim: Claim) -> None:
        self.client = client
        self.database = database
        self.claim_id = claim.id

    def delivery(self) -> Delivery:
        """The message as it lies in the database now."""
        with Session(self.database.engine, expire_on_commit=False) as session:
            return session.scalars(select(Delivery).where(Delivery.casefile_id == self.claim_id)).one()

    def heard(self) -> bool:
        """Whether the family counts as told."""
        with Session(self.database.engine) as session:
            row = session.scalars(select(Outbox).where(Outbox.casefile_id == self.claim_id)).one()
            return row.delivered_at is not None

    def reports(self) -> int:
        """How many reports were kept."""
        with Session(self.database.engine) as session:
            return session.scalar(select(func.count(DeliveryReport.id))) or 0

    def report(self, content: object, *, secret: str = SECRET, age: int = 0) -> TestResponse:
        """Report as the gateway does."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        stamp = str(int(clock.now().timestamp()) - age)
        return self.post(body, stamp, sign(secret, stamp, body))

    def post(self, body: bytes, stamp: str, signature: str) -> TestResponse:
        """Send any bytes with any signature."""
        headers = {"X-Timestamp": stamp, "X-Signature": signature}
        return self.client.post(PATH, data=body, content_type="application/json", headers=headers)


@pytest.fixture
def sent(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Sent]:
    """A message that left through a real gateway; form tokens are asked for as in the real service."""
    with gateway() as fake:
        messages = MessageSettings(
            whatsapp="gateway",
            gateway_url=fake.url,
            gateway_token="x",
            report_secret=SECRET,
            gateway_seconds=2,
        )
        settings = make_settings(fresh_database.app_url, tmp_path, messages=messages)
        with Session(fresh_database.engine, expire_on_commit=False) as session:
            claim = reported(session)
            key = session.scalars(select(Outbox.id).where(Outbox.casefile_id == claim.id)).one()
            plan(session, key, messages, now=clock.now())
            session.commit()
        opened = sessionmaker(fresh_database.engine)
        assert send_next(opened, adapters_of(messages), office_of(settings), now=clock.now())
        app = create_app(settings, TESTING=True)
        yield Sent(app.test_client(), fresh_database, claim)
        with app.app_context():
            db.engine.dispose()


def test_delivered_is_delivered(sent: Sent) -> None:
    answer = sent.report({"id": sent.delivery().key, "status": "delivered"})
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert sent.delivery().state == "delivered"
    assert sent.heard()


def test_failed_is_a_persons_task_and_the_family_has_not_heard(sent: Sent) -> None:
    assert sent.heard()
    answer = sent.report({"id": sent.delivery().key, "status": "failed", "reason": "nomor mati"})
    assert answer.status_code == 200
    assert (sent.delivery().state, sent.heard()) == ("failed", False)
    assert sent.delivery().last_error == "Gateway melaporkan pesan tidak sampai."


def test_the_same_report_is_taken_once(sent: Sent) -> None:
    """A replay of the very bytes changes nothing."""
    body = json.dumps({"id": sent.delivery().key, "status": "failed"}).encode()
    stamp = str(int(clock.now().timestamp()))
    signature = sign(SECRET, stamp, body)
    assert sent.post(body, stamp, signature).status_code == 200
    assert sent.report({"id": sent.delivery().key, "status": "delivered"}).status_code == 200
    assert sent.post(body, stamp, signature).status_code == 409
    assert sent.post(body, stamp, signature.upper()).status_code == 409
    assert (sent.delivery().state, sent.reports()) == ("delivered", 2)


def test_what_arrived_does_not_fail_later(sent: Sent) -> None:
    sent.report({"id": sent.delivery().key, "status": "delivered"})
    assert sent.report({"id": sent.delivery().key, "status": "failed"}).status_code == 200
    assert sent.delivery().state == "delivered"


@pytest.mark.parametrize("age", [301, -301, 86_400])
def test_an_old_report_and_one_from_the_future_are_refused(sent: Sent, age: int) -> None:
    assert sent.report({"id": sent.delivery().key, "status": "delivered"}, age=age).status_code == 401
    assert sent.delivery().state == "sent"


def test_nobody_reports_without_our_secret(sent: Sent) -> None:
    body = json.dumps({"id": sent.delivery().key, "status": "delivered"}).encode()
    stamp = str(int(clock.now().timestamp()))
    assert sent.report(json.loads(body), secret="t" * 40).status_code == 401
    assert sent.post(body, stamp, "").status_code == 401
    assert sent.post(body, stamp, "ü").status_code == 401
    assert sent.post(body + b" ", stamp, sign(SECRET, stamp, body)).status_code == 401
    assert sent.post(body, "1e9", sign(SECRET, "1e9", body)).status_code == 401
    assert sent.post(body, "9" * 30, sign(SECRET, "9" * 30, body)).status_code == 401
    assert (sent.delivery().state, sent.reports()) == ("sent", 0)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"id": 7, "status": "delivered"}', b'{"id": "x"}',
     b'{"id": "", "status": "delivered"}', b'{"id": "x", "status": "gone"}', b'{"id": "a\\u0000b", "status": "failed"}',
     b"[" * 5000, b'{"id": "x", "status": ["delivered"]}'],
)  # fmt: skip
def test_a_strange_report_is_refused_in_words(sent: Sent, content: bytes) -> None:
    answer = sent.report(content)
    assert answer.status_code == 422
    assert "Tidak ada yang disimpan" in str(answer.json)
    assert sent.reports() == 0


def test_a_message_that_is_not_ours_is_not_found(sent: Sent) -> None:
    assert sent.report({"id": "bukan-kunci-kami", "status": "delivered"}).status_code == 404


def test_too_much_is_refused(sent: Sent) -> None:
    assert sent.report(b" " * 20_000).status_code == 413


def test_without_a_gateway_there_is_no_door(client: FlaskClient) -> None:
    answer = client.post(PATH, data=b"{}", content_type="application/json")
    assert answer.status_code == 404
