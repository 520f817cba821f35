"""A slip from paper to phone: printed on one, typed on a second, scanned on a third, closed from the first."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect
from sqlalchemy import text

from tests.browser import steps
from tests.browser.conftest import PATIENCE_MS, PICTURES
from tests.browser.steps import SAMSIR
from tests.conftest import FreshDatabase
from tests.server import Service

Picture = Callable[[Page, str], None]
Phones = Callable[[bool], Page]
# the sizes of the paper, in points of 1/72 inch: A6 and a strip of 80 mm
A6, STRIP = (298, 420), (227, 794)


@pytest.fixture
def phones(browser: Browser, running: Service) -> Iterator[Phones]:
    """Further phones, 320 px with touch; with or without JavaScript."""
    contexts: list[BrowserContext] = []

    def another(scripts: bool) -> Page:
        context = browser.new_context(
            base_url=running.url,
            viewport={"width": 320, "height": 640},
            has_touch=True,
            is_mobile=True,
            java_script_enabled=scripts,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context.new_page()

    yield another
    for context in contexts:
        context.close()


def clean(page: Page) -> None:
    """Nothing wrong for who hears or enlarges the page, nothing wider than the phone."""
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in Axe().run(page).response["violations"]
    ]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def printed(page: Page) -> tuple[str, list[str]]:
    """What a person reads from the paper: the number and three codes."""
    number = page.locator(".slip-number").inner_text().strip()
    codes = [one.strip() for one in page.locator(".slip-codes .mono").all_inner_texts()]
    assert len(codes) == 3
    return number, codes


def sheet_sizes(pdf: bytes) -> list[tuple[int, int]]:
    """The pages of a PDF in points."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def press(page: Page, control: Locator) -> None:
    """Touch what leads to another page, and wait for that page."""
    with page.expect_navigation():
        control.tap()


def type_slip(page: Page, number: str, code: str, whose: str) -> None:
    """From paper, as it is written there."""
    page.goto("/k")
    page.get_by_label("Nomor laporan").fill(number)
    page.get_by_label("Kode HP").fill(code)
    page.get_by_label(whose).check()
    press(page, page.get_by_role("button", name="Buka di HP ini"))


def test_from_paper_to_phone_and_out_again(
    phone: Page, phones: Phones, running: Service, picture: Picture, fresh_database: FreshDatabase
) -> None:
    """The whole life of a slip, with the address of the QR code on the third phone."""
    steps.report(phone, SAMSIR)
    press(phone, phone.get_by_role("button", name="Buat slip keluarga"))
    number, codes = printed(phone)
    picture(phone, "slip-di-layar")

    second = phones(True)
    second.goto("/k")
    clean(second)
    type_slip(second, number, codes[1], "Pinjaman atau dipakai banyak orang")
    expect(second.get_by_role("heading", level=1)).to_contain_text("Samsir")
    expect(second.get_by_text("HP pinjaman. Sudah selesai?")).to_be_visible()
    picture(second, "slip-hp-pinjaman")
    clean(second)

    third = phones(True)
    asked: list[str] = []
    third.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    secret = codes[0].replace(" ", "")
    third.goto(f"/k#{number}.{secret}")
    expect(third.get_by_text("Nomor dan kode terisi dari slip.")).to_be_visible()
    assert third.url.endswith("/k")
    picture(third, "slip-dari-qr")
    clean(third)
    assert not any(secret in one for one in asked)
    third.get_by_label("Milik saya atau keluarga serumah").check()
    press(third, third.get_by_role("button", name="Buka di HP ini"))
    expect(third.get_by_role("heading", level=1)).to_contain_text("Samsir")
    assert secret not in running.log.read_text(errors="replace")

    phone.goto("/berkas/hp")
    picture(phone, "slip-daftar-hp")
    lent = phone.locator(".card", has_text="kode HP 2")
    press(phone, lent.get_by_role("button", name="Cabut HP ini"))
    expect(phone.get_by_text("HP itu tidak bisa membuka laporan ini lagi.")).to_be_visible()
    second.goto("/berkas")
    expect(second.get_by_role("heading", level=1)).to_have_text("Buka laporan dengan slip")
    third.goto("/berkas/hp")
    expect(third.get_by_text("kode HP 2")).to_have_count(0)
    with fresh_database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM slip_code WHERE used_at IS NOT NULL")) == 2


def test_a_phone_with_a_pin_is_locked_and_unlocked(phone: Page, phones: Phones, picture: Picture) -> None:
    """Set right after opening; the copy of the data asks for it; locked again by hand."""
    steps.report(phone, SAMSIR)
    press(phone, phone.get_by_role("button", name="Buat slip keluarga"))
    number, codes = printed(phone)
    own = phones(True)
    type_slip(own, number, codes[0], "Milik saya atau keluarga serumah")
    own.goto("/berkas/hp")
    clean(own)
    picture(own, "slip-hp")
    press(own, own.get_by_role("link", name="HP dipakai bersama? Pasang PIN"))
    clean(own)
    picture(own, "slip-pasang-pin")
    for pin, said in (("123456", "terlalu mudah"), ("171126", "seperti tanggal"), ("12", "6 angka")):
        own.get_by_label("PIN baru, 6 angka").fill(pin)
        own.get_by_label("Tulis PIN sekali lagi").fill(pin)
        press(own, own.get_by_role("button", name="Simpan PIN"))
        expect(own.locator(".field-error").first).to_contain_text(said)
    picture(own, "slip-pin-salah")
    own.get_by_label("PIN baru, 6 angka").fill("802 417")
    own.get_by_label("Tulis PIN sekali lagi").fill("802417")
    press(own, own.get_by_role("button", name="Simpan PIN"))
    expect(own.get_by_text("PIN tersimpan.")).to_be_visible()
    picture(own, "slip-pin-terbuka")
    clean(own)
    press(own, own.get_by_role("button", name="Kunci sekarang"))
    expect(own.get_by_text("Terkunci.")).to_be_visible()
    own.goto("/berkas/hp")
    press(own, own.get_by_role("link", name="Ambil salinan data saya"))
    expect(own.get_by_role("heading", level=1)).to_have_text("Buka kunci")
    clean(own)
    own.get_by_label("PIN 6 angka").fill("802418")
    press(own, own.get_by_role("button", name="Buka kunci"))
    expect(own.locator(".field-error").first).to_contain_text("PIN tidak cocok")
    picture(own, "slip-buka-kunci")
    own.get_by_label("PIN 6 angka").fill("802417")
    press(own, own.get_by_role("button", name="Buka kunci"))
    expect(own.get_by_role("heading", level=1)).to_have_text("Kunci terbuka")
    clean(own)
    picture(own, "slip-kunci-terbuka")
    with own.expect_download() as waiting:
        own.get_by_role("link", name="Unduh").tap()
    assert waiting.value.suggested_filename == f"data-saya-{number}.json"
    own.goto("/berkas/di-kantor")
    clean(own)
    picture(own, "slip-di-kantor")


def test_the_paper_is_a6_or_a_strip_and_gone_afterwards(
    phone: Page, desk: Callable[[str], Page], picture: Picture, tmp_path: Path
) -> None:
    """From one page two sizes; going back shows no code again."""
    number = steps.report(phone, SAMSIR)
    dedi = desk("dedi")
    steps.case(dedi, number, "slip-keluarga")
    clean(dedi)
    picture(dedi, "slip-loket")
    dedi.get_by_label("Nama penerima slip").fill("Yusra")
    dedi.get_by_label("Hubungan dengan pekerja").fill("istri")
    dedi.get_by_label("KTP dan KK asli").check()
    dedi.get_by_label("Wajah dan nama orang di depan saya cocok dengan kartu itu").check()
    steps.follow(dedi, dedi.get_by_role("button", name="Buat slip"))
    codes = printed(dedi)[1]
    picture(dedi, "slip-tercetak")
    clean(dedi)
    folder = Path(PICTURES) if PICTURES else tmp_path
    sheet = dedi.pdf(prefer_css_page_size=True, path=folder / "slip-a6.pdf")
    assert sheet_sizes(sheet) == [A6, A6]
    dedi.get_by_role("link", name="80 mm").click()
    strip = dedi.pdf(prefer_css_page_size=True, path=folder / "slip-80mm.pdf")
    assert sheet_sizes(strip) == [STRIP]
    steps.follow(dedi, dedi.get_by_role("link", name="Kembali ke slip keluarga"))
    expect(dedi.get_by_text("0 dari 3")).to_be_visible()
    with suppress(Error):  # the browser asks whether to send the form again
        dedi.go_back()
    for code in codes:
        expect(dedi.get_by_text(code)).to_have_count(0)
