"""The real service for tests: gunicorn and the worker as processes of their own, on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from caseflow.config import ROOT
from caseflow.documents.storage import open_store

READY_SECONDS = 30


def free_port() -> int:
    """A port of loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Service:
    """A running web server and worker over one database and one folder."""

    url: str
    environment: Mapping[str, str]
    log: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_web(self) -> None:
        """Start the web server and wait until it answers."""
        port = self.url.rsplit(":", 1)[1]
        command = ["-m", "gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "8"]
        command += ["--access-logfile", "-", "--access-logformat", "%(t)s %(s)s %(L)s s %(m)s %(U)s"]
        self._start("web", [*command, "--bind", f"127.0.0.1:{port}", "caseflow.wsgi:app"])
        self._wait()

    def start_worker(self) -> None:
        """Start the worker of background jobs."""
        self._start("worker", ["-m", "flask", "--app", "caseflow", "run-worker"])

    def kill_web(self) -> None:
        """``kill -9`` the web server with all its children, as a power cut would."""
        process = self.processes.pop("web")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def move_to(self, clock: str) -> None:
        """Go on at another moment: stopped, the clock set, started again over the same data."""
        self.stop()
        self.environment = {**self.environment, "CASEFLOW_CLOCK": clock}
        self.start_web()
        self.start_worker()

    def stop(self) -> None:
        """End what was started, by process id."""
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
        self.processes.clear()

    def _start(self, name: str, arguments: list[str]) -> None:
        log = self.log.open("ab")
        self.processes[name] = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=dict(self.environment),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()

    def _wait(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                if self._answers():
                    return
            if self.processes["web"].poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(
            f"the web server did not come up:\n{self.log.read_text(errors='replace')[-4000:]}"
        )

    def _answers(self) -> bool:
        with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)


@contextmanager
def service(
    database_url: str, folder: Path, *, clock: str = "2026-11-20T10:00:00+07:00"
) -> Iterator[Service]:
    """Run web server and worker until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{free_port()}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CASEFLOW_")},
        "CASEFLOW_MODE": "training",
        "CASEFLOW_DATABASE_URL": database_url,
        "CASEFLOW_STORAGE_URL": f"folder://{folder / 'objects'}",
        "CASEFLOW_SECRET_KEY": "t" * 40,
        "CASEFLOW_PEPPER": "p" * 40,
        "CASEFLOW_DATA_KEYS": "d" * 40,
        "CASEFLOW_BASE_URL": url,
        "CASEFLOW_CLOCK": clock,
        "PYTHONUNBUFFERED": "1",
    }
    running = Service(url, environment, folder / "service.log")
    open_store(environment["CASEFLOW_STORAGE_URL"]).prepare()
    try:
        running.start_web()
        running.start_worker()
        yield running
    finally:
        running.stop()
