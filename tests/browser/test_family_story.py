"""The whole way of a family at 320 px: report, six papers, decision, money, and somebody who wanted a share.

Once with touch and scripts over a slow line that breaks, once without any script.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.browser import steps
from tests.browser.conftest import PATIENCE_MS
from tests.browser.steps import PAPERS, SAMSIR, Desk
from tests.files import samples
from tests.server import Service

Picture = Callable[[Page, str], None]
Send = Callable[[str, bytes, str], None]
# 400 kbit/s and 400 ms, as between two hills
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
BROKEN = {**SLOW, "offline": True}
THREE_DAYS_LATER = "2026-11-24T10:00:00+07:00"
ALL_GOOD = dict.fromkeys(
    ("active_on_event", "three_months", "age_at_registration", "worked", "not_work_caused", "no_duplicate",
     "funeral_not_paid_elsewhere"),
    "Ya",
)  # fmt: skip
TOLD = "Orang jorong meminta dua juta di warung depan kantor."


@pytest.fixture
def touching(browser: Browser, running: Service) -> Iterator[BrowserContext]:
    """A cheap phone: 320 px, touch, scripts."""
    context = browser.new_context(
        base_url=running.url,
        viewport={"width": 320, "height": 640},
        has_touch=True,
        is_mobile=True,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
    )
    context.set_default_timeout(3 * PATIENCE_MS)
    yield context
    context.close()


def test_with_touch_over_a_slow_line_that_breaks(
    touching: BrowserContext, running: Service, desk: Desk, picture: Picture
) -> None:
    """Photos are shrunk and sent one by one; the line is lost in the middle of a paper and comes back."""
    page = touching.new_page()
    line = touching.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    number = steps.report(page, SAMSIR)

    def send(code: str, body: bytes, name: str) -> None:
        page.goto(f"/berkas/dokumen/{code}")
        expect(page.get_by_role("button", name="Kirim dokumen")).to_be_hidden()
        page.locator("input[name=gallery]").set_input_files(
            [FilePayload(name=name, mimeType="image/jpeg", buffer=body)]
        )
        page.get_by_role("button", name="Ya, kirim").tap()
        if code == "heir_statement":
            expect(page.get_by_text(re.compile("Mengirim…"))).to_be_visible()
            line.send("Network.emulateNetworkConditions", BROKEN)
            expect(page.get_by_text("sinyal lemah. Mencoba lagi dalam")).to_be_visible()
            picture(page, "cerita-sinyal-hilang")
            line.send("Network.emulateNetworkConditions", SLOW)
        expect(page.get_by_text("✓ Sudah diterima")).to_be_visible(timeout=60_000)

    _to_the_end(page, number, send, running, desk, picture)


def test_without_any_script(phone: Page, running: Service, desk: Desk, picture: Picture) -> None:
    """The same way through plain forms."""
    number = steps.report(phone, SAMSIR)

    def send(code: str, body: bytes, name: str) -> None:
        steps.send_paper(phone, code, body, name)

    _to_the_end(phone, number, send, running, desk, picture)


def _to_the_end(page: Page, number: str, send: Send, running: Service, desk: Desk, picture: Picture) -> None:
    """Six papers, one of them from an iPhone and one returned; decision; money; a complaint that only one reads."""
    for code in PAPERS:
        body = samples.heic() if code == "family_card" else samples.jpeg(f"{code.upper()} SAMSIR")
        send(code, samples.blurred_jpeg() if code == "death_letter" else body, f"{code}.jpg")
    page.goto("/berkas/dokumen")
    expect(page.get_by_text("6 dari 6 sudah dikirim")).to_be_visible()

    dedi = desk("dedi")
    steps.take_and_link(dedi, number, SAMSIR)
    steps.press(dedi, number, "Mulai verifikasi")
    steps.give_back(dedi, number, "death_letter", "Buram")
    page.goto("/berkas")
    expect(page.get_by_text("Kirim 1 dokumen lagi.")).to_be_visible()
    expect(page.get_by_role("heading", name="Menunggu Ibu/Bapak")).to_be_visible()
    picture(page, "cerita-perlu-diganti")
    send("death_letter", samples.jpeg("SURAT KEMATIAN TERANG"), "terang.jpg")
    send("bank_book", samples.jpeg("BUKU REKENING"), "buku.jpg")

    steps.press(dedi, number, "Mulai verifikasi")
    _prepare(dedi, number, send)
    steps.decide(desk("mega"), number, "Setujui")
    page.goto("/berkas")
    for amount in ("Rp20.000.000", "Rp12.000.000", "Rp10.000.000", "Rp42.000.000"):
        expect(page.get_by_text(amount, exact=True).first).to_be_visible()
    picture(page, "cerita-disetujui")

    reference = steps.order(desk("nina"), number, "7100 0234 417", "Yusra")
    batch_desk = desk("nina")
    steps.release(desk("hadi"), steps.batch(batch_desk))
    steps.load_and_match(desk("lusi"), reference, "42.000.000,00")
    page.goto("/berkas")
    expect(page.get_by_text("Santunan dikirim 20 November 2026", exact=False).first).to_be_visible()

    running.move_to(THREE_DAYS_LATER)
    complaint = _somebody_wants_a_share(page, picture)
    _only_the_inspector_reads(complaint, number, desk, picture)


def _prepare(dedi: Page, number: str, send: Send) -> None:
    """Everything that stands before the second person's decision."""
    for code in (*PAPERS, "bank_book"):
        steps.accept(dedi, number, code)
    steps.waive(dedi, number, "civil_death_certificate", "Surat kematian nagari sudah dicocokkan.")
    steps.answer(dedi, number, ALL_GOOD)
    steps.add_member(dedi, number, "Yusra", "istri", ("2", "4", "1980"))
    steps.add_member(dedi, number, "Rani", "anak", ("9", "5", "2007"))
    steps.decide_payee(dedi, number, "Yusra", "Disepakati tertulis", "Surat kuasa waris, dua tanda tangan.")
    send("heirs_agreement", samples.jpeg("SURAT KUASA WARIS"), "kuasa.jpg")
    steps.accept(dedi, number, "heirs_agreement")
    steps.enter_account(dedi, number, "Bank Nagari", "71000234417", "YUSRA")
    steps.press(dedi, number, "Lanjut ke perhitungan")
    steps.compute(dedi, number, "Rp42.000.000")
    steps.press(dedi, number, "Ajukan persetujuan")


def _somebody_wants_a_share(page: Page, picture: Picture) -> str:
    """Three days later the phone asks; the answer leaves no mark on it."""
    page.goto("/berkas")
    expect(page.get_by_text("Apakah santunan sudah diterima utuh?")).to_be_visible()
    picture(page, "cerita-diterima-utuh")
    page.get_by_role("link", name="Jawab sekarang").click()
    page.get_by_label("Ada yang meminta bagian").check()
    page.get_by_role("button", name="Kirim jawaban").click()
    page.get_by_label("Orang di nagari atau jorong").check()
    page.get_by_label("Apa yang terjadi?").fill(TOLD)
    page.get_by_role("button", name="Kirim aduan").click()
    complaint = page.locator(".paper-code dd").first.inner_text()
    picture(page, "cerita-aduan")
    page.goto("/berkas")
    expect(page.get_by_text(complaint)).to_have_count(0)
    return complaint


def _only_the_inspector_reads(complaint: str, number: str, desk: Desk, picture: Picture) -> None:
    inspector = desk("irma")
    inspector.goto("/pengawasan/aduan")
    inspector.get_by_role("link", name=complaint).click()
    expect(inspector.get_by_text(TOLD)).to_be_visible()
    picture(inspector, "cerita-inspektur")
    for username in ("jon", "dedi", "bram"):
        page = desk(username)
        answer = page.goto(f"/pengawasan/aduan/{complaint}")
        assert answer is not None
        assert answer.status in {403, 404}, username
        expect(page.get_by_text(TOLD)).to_have_count(0)
    history = desk("dedi")
    steps.case(history, number, "riwayat")
    expect(history.locator("main")).not_to_contain_text("aduan")
