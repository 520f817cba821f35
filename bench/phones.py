"""Row 16: papers from a weak phone: how heavy the page and a photo are, what a line that breaks costs, whether the
memory of the server grows with a file."""

import base64
import gzip
import hashlib
import http.client
import os
import random
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from playwright.sync_api import sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.result import Row
from bench.web import Browser, Server, server
from bench.world import World
from caseflow import clock
from caseflow.documents.intake import digest_of
from caseflow.documents.models import Document
from caseflow.documents.storage import open_store
from caseflow.launch.databases import libpq
from caseflow.people.devices import device_for_reporter
from caseflow.web.identity import FAMILY_COOKIE
from tests.files import samples

MEGABYTE = 1024 * 1024
_FILE = 20 * MEGABYTE - 4096
_ONE_LINE = 20 * 50_000  # what 400 kbit/s carry in twenty seconds, then the line breaks
_BACK_OFF_S = 1.0  # the page waits as long before it tries again
_PLACE = (
    "SELECT casefile.id, requirement.code FROM requirement JOIN casefile ON casefile.id = casefile_id"
    " WHERE branch_code = 'solok' AND state = 'documents_pending' AND status = 'missing' AND need = 'required'"
    " AND closed_at IS NULL ORDER BY casefile.id DESC LIMIT 1"
)
_LOADED = re.compile(r'(?:src|data-script|href)="(/static/[^"]+\.(?:js|css|svg))(?:\?v=[0-9a-f]+)?"')
_IMPORTED = re.compile(r'from "\./([^"]+)"')
_SHRINK = """async (text) => {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const { prepare } = await import("/static/js/upload-photo.js");
  return (await prepare(new File([bytes], "kk.jpg", { type: "image/jpeg" }))).blob.size;
}"""


def measure(world: World) -> list[Row]:
    """Measure one phone against a web server of its own."""
    with psycopg.connect(libpq(world.main.urls.admin)) as connection:
        place = connection.execute(_PLACE).fetchone()
    if place is None:
        raise LookupError("no case waits for a paper")
    with Session(world.main.engine) as session:
        token = device_for_reporter(session, place[0], "Yusra", now=clock.now())
        session.commit()
    environment = {**world.environment(world.main), "CASEFLOW_WEB_PROCESSES": "1"}
    with server("caseflow.wsgi:app", environment, world.folder / "phones.log") as served:
        phone = _Phone(served, token, f"/berkas/dokumen/{place[1]}")
        return [*_weight(phone), *_photo(served), _broken_line(world, phone), _memory(served, phone)]


@dataclass
class _Phone:
    """A phone that sends in pieces."""

    served: Server
    token: str
    paper: str

    def __post_init__(self) -> None:
        """Open the page of the paper, as a person does."""
        self.browser = Browser(self.served.port)
        self.browser.cookies[FAMILY_COOKIE] = self.token
        self.page = self.browser.get(self.paper).body
        self.form_token = self.page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        self.sent = 0

    def send(self, body: bytes, a_line: int) -> str:
        """Send a file over lines that each carry so many bytes and then break; return its digest."""
        digest = hashlib.sha256(body).hexdigest()
        told = f"filename {base64.b64encode(b'kk.pdf').decode()},sha256 {base64.b64encode(digest.encode()).decode()}"
        head = {"Upload-Length": str(len(body)), "Upload-Metadata": told}
        with self._asked("POST", f"{self.paper}/kiriman", head) as answer:
            address = answer.headers["Location"]
        while (at := self._offset(address)) < len(body):
            self._piece(address, body, at, a_line)
            time.sleep(_BACK_OFF_S)
        return digest

    def _offset(self, address: str) -> int:
        with self._asked("HEAD", address, {}) as answer:
            return int(answer.headers["Upload-Offset"])

    def _piece(self, address: str, body: bytes, at: int, a_line: int) -> None:
        part = memoryview(body)[at : at + a_line]
        line = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        line.putrequest("PATCH", address)
        head = {**self._head(), "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(at)}
        for name, value in {**head, "Content-Length": str(len(body) - at)}.items():
            line.putheader(name, value)
        line.endheaders()
        line.send(part)
        self.sent += len(part)
        if at + len(part) == len(body):
            line.getresponse().read()
        line.close()

    @contextmanager
    def _asked(self, method: str, path: str, head: dict[str, str]) -> Iterator[http.client.HTTPResponse]:
        line = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        line.request(method, path, headers={**self._head(), **head})
        yield line.getresponse()
        line.close()

    def _head(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        return {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.form_token, "Cookie": cookies}


def _weight(phone: _Phone) -> list[Row]:
    """The page of one paper with everything it loads, compressed as the proxy does it."""
    bodies = {path: phone.browser.get(path).body for path in dict.fromkeys(_LOADED.findall(phone.page))}
    waiting = [path for path in bodies if path.endswith(".js")]
    while waiting:
        for name in _IMPORTED.findall(bodies[waiting.pop()]):
            path = f"/static/js/{name}"
            if path not in bodies:
                bodies[path] = phone.browser.get(path).body
                waiting.append(path)
    sizes = {path: len(gzip.compress(body.encode(), 6)) / 1000 for path, body in bodies.items()}
    script = sum(size for path, size in sizes.items() if path.endswith(".js"))
    page = len(gzip.compress(phone.page.encode(), 6)) / 1000
    missing = [] if any("vendor" in path for path in sizes) else ["the script of others was not fetched"]
    notes = [
        ", ".join(f"{Path(path).name} {size:.1f}" for path, size in sizes.items()) + f", page {page:.1f}"
    ]
    return [
        Row("16a", "page of a paper, all it loads", "60 kB compressed", page + sum(sizes.values()), 60, 45,
            high=False, unit=" kB", notes=notes, wrong=missing),
        Row("16b", "of it script", "35 kB compressed", script, 35, 33, high=False, unit=" kB", wrong=missing),
    ]  # fmt: skip


def _photo(served: Server) -> list[Row]:
    """A photo of four megabytes as it leaves the phone; nothing where there is no Chromium."""
    chromium = os.environ.get("CASEFLOW_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("no Chromium: the photo is not measured", flush=True)
        return []
    photo = samples.four_megabytes()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{served.port}/")
        size = int(page.evaluate(_SHRINK, base64.b64encode(photo).decode()))
        browser.close()
    return [
        Row("16c", "a photo as it is sent", f"{len(photo) / 1e6:.1f} MB from the camera", size / 1000, 400, 350,
            high=False, unit=" kB"),
    ]  # fmt: skip


def _broken_line(world: World, phone: _Phone) -> Row:
    """Twenty megabytes; each line carries what 400 kbit/s carry in twenty seconds."""
    body = _pdf(_FILE)
    phone.sent = 0
    digest = phone.send(body, _ONE_LINE)
    wrong = [] if _arrived(world, digest) else ["the file differs"]
    lines = -(-phone.sent // _ONE_LINE)
    return Row(
        "16d", "bytes sent for 20 MB, line cut every 20 s", "the bytes of the file", phone.sent / len(body), 1.1, 1.02,
        high=False, unit=" ×", notes=[f"{lines} lines, twenty seconds of 400 kbit/s each, at full speed"], wrong=wrong,
    )  # fmt: skip


def _memory(served: Server, phone: _Phone) -> Row:
    """The highest memory of the web worker while a file comes in."""
    (worker,) = served.workers
    peaks = []
    for size in (MEGABYTE, _FILE):
        Path(f"/proc/{worker}/clear_refs").write_text("5")
        phone.send(_pdf(size), size)
        peaks.append(_peak_megabytes(worker))
    return Row(
        "16e", "server memory, 20 MB : 1 MB", "the same server, a small file", peaks[1] / peaks[0], 1.1, 1.02,
        high=False, unit=" ×", notes=[f"{peaks[1]:.0f} MB against {peaks[0]:.0f} MB, highest resident size"],
    )  # fmt: skip


def _arrived(world: World, digest: str) -> bool:
    store = open_store(world.settings(world.main).storage_url)
    with Session(world.main.engine) as session:
        key = session.scalar(
            select(Document.object_key).where(Document.sha256 == digest, Document.status == "stored")
        )
    return key is not None and digest_of(store, key) == digest


def _peak_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _pdf(size: int) -> bytes:
    """A PDF of about that many bytes that no codec makes smaller."""
    whole = samples.pdf()
    noise = random.Random(size).randbytes(size - len(whole) - 2)
    end = whole.rindex(b"startxref")
    return whole[:end] + b"%" + noise.translate(bytes.maketrans(b"\r\n", b"00")) + b"\n" + whole[end:]
