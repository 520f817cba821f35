"""Runs the parts of caseflow together: starts them in order, watches them, stops them in reverse."""

import http.client
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import FrameType

from caseflow.launch.cluster import Cluster
from caseflow.launch.instance import REPOSITORY, Instance, Options, open_instance
from caseflow.launch.parts import Part, Programs, Running, start_part, stop_part
from caseflow.launch.problems import LaunchError, require_disk, require_port

WEB_SECONDS = 60
LOOK_SECONDS = 0.1


def tell(sentence: str) -> None:
    """Write one line to the operator's console at once."""
    print(sentence, flush=True)


@dataclass
class Supervisor:
    """One run. ``stop_asked`` is set by Ctrl-C, by SIGTERM, or by a closed terminal."""

    options: Options
    programs: Programs
    say: Callable[[str], None] = tell
    stop_asked: threading.Event = field(default_factory=threading.Event)
    running: list[Running] = field(default_factory=list)

    def run(self) -> None:
        """Start everything, wait, stop everything. Raises ``LaunchError`` when a part cannot live."""
        require_port(self.options.port)
        require_disk(self.options.instance)
        instance = open_instance(self.options.instance)
        with _stop_signals(self.stop_asked), ExitStack() as undo:
            environment = self._environment(instance, undo)
            steps = (self._prepare, self._serve, self._wait_for_web)
            if all(step(instance, environment, undo) for step in steps):
                self._greet(environment)
                while self._alive():
                    self.stop_asked.wait(LOOK_SECONDS)
            self.say("\nMenghentikan caseflow …")
        self.say(f"Semua sudah berhenti; data tersimpan di {instance.home}.")

    def _environment(self, instance: Instance, undo: ExitStack) -> dict[str, str]:
        """What every child is told. Starts PostgreSQL unless a database is given."""
        options = self.options
        app, owner = options.database_url, options.database_owner_url
        if app is None:
            self.say("Menyalakan PostgreSQL …")
            cluster = Cluster(instance.database_folder(), durable=True)
            if not cluster.data_dir.is_relative_to(instance.home.resolve()):
                self.say(f"Data PostgreSQL disimpan di {cluster.data_dir}.")
            urls = undo.enter_context(cluster)
            self.running.append(Running("PostgreSQL", cluster.server, cluster.log_path))
            app, owner = urls.app, urls.owner
        return {
            **os.environ,
            "CASEFLOW_DATABASE_URL": app,
            "CASEFLOW_DATABASE_OWNER_URL": owner or app,
            "CASEFLOW_STORAGE_URL": options.storage_url or f"folder://{instance.objects}",
            "CASEFLOW_SECRET_KEY_FILE": str(instance.secret("secret_key")),
            "CASEFLOW_PEPPER_FILE": str(instance.secret("pepper")),
            "CASEFLOW_DATA_KEYS_FILE": str(instance.secret("data_keys")),
            "CASEFLOW_MODE": options.mode,
            "CASEFLOW_BASE_URL": options.base_url,
            "PYTHONUNBUFFERED": "1",
        }

    def _prepare(self, instance: Instance, environment: dict[str, str], undo: ExitStack) -> bool:
        """Run the commands that must end well first; false when a stop was asked meanwhile."""
        for part in self.programs.prepare:
            self.say(f"{part.title} …")
            started = self._start(part, instance, environment, undo)
            while not started.ended and self._alive():
                self.stop_asked.wait(LOOK_SECONDS)
            if self.stop_asked.is_set():
                return False
            if started.process.returncode:
                raise started.death()
        return True

    def _serve(self, instance: Instance, environment: dict[str, str], undo: ExitStack) -> bool:
        """Start what stays, without the key to the tables themselves."""
        environment.pop("CASEFLOW_DATABASE_OWNER_URL")
        for part in self.programs.services:
            self.running.append(self._start(part, instance, environment, undo))
        return True

    def _start(self, part: Part, instance: Instance, environment: dict[str, str], undo: ExitStack) -> Running:
        started = start_part(part, instance.logs, environment)
        undo.callback(stop_part, started)
        return started

    def _wait_for_web(self, instance: Instance, environment: dict[str, str], undo: ExitStack) -> bool:
        """Wait until the first page can be had; false when a stop was asked meanwhile."""
        deadline = time.monotonic() + WEB_SECONDS
        while self._alive():
            if _answers(self.options.port):
                return True
            if time.monotonic() > deadline:
                raise LaunchError(
                    f"Server web tidak menjawab dalam {WEB_SECONDS} detik:"
                    f" baca {instance.logs / 'web.log'}, perbaiki sebabnya, lalu jalankan lagi."
                )
            self.stop_asked.wait(LOOK_SECONDS)
        return False

    def _alive(self) -> bool:
        """False once a stop was asked. Raises when a part that should stay has died."""
        if self.stop_asked.is_set():
            return False
        for part in self.running:
            if part.ended:
                raise part.death()
        return True

    def _greet(self, environment: dict[str, str]) -> None:
        self.say(f"\ncaseflow berjalan di {self.options.base_url}  (berhenti: Ctrl-C)")
        if self.programs.greeting:
            answer = subprocess.run(
                self.programs.greeting,
                env=environment,
                cwd=REPOSITORY,
                capture_output=True,
                text=True,
                check=False,
                start_new_session=True,
            )
            self.say(answer.stdout.rstrip() or "Akun latihan tidak dapat ditampilkan.")


def _answers(port: int) -> bool:
    """Whether the web server is up. A refusal of this host's name is an answer too."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _stop_signals(event: threading.Event) -> Iterator[None]:
    """Turn the signals that end a program into ``event``, so that nothing is cut off half-way."""

    def ask(number: int, frame: FrameType | None) -> None:
        event.set()

    before = {sign: signal.signal(sign, ask) for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
