"""What each way of leaving says of a message when the other side behaves, refuses, stalls, or hangs up half-way."""

import socket
from collections.abc import Iterator
from datetime import date

import pytest

from caseflow.config import MessageSettings
from caseflow.notices.adapters import Letter, adapters_of
from caseflow.notices.adapters.gateway import Gateway
from caseflow.notices.adapters.mail import Mail, mail_of
from caseflow.notices.alarm import send_alarm
from tests.notices.servers import FakeGateway, FakeMailServer, gateway, mail_server

LETTER = Letter("kunci-1", "sms", "+6281234567890", "BPJamsostek Solok: laporan SJJ-26-0042-7 – ada “kabar”.")


@pytest.fixture
def fake() -> Iterator[FakeGateway]:
    with gateway() as running:
        yield running


@pytest.fixture
def post() -> Iterator[FakeMailServer]:
    with mail_server() as running:
        yield running


def closed_port() -> int:
    """A port of loopback at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_gateway_gets_everything_once_and_gives_its_number(fake: FakeGateway) -> None:
    outcome = Gateway(f"{fake.url}/kirim?x=1", "rahasia", 5).send(LETTER)
    assert (outcome.became, outcome.reference) == ("sent", "G-1")
    assert fake.received == [{"id": LETTER.key, "to": LETTER.address, "channel": "sms", "text": LETTER.text}]
    assert fake.headers[0]["Authorization"] == "Bearer rahasia"
    assert fake.keys == ["kunci-1"]


@pytest.mark.parametrize(
    ("answer", "became"),
    [
        (200, "sent"), (202, "sent"), (500, "again"), (503, "again"), (429, "again"),
        (400, "refused"), (401, "refused"), (404, "refused"), (301, "refused"), (307, "refused"),
        ("cut", "unknown"), ("late_cut", "unknown"),
    ],
)  # fmt: skip
def test_every_answer_is_read(fake: FakeGateway, answer: int | str, became: str) -> None:
    """Answered: known. Cut after the bytes left: unknown. A redirect is never followed."""
    fake.answers = [answer]
    outcome = Gateway(fake.url, "rahasia", 5).send(LETTER)
    assert outcome.became == became
    assert len(fake.received) == 1
    assert LETTER.address not in outcome.reason


def test_a_silent_gateway_is_unknown_in_time(fake: FakeGateway) -> None:
    fake.answers = ["silent"]
    assert Gateway(fake.url, "rahasia", 1).send(LETTER).became == "unknown"


def test_a_gateway_that_is_not_there_took_nothing() -> None:
    assert Gateway(f"http://127.0.0.1:{closed_port()}", "rahasia", 1).send(LETTER).became == "again"


@pytest.mark.parametrize("body", [b"", b"ok", b"[]", b'{"id": null}', b"\xff", b'{"id": ' + b"[" * 5000])
def test_a_strange_answer_of_a_gateway_is_still_a_yes(fake: FakeGateway, body: bytes) -> None:
    """It took the message over; sending again would say it twice."""
    fake.body = body
    outcome = Gateway(fake.url, "rahasia", 5).send(LETTER)
    assert (outcome.became, outcome.reference) == ("sent", None)


def test_only_what_is_set_can_leave() -> None:
    """By hand is no adapter; the log is one only where it was chosen."""
    assert set(adapters_of(MessageSettings())) == set()
    assert set(adapters_of(MessageSettings(sms="log"))) == {"log"}
    assert set(adapters_of(MessageSettings(whatsapp="gateway", gateway_url="http://127.0.0.1"))) == {
        "gateway"
    }


def test_the_log_knows_no_number(capfd: pytest.CaptureFixture[str]) -> None:
    outcome = adapters_of(MessageSettings(sms="log"))["log"].send(LETTER)
    said = "".join(capfd.readouterr())
    assert outcome.became == "sent"
    assert "SJJ-26-0042-7" in said
    assert "81234567890" not in said


def mail(post: FakeMailServer) -> Mail:
    return Mail(post.url, "", "caseflow@contoh.example")


def test_the_alarm_names_cases_and_nobody(post: FakeMailServer) -> None:
    """Numbers and days; the longest silence first; nothing when nobody is silent."""
    silent = [("SJJ-26-0042-7", date(2026, 11, 3)), ("SJJ-26-0043-5", date(2026, 11, 9))]
    assert send_alarm(mail(post), [], to="kc@contoh.example", base_url="http://x") is None
    outcome = send_alarm(mail(post), silent, to="kc@contoh.example", base_url="http://localhost")
    assert outcome is not None
    assert outcome.became == "sent"
    (letter,) = post.letters
    assert "Subject: 2 keluarga menunggu kabar" in letter
    assert "To: kc@contoh.example" in letter
    assert "- SJJ-26-0042-7: sejak 3 November 2026\r\n- SJJ-26-0043-5" in letter


def test_a_long_alarm_is_cut(post: FakeMailServer) -> None:
    silent = [(f"SJJ-26-{serial:04}-0", date(2026, 11, 3)) for serial in range(60)]
    send_alarm(mail(post), silent, to="kc@contoh.example", base_url="http://localhost")
    assert "dan 10 kasus lain" in post.letters[0]


@pytest.mark.parametrize(
    ("recipient", "letter", "became"),
    [
        (b"550 nobody", b"250 ok", "refused"),
        (b"451 later", b"250 ok", "again"),
        (b"250 ok", b"554 spam", "refused"),
        (b"250 ok", b"452 full", "again"),
        (b"250 ok", None, "unknown"),
    ],
)
def test_every_answer_of_a_mail_server_is_read(
    post: FakeMailServer, recipient: bytes, letter: bytes | None, became: str
) -> None:
    post.to_recipient, post.to_letter = recipient, letter
    assert mail(post).send("kc@contoh.example", "Kabar", "Isi").became == became


def test_a_mail_server_that_is_not_there_took_nothing() -> None:
    absent = Mail(f"smtp://127.0.0.1:{closed_port()}", "", "caseflow@contoh.example")
    assert absent.send("kc@contoh.example", "Kabar", "Isi").became == "again"


def test_without_a_mail_server_nothing_is_mailed() -> None:
    assert mail_of(MessageSettings()) is None
