"""Small programs in place of the real web server and worker, and a launcher that runs them.

``python -m tests.launch.standin run`` is the launcher; what the parts live through they write, one
word a line, into the file ``diary`` of the instance folder.
"""

import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import FrameType

from caseflow.launch import __main__ as launcher
from caseflow.launch import parts
from caseflow.launch.instance import Options
from caseflow.launch.parts import Part, Programs


def note(word: str) -> None:
    with (Path(os.environ["CASEFLOW_INSTANCE"]) / "diary").open("a") as diary:
        diary.write(f"{word}\n")


def until_told(word: str, *, deaf: bool = False) -> None:
    def end(number: int, frame: FrameType | None) -> None:
        if not deaf:
            note(f"{word} ended")
            sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    note(f"{word} started")


class Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in http.server
        return


def web() -> None:
    until_told("web")
    HTTPServer(("127.0.0.1", int(os.environ["CASEFLOW_PORT"])), Health).serve_forever()


def worker() -> None:
    until_told("worker", deaf="deaf" in os.environ["STANDIN"])
    if "dies" in os.environ["STANDIN"]:
        time.sleep(0.5)
        sys.exit("tidak ada pekerjaan lagi")
    while True:
        time.sleep(1)


def prepare() -> None:
    import psycopg

    from caseflow.launch.databases import libpq

    if "refuses" in os.environ["STANDIN"]:
        sys.exit("tabel orang lain menghalangi")
    note(f"owner {os.environ['CASEFLOW_DATABASE_OWNER_URL'].split('@')[0][-5:]}")
    with psycopg.connect(libpq(os.environ["CASEFLOW_DATABASE_OWNER_URL"])) as owner:
        owner.execute("create table if not exists runs (at timestamptz default now())")
        owner.execute("insert into runs default values")
        row = owner.execute("select count(*) from runs").fetchone()
    note(f"run {row[0] if row else 0}")
    if "slow" in os.environ["STANDIN"]:
        note("slow started")
        time.sleep(60)


def run() -> None:
    parts.STOP_SECONDS = 1
    me = [sys.executable, "-m", "tests.launch.standin"]

    def programs(options: Options) -> Programs:
        services = [Part("Server web", "web", [*me, "web"]), Part("Pekerja latar", "worker", [*me, "worker"])]
        return Programs([Part("Penyiapan", "init-db", [*me, "prepare"])], services, ["echo", "akun contoh"])

    launcher.caseflow_programs = programs  # type: ignore[attr-defined]
    sys.exit(launcher.main())


if __name__ == "__main__":
    {"web": web, "worker": worker, "prepare": prepare, "run": run}[sys.argv[1]]()
