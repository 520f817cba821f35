"""A wali jorong reports on a phone that has JavaScript: every page on the way is clean, and the nagari is found by typing."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_every_page import _look
from tests.server import Service

WIDTH = 320


def _on(page: Page, problems: list[str]) -> None:
    problems.extend(f"{page.url}: {found}" for found in _look(page, WIDTH))
    page.get_by_role("button", name="Simpan dan lanjut").click()


def _answers(page: Page) -> list[Callable[[], None]]:
    """What is done on each page, in the order of the pages."""

    def check(name: str, value: str = "y") -> Callable[[], None]:
        return lambda: page.locator(f"input[name={name}][value={value}]").check()

    def fill(name: str, words: str) -> Callable[[], None]:
        return lambda: page.locator(f"[name={name}]").fill(words)

    def about() -> None:
        fill("died_on-month", "11")()
        fill("died_on-year", "2026")()
        check("died_about")()

    def nagari() -> None:
        page.get_by_label("Ketik nama nagari").fill("kotolatihan")
        expect(page.get_by_role("status")).to_have_text("Terpilih: Koto Latihan, Kecamatan Latihan.")
        expect(page.locator("select[name=region_code]")).to_have_value("13.03.99.2001")

    def reporter() -> None:
        fill("reporter_name", "Zul Efendi")()
        check("reporter_relation", "wali_jorong")()

    def reach() -> None:
        fill("reporter_phone", "0812-6700-1299")()
        check("phone_owner", "sendiri")()
        check("contact_by", "whatsapp")()

    def allowed() -> None:
        fill("given_by_name", "Yusra")()
        page.locator("select[name=given_by_relation]").select_option("istri")
        check("given_how", "spoken")()

    return [
        check("cause", "unknown"), fill("worker_name", "Samsir"), check("not_known"), about, nagari, reporter,
        reach, allowed, check("consented"),
    ]  # fmt: skip


def test_a_helper_reports_and_every_page_is_clean(browser: Browser, running: Service) -> None:
    """From the first question to “Siapa yang membantu”, with axe and without anything wider than the phone."""
    context = browser.new_context(
        base_url=running.url, viewport={"width": WIDTH, "height": 640}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(PATIENCE_MS)
    page, problems = context.new_page(), list[str]()
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.goto("/lapor")
    page.get_by_role("button", name="Mulai laporan").click()
    for answer in _answers(page):
        answer()
        _on(page, problems)
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa jawaban sebelum mengirim")
    page.goto("/")
    expect(page.get_by_role("link", name="Lanjutkan laporan kematian")).to_be_visible()
    problems.extend(_look(page, WIDTH))
    page.goto("/lapor/periksa")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", name="Laporan diterima")).to_be_visible()
    for path in ("/berkas/pembantu", "/berkas/persetujuan", "/berkas"):
        page.goto(path)
        problems.extend(f"{path}: {found}" for found in _look(page, WIDTH))
    page.goto("/berkas/pembantu")
    page.get_by_role("button", name="Berhenti membantu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Santunan untuk pekerja dan keluarganya")
    page.goto("/berkas")
    expect(page.get_by_role("heading", level=1)).to_have_text("Buka laporan dengan slip")
    context.close()
    assert problems == []
