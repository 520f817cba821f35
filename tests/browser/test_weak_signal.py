"""Papers from a cheap phone: 320 px, touch, a slow line that breaks, a browser that is closed, a server that dies."""

import hashlib
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, CDPSession, FilePayload, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.intake import digest_of
from caseflow.documents.models import Document
from caseflow.documents.storage import open_store
from caseflow.people.devices import device_for_reporter
from tests.browser.conftest import PATIENCE_MS
from tests.conftest import FreshDatabase
from tests.files import samples
from tests.server import Service
from tests.story import reported

PAPER = "/berkas/dokumen/family_card"
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
MEGABYTE = 1_000_000


@dataclass
class Phone:
    """A phone with a browser that runs scripts."""

    context: BrowserContext
    page: Page
    database: FreshDatabase
    folder: Path

    def line(self, **changes: float | bool) -> CDPSession:
        """Change the line of this page: speed in bytes a second, latency in milliseconds."""
        session = self.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {**SLOW, **changes})
        return session

    def choose(self, *files: FilePayload | Path, door: str = "gallery") -> None:
        """Choose files on the page of the family card."""
        if not self.page.url.endswith(PAPER):
            self.page.goto(PAPER)
        expect(self.page.get_by_role("button", name="Kirim dokumen")).to_be_hidden()
        self.page.locator(f"input[name={door}]").set_input_files(cast(list[Path], list(files)))
        expect(self.page.locator("#pratinjau")).not_to_have_attribute("aria-busy", "true")

    def send(self, *files: FilePayload | Path) -> None:
        """Choose files and press the button."""
        self.choose(*files)
        self.page.get_by_role("button", name="Ya, kirim").tap()

    def stored(self) -> list[Document]:
        """What the server holds, each read back from the store."""
        store = open_store(f"folder://{self.folder / 'objects'}")
        with Session(self.database.engine) as session:
            rows = list(
                session.scalars(select(Document).where(Document.status == "stored").order_by(Document.id))
            )
        for row in rows:
            assert digest_of(store, row.object_key) == row.sha256
        return rows

    def arrived(self) -> Document:
        """Wait for the one file and return it."""
        expect(self.page.get_by_text("✓ Sudah diterima")).to_be_visible(timeout=60_000)
        (row,) = self.stored()
        return row

    def waiting_here(self) -> int:
        """How many files this phone keeps."""
        return int(
            self.page.evaluate(
                """() => new Promise((done) => {
                  const asked = indexedDB.open("kiriman", 1);
                  asked.onsuccess = () => {
                    const all = asked.result.transaction("kiriman").objectStore("kiriman").count();
                    all.onsuccess = () => { asked.result.close(); done(all.result); };
                  };
                })"""
            )
        )


@pytest.fixture
def weak_phone(
    browser: Browser, running: Service, fresh_database: FreshDatabase, tmp_path: Path
) -> Iterator[Phone]:
    """The phone that reported, 320 px wide, with touch and scripts."""
    with Session(fresh_database.engine) as session:
        claim = reported(session)
        token = device_for_reporter(session, claim.id, "Yusra", now=clock.now())
        session.commit()
    context = browser.new_context(
        base_url=running.url,
        viewport={"width": 320, "height": 640},
        has_touch=True,
        is_mobile=True,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": "kel", "value": token, "url": running.url}])
    yield Phone(context, context.new_page(), fresh_database, tmp_path)
    context.close()


def violations(page: Page) -> list[str]:
    """What axe finds, and what is wider than the screen."""
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in Axe().run(page).response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found if wide <= 321 else [*found, f"{wide} px wide"]


def photo(content: bytes, name: str = "kk.jpg") -> FilePayload:
    return FilePayload(name=name, mimeType="image/jpeg", buffer=content)


def heavy_pdf(size: int) -> bytes:
    """A PDF of that many bytes that no codec makes smaller."""
    whole = samples.pdf()
    noise = random.Random(20).randbytes(size)  # noqa: S311
    end = whole.rindex(b"startxref")
    return whole[:end] + b"%" + noise.replace(b"\n", b"0").replace(b"\r", b"0") + b"\n" + whole[end:]


def test_a_photo_is_shrunk_looked_at_and_sent(
    weak_phone: Phone, picture: Callable[[Page, str], None], tmp_path: Path
) -> None:
    camera = samples.four_megabytes()
    assert len(camera) > 3.9 * MEGABYTE
    weak_phone.choose(photo(camera), door="camera")
    page = weak_phone.page
    expect(page.get_by_text("Apakah tulisannya terbaca?")).to_be_visible()
    expect(page.get_by_text(re.compile(r"kk\.jpg \(4,\d MB menjadi 0,\d MB\)"))).to_be_visible()
    picture(page, "upload-preview")
    page.get_by_role("button", name="Tambah halaman").tap()
    page.locator("input[name=camera]").set_input_files([photo(samples.dark_jpeg(), "gelap.jpg")])
    expect(page.get_by_text("Foto agak gelap. Coba di dekat jendela.")).to_be_visible()
    picture(page, "upload-preview-two")
    assert violations(page) == []
    weak_phone.line()
    page.get_by_role("button", name="Ya, kirim 2 halaman").tap()
    expect(page.get_by_text("Menunggu giliran").first).to_be_visible()
    picture(page, "upload-sending")
    expect(page.get_by_text("✓ Sudah diterima")).to_have_count(2, timeout=60_000)
    picture(page, "upload-sent")
    assert violations(page) == []
    first, _second = weak_phone.stored()
    assert first.size_bytes is not None
    assert first.size_bytes <= 400_000
    store = open_store(f"folder://{tmp_path / 'objects'}")
    with store.open(first.object_key) as body, Image.open(body) as arrived:
        assert max(arrived.size) in range(1200, 1601)
        assert not arrived.getexif()
    assert weak_phone.waiting_here() == 0


def test_a_line_that_is_lost_and_comes_back(weak_phone: Phone, picture: Callable[[Page, str], None]) -> None:
    body = heavy_pdf(400_000)
    weak_phone.page.goto(PAPER)
    line = weak_phone.line(latency=50, uploadThroughput=100_000)
    weak_phone.send(photo(body, "kk.pdf"))
    expect(weak_phone.page.get_by_text(re.compile("Mengirim… [2-6][0-9] % dari 0,4 MB"))).to_be_visible()
    line.send("Network.emulateNetworkConditions", {**SLOW, "offline": True})
    expect(weak_phone.page.get_by_text("sinyal lemah. Mencoba lagi dalam")).to_be_visible()
    picture(weak_phone.page, "upload-waiting")
    assert violations(weak_phone.page) == []
    line.send("Network.emulateNetworkConditions", {**SLOW, "latency": 50, "uploadThroughput": 200_000})
    assert weak_phone.arrived().size_bytes == len(body)


def test_a_browser_that_is_closed_goes_on_where_it_was(
    weak_phone: Phone, picture: Callable[[Page, str], None]
) -> None:
    body = heavy_pdf(400_000)
    weak_phone.page.goto(PAPER)
    weak_phone.line(latency=50, uploadThroughput=60_000)
    weak_phone.send(photo(body, "kk.pdf"))
    expect(weak_phone.page.get_by_text(re.compile("Mengirim… [3-7][0-9] % dari"))).to_be_visible()
    weak_phone.page.close()
    assert weak_phone.stored() == []
    page = weak_phone.page = weak_phone.context.new_page()
    patches: list[str] = []
    page.on(
        "request",
        lambda request: (
            patches.append(request.headers["upload-offset"]) if request.method == "PATCH" else None
        ),
    )
    page.goto("/berkas/dokumen")
    expect(page.get_by_role("heading", name="Kiriman dari HP ini")).to_be_visible()
    picture(page, "upload-list")
    assert weak_phone.arrived().sha256 == hashlib.sha256(body).hexdigest()
    assert int(patches[0]) >= 64 * 1024, "it began anew"
    assert weak_phone.waiting_here() == 0


def test_a_server_that_dies_in_the_middle(weak_phone: Phone, running: Service) -> None:
    body = heavy_pdf(400_000)
    weak_phone.page.goto(PAPER)
    weak_phone.line(latency=50, uploadThroughput=100_000)
    weak_phone.send(photo(body, "kk.pdf"))
    expect(weak_phone.page.get_by_text(re.compile("Mengirim… [3-7][0-9] % dari"))).to_be_visible()
    running.kill_web()
    expect(weak_phone.page.get_by_text("sinyal lemah. Mencoba lagi dalam")).to_be_visible()
    running.start_web()
    assert weak_phone.arrived().sha256 == hashlib.sha256(body).hexdigest()


def test_twenty_megabytes_arrive_byte_for_byte_over_a_line_that_breaks(
    weak_phone: Phone, tmp_path: Path
) -> None:
    body = heavy_pdf(20 * 1024 * 1024 - 4096)
    (tmp_path / "kk.pdf").write_bytes(body)
    page = weak_phone.page
    page.goto(PAPER)
    line = weak_phone.line(latency=20, uploadThroughput=8_000_000)
    weak_phone.send(tmp_path / "kk.pdf")
    for percent in ("1[0-9]|2[0-9]", "[4-6][0-9]", "[7-9][0-9]"):
        expect(page.get_by_text(re.compile(f"Mengirim… ({percent}) % dari"))).to_be_visible(timeout=60_000)
        line.send("Network.emulateNetworkConditions", {**SLOW, "offline": True})
        expect(page.get_by_text("sinyal lemah. Mencoba lagi dalam")).to_be_visible()
        line.send("Network.emulateNetworkConditions", {**SLOW, "latency": 20, "uploadThroughput": 8_000_000})
    row = weak_phone.arrived()
    assert (row.size_bytes, row.sha256) == (len(body), hashlib.sha256(body).hexdigest())


def test_a_picture_from_an_iphone_goes_as_it_is(
    weak_phone: Phone, picture: Callable[[Page, str], None]
) -> None:
    body = samples.heic()
    weak_phone.choose(photo(body, "IMG_0042.jpg"))
    expect(weak_phone.page.get_by_text("Foto dari iPhone ini dikirim apa adanya.")).to_be_visible()
    picture(weak_phone.page, "upload-heic")
    weak_phone.page.get_by_role("button", name="Ya, kirim").tap()
    row = weak_phone.arrived()
    assert (row.media_type, row.sha256) == ("image/heic", hashlib.sha256(body).hexdigest())


def test_what_the_server_refuses_and_what_nobody_wants_any_more(weak_phone: Phone) -> None:
    page = weak_phone.page
    weak_phone.choose(photo(samples.html(), "kk.jpg"))
    expect(page.get_by_text("Foto ini tidak bisa dikecilkan di HP ini.")).to_be_visible()
    page.get_by_role("button", name="Ya, kirim").tap()
    said = "Jenis berkas ini (halaman web) belum bisa dibuka. Belum tersimpan."
    expect(page.locator("#kiriman").get_by_text(said)).to_be_visible()
    weak_phone.line(latency=50, uploadThroughput=20_000)
    weak_phone.send(photo(heavy_pdf(300_000), "kk.pdf"))
    expect(page.get_by_text(re.compile("Mengirim… [1-9]"))).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as stopped:
        page.get_by_role("button", name="Hapus dari HP ini").tap()
    assert stopped.value.status == 204
    expect(page.get_by_text("Dihapus dari HP ini. Tidak dikirim.")).to_be_visible()
    assert weak_phone.waiting_here() == 0
    page.reload()
    expect(page.get_by_text("kiriman belum selesai")).to_have_count(0)
    assert weak_phone.stored() == []


def test_a_phone_that_keeps_nothing(weak_phone: Phone) -> None:
    """Private browsing: there is no memory, so the page says that it must stay open."""
    page = weak_phone.page
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    weak_phone.line()
    weak_phone.send(photo(samples.jpeg()))
    expect(page.get_by_text("Jangan tutup halaman ini sampai semua terkirim.")).to_be_visible()
    assert weak_phone.arrived().status == "stored"


def test_without_the_script_of_others_the_page_is_a_plain_form(weak_phone: Phone) -> None:
    page = weak_phone.page
    page.route("**/vendor/**", lambda route: route.abort())
    page.goto(PAPER)
    page.locator("input[name=gallery]").set_input_files(
        [photo(samples.jpeg()), photo(samples.heic(), "2.heic")]
    )
    page.get_by_role("button", name="Kirim dokumen").tap()
    expect(page.get_by_text("Sudah diterima: kk.jpg")).to_be_visible()
    assert len(weak_phone.stored()) == 2


def test_advice_is_only_advice(weak_phone: Phone) -> None:
    weak_phone.choose(
        photo(samples.jpeg()),
        photo(samples.blurred_jpeg(), "kabur.jpg"),
        photo(samples.tiny_jpeg(), "kecil.jpg"),
    )
    page = weak_phone.page
    told = [one.inner_text() for one in page.locator("[data-advice]").all()]
    assert told[0] == ""
    assert told[1] == "Foto agak kabur. Tahan HP diam, lalu foto lagi."
    assert "Foto agak kecil. Coba foto lebih dekat." in told[2]
    page.get_by_role("button", name="Jangan kirim ini").nth(2).tap()
    expect(page.get_by_role("button", name=re.compile(r"Ya, kirim 2 halaman \(0,\d MB\)"))).to_be_visible()
