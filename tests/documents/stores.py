"""Object stores for tests: a folder, and two S3 servers on loopback, each started once and ended by its pid."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

BIN = Path(sys.executable).parent
KEY, SECRET = "test", "test"  # ministack knows only these


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, log: Path, **environment: str) -> Iterator[int]:
    """Run an HTTP server until the block ends; give its pid."""
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **environment})
        try:
            _wait_until_it_answers(server, port, log)
            yield server.pid
        finally:
            server.kill()
            server.wait()


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    for _ in range(600):
        try:
            urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except HTTPError as answer:
            answer.close()  # a refusal is an answer too
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{server.args!r} does not answer: {log.read_text()[-2000:]}")


@contextmanager
def rclone(folder: Path, port: int) -> Iterator[int]:
    """Run ``rclone serve s3`` over a folder."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    command = [str(BIN / "rclone"), "serve", "s3", "--config", os.devnull, "--addr", f"127.0.0.1:{port}"]
    with running([*command, "--auth-key", f"{KEY},{SECRET}", str(data)], port, folder / "rclone.log") as pid:
        yield pid


@contextmanager
def ministack(folder: Path, port: int) -> Iterator[int]:
    """Run ministack, an emulator, on loopback only."""
    environment = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "SERVICES": "s3",
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder / "data"),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
    with running([str(BIN / "ministack")], port, folder / "ministack.log", **environment) as pid:
        yield pid


def s3_url(port: int, folder: Path, bucket: str, *, secret: str = SECRET) -> str:
    """Return the address of a bucket, with its secret in a file."""
    secret_file = folder / f"secret-{secret}"
    secret_file.write_text(f"{secret}\n")
    return f"s3://{KEY}@127.0.0.1:{port}/{bucket}?secret_file={secret_file}&secure=0"
