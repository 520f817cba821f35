"""A real clamd on loopback, with one signature of our own and nothing of anybody's network."""

import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tests.documents.stores import free_port
from tests.files import samples

MISSING = "clamd is missing: run 'sudo apt-get install clamav-daemon' and try again."
_READY_SECONDS = 30


class RealClamd:
    """Debian's clamd over a folder of its own; may be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        signatures = folder / "signatures"
        signatures.mkdir()
        # any kind of file, anywhere in it: the body of the test file that every scanner knows
        (signatures / "own.ndb").write_text(f"Eicar-Test-Signature:0:*:{samples.EICAR.hex()}\n")
        lines = ["Foreground yes", "TCPAddr 127.0.0.1", f"TCPSocket {self.port}", "MaxThreads 2",
                 f"DatabaseDirectory {signatures}", f"TemporaryDirectory {folder}"]  # fmt: skip
        (folder / "clamd.conf").write_text("\n".join(lines) + "\n")

    @property
    def address(self) -> str:
        """As the settings of the application name it."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers."""
        program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
        assert program, MISSING
        with (self._folder / "clamd.log").open("ab") as log:
            command = [program, "--config-file", str(self._folder / "clamd.conf")]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
        until = time.monotonic() + _READY_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.05)
        raise AssertionError(f"clamd did not come up:\n{(self._folder / 'clamd.log').read_text()[-2000:]}")

    def kill(self) -> None:
        """End it as a crash would, by its process id."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def _answers(self) -> bool:
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection,
        ):
            connection.sendall(b"zPING\0")
            return connection.recv(16) == b"PONG\0"
        return False
