"""The parts of a run: one program each, with its log, started and stopped by the supervisor."""

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from caseflow.launch.account import start
from caseflow.launch.instance import REPOSITORY, Options
from caseflow.launch.problems import LaunchError, disk_full, free_bytes

STOP_SECONDS = 25  # a little more than gunicorn grants to requests under way
LOG_BYTES = 5 * 1024 * 1024
NEARLY_FULL_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Part:
    """A program: ``title`` for people, ``name`` for its log file, and its command line."""

    title: str
    name: str
    command: Sequence[str]


@dataclass(frozen=True)
class Running:
    """A part that was started."""

    title: str
    process: subprocess.Popen[bytes]
    log_path: Path

    @property
    def ended(self) -> bool:
        """Whether it is no longer there."""
        return self.process.poll() is not None

    def death(self) -> LaunchError:
        """The sentence for an end that nobody asked for."""
        if free_bytes(self.log_path.parent) < NEARLY_FULL_BYTES:
            return disk_full(self.log_path.parent)
        lines = self.log_path.read_text(errors="replace").strip().splitlines()
        reason = lines[-1].strip() if lines else "tanpa keterangan"
        return LaunchError(
            f"{self.title} berhenti dengan kode {self.process.returncode} ({reason}):"
            f" baca {self.log_path}, perbaiki sebabnya, lalu jalankan lagi."
        )


@dataclass(frozen=True)
class Programs:
    """The parts of one run: commands that prepare and end, services that stay, a last word."""

    prepare: Sequence[Part]
    services: Sequence[Part]
    greeting: Sequence[str]


def caseflow_programs(options: Options) -> Programs:
    """What ``make run`` runs."""
    flask = [sys.executable, "-m", "flask", "--app", "caseflow.wsgi"]
    training = options.mode == "training"
    prepare = [Part("Penyiapan basis data", "init-db", [*flask, "init-db"])]
    if training:
        prepare.append(Part("Pemuatan data latihan", "seed", [*flask, "seed", "--training"]))
    web = [sys.executable, "-m", "gunicorn", "--config", "python:caseflow.launch.gunicorn_conf"]
    web += ["--bind", f"127.0.0.1:{options.port}", "caseflow.wsgi:app"]
    services = [Part("Server web", "web", web), Part("Pekerja latar", "worker", [*flask, "run-worker"])]
    return Programs(prepare, services, [*flask, "training-accounts"] if training else [])


def start_part(part: Part, logs: Path, env: Mapping[str, str]) -> Running:
    """Start a part; what it says is added to its log, which begins anew when it has grown large."""
    log_path = logs / f"{part.name}.log"
    large = log_path.exists() and log_path.stat().st_size > LOG_BYTES
    with log_path.open("wb" if large else "ab") as log:
        process = start(part.command, log=log, env=env, cwd=REPOSITORY)
    return Running(part.title, process, log_path)


def stop_part(part: Running) -> None:
    """Ask, wait, then insist."""
    if part.ended:
        return
    part.process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        part.process.wait(STOP_SECONDS)
        return
    part.process.kill()
    part.process.wait()
