"""A real web server on loopback, and a browser that keeps its connection open."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.clocks import children
from caseflow.config import ROOT
from caseflow.web.identity import STAFF_COOKIE

_READY_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass
class Browser:
    """Somebody who is signed in, or nobody; cookies are kept and sent again."""

    port: int
    staff_token: str | None = None
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the one connection."""
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        if self.staff_token:
            self.cookies[STAFF_COOKIE] = self.staff_token

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Fetch a page."""
        return self.send("GET", path, b"", headers or {})

    def send(self, method: str, path: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        """Ask for something, or send something, and read the answer."""
        try:
            response = self._ask(method, path, content, headers)
        except ConnectionError:  # the server lets go of a connection that was idle for long
            self._connection.close()
            response = self._ask(method, path, content, headers)
        body = response.read().decode()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";", 1)[0]
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)

    def send_and_hang_up(self, method: str, path: str, content: bytes, headers: Mapping[str, str]) -> None:
        """Send something and let go of the line before an answer can come."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request(method, path, content or None, self._head(headers))
        line.close()

    def _ask(
        self, method: str, path: str, content: bytes, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        self._connection.request(method, path, content or None, self._head(headers))
        return self._connection.getresponse()

    def _head(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@dataclass(frozen=True)
class Server:
    """A running gunicorn. ``first_answer_s``: from the start of the process to the first answer."""

    port: int
    master: int
    first_answer_s: float

    @property
    def workers(self) -> list[int]:
        """Process ids of its workers."""
        return children(self.master)


@contextmanager
def server(
    application: str, environment: Mapping[str, str], log: Path, *, workers: int = 1, ready: str = "/"
) -> Iterator[Server]:
    """Run the web server with the settings of the product until the block ends.

    :param ready: the page whose first answer counts.
    """
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:caseflow.launch.gunicorn_conf"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), application]
    begun = time.monotonic()
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=out, stderr=out)
    try:
        _wait(process, port, ready, log)
        yield Server(port, process.pid, time.monotonic() - begun)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        browser = Browser(port)
        try:
            if browser.get(path).status == http.client.OK:
                return
        except (ConnectionError, http.client.HTTPException):
            time.sleep(0.01)
        finally:
            browser.close()
    raise RuntimeError(f"the web server did not come up:\n{log.read_text(errors='replace')[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
