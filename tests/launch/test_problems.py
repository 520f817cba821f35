"""Every reason not to start is one sentence with its cure."""

import errno
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from caseflow.launch import preflight
from caseflow.launch.instance import REPOSITORY, Options
from caseflow.launch.problems import LaunchError, explain, require_disk, require_port


def test_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LaunchError, match=rf"Porta {port} sedang dipakai .*CASEFLOW_PORT={port + 1}`"):
            require_port(port)


@pytest.mark.parametrize("text", ["80a", "0", "65536", "-1", "²"])
def test_port_that_is_no_port(text: str) -> None:
    with pytest.raises(LaunchError, match="angka 1 sampai 65535"):
        Options.from_environment({"CASEFLOW_PORT": text})


def test_full_disk(tmp_path: Path) -> None:
    require_disk(tmp_path / "not" / "yet")
    with pytest.raises(LaunchError, match=r"penuh: kosongkan sampai tersisa 300 MB.*CASEFLOW_INSTANCE"):
        require_disk(tmp_path, free=lambda folder: 299 * 1024 * 1024)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "penuh"),
        (errno.EACCES, "Tidak boleh menulis di /etc/x"),
        (errno.EROFS, "Tidak boleh menulis di /etc/x"),
        (errno.EIO, "Sistem menolak /etc/x"),
    ],
)
def test_refusal_of_the_system(number: int, words: str, tmp_path: Path) -> None:
    sentence = str(explain(OSError(number, "kernel words", "/etc/x"), tmp_path))
    assert sentence.startswith(words) or words in sentence
    assert "\n" not in sentence


def test_machine_that_can_make_the_environment(tmp_path: Path) -> None:
    assert preflight.problem(str(tmp_path)) == ""


def test_python_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert "Python 3.9 terlalu tua" in preflight.problem(str(tmp_path))


def test_missing_venv_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert "sudo apt-get install python3-venv" in preflight.problem(str(tmp_path))


def test_no_room_for_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "ENVIRONMENT_BYTES", 10**18)
    assert "hampir penuh" in preflight.problem(str(tmp_path))


def test_preflight_runs_alone() -> None:
    """It must not need anything that is not installed yet."""
    command = [sys.executable, "-I", "-S", str(REPOSITORY / "caseflow/launch/preflight.py")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert (answer.returncode, answer.stderr) == (0, "")
