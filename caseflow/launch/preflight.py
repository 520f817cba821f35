"""Run by the machine's own Python before the environment exists: one sentence when it cannot be made.

Only the standard library, and nothing that an old Python could not read.
"""

import os
import shutil
import sys

ENVIRONMENT_BYTES = 1200 * 1024 * 1024


def problem(folder: str) -> str:
    """What stands in the way of an environment in ``folder``, or an empty text."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before the version is known
        found = ".".join(str(part) for part in sys.version_info[:2])
        return (
            f"Python {found} terlalu tua: pasang Python 3.11 atau lebih baru,"
            " lalu jalankan `make PYTHON=python3.11 run`."
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return "Paket python3-venv belum ada: jalankan `sudo apt-get install python3-venv` lalu ulangi."
    if not os.access(folder, os.W_OK):
        return f"Tidak boleh menulis di {folder}: jalankan sebagai pemiliknya, atau salin ke folder Anda."
    if shutil.disk_usage(folder).free < ENVIRONMENT_BYTES:
        return f"Cakram tempat {folder} hampir penuh: kosongkan sampai tersisa 1,2 GB lalu ulangi."
    return ""


if __name__ == "__main__":
    sentence = problem(os.getcwd())
    if sentence:
        print(sentence, file=sys.stderr)
        sys.exit(1)
