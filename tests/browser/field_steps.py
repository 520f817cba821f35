"""A visitor's phone in a browser: the app prepared, the network switched off, one visit filled in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from caseflow.documents.storage import open_store
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.people.actor import Actor
from caseflow.training.people import PASSPHRASE
from tests.browser.conftest import CHROMIUM, PATIENCE_MS
from tests.conftest import FreshDatabase
from tests.families import Person
from tests.files import samples
from tests.server import Service, service
from tests.story import Stage
from tests.visit_story import followed

APP = "/pendamping/lapangan"
PIN = "481516"
THIRD_MONTH = "2027-02-24T10:00:00+07:00"
ROOM_REMEMBERED_MS = 31_000  # so long Chromium goes by the room that it found before
PHOTO = FilePayload(name="warung.jpg", mimeType="image/jpeg", buffer=samples.jpeg("WARUNG"))


@dataclass
class FieldPhone:
    """A phone, 320 px wide, with a profile on disk: it can be switched off and on again."""

    browser: Browser
    folder: str
    url: str
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)
    heard: list[str] = field(default_factory=list)

    def switch_on(self) -> Page:
        """Open the browser over what the phone keeps."""
        self.context = self.browser.browser_type.launch_persistent_context(
            self.folder, base_url=self.url, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True,
            locale="id-ID", timezone_id="Asia/Jakarta", executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.pages[0]
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        return self.page

    def switch_off(self) -> None:
        """Close the browser; what it keeps stays on disk."""
        self.context.close()

    def signal(self, there: bool) -> None:
        """Switch the network on or off, for pages and for the service worker."""
        self.context.set_offline(not there)

    def sign_in(self, username: str) -> None:
        """Sign in on the ordinary page."""
        self.page.goto("/masuk")
        self.page.get_by_label("Nama pengguna").fill(username)
        self.page.get_by_label("Frasa sandi").fill(PASSPHRASE)
        self.page.get_by_role("button", name="Masuk").click()
        self.page.wait_for_url(lambda url: "/masuk" not in url)

    def prepare(self) -> None:
        """The first step, with signal: a PIN, the families, and the green sign."""
        self.page.goto(APP)
        self.page.get_by_label("PIN baru, 6 angka").fill(PIN)
        self.page.get_by_label("PIN sekali lagi").fill(PIN)
        self.page.get_by_role("button", name="Simpan PIN").click()
        expect(self.page.get_by_text("Siap dipakai tanpa sinyal")).to_be_visible()

    def unlock(self, pin: str = PIN) -> None:
        """Open with the PIN."""
        self.page.get_by_label("PIN 6 angka").fill(pin)
        self.page.get_by_role("button", name="Buka").click()

    def go(self, tab: str) -> None:
        """Open a part of the app."""
        self.page.get_by_role("navigation").get_by_role("link", name=tab).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(tab)

    def open_visit(self, family: str) -> None:
        """From the day to the form of a family's next visit."""
        self.go("Hari ini")
        self.page.get_by_role("link", name=family).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(family)
        self.page.locator(".visit-start a").first.click()
        expect(self.page.get_by_role("button", name="Selesaikan kunjungan")).to_be_visible()

    def visit(self, family: str, met: str, *, note: str = "", photo: bool = False) -> None:
        """A short visit: whom one met, a note, perhaps a photo, consent; finished."""
        self.open_visit(family)
        page = self.page
        page.get_by_label("Ya", exact=True).check()
        page.get_by_label("Nama orang ke-1").fill(met)
        page.locator("#relation-0").select_option(index=2)
        if note:
            page.locator("#box-note").fill(note)
        if photo:
            page.locator("#photo-file").set_input_files([PHOTO])
            expect(page.get_by_text("Foto tersimpan di HP ini")).to_be_visible()
        page.locator("#q-consent input[type=radio]").first.check()
        page.get_by_label("Siapa yang mengatakannya?").fill(met)
        self.finish()

    def finish(self) -> None:
        """Press the button at the end."""
        self.page.get_by_role("button", name="Selesaikan kunjungan").click()
        expect(self.page.get_by_text("Tersimpan di HP. Akan dikirim saat ada sinyal.")).to_be_visible()

    def bar(self) -> Any:
        """What the bar on top says."""
        return self.page.locator("#bar")


@contextmanager
def third_month_of(
    database: FreshDatabase, staff: Mapping[str, Actor], folder: Path, families: tuple[Person, ...]
) -> Iterator[Service]:
    """Families paid in November, all given to Rina; the service in their third month."""
    with service(database.app_url, folder, clock=THIRD_MONTH) as running:
        with Session(database.engine) as session:
            stage = Stage(session, open_store(running.environment["CASEFLOW_STORAGE_URL"]), staff)
            for person in families:
                followed(stage, person)
            rina = staff["rina"].user_id
            session.execute(update(Plan).values(visitor_user_id=rina))
            session.execute(update(PlannedVisit).values(visitor_user_id=rina))
            session.execute(
                update(PlannedVisit)
                .where(PlannedVisit.kind == "m1")
                .values(state="cancelled", cancelled_why="sudah ditelepon")
            )
            session.commit()
        yield running


@contextmanager
def prepared(browser: Browser, running: Service, folder: Path) -> Iterator[FieldPhone]:
    """Rina's phone, prepared; her session has begun. No script on it may fail unheard."""
    phone = FieldPhone(browser, str(folder / "phone"), running.url)
    phone.switch_on()
    phone.sign_in("rina")
    phone.prepare()
    yield phone
    assert phone.heard == []
    phone.switch_off()
