"""A message gateway and a mail server on loopback that misbehave on request. Real sockets, nothing pretended."""

import json
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class FakeGateway:
    """What the gateway was sent, and how it is to answer next: a status, ``cut``, ``silent`` or ``late_cut``."""

    url: str = ""
    answers: list[int | str] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    body: bytes = b'{"id": "G-1"}'
    wake: threading.Event = field(default_factory=threading.Event)

    @property
    def keys(self) -> list[str]:
        """The idempotency keys, in the order in which messages came."""
        return [one["Idempotency-Key"] for one in self.headers]


@contextmanager
def gateway() -> Iterator[FakeGateway]:
    """A gateway that runs until the block ends."""
    fake = FakeGateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            fake.received.append(json.loads(self.rfile.read(length)))
            fake.headers.append(dict(self.headers.items()))
            answer = fake.answers.pop(0) if fake.answers else 200
            if answer == "silent":
                fake.wake.wait(10)
            elif answer == "cut":
                _reset(self.connection)
            elif answer == "late_cut":  # took it over, and the line broke within the answer
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{")
                self.wfile.flush()
                _reset(self.connection)
            else:
                self.send_response(int(answer))
                if answer in {301, 302, 307}:
                    self.send_header("Location", f"{fake.url}/lain")
                self.send_header("Content-Length", str(len(fake.body)))
                self.end_headers()
                self.wfile.write(fake.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        fake.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield fake
        finally:
            fake.wake.set()
            server.shutdown()
            thread.join(5)


@dataclass
class FakeMailServer:
    """The letters that arrived; ``answers`` to RCPT and to DATA, or ``cut`` after the letter."""

    url: str = ""
    to_recipient: bytes = b"250 ok"
    to_letter: bytes | None = b"250 taken"
    letters: list[str] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[FakeMailServer]:
    """A mail server that runs until the block ends."""
    fake = FakeMailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say(b"220 here")
            while line := self.rfile.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    self._say(b"354 go on")
                    if not self._letter():
                        return
                elif verb == b"QUIT":
                    self._say(b"221 bye")
                    return
                else:
                    self._say(fake.to_recipient if verb == b"RCPT" else b"250 ok")

        def _letter(self) -> bool:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.decode())
            fake.letters.append("".join(lines))
            if fake.to_letter is None:
                _reset(self.connection)
                return False
            self._say(fake.to_letter)
            return True

        def _say(self, answer: bytes) -> None:
            self.wfile.write(answer + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        fake.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join(5)


def _reset(connection: socket.socket) -> None:
    """Break the line without a word."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
