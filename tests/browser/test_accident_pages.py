"""The pages of an accident and of a scholarship at 320 px and 1366 px: axe, no sideways scrolling, questions that appear."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from caseflow.people.devices import device_for_reporter
from tests.browser.test_every_page import WIDTHS, visitor
from tests.conftest import FreshDatabase
from tests.server import Service
from tests.story import Stage
from tests.web.family.test_decision_document import adjusted, until_submitted
from tests.web.family.test_scholarship_states import opened
from tests.web.family.walk import Walk, notified

START = "/lapor/kecelakaan"
FAMILY = ("/berkas", "/berkas/dokumen", "/berkas/tanda-terima")


def _walks(stage: Stage, client: FlaskClient) -> dict[str, Walk]:
    """Families on four parts of the way: in care, decided, refused and objecting, between two school years."""
    care = (
        notified(stage, client, worker_name="Bustamam", national_id=None)
        .event()
        .go("report_stage_one")
        .care()
    )
    decided = adjusted(until_submitted(notified(stage, client))).computed().go("submit").go("approve", "mega")
    other = notified(stage, client, worker_name="Zainal", national_id=None).event().go("report_stage_one")
    other.found_not_work().go("propose_refusal", reason="not_work").go("refuse", "mega", reason="not_work")
    return {
        "care": care.go("start_treatment"),
        "decided": decided,
        "refused": other,
        "school": opened(replace(stage), client),
    }


def test_every_page_is_clean(
    browser: Browser,
    running: Service,
    client: FlaskClient,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
    picture: Callable[[Page, str], None],
) -> None:
    """Zero violations on the way of a notice, on a helper's page, and on the phones of four families."""
    with Session(fresh_database.engine, expire_on_commit=False) as session:
        stage = Stage(session, open_store(running.environment["CASEFLOW_STORAGE_URL"]), staff)
        tokens = {
            name: device_for_reporter(session, walk.claim.id, "Yulia", now=clock.now())
            for name, walk in _walks(stage, client).items()
        }
        session.commit()
    problems: list[str] = []
    for width in WIDTHS:
        visit = visitor(browser, running, width, problems)
        visit(None, [START], None)
        visit(None, ["/nagari/kecelakaan/baru", "/nagari/kematian/baru"], "fitri")
        visit(None, ["/nagari/kecelakaan/baru", "/nagari/kematian/baru"], "dedi")
        for name, token in tokens.items():
            visit({"name": "kel", "value": token, "url": running.url}, list(FAMILY), None)
            context = browser.new_context(base_url=running.url, viewport={"width": width, "height": 800})
            context.add_cookies([{"name": "kel", "value": token, "url": running.url}])
            page = context.new_page()
            page.goto("/berkas")
            picture(page, f"{name}-{width}")
            context.close()
    assert problems == []


def test_a_phone_without_script_sends_a_notice(phone: Page, picture: Callable[[Page, str], None]) -> None:
    """Six pages; what a disease or a death needs appears only with it, by the style sheet alone."""

    def on() -> None:
        phone.get_by_role("button", name="Simpan dan lanjut").click()

    phone.goto("/")
    phone.get_by_role("link", name="Laporkan kecelakaan kerja").click()
    picture(phone, "start")
    phone.get_by_role("button", name="Mulai beri kabar").click()
    phone.get_by_label("Nama pekerja").fill("Marzuki")
    phone.get_by_label("Di nagari mana pekerja tinggal?").select_option(label="Koto Latihan")
    picture(phone, "siapa")
    on()
    for label, value in zip(("Tanggal", "Bulan", "Tahun"), ("18", "11", "2026"), strict=True):
        phone.get_by_label(label, exact=True).fill(value)
    phone.get_by_label("Tempat kejadian").fill("Bangunan ruko di pasar")
    picture(phone, "kapan")
    on()
    expect(phone.get_by_label("Nama penyakit menurut dokter")).to_be_hidden()
    phone.get_by_label("Penyakit karena pekerjaan").check()
    expect(phone.get_by_label("Nama penyakit menurut dokter")).to_be_visible()
    picture(phone, "apa-penyakit")
    phone.get_by_label("Meninggal mendadak saat bekerja").check()
    expect(phone.get_by_label("Tahun")).to_be_visible()
    phone.get_by_label("Kecelakaan saat atau karena bekerja").check()
    expect(phone.get_by_label("Tahun")).to_be_hidden()
    phone.get_by_label("Ceritakan singkat apa yang terjadi").fill("Jatuh dari perancah saat memasang bata.")
    phone.get_by_label("Luka atau sakit", exact=True).check()
    picture(phone, "apa")
    on()
    expect(phone.get_by_label("Hubungan dengan pekerja")).to_be_hidden()
    phone.get_by_label("Keluarga", exact=True).check()
    phone.get_by_label("Hubungan dengan pekerja").select_option(label="Istri")
    phone.get_by_label("Nama pemberi kabar").fill("Yulia")
    picture(phone, "kabar")
    on()
    phone.get_by_label("Nomor yang bisa dihubungi").fill("0812-6700-1235")
    phone.get_by_label("WhatsApp", exact=True).check()
    on()
    phone.get_by_label("Ya, data ini boleh dipakai").check()
    picture(phone, "persetujuan")
    on()
    picture(phone, "periksa")
    phone.get_by_role("button", name="Kirim kabar").click()
    expect(phone.get_by_role("heading", name="Kabar diterima")).to_be_visible()
    picture(phone, "tanda-terima")
    phone.get_by_role("link", name="Lihat status laporan").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Laporan untuk Marzuki")


def test_an_officer_writes_down_a_call_on_one_page(
    desk: Callable[[str], Page], picture: Callable[[Page, str], None]
) -> None:
    page = desk("dedi")
    page.get_by_role("link", name="Kabar kecelakaan").click()
    page.get_by_label("Nama pekerja").fill("Marzuki")
    page.get_by_label("Di nagari mana pekerja tinggal?").select_option(label="Koto Latihan")
    page.get_by_label("Kecelakaan saat atau karena bekerja").check()
    page.get_by_label("Ceritakan singkat apa yang terjadi").fill("Jatuh dari perancah saat memasang bata.")
    page.get_by_label("Luka atau sakit", exact=True).check()
    for label, value in zip(("Tanggal", "Bulan", "Tahun"), ("18", "11", "2026"), strict=True):
        page.get_by_role("group", name="Tanggal kejadian").get_by_label(label, exact=True).fill(value)
    page.get_by_label("Tempat kejadian").fill("Bangunan ruko di pasar")
    page.get_by_label("Hubungan dengan pekerja").select_option(label="Istri")
    page.get_by_label("Nama pemberi kabar").fill("Yulia")
    page.get_by_label("Nomor yang bisa dihubungi").fill("0812-6700-1235")
    page.get_by_label("Telepon saja").check()
    page.get_by_label("Lisan, langsung atau lewat telepon").check()
    page.get_by_label("Ya, data ini boleh dipakai").check()
    picture(page, "satu-halaman")
    page.get_by_role("button", name="Kirim kabar").click()
    expect(page.get_by_text("dicatat dengan nomor")).to_be_visible()
