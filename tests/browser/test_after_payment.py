"""The family after the decision and after the money, and the desk of complaints: at 320 px and 1366 px, clean by axe."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import complaints, receipts
from caseflow.claims.complaints import Told
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from caseflow.people.devices import device_for_reporter
from tests import scholarship_story as school
from tests.browser.test_every_page import WIDTHS, visitor
from tests.conftest import FreshDatabase
from tests.server import Service
from tests.story import SYAFRIL, ZULBAHRI, Stage, held, phone_of, refused
from tests.web.family.walk import unlock

Desk = Callable[[str], Page]
Take = Callable[[Page, str], None]
WORDS = "Orang jorong meminta dua juta dari santunan, di warung depan kantor."


@pytest.fixture
def phones(fresh_database: FreshDatabase, staff: Mapping[str, Actor], running: Service) -> dict[str, str]:
    """A paid family, a refused one, one on hold, a pupil; and complaints on both desks."""
    store = open_store(running.environment["CASEFLOW_STORAGE_URL"])
    found: dict[str, str] = {}
    with Session(fresh_database.engine) as session:
        stage = Stage(session, store, staff)
        clock.set_start(clock.now() - timedelta(days=4))
        paid = school.paid_claim(stage)
        clock.set_start(clock.now() + timedelta(days=4))
        pupil = school.opened(stage, paid, "Rafi")
        cases = {
            "paid": paid,
            "refused": refused(stage, ZULBAHRI),
            "held": held(stage, SYAFRIL),
            "pupil": pupil,
        }
        for name, claim in cases.items():
            found[name] = device_for_reporter(session, claim.id, "Yusra", now=clock.now())
        unlock(session, pupil.id)
        receipts.answer_receipt(session, paid, "not_yet", by=phone_of(stage, paid), now=clock.now())
        for category, accused, about in (
            ("levy", "nagari", paid),
            ("slow", "bank", None),
            ("rude", "branch", None),
        ):
            told = Told(
                category=category,
                accused=accused,
                words=WORDS,
                key=category,
                about=about,
                contact_name="Yusra",
                contact_phone="+6281234567890",
            )
            filed = complaints.file_complaint(
                session,
                told,
                branch_code="solok",
                now=clock.now(),
                pepper=running.environment["CASEFLOW_PEPPER"],
            )
            found[f"complaint-{category}"] = filed.number
        session.commit()
    return found


def test_pages_are_clean(browser: Browser, running: Service, phones: Mapping[str, str]) -> None:
    """Zero violations, nothing wider than the screen, nothing refused by the content policy."""
    problems: list[str] = []
    pages = {
        "paid": ["/berkas", "/berkas/sudah-diterima", "/berkas/tanggapan", "/berkas/aduan?tentang=uang"],
        "refused": ["/berkas", "/berkas/keberatan"],
        "held": ["/berkas"],
        "pupil": ["/berkas", "/berkas/tahun-ajaran"],
    }
    desk = f"/pengawasan/aduan/{phones['complaint-levy']}"
    for width in WIDTHS:
        visit = visitor(browser, running, width, problems)
        visit(None, ["/aduan", "/aduan/jawaban"], None)
        for name, paths in pages.items():
            visit({"name": "kel", "value": phones[name], "url": running.url}, paths, None)
        visit(None, ["/pengawasan/aduan", desk, f"{desk}/answer", f"{desk}/refer"], "irma")
        visit(None, ["/pengawasan/aduan", "/pengawasan/tanggapan", "/petugas/belum-diterima"], "bram")
    assert problems == []


def _open(page: Page, running: Service, token: str) -> Page:
    page.context.add_cookies([{"name": "kel", "value": token, "url": running.url}])
    page.goto("/berkas")
    return page


def test_a_share_was_asked_for(
    phone: Page, running: Service, phones: Mapping[str, str], desk: Desk, picture: Take
) -> None:
    """From the question to the inspector's answer, on a phone without script that keeps nothing."""
    page = _open(phone, running, phones["paid"])
    picture(page, "after-status-paid")
    page.get_by_role("link", name="Jawab sekarang").click()
    picture(page, "after-received")
    page.get_by_label("Ada yang meminta bagian").check()
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_label("Ada yang meminta uang atau bagian")).to_be_checked()
    picture(page, "after-complaint-form")
    page.get_by_label("Orang di nagari atau jorong").check()
    page.get_by_label("Apa yang terjadi?").fill(WORDS)
    page.get_by_role("button", name="Kirim aduan").click()
    number = page.locator(".paper-code dd").first.inner_text()
    code = page.locator(".paper-code dd").nth(1).inner_text()
    picture(page, "after-complaint-sent")
    page.goto("/berkas")
    expect(page.get_by_text(number)).to_have_count(0)
    inspector = desk("irma")
    inspector.goto("/pengawasan/aduan")
    picture(inspector, "after-desk-list")
    inspector.get_by_role("link", name=number).click()
    picture(inspector, "after-desk-complaint")
    inspector.get_by_role("link", name="Jawab aduan").click()
    inspector.get_by_label("Terbukti, sudah ditindaklanjuti").check()
    inspector.get_by_label("Jawaban yang dibaca pengadu").fill("Uang itu sudah dikembalikan kepada Ibu.")
    picture(inspector, "after-desk-answer")
    inspector.get_by_role("button", name="Jawab aduan").click()
    page.goto("/aduan/jawaban")
    page.get_by_label("Nomor aduan").fill(number)
    page.get_by_label("Kode").fill(code)
    picture(page, "after-complaint-code")
    page.get_by_role("button", name="Lihat jawaban").click()
    expect(page.get_by_text("Uang itu sudah dikembalikan kepada Ibu.")).to_be_visible()
    picture(page, "after-complaint-answer")


def test_objecting_on_the_phone(
    phone: Page, running: Service, phones: Mapping[str, str], picture: Take
) -> None:
    """Refused, read, objected to, with a receipt."""
    page = _open(phone, running, phones["refused"])
    picture(page, "after-status-refused")
    page.get_by_role("link", name="Ajukan keberatan").first.click()
    page.get_by_role("button", name="Kirim keberatan").click()
    picture(page, "after-objection-wrong")
    page.get_by_label("Iuran sebenarnya sudah dibayar").check()
    page.get_by_label("Ceritakan dengan kata sendiri").fill("Bukti bayar bulan Agustus ada pada kami.")
    picture(page, "after-objection")
    page.get_by_role("button", name="Kirim keberatan").click()
    expect(page.get_by_text("Keberatan diterima")).to_be_visible()
    picture(page, "after-objection-sent")


def test_a_school_year_from_the_phone(
    phone: Page, running: Service, phones: Mapping[str, str], picture: Take
) -> None:
    """Applied for by the family; the papers of the year are the next page."""
    page = _open(phone, running, phones["pupil"])
    picture(page, "after-status-pupil")
    page.get_by_role("link", name="Ajukan tahun ajaran").first.click()
    page.get_by_label("Jenjang").first.select_option("smp")
    page.get_by_label("Nama sekolah, kampus, atau tempat pelatihan").first.fill("SMP Negeri Latihan")
    picture(page, "after-school-year")
    page.get_by_role("button", name="Ajukan").click()
    expect(page.get_by_text("Tahun ajaran sudah diajukan.")).to_be_visible()


def test_other_pages_to_look_at(
    phone: Page, running: Service, phones: Mapping[str, str], desk: Desk, picture: Take
) -> None:
    """What stands still says why; faces can be chosen by touch; the head sees who waits for money."""
    page = _open(phone, running, phones["held"])
    expect(page.get_by_text("Mengapa berhenti sementara")).to_be_visible()
    picture(page, "after-status-held")
    page = _open(phone, running, phones["paid"])
    page.goto("/berkas/tanggapan")
    page.get_by_label("Baik", exact=True).check()
    picture(page, "after-feedback")
    head = desk("bram")
    head.goto("/petugas/belum-diterima")
    picture(head, "after-not-arrived")
    head.goto("/pengawasan/aduan")
    expect(head.get_by_text(phones["complaint-levy"])).to_have_count(0)
    picture(head, "after-desk-head")
