"""Which account PostgreSQL runs as: it refuses root, so root lends it an unprivileged one."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

# Unix socket paths end at about 107 bytes; ".s.PGSQL.5432" and its lock need some of them.
LONGEST_SOCKET_FOLDER = 80
TEMPORARY_PREFIX = "caseflow-"
MEMORY_FOLDER = "/dev/shm"  # noqa: S108 - mkdtemp makes it private
_PLENTY_KB = 6 * 1024 * 1024


@dataclass(frozen=True)
class Account:
    """An account of this machine. ``lent`` is true when it is not the one we run as."""

    uid: int
    gid: int
    name: str
    lent: bool

    @property
    def options(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that make a child run as this account, away from our folder."""
        switch = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {}
        return {"cwd": "/", **switch}

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run to the end and keep what it said. Raises ``PermissionError`` when it may not be executed."""
        return subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=False,
            env=plain_environment(),
            **self.options,
        )

    def can_enter(self, folder: Path) -> bool:
        """Whether this account can reach ``folder`` through all its parents."""
        return self.run(["test", "-x", folder]).returncode == 0

    def own(self, folder: Path) -> Path:
        """Make ``folder`` private to this account (mode 700)."""
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if self.lent:
            os.chown(folder, self.uid, self.gid)
        return folder

    def temporary_folder(self, *, in_memory: bool = False) -> Path:
        """A private folder with a short path that this account can enter; the caller removes it.

        :param in_memory: better in memory, where there is plenty: a copy of a database of a thousand small files takes
            a tenth of the time there.
        """
        memory = [MEMORY_FOLDER] if in_memory and _has_plenty(MEMORY_FOLDER) else []
        for parent in (*memory, tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - mkdtemp makes it private
            if len(parent) > LONGEST_SOCKET_FOLDER - 20 or not self.can_enter(Path(parent)):
                continue
            if os.access(parent, os.W_OK):
                return self.own(Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=parent)))
        return self.own(Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX)))


def _has_plenty(folder: str) -> bool:
    """Return whether a folder in memory, and the memory itself, have room for the databases of several test runs."""
    try:
        room = os.statvfs(folder)
        lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
        available = int(lines["MemAvailable"].removesuffix("kB"))
    except (OSError, KeyError, ValueError):
        return False
    return min(room.f_bavail * room.f_frsize // 1024, available) >= _PLENTY_KB


def database_account() -> Account:
    """Ourselves, or ``nobody`` when we are root."""
    uid = os.geteuid()
    if uid != 0:
        return Account(uid, os.getegid(), account_name(uid), lent=False)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, nobody.pw_name, lent=True)


def account_name(uid: int) -> str:
    """The name of an account, or its number where it has none (as in some containers)."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def plain_environment() -> dict[str, str]:
    """What PostgreSQL needs to know; our own settings and secrets stay with us."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def start(
    command: Sequence[str | Path],
    *,
    log: IO[bytes],
    env: Mapping[str, str],
    last_signal: str = "TERM",
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a long-running child in its own session, so that Ctrl-C reaches only us.

    Where ``setpriv`` is at hand the kernel sends ``last_signal`` to the child when we die without
    a chance to stop it, so that ``kill -9`` of the launcher leaves nothing behind.
    """
    setpriv = shutil.which("setpriv")
    prefix = [setpriv, "--pdeathsig", last_signal] if setpriv else []
    return subprocess.Popen(
        [*prefix, *(str(part) for part in command)],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=dict(env),
        start_new_session=True,
        **options,
    )
