"""What no test client sends: bytes on the wire to the real web server (trust.md d.1 and d.3)."""

import re
import socket
import time
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow.config import ROOT
from caseflow.documents.models import Document
from caseflow.launch.databases import DatabaseUrls
from caseflow.web.family.papers import REQUEST_BYTES
from tests.conftest import FreshDatabase, copy_of, csrf_of
from tests.faults.test_kill_upload import PAPER, open_phone
from tests.files import samples
from tests.plain_browser import PlainBrowser, multipart
from tests.server import Service, service

MEGABYTE = 1 << 20
ENGLISH = ("Traceback", "gunicorn", "werkzeug", "Python")


@pytest.fixture(scope="module")
def database(cluster: DatabaseUrls, template: str) -> Iterator[FreshDatabase]:
    """One database for this file."""
    yield from copy_of(cluster, template)


@pytest.fixture(scope="module")
def running(database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for this file."""
    with service(database.app_url, tmp_path_factory.mktemp("service")) as started:
        yield started


@pytest.fixture(scope="module")
def phone(database: FreshDatabase, running: Service) -> PlainBrowser:
    """The phone of a family that has just reported."""
    return open_phone(database, running)


def line_to(running: Service) -> socket.socket:
    target = urlsplit(running.url)
    return socket.create_connection((target.hostname or "", target.port or 0), timeout=20)


def rest_of(line: socket.socket) -> str:
    """Everything that still comes; a line that is cut ends it too."""
    got = b""
    try:
        while piece := line.recv(65536):
            got += piece
    except OSError:
        pass
    return got.decode("utf-8", "replace")


def ask(running: Service, *lines: str, host: str | None = None) -> tuple[int, str]:
    """Send lines as they are and return status (0: closed without a word) and answer."""
    named = [f"Host: {host or urlsplit(running.url).netloc}"] if host != "" else []
    with line_to(running) as line:
        line.sendall(
            "\r\n".join([lines[0], *named, *lines[1:], "Connection: close", "", ""]).encode("latin-1")
        )
        answer = rest_of(line)
    return status_of(answer), answer


def status_of(answer: str) -> int:
    return int(answer.split(" ", 2)[1]) if answer.startswith("HTTP/") else 0


def upload_head(phone: PlainBrowser, kind: str, *more: str) -> bytes:
    lines = [f"POST {PAPER} HTTP/1.1", f"Host: {urlsplit(phone.base).netloc}", f"Content-Type: {kind}"]
    return "\r\n".join([*lines, f"Cookie: {phone.cookie_header()}", *more, "", ""]).encode()


def form(phone: PlainBrowser, content: bytes) -> tuple[str, bytes]:
    """Kind and body of the upload form as a browser sends it."""
    _, page = phone.get(PAPER)
    head, body = multipart(
        {"csrf_token": csrf_of(page), "request_key": uuid.uuid4().hex}, "gallery", "kk.jpg", content
    )
    return head["Content-Type"], body


def stored(database: FreshDatabase) -> int:
    with Session(database.engine) as session:
        return session.scalars(select(func.count()).select_from(Document)).one()


# --- bodies


def test_a_body_without_end_is_cut_off(
    database: FreshDatabase, running: Service, phone: PlainBrowser
) -> None:
    """U39: without a length, ten gigabytes were promised; after the limit nobody listens, and nothing is kept."""
    kind, body = form(phone, samples.jpeg())
    before, sent = stored(database), 0
    with line_to(running) as line:
        line.sendall(upload_head(phone, kind, "Transfer-Encoding: chunked"))
        start = body[: body.index(b"\xff\xd8") + 2]
        line.sendall(f"{len(start):x}\r\n".encode() + start + b"\r\n")
        try:
            for _ in range(10 * 1024):
                line.sendall(f"{MEGABYTE:x}\r\n".encode() + bytes(MEGABYTE) + b"\r\n")
                sent += MEGABYTE
        except OSError:
            pass
        answer = rest_of(line)
    assert sent <= REQUEST_BYTES + 16 * MEGABYTE
    assert status_of(answer) in {0, 413}
    assert stored(database) == before
    assert phone.get("/berkas")[0] == 200


@pytest.mark.parametrize("difference", [900, -900], ids=["more than comes", "less than comes"])
def test_lengths_that_lie(
    database: FreshDatabase, running: Service, phone: PlainBrowser, difference: int
) -> None:
    """U39: a file is kept only when its form came to its end; half of one never is."""
    kind, body = form(phone, samples.jpeg())
    before = stored(database)
    with line_to(running) as line:
        line.sendall(
            upload_head(phone, kind, f"Content-Length: {len(body) + difference}", "Connection: close")
        )
        line.sendall(body)
        line.shutdown(socket.SHUT_WR)
        status = status_of(rest_of(line))
    assert status in ({0, 303, 400} if difference > 0 else {0, 400, 403, 413, 422})
    assert stored(database) == before + (status == 303)


@pytest.mark.parametrize("length", ["-1", "abc", "1, 2", "9" * 30])
def test_lengths_that_are_none(running: Service, length: str) -> None:
    """U39: refused before a byte is read."""
    status, answer = ask(running, "POST /lapor HTTP/1.1", f"Content-Length: {length}")
    assert status in {0, 400, 413}, answer[:200]


def test_a_slow_line_is_waited_for(database: FreshDatabase, running: Service, phone: PlainBrowser) -> None:
    """U41: a photo in forty pieces with pauses arrives whole."""
    kind, body = form(phone, samples.jpeg("SURAT LEWAT SINYAL LEMAH"))
    before, step = stored(database), len(body) // 40 + 1
    with line_to(running) as line:
        line.sendall(upload_head(phone, kind, f"Content-Length: {len(body)}", "Connection: close"))
        for begin in range(0, len(body), step):
            line.sendall(body[begin : begin + step])
            time.sleep(0.05)
        answer = rest_of(line)
    assert status_of(answer) == 303, answer[:300]
    assert stored(database) == before + 1


def test_silent_lines_keep_nobody_else_waiting(running: Service, phone: PlainBrowser) -> None:
    """U40: each silent line holds one of the eight threads; the others go on, and a line that goes frees its thread.

    More of them are the business of the proxy in front, which hands over whole requests only.
    """
    for _ in range(3):
        lines = [line_to(running) for _ in range(6)]
        try:
            for line in lines[:3]:
                line.sendall(b"GET / HTTP/1.1\r\nHost:")
            assert phone.get("/berkas")[0] == 200
        finally:
            for line in lines:
                line.close()


def test_the_proxy_waits_for_words_that_never_end() -> None:
    """U40: silence is cut, and a slow body is collected there before a thread is asked for."""
    proxy = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    for limit in (r"read_header \d+s\b", r"idle \d+m\b", r"request_buffers \d+MiB\b", r"max_size \d+MB\b"):
        assert re.search(limit, proxy), limit


# --- requests


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "FOO"])
def test_methods_that_nobody_needs(running: Service, method: str) -> None:
    """H03: a page in our words; what was sent is not sent back."""
    status, answer = ask(running, f"{method} /masuk HTTP/1.1", "X-Rahasia: kucing")
    assert status in {400, 404, 405, 501}
    assert "kucing" not in answer


@pytest.mark.parametrize(
    ("lines", "host"),
    [
        (("GET / HTTP/1.1",), "evil.example"),
        (("GET / HTTP/1.1", "Host: evil.example"), ""),
        (("GET http://evil.example/ HTTP/1.1",), "evil.example"),
    ],
    ids=["another host", "two hosts", "a whole address"],
)
def test_hosts_that_are_not_ours(running: Service, lines: tuple[str, ...], host: str) -> None:
    """H04: refused, and nothing of it in the answer."""
    status, answer = ask(running, *lines, host=host)
    assert status == 400, answer[:300]
    assert "evil" not in answer


def test_a_host_told_by_a_proxy_that_is_none_is_not_believed(running: Service) -> None:
    """H04: addresses are built from the settings."""
    status, answer = ask(running, "GET /masuk-keluarga HTTP/1.1", "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example")  # fmt: skip
    assert (status, "evil" in answer) == (200, False)


@pytest.mark.parametrize(
    "target",
    ["/%2e%2e/%2e%2e/etc/passwd", "/../../etc/passwd", "//evil.example/", "/;jsessionid=1", "/%00", "/%c0%ae%c0%ae/",
     "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/" + "a" * 8_000, "/?q=" + "a" * 20_000, "/\xff\xfe"],
    ids=lambda target: target[:24],
)  # fmt: skip
def test_addresses_no_browser_writes(running: Service, target: str) -> None:
    """H14: not found, or not understood."""
    status, answer = ask(running, f"GET {target} HTTP/1.1")
    assert status in {308, 400, 404, 414, 431}, answer[:200]
    assert "root:" not in answer


@pytest.mark.parametrize(
    "request_line", ["GET / HTTP/9.9", "GET /<script>alert(1)</script> HTTP/x", "nonsense", "GET  / HTTP/1.1"]
)
def test_refusals_of_the_web_server_itself(running: Service, request_line: str) -> None:
    """H10: before the application is asked; nothing of the request comes back, and no word about our parts."""
    status, answer = ask(running, request_line)
    assert status in {0, 400, 404, 505}, answer[:200]
    assert "<script>" not in answer
    assert not [word for word in ENGLISH if word in answer.partition("\r\n\r\n")[2]]


def test_headers_without_measure(running: Service) -> None:
    """H18: too many, too long."""
    for more in ([f"X-{number}: x" for number in range(500)], ["Cookie: " + "a=b; " * 40_000]):
        status, answer = ask(running, "GET / HTTP/1.1", *more)
        assert status in {0, 400, 431}, answer[:200]


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ("GET / HTTP/1.0", ()),
        ("GET / HTTP/1.1", ("Accept-Language: xx-;q=nan, *;q=-1",)),
        ("GET / HTTP/1.1", ("Accept: image/x-nothing", "Accept-Encoding: zork;q=9")),
        ("GET / HTTP/1.1", ("User-Agent: " + "\xe9" * 300,)),
    ],
    ids=["HTTP/1.0", "a strange language", "strange wishes", "a strange name"],
)
def test_old_and_odd_browsers_are_served(running: Service, line: str, more: tuple[str, ...]) -> None:
    """H19: without a name of its own, too."""
    status, answer = ask(running, line, *more)
    assert (status, "Laporkan kematian" in answer) == (200, True), answer[:300]


@pytest.mark.parametrize("to", ["websocket", "h2c", "TLS/1.0"])
def test_a_line_is_not_taken_over(running: Service, to: str) -> None:
    """H21: it stays an ordinary question."""
    status, answer = ask(running, "GET /berkas HTTP/1.1", f"Upgrade: {to}", "Sec-WebSocket-Version: 13",
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Accept: text/event-stream")  # fmt: skip
    assert status != 101
    assert status < 500
    assert "text/event-stream" not in answer
