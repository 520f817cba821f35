"""A private PostgreSQL on a Unix socket: nothing listens on the network, two clusters never collide.

``Cluster`` keeps real data between runs; ``test_cluster`` is for one test run and trades safety for speed.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO

import psycopg

from caseflow.launch.account import (
    TEMPORARY_PREFIX,
    account_name,
    database_account,
    plain_environment,
    start,
)
from caseflow.launch.binaries import find_programs
from caseflow.launch.databases import (
    ADMIN,
    DatabaseUrls,
    create_from_template,
    libpq,
    prepare_server,
    urls_of_server,
    urls_of_socket,
)
from caseflow.launch.problems import LaunchError, disk_full

__all__ = ["Cluster", "DatabaseUrls", "create_from_template", "test_cluster"]

START_SECONDS = 120  # repairing after a power cut takes longer than an ordinary start
STOP_SECONDS = 30
SAFE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=256MB")


class Cluster:
    """One data folder with its server, for the length of a ``with`` block.

    ``data_dir`` is made when it is missing. ``durable=False`` may lose everything in a power cut.
    Raises ``LaunchError`` when the folder is in use, belongs to another account, was made by another
    version, or the server does not start.
    """

    def __init__(self, data_dir: Path, *, durable: bool) -> None:
        self.data_dir = data_dir.resolve()
        self.log_path = self.data_dir.with_name("postgres.log")
        self._durable = durable
        self._account = database_account()
        self._cleanup = ExitStack()

    @property
    def server(self) -> subprocess.Popen[bytes]:
        """The running server's process."""
        return self._server

    def __enter__(self) -> DatabaseUrls:
        with ExitStack() as undo:
            lock = self._take(undo)
            programs = find_programs(self._account, self.data_dir.parent, self._major())
            if not (self.data_dir / "PG_VERSION").exists():
                self._initialise(programs)
            self._end_leftovers(lock)
            socket_dir = self._account.temporary_folder()
            undo.callback(shutil.rmtree, socket_dir, ignore_errors=True)
            print(socket_dir, file=lock, flush=True)
            self._server = self._start(programs, socket_dir, undo)
            urls = urls_of_socket(socket_dir)
            self._wait_until_ready(urls.admin)
            prepare_server(urls)
            self._cleanup = undo.pop_all()
        return urls

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def _take(self, undo: ExitStack) -> IO[str]:
        """Make sure that the folder is ours, and only ours, until the end. Returns the lock's file."""
        room = self.data_dir.parent
        room.mkdir(parents=True, exist_ok=True)
        try:
            owner = self.data_dir.stat().st_uid if self.data_dir.exists() else self._account.uid
        except PermissionError:
            owner = room.stat().st_uid
        if owner != self._account.uid:
            maker = "root" if account_name(owner) == "nobody" else account_name(owner)
            raise LaunchError(
                f"Data di {self.data_dir} dibuat saat caseflow dijalankan sebagai {maker}: jalankan lagi"
                f" sebagai {maker}, atau pakai folder lain dengan CASEFLOW_INSTANCE."
            )
        lock = undo.enter_context(self.data_dir.with_name(f"{self.data_dir.name}.lock").open("a+"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LaunchError(
                f"Data di {self.data_dir} sedang dipakai caseflow lain yang masih berjalan:"
                " hentikan yang itu dahulu dengan Ctrl-C."
            ) from None
        return lock

    def _major(self) -> int | None:
        with suppress(FileNotFoundError):
            return int((self.data_dir / "PG_VERSION").read_text().strip())
        return None

    def _initialise(self, programs: Path) -> None:
        """``initdb`` beside the final place, renamed when whole: an interrupted one leaves no half."""
        draft = self.data_dir.with_name(f"{self.data_dir.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        self._account.own(draft)
        command: list[str | Path] = [programs / "initdb", "-D", draft, "-U", ADMIN, "-A", "trust"]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
        answer = self._account.run(command if self._durable else [*command, "--no-sync"])
        if answer.returncode:
            raise self._failure("disiapkan", answer.stderr)
        if self.data_dir.exists():
            self.data_dir.rmdir()
        draft.rename(self.data_dir)

    def _end_leftovers(self, lock: IO[str]) -> None:
        """Clear what a run that was cut off left behind. Our lock proves that no launcher lives.

        The lock's file names the folder of its socket; ``postmaster.pid`` names its process.
        """
        self._end_server()
        lock.seek(0)
        for line in lock.read().splitlines():
            if Path(line).name.startswith(TEMPORARY_PREFIX):
                shutil.rmtree(line, ignore_errors=True)
        lock.truncate(0)

    def _end_server(self) -> None:
        note = self.data_dir / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n", 1)[0])
            cwd = Path(f"/proc/{pid}/cwd").readlink()
        except (OSError, ValueError):
            return  # no such process: PostgreSQL itself removes the note
        if cwd != self.data_dir:
            note.unlink()  # the number now belongs to a stranger, which PostgreSQL would take for a rival
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while note.exists() and time.monotonic() < deadline:
            time.sleep(0.05)

    def _start(self, programs: Path, socket_dir: Path, undo: ExitStack) -> subprocess.Popen[bytes]:
        settings = ["listen_addresses=", "unix_socket_permissions=0700", "timezone=UTC", "log_timezone=UTC"]
        settings += ["max_connections=200", *(SAFE if self._durable else FAST)]
        command: list[str | Path] = [programs / "postgres", "-D", self.data_dir, "-k", socket_dir]
        for setting in settings:
            command += ["-c", setting]
        log = undo.enter_context(self.log_path.open("wb"))
        server = start(command, log=log, env=plain_environment(), last_signal="INT", **self._account.options)
        undo.callback(stop_server, server)
        return server

    def _wait_until_ready(self, url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self._server.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(libpq(url), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise self._failure("dimulai", self.log_path.read_text(errors="replace"))

    def _failure(self, verb: str, said: str) -> LaunchError:
        """The sentence for a refusal of PostgreSQL, with the line of ``said`` that gives its reason."""
        if "No space left" in said:
            return disk_full(self.data_dir)
        lines = said.strip().splitlines() or ["tanpa keterangan"]
        serious = [line for line in lines if any(word in line for word in ("FATAL:", "PANIC:", "error:"))]
        reason = (serious or lines)[-1].strip()
        return LaunchError(
            f"PostgreSQL di {self.data_dir} tidak dapat {verb} ({reason}): perbaiki sebabnya lalu ulangi."
        )


def stop_server(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions roll back, everything committed is on disk."""
    for sign, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if server.poll() is not None:
            return
        server.send_signal(sign)
        with suppress(subprocess.TimeoutExpired):
            server.wait(seconds)


@contextmanager
def test_cluster() -> Iterator[DatabaseUrls]:
    """A server for one test run: that of ``CASEFLOW_TEST_DATABASE_URL`` (a superuser's address), or a
    fresh one in a temporary folder (in memory, where there is plenty), ready in under a second and gone afterwards."""
    given = os.environ.get("CASEFLOW_TEST_DATABASE_URL")
    if given:
        password = "caseflow-test"  # noqa: S105 - for roles of a server that holds nothing but tests
        urls = urls_of_server(given, password)
        prepare_server(urls, password=password)
        yield urls
        return
    room = database_account().temporary_folder(in_memory=True)
    try:
        with Cluster(room / "data", durable=False) as urls:
            yield urls
    finally:
        shutil.rmtree(room, ignore_errors=True)
