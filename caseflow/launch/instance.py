"""The folder of one installation: its database, its documents, its secrets, its logs."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from caseflow.launch.account import account_name, database_account
from caseflow.launch.problems import LaunchError

REPOSITORY = Path(__file__).resolve().parents[2]
SYSTEM_DATA = Path("/var/lib")


@dataclass(frozen=True)
class Options:
    """What the environment asks of a run; ``None`` means that we start our own."""

    instance: Path
    port: int
    mode: str
    base_url: str
    database_url: str | None
    database_owner_url: str | None
    storage_url: str | None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Options":
        """Read ``CASEFLOW_*``. An empty value counts as absent."""
        given = {name: value for name, value in environment.items() if value}
        port = _port(given.get("CASEFLOW_PORT", "8000"))
        return cls(
            instance=Path(given.get("CASEFLOW_INSTANCE", REPOSITORY / "instance")).absolute(),
            port=port,
            mode=given.get("CASEFLOW_MODE", "training"),
            base_url=given.get("CASEFLOW_BASE_URL", f"http://127.0.0.1:{port}"),
            database_url=given.get("CASEFLOW_DATABASE_URL"),
            database_owner_url=given.get("CASEFLOW_DATABASE_OWNER_URL"),
            storage_url=given.get("CASEFLOW_STORAGE_URL"),
        )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise LaunchError(f"CASEFLOW_PORT berisi '{text}': isi dengan angka 1 sampai 65535, misalnya 8000.")
    return int(text)


@dataclass(frozen=True)
class Instance:
    """The folders below ``home``, made and checked by ``open_instance``."""

    home: Path

    @property
    def logs(self) -> Path:
        """What the web server, the worker and the set-up commands said."""
        return self.home / "logs"

    @property
    def objects(self) -> Path:
        """Documents, when no object store is given."""
        return self.home / "objects"

    def secret(self, name: str) -> Path:
        """The file of a secret, filled with 384 random bits the first time and kept ever after."""
        path = self.home / "secrets" / name
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            path.chmod(0o600)
            if not path.read_text().strip():
                raise LaunchError(
                    f"Berkas rahasia {path} kosong: pulihkan dari cadangan, atau hapus berkas itu"
                    " bila pemasangan ini belum pernah dipakai."
                ) from None
            return path
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        return path

    def database_folder(self) -> Path:
        """Where the private PostgreSQL keeps its data: ``postgres/data`` below ``home``.

        PostgreSQL runs as an unprivileged account when we are root. Where that account cannot reach
        ``home``, the data lies below ``/var/lib`` and ``postgres`` is a link there; no folder that we
        did not make is opened to anyone.
        """
        link, account = self.home / "postgres", database_account()
        if not link.is_symlink() and not link.exists() and not account.can_enter(self.home):
            # A new name each time: an instance begun anew must not meet data made with other secrets.
            link.symlink_to(tempfile.mkdtemp(prefix="caseflow-", dir=SYSTEM_DATA))
        room = link.resolve()
        _folder(room, 0o755)
        if not account.can_enter(room):
            raise LaunchError(
                f"PostgreSQL berjalan sebagai {account.name} dan tidak dapat mencapai {room}:"
                " pindahkan isinya ke folder yang terbuka bagi akun itu, atau tetapkan CASEFLOW_INSTANCE."
            )
        return room / "data"


def open_instance(home: Path) -> Instance:
    """Make the folders of an installation. Refuses one that another account made."""
    instance = Instance(home)
    if home.exists() and home.stat().st_uid != os.geteuid():
        maker = account_name(home.stat().st_uid)
        raise LaunchError(
            f"Folder {home} dibuat oleh {maker}: jalankan lagi sebagai {maker},"
            " atau pakai folder lain dengan CASEFLOW_INSTANCE."
        )
    _folder(home, 0o755)
    for private in (home / "secrets", instance.logs, instance.objects):
        _folder(private, 0o700)
    return instance


def _folder(path: Path, mode: int) -> None:
    """A folder of ours with exactly this mode, whatever the umask."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
