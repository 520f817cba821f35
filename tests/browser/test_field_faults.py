"""A visitor's phone in trouble: a visit that cannot be sent, Back, late photos, no room, two windows, a lent phone."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.monitoring.models import FieldDevice, Plan
from caseflow.monitoring.visit_models import Visit, VisitPhoto
from caseflow.people.actor import Actor
from caseflow.people.devices import device_for_reporter
from tests.browser.field_steps import APP, PHOTO, ROOM_REMEMBERED_MS, FieldPhone, prepared, third_month_of
from tests.browser.looks import sideways, too_small
from tests.conftest import FreshDatabase
from tests.families import FIRDAUS, NURBAITI, SAMSIR, Person
from tests.server import Service

_OPENED = """const opened = (name) => new Promise((done, failed) => {
  const asked = indexedDB.open(name);
  Object.assign(asked, { onsuccess: () => done(asked.result), onerror: () => failed(asked.error) });
});
const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
const name = (await indexedDB.databases()).map((one) => one.name).find((one) => one.startsWith("lapangan-"));
const database = await opened(name);"""
# as a memory card that lost a block would leave it
_BREAK_FIRST_VISIT = f"""async () => {{ {_OPENED}
  const visits = database.transaction("visits", "readwrite").objectStore("visits");
  const [first] = (await answer(visits.getAll())).sort((one, other) => one.at - other.at);
  new Uint8Array(first.body).fill(0);
  await answer(visits.put(first));
  database.close();
}}"""
_HELD = f"""async () => {{ {_OPENED}
  const count = await answer(database.transaction("visits").objectStore("visits").count());
  database.close();
  return count;
}}"""
# photos are ready when `letGo` is called: a slow phone
_SLOW_PHOTOS = """() => {
  const real = window.createImageBitmap.bind(window);
  window.createImageBitmap = async (...given) => { await new Promise((go) => { window.letGo = go; }); return real(...given); };
}"""
_FILES_WAIT = """() => new Promise((done) => {
  const asked = indexedDB.open("kiriman", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("kiriman", { keyPath: "id" });
  asked.onsuccess = () => {
    const work = asked.result.transaction("kiriman", "readwrite");
    work.objectStore("kiriman").put({ id: "a", claim: "x", addedAt: Date.now() });
    work.oncomplete = () => { asked.result.close(); done(); };
  };
})"""
_FILES_THAT_WAIT = """() => new Promise((done) => {
  const asked = indexedDB.open("kiriman");
  asked.onsuccess = () => {
    const count = asked.result.transaction("kiriman").objectStore("kiriman").count();
    count.onsuccess = () => { asked.result.close(); done(count.result); };
  };
})"""
THREE = pytest.mark.parametrize("families", [(FIRDAUS, NURBAITI, SAMSIR)], ids=["three families"])


@pytest.fixture
def families() -> tuple[Person, ...]:
    """Whose money was paid; tests that need more name them."""
    return (FIRDAUS,)


@pytest.fixture
def third_month(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path, families: tuple[Person, ...]
) -> Iterator[Service]:
    """The service in the third month of the families."""
    with third_month_of(fresh_database, staff, tmp_path, families) as running:
        yield running


@pytest.fixture
def phone(browser: Browser, third_month: Service, tmp_path: Path) -> Iterator[FieldPhone]:
    """Rina's phone, prepared; her session has begun."""
    with prepared(browser, third_month, tmp_path) as phone:
        yield phone


def fits(page: Page) -> None:
    """Nothing wider than the phone, nothing that a thumb would miss."""
    assert sideways(page) == []
    assert too_small(page) == []


@THREE
def test_a_visit_in_trouble_is_set_aside_and_the_others_arrive(
    phone: FieldPhone, fresh_database: FreshDatabase
) -> None:
    """One is broken on the phone, one makes the server fail, one lies there with other words already."""
    page, seen = phone.page, list[str]()
    phone.signal(False)
    phone.visit("Keluarga Firdaus", "Elmita")
    phone.visit("Keluarga Nurbaiti", "Afrizal")
    phone.visit("Keluarga Samsir", "Yusra", note="Warung mulai ramai.")
    page.evaluate(_BREAK_FIRST_VISIT)

    def meddle(route: Route) -> None:
        said = route.request.post_data or ""
        seen.append(said)
        if "Afrizal" in said and len(seen) == 1:
            route.fulfill(status=500, body="{}")
        elif "Yusra" in said and said.count("ramai") and len(seen) == 2:
            route.fetch(post_data=said.replace("mulai ramai", "belum buka"))
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/kunjungan/*", meddle)
    phone.signal(True)
    phone.go("Antrean")
    expect(page.get_by_text("Server terganggu waktu menerima kunjungan ini.")).to_be_visible()
    expect(page.get_by_text("Isi kunjungan ini tidak bisa dibaca lagi")).to_be_visible()
    fits(page)
    expect(page.get_by_text("sudah diterima dengan isi lain")).to_be_visible()
    expect(page.locator("li", has_text="Keluarga Nurbaiti").locator(".tag")).to_have_text("Sudah diterima")

    page.get_by_role("button", name="Kirim sebagai tambahan").click()
    page.get_by_role("button", name="Kirim tambahan").click()
    expect(page.get_by_text("Tulis alasannya, paling sedikit 10 huruf.")).to_be_visible()
    fits(page)
    page.get_by_label("Alasan").fill("Catatan dibetulkan di rumah keluarga.")
    page.get_by_role("button", name="Kirim tambahan").click()
    expect(page.locator("li", has_text="Keluarga Samsir").locator(".tag")).to_have_text("Sudah diterima")
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 3
        assert session.scalars(select(Visit.after_why).where(Visit.after_why.is_not(None))).all() == [
            "Catatan dibetulkan di rumah keluarga."
        ]


@THREE
def test_back_and_late_photos_find_their_own_visit(phone: FieldPhone) -> None:
    """Back after finishing begins nothing; a photo that is ready late goes where it belongs, or is said to be lost."""
    page = phone.page
    phone.signal(False)
    phone.open_visit("Keluarga Firdaus")
    form = page.evaluate("location.hash")
    phone.visit("Keluarga Firdaus", "Elmita")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keluarga Firdaus")
    page.evaluate("(hash) => { location.hash = hash; }", form)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kunjungan ini sudah selesai")
    fits(page)

    page.evaluate(_SLOW_PHOTOS)
    phone.open_visit("Keluarga Nurbaiti")
    page.locator("#box-note").fill("Rumah baru.")
    page.locator("#photo-file").set_input_files([PHOTO])
    phone.open_visit("Keluarga Samsir")
    page.evaluate("letGo()")
    phone.open_visit("Keluarga Nurbaiti")
    expect(page.get_by_alt_text("Foto 1: usaha")).to_be_visible()
    page.locator("#photo-file").set_input_files([PHOTO])
    page.get_by_label("Ya", exact=True).check()
    page.get_by_label("Nama orang ke-1").fill("Afrizal")
    page.locator("#relation-0").select_option(index=2)
    page.locator("#q-consent input[type=radio]").first.check()
    page.get_by_label("Siapa yang mengatakannya?").fill("Afrizal")
    page.get_by_role("button", name="Selesaikan kunjungan").click()
    expect(page.get_by_text("Menunggu foto")).to_be_visible()
    page.evaluate("letGo()")
    expect(page.get_by_text("Tersimpan di HP. Akan dikirim saat ada sinyal.")).to_be_visible()

    phone.open_visit("Keluarga Samsir")
    expect(page.locator(".photo")).to_have_count(0)
    levy = page.locator("#q-levy_reported")
    levy.get_by_label("Ya, ceritakan").check()
    page.locator("#box-levy_words").fill("Diminta separuhnya.")
    levy.get_by_label("Tidak").check()
    expect(page.locator("#box-levy_words")).to_have_count(0)
    levy.get_by_label("Ya, ceritakan").check()
    expect(page.locator("#box-levy_words")).to_have_value("Diminta separuhnya.")
    page.locator("#photo-file").set_input_files([PHOTO])
    page.get_by_role("button", name="Hapus isian ini").click()
    page.get_by_role("button", name="Hapus", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hari ini")
    page.evaluate("letGo()")
    expect(page.get_by_role("alert")).to_contain_text("Foto Keluarga Samsir belum tersimpan")
    fits(page)
    phone.go("Antrean")
    expect(page.locator("li", has_text="Keluarga Nurbaiti").get_by_text("2 foto")).to_be_visible()
    expect(page.get_by_text("Keluarga Samsir", exact=True)).to_have_count(0)


def test_two_windows_do_not_write_over_each_other(phone: FieldPhone) -> None:
    """The second window says that it is late; what the first one kept stays. A PIN pressed twice is one try."""
    phone.signal(False)
    phone.open_visit("Keluarga Firdaus")
    other = phone.context.new_page()
    other.goto(APP)
    other.get_by_label("PIN 6 angka").fill("48")
    other.get_by_role("button", name="Buka").click()
    expect(other.get_by_text("PIN terdiri dari 6 angka.")).to_be_visible()
    other.get_by_label("PIN 6 angka").fill("481516")
    other.get_by_role("button", name="Buka").dblclick()
    other.get_by_role("link", name="Keluarga Firdaus").first.click()
    other.locator(".visit-start a").first.click()
    expect(other.get_by_role("button", name="Selesaikan kunjungan")).to_be_visible()
    phone.page.locator("#box-note").fill("Dari jendela pertama.")
    expect(phone.page.get_by_text("Tersimpan di HP ini", exact=True)).to_be_visible()
    other.locator("#box-note").fill("Dari jendela kedua.")
    expect(other.get_by_text("Kunjungan ini sudah berubah di jendela lain")).to_be_visible()
    other.get_by_role("link", name="Antrean").click()
    expect(other.get_by_text("Isian terakhir belum tersimpan")).to_be_visible()
    expect(other.locator("#box-note")).to_have_value("Dari jendela kedua.")
    fits(other)
    other.get_by_role("link", name="Antrean").click()
    expect(other.locator(".visit-waiting")).to_have_count(1)
    other.get_by_role("link", name="Lanjutkan isian").click()
    expect(other.locator("#box-note")).to_have_value("Dari jendela pertama.")
    other.close()


def test_a_full_phone_opens_and_sends(phone: FieldPhone, fresh_database: FreshDatabase) -> None:
    """No room at all: the PIN opens it, what to free is said, and what waits is sent."""
    page = phone.page
    phone.signal(False)
    phone.visit("Keluarga Firdaus", "Elmita", photo=True)
    browser = phone.context.new_cdp_session(page)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": phone.url, "quotaSize": 1})
    page.wait_for_timeout(ROOM_REMEMBERED_MS)
    page.reload()
    phone.unlock("000111")
    expect(page.get_by_text("PIN salah.")).to_be_visible()
    phone.unlock()
    expect(page.get_by_text("Penyimpanan HP penuh")).to_be_visible()
    fits(page)
    phone.signal(True)
    phone.go("Antrean")
    expect(page.locator(".visit-waiting", has_text="belum diterima")).to_have_count(0)
    expect(phone.bar()).to_contain_text("Semua terkirim")
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(VisitPhoto.stored_at)).one() is not None
    browser.send("Storage.overrideQuotaForOrigin", {"origin": phone.url})


def test_a_lent_phone_keeps_its_visits_and_leaving_is_said_only_when_it_is_so(
    phone: FieldPhone, fresh_database: FreshDatabase
) -> None:
    """A family closes its report on the visitor's phone; later the visitor leaves: without signal, half, and wholly."""
    page = phone.page
    phone.signal(False)
    phone.visit("Keluarga Firdaus", "Elmita")
    now = clock.now().replace(year=2027, month=2, day=24)
    with Session(fresh_database.engine) as session:
        claim = session.scalars(select(Plan.claim_id)).one()
        token = device_for_reporter(session, claim, "Elmita", now=now)
        session.commit()
    page.route("**/api/**", lambda route: route.abort())
    phone.signal(True)
    phone.context.add_cookies([{"name": "kel", "value": token, "url": phone.url}])
    page.goto("/berkas")
    page.evaluate(_FILES_WAIT)
    page.get_by_role("button", name="Tutup laporan di HP ini").click()
    page.wait_for_url(lambda url: "/berkas" not in url)
    assert page.evaluate(_FILES_THAT_WAIT) == 0
    assert page.evaluate(_HELD) == 1

    page.goto(APP)
    phone.unlock()
    phone.go("Siapkan HP")
    page.get_by_role("button", name="Keluar dan hapus").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 kunjungan belum terkirim dan akan hilang.")
    page.get_by_role("dialog").get_by_role("button", name="Keluar dan hapus").click()
    expect(page.get_by_role("alert")).to_contain_text("Belum ada yang dihapus dari HP ini.")
    fits(page)
    assert page.evaluate(_HELD) == 1

    page.unroute("**/api/**")
    page.route("**/keluar", lambda route: route.fulfill(status=500, body=""))
    page.get_by_role("button", name="Keluar dan hapus").click()
    page.get_by_role("dialog").get_by_role("button", name="Keluar dan hapus").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Belum keluar dari akun")
    fits(page)
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(FieldDevice.waiting)).one() == 0
    page.unroute("**/keluar")
    page.get_by_role("button", name="Keluar dari akun").click()
    page.wait_for_url("**/masuk?keluar=1")
    page.goto("/pendamping/")
    expect(page.get_by_label("Frasa sandi")).to_be_visible()
