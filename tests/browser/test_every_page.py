"""Every page, for everybody who may open it, at 320 px and 1366 px: axe, no sideways scrolling, no broken script."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.storage import ObjectStore, open_store
from caseflow.payments import batches, instructions
from caseflow.people.actor import Actor
from caseflow.people.devices import device_for_reporter
from caseflow.training.people import PASSPHRASE
from caseflow.web.public.questions import QUESTIONS
from tests.conftest import FreshDatabase
from tests.server import Service
from tests.story import NURBAITI, SAMSIR, SYAFRIL, ZULBAHRI, Stage, approved, reported, submitted, with_papers

WIDTHS = (320, 1366)
ALLOWED_SIDEWAYS = 1  # a rounding of the browser


@pytest.fixture
def numbers(fresh_database: FreshDatabase, staff: Mapping[str, Actor], running: Service) -> dict[str, str]:
    """Cases on every part of the way; and the phone of the first family."""
    store = open_store(running.environment["CASEFLOW_STORAGE_URL"])
    with Session(fresh_database.engine) as session:
        stage = Stage(session, store, staff, previews=True)
        claims = {
            "approved": approved(stage),
            "submitted": submitted(stage, NURBAITI),
            "papers": with_papers(stage, ZULBAHRI),
            "reported": reported(stage, SYAFRIL),
        }
        found = {name: claim.number for name, claim in claims.items()}
        found["phone"] = device_for_reporter(session, claims["approved"].id, "Yusra", now=clock.now())
        session.commit()
    return found


def staff_pages(numbers: Mapping[str, str]) -> dict[str, list[str]]:
    """Addresses by user name."""
    parts = ("", "/dokumen", "/kelayakan", "/ahli-waris", "/perhitungan", "/pembayaran", "/pesan", "/nomor-bpjs", "/riwayat", "/surat", "/pekerja",
             "/fakta", "/petugas", "/slip-keluarga", "/pembantu", "/ahli-waris/tambah", "/rekening", "/alur", "/waktu")  # fmt: skip
    case = f"/petugas/kasus/{numbers['papers']}"
    return {
        "dedi": [
            "/petugas/", "/petugas/?antrean=semua", "/petugas/cari?q=Samsir", "/petugas/cari?q=tidakada",
            "/petugas/permintaan", "/petugas/alur", "/petugas/alur?alur=jkk", "/petugas/slip-keluarga",
            "/petugas/pesan", "/akun", "/admin/kalender", "/admin/pesan",
            *(case + part for part in parts),
            f"/petugas/kasus/{numbers['submitted']}/perhitungan",
            f"/petugas/kasus/{numbers['reported']}/withdraw",
            "/petugas/kasus/SJJ-26-9999-6",
        ],
        "mega": ["/petugas/persetujuan/", f"/petugas/persetujuan/{numbers['submitted']}"],
        "nina": [
            "/keuangan/", f"/keuangan/perintah/{numbers['approved']}", "/keuangan/berkas/baru",
            "/keuangan/rekening-koran", "/keuangan/rekening-koran/cocokkan",
        ],
        "bram": [
            "/admin/kalender?tahun=2028", "/keuangan/", "/pengawasan/", "/pengawasan/macet",
            "/pengawasan/uji-aturan", "/pengawasan/uji-aturan?jenis=alur&alur=jkm",
        ],
    }  # fmt: skip


PUBLIC = (
    "/",
    "/lapor",
    "/lapor/kecelakaan",
    "/lapor/gabung",
    "/berhak",
    "/privasi",
    "/periksa",
    "/aduan",
    "/masuk-keluarga",
    "/k",
    "/masuk",
    "/tidak-ada",
)
FAMILY = (
    "/berkas",
    "/berkas/dokumen",
    "/berkas/dokumen/family_card",
    "/berkas/dokumen/family_card/tidak-bisa",
    "/berkas/dokumen/family_card/tidak-perlu",
    "/berkas/dokumen/family_card/ingatkan",
    "/berkas/tanda-terima",
    "/berkas/surat",
    "/berkas/pesan",
    "/berkas/tanya",
    "/berkas/pembuka",
    "/berkas/pembantu",
    "/berkas/persetujuan",
    "/berkas/persetujuan/tarik",
    "/berkas/aduan",
    "/berkas/hp",
    "/berkas/kunci",
    "/berkas/buka-kunci",
    "/berkas/di-kantor",
)


def test_every_page_is_clean(browser: Browser, running: Service, numbers: Mapping[str, str]) -> None:
    """Zero violations, nothing wider than the screen, nothing refused by the content policy."""
    problems: list[str] = []
    for width in WIDTHS:
        visit = visitor(browser, running, width, problems)
        visit(None, list(PUBLIC), None)
        visit(None, [f"/lapor/{question.name}" for question in QUESTIONS], "draft")
        visit({"name": "kel", "value": numbers["phone"], "url": running.url}, list(FAMILY), None)
        for username, pages in staff_pages(numbers).items():
            visit(None, pages, username)
    assert problems == []


def visitor(
    browser: Browser, running: Service, width: int, problems: list[str]
) -> Callable[[dict[str, str] | None, list[str], str | None], None]:
    """Return what walks pages: with the cookie of a family, signed in as somebody, or as anybody."""

    def visit(cookie: dict[str, str] | None, pages: list[str], who: str | None) -> None:
        context = browser.new_context(
            base_url=running.url, viewport={"width": width, "height": 800}, locale="id-ID"
        )
        if cookie:
            context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.on("console", lambda said: _heard(said, page, problems))
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        _enter(page, who)
        for path in pages:
            page.goto(path)
            problems.extend(
                f"{width} px {who or 'siapa pun'} {path}: {found}" for found in _look(page, width)
            )
        context.close()

    return visit


def _enter(page: Page, who: str | None) -> None:
    if who == "draft":
        page.goto("/lapor")
        with page.expect_navigation():
            page.get_by_role("button", name="Mulai laporan").click()
    elif who:
        page.goto("/masuk")
        page.get_by_label("Nama pengguna").fill(who)
        page.get_by_label("Frasa sandi").fill(PASSPHRASE)
        with page.expect_navigation():
            page.get_by_role("button", name="Masuk").click()


def _heard(said: Any, page: Page, problems: list[str]) -> None:
    if said.type == "error" and "status of 404" not in said.text:
        problems.append(f"{page.url}: {said.text}")


def _look(page: Page, width: int) -> list[str]:
    found = [
        f"axe {one['id']}: {one['nodes'][0]['html'][:160]}" for one in Axe().run(page).response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width + ALLOWED_SIDEWAYS:
        found.append(f"{wide} px wide")
    return found


def test_pages_of_money_under_way_are_clean(
    browser: Browser,
    running: Service,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
) -> None:
    """A locked batch, a released one, an instruction's history, and an unmatched line."""
    with Session(fresh_database.engine) as session:
        numbers = _money(session, open_store(running.environment["CASEFLOW_STORAGE_URL"]), staff)
        session.commit()
    problems: list[str] = []
    for width in WIDTHS:
        visit = visitor(browser, running, width, problems)
        batch = f"/keuangan/berkas/{numbers['batch']}"
        visit(None, [batch, f"{batch}/lepas", f"{batch}/batalkan"], "hadi")
        visit(None, [f"/keuangan/perintah/{numbers['reference']}/riwayat"], "nina")
    assert problems == []


def _money(session: Session, store: ObjectStore, staff: Mapping[str, Actor]) -> dict[str, str]:
    claim = approved(Stage(session, store, staff))
    by, now = staff["nina"], clock.now()
    order = instructions.prepare_instruction(
        session,
        claim.id,
        by=by,
        now=now,
        account_number_again=SAMSIR.account[1],
        holder_name_found="Yusra",
        name_note="",
    )
    batch = batches.open_batch(session, by=by, now=now)
    batches.add_to_batch(session, batch.id, order.id, by=by, now=now)
    batches.lock_batch(session, batch.id, by=by, now=now)
    return {"batch": batch.number, "reference": order.reference}
