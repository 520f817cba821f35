"""Bodies that break on the way, against the real web server: a sentence, never a 500."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import FreshDatabase
from tests.server import service

BROKEN = {
    "a chunk without a size": (b"Transfer-Encoding: chunked\r\n\r\n", b"ZZ\r\n"),
    "a chunk without an end": (b"Transfer-Encoding: chunked\r\n\r\n", b"3\r\nabcX"),
    "less than was announced": (b"Content-Length: 900\r\n\r\n", b"cause=unknown"),
}


def test_a_broken_body_gets_a_sentence(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    """The line says what happened and that nothing was saved; the server goes on answering."""
    with service(fresh_database.app_url, tmp_path) as running:
        target = urlsplit(running.url)
        for what, (head, body) in BROKEN.items():
            with socket.create_connection((target.hostname or "", target.port or 0), timeout=20) as line:
                line.sendall(
                    b"POST /lapor HTTP/1.1\r\nHost: " + target.netloc.encode() + b"\r\n"
                    b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n" + head + body
                )
                line.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda: line.recv(65536), b"")).decode("utf-8", "replace")
            status = answer.split(" ", 2)[1] if answer else "closed"
            assert not status.startswith("5"), f"{what}: {answer[:300]}"
        assert "InvalidChunkSize" not in running.log.read_text(errors="replace")
