"""A letter from the officer's press to the phone of a stranger who checks it: genuine, then revoked."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.letter_models import Letter
from caseflow.documents.storage import open_store
from caseflow.identifiers import check_code, grouped_code
from caseflow.people.actor import Actor
from caseflow.people.devices import device_for_reporter
from tests import story
from tests.browser.test_every_page import WIDTHS, _look, visitor
from tests.conftest import FreshDatabase
from tests.notices.letters import issue
from tests.server import Service
from tests.story import Stage

Desk = Callable[[str], Page]
Picture = Callable[[Page, str], None]


def _stage(session: Session, running: Service, staff: Mapping[str, Actor]) -> Stage:
    return Stage(session, open_store(running.environment["CASEFLOW_STORAGE_URL"]), staff)


def test_a_letter_is_checked_by_its_square_and_after_it_was_revoked(
    running: Service,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
    desk: Desk,
    phone: Page,
    picture: Picture,
) -> None:
    with Session(fresh_database.engine) as session:
        number = story.approved(_stage(session, running, staff)).number
        session.commit()
    page = desk("dedi")
    page.goto(f"/petugas/kasus/{number}/surat")
    decision = page.get_by_role("region", name="Surat keputusan dan perincian santunan")
    decision.get_by_role("button", name="Terbitkan surat").click()
    expect(page.get_by_text("Surat 0001/SK/SOLOK/XI/2026 sudah terbit.")).to_be_visible()
    picture(page, "letters-desk")
    with Session(fresh_database.engine) as session:
        letter = session.scalars(select(Letter)).one()
    phone.goto(f"{running.url}/periksa/{grouped_code(letter.check_code)}")
    expect(phone.get_by_role("heading", name="Surat ini asli")).to_be_visible()
    expect(phone.get_by_text("0001/SK/SOLOK/XI/2026")).to_be_visible()
    picture(phone, "check-genuine")
    page.get_by_text("Cabut surat ini").click()
    page.get_by_label("Mengapa dicabut").fill("Nama penerima salah tulis.")
    page.get_by_role("button", name="Cabut surat").click()
    expect(page.get_by_text("dicabut", exact=True)).to_be_visible()
    phone.goto("/periksa")
    phone.get_by_label("Kode periksa").fill(letter.check_code.lower())
    phone.get_by_role("button", name="Periksa").click()
    expect(phone.get_by_role("heading", name="Surat ini sudah dicabut")).to_be_visible()
    picture(phone, "check-revoked")
    picture(page, "letters-desk-revoked")


def test_a_family_downloads_its_receipt(
    running: Service, fresh_database: FreshDatabase, staff: Mapping[str, Actor], phone: Page
) -> None:
    with Session(fresh_database.engine) as session:
        claim = story.reported(_stage(session, running, staff))
        token = device_for_reporter(session, claim.id, "Yusra", now=clock.now())
        session.commit()
    phone.context.add_cookies([{"name": "kel", "value": token, "url": running.url}])
    phone.goto("/berkas/surat")
    with phone.expect_download() as kept:
        phone.get_by_role("link", name="Unduh tanda terima terbaru").click()
    assert kept.value.suggested_filename == "surat-0001-TT-SOLOK-XI-2026.pdf"
    assert kept.value.path().read_bytes().startswith(b"%PDF-1.7")


def test_pages_about_letters_are_clean(
    browser: Browser,
    running: Service,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
    phone: Page,
    desk: Desk,
    picture: Picture,
) -> None:
    """Full, empty, revoked, unknown and mistyped."""
    with Session(fresh_database.engine) as session:
        pages, token = _pages(session, running, staff)
        session.commit()
    problems: list[str] = []
    family = {"name": "kel", "value": token, "url": running.url}
    for width in WIDTHS:
        visit = visitor(browser, running, width, problems)
        visit(None, pages["public"], None)
        visit(family, ["/berkas/surat"], None)
        visit(None, pages["staff"], "dedi")
    phone.context.add_cookies([family])  # type: ignore[list-item]
    for name, path in (("check-mistyped", "/periksa/2222"), ("family-letters", "/berkas/surat"), ("check", "/periksa"),
                       ("check-unknown", pages["public"][-1])):  # fmt: skip
        phone.goto(path)
        picture(phone, name)
    phone.goto("/periksa/2222")
    expect(phone.get_by_text("Kode salah ketik.").first).to_be_visible()
    page = desk("dedi")
    for serial, path in enumerate(pages["staff"]):
        page.goto(path)
        picture(page, f"letters-staff-{serial}")
        problems.extend(_look(page, 1366))
    assert problems == []


def _pages(
    session: Session, running: Service, staff: Mapping[str, Actor]
) -> tuple[dict[str, list[str]], str]:
    stage = _stage(session, running, staff)
    approved = story.approved(stage)
    first = issue(stage, approved, "decision", by=stage.verifier)
    issue(stage, approved, "receipt", by=stage.verifier)
    held = story.held(stage, story.SYAFRIL)
    void = story.approved(stage, story.NURBAITI)
    second = issue(stage, void, "decision", by=stage.verifier)
    story.move(stage, void, "void_approval", reason_code="account_changed")
    token = device_for_reporter(session, approved.id, "Yusra", now=clock.now())
    checks = [
        f"/periksa/{grouped_code(code)}" for code in (first.check_code, second.check_code, check_code())
    ]
    return {
        "public": ["/periksa", *checks],
        "staff": [f"/petugas/kasus/{claim.number}/surat" for claim in (approved, held, void)],
    }, token
