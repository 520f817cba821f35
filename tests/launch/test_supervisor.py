"""One run from start to stop, with small stand-ins for the web server and the worker."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from caseflow.launch.instance import REPOSITORY

Launch = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def launch(open_folder: Path, free_port: int) -> Iterator[Launch]:
    started: list[subprocess.Popen[str]] = []

    def begin(habits: str = "") -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if "CASEFLOW" not in name}
        environment |= {"CASEFLOW_INSTANCE": str(open_folder / "instance"), "STANDIN": habits}
        environment |= {"CASEFLOW_PORT": str(free_port), "PYTHONPATH": str(REPOSITORY)}
        run = subprocess.Popen(
            [sys.executable, "-m", "tests.launch.standin", "run"],
            env=environment,
            cwd=REPOSITORY,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(run)
        return run

    yield begin
    for run in started:
        run.terminate()
        run.communicate(timeout=20)


@pytest.fixture
def diary(open_folder: Path) -> Callable[[], list[str]]:
    def read() -> list[str]:
        path = open_folder / "instance" / "diary"
        return path.read_text().splitlines() if path.exists() else []

    return read


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def heard(run: subprocess.Popen[str], words: str) -> str:
    """Read the console until a line holds ``words``."""
    assert run.stdout is not None
    for line in run.stdout:
        if words in line:
            return line
    pytest.fail(f"{words!r} never came: {run.stderr.read() if run.stderr else ''}")


def ends(run: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = run.communicate(timeout=20)
    return run.returncode, out, err


def test_whole_run_and_a_second_one(
    launch: Launch, diary: Callable[[], list[str]], free_port: int, open_folder: Path
) -> None:
    run = launch()
    assert f"http://127.0.0.1:{free_port}" in heard(run, "caseflow berjalan di")
    heard(run, "akun contoh")
    wait_until(lambda: "worker started" in diary())
    run.send_signal(signal.SIGINT)
    code, out, err = ends(run)
    assert (code, err) == (0, "")
    assert "Semua sudah berhenti" in out
    assert diary()[:2] == ["owner owner", "run 1"]
    assert sorted(diary()[2:4]) == ["web started", "worker started"]
    assert diary()[4:] == ["worker ended", "web ended"]
    assert not (open_folder / "instance" / "postgres" / "data" / "postmaster.pid").exists()

    again = launch()
    heard(again, "caseflow berjalan di")
    assert "run 2" in diary()
    again.terminate()
    assert ends(again)[0] == 0


def test_port_in_use_before_anything_is_made(launch: Launch, free_port: int, open_folder: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        code, out, err = ends(launch())
    assert (code, out) == (1, "")
    assert err.startswith(f"Porta {free_port} sedang dipakai")
    assert err.count("\n") == 1
    assert not (open_folder / "instance").exists()


def test_preparation_that_fails(launch: Launch, diary: Callable[[], list[str]]) -> None:
    code, _, err = ends(launch("refuses"))
    assert code == 1
    assert err.startswith("Penyiapan berhenti dengan kode 1 (tabel orang lain menghalangi): baca ")
    assert err.count("\n") == 1
    assert diary() == []


def test_part_that_dies_is_named_and_the_rest_stops(launch: Launch, diary: Callable[[], list[str]]) -> None:
    code, _, err = ends(launch("dies"))
    assert code == 1
    assert err.startswith("Pekerja latar berhenti dengan kode 1 (tidak ada pekerjaan lagi)")
    assert diary()[-1] == "web ended"


def test_part_that_does_not_listen_is_ended(launch: Launch, diary: Callable[[], list[str]]) -> None:
    run = launch("deaf")
    heard(run, "caseflow berjalan di")
    wait_until(lambda: "worker started" in diary())
    run.send_signal(signal.SIGHUP)
    assert ends(run)[0] == 0
    assert diary()[-1] == "web ended"


def test_stop_while_still_preparing(launch: Launch, diary: Callable[[], list[str]]) -> None:
    run = launch("slow")
    wait_until(lambda: "slow started" in diary())
    run.send_signal(signal.SIGINT)
    code, out, err = ends(run)
    assert (code, err) == (0, "")
    assert "caseflow berjalan" not in out
    assert "web started" not in diary()


def test_database_that_dies_is_named(launch: Launch, open_folder: Path) -> None:
    run = launch()
    heard(run, "caseflow berjalan di")
    note = open_folder / "instance" / "postgres" / "data" / "postmaster.pid"
    os.kill(int(note.read_text().split("\n")[0]), signal.SIGQUIT)
    code, _, err = ends(run)
    assert code == 1
    assert err.startswith("PostgreSQL berhenti dengan kode")
