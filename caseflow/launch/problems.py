"""What can go wrong before caseflow runs, each as one sentence with its cure."""

import errno
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

MINIMUM_FREE_BYTES = 300 * 1024 * 1024


class LaunchError(Exception):
    """Starting is not possible; the message is one Indonesian sentence that names the cure."""


def free_bytes(folder: Path) -> int:
    """Bytes that this user may still write on the disk that holds ``folder`` (or its nearest parent)."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def require_disk(folder: Path, free: Callable[[Path], int] = free_bytes) -> None:
    """Refuse to start where a database would soon run into a full disk."""
    if free(folder) < MINIMUM_FREE_BYTES:
        raise disk_full(folder)


def disk_full(folder: Path) -> LaunchError:
    """The sentence for a disk without room."""
    needed = MINIMUM_FREE_BYTES // (1024 * 1024)
    return LaunchError(
        f"Cakram tempat {folder} penuh: kosongkan sampai tersisa {needed} MB,"
        " atau pilih folder di cakram lain dengan CASEFLOW_INSTANCE."
    )


def require_port(port: int) -> None:
    """Refuse a port that another program listens on, before anything else is started."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise LaunchError(
                f"Porta {port} hanya boleh dibuka oleh root: pilih yang di atas 1023,"
                " misalnya `make run CASEFLOW_PORT=8000`."
            ) from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise LaunchError(
                f"Porta {port} sedang dipakai program lain: hentikan program itu,"
                f" atau jalankan `make run CASEFLOW_PORT={port + 1 if port < 65535 else 8000}`."
            ) from None


def explain(error: OSError, folder: Path) -> LaunchError:
    """Turn a refusal of the operating system into a sentence."""
    where = error.filename if isinstance(error.filename, str) else str(folder)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(Path(where))
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return LaunchError(
            f"Tidak boleh menulis di {where}: jalankan sebagai pemilik folder itu,"
            " atau pilih folder lain dengan CASEFLOW_INSTANCE."
        )
    return LaunchError(f"Sistem menolak {where}: {error.strerror or error}; perbaiki lalu jalankan lagi.")
