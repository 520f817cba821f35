"""Folders and accounts for the tests of the launcher."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account of this machine can enter (``tmp_path`` lies under mode 700)."""
    folder = Path(tempfile.mkdtemp(prefix="launch-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def as_root() -> bool:
    """Whether the tests run as root, where PostgreSQL needs another account."""
    return os.geteuid() == 0
