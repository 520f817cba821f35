"""The pages of a work accident for officer, medical adviser and approver, at 320 px and 1366 px: axe finds nothing."""

from collections.abc import Callable, Mapping

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import adjustments, benefit
from caseflow.documents.storage import open_store
from caseflow.people import accounts
from caseflow.people.actor import SYSTEM, Actor
from caseflow.training.people import PASSPHRASE
from tests.conftest import FreshDatabase
from tests.server import Service
from tests.story import SYAFRIL, Stage, reported
from tests.story import verifying as verifying_death
from tests.web.casework import accidents

WIDTHS = (320, 1366)
_PARTS = ("", "/kecelakaan", "/kecelakaan/fakta", "/kecelakaan/masa", "/kecelakaan/biaya", "/kecelakaan/surat-dokter",
          "/kecelakaan/kesimpulan", "/kelayakan", "/ahli-waris", "/perhitungan", "/perhitungan/penyesuaian",
          "/dokumen", "/riwayat")  # fmt: skip


def test_pages_of_an_accident_are_clean(
    browser: Browser,
    running: Service,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
    picture: Callable[[Page, str], None],
) -> None:
    """Nothing wider than the screen, nothing that axe objects to."""
    pages = _played(fresh_database, running, staff)
    problems: list[str] = []
    for width in WIDTHS:
        for username, paths in pages.items():
            context = browser.new_context(
                base_url=running.url, viewport={"width": width, "height": 800}, locale="id-ID"
            )
            page = context.new_page()
            page.goto("/masuk")
            page.get_by_label("Nama pengguna").fill(username)
            page.get_by_label("Frasa sandi").fill(PASSPHRASE)
            with page.expect_navigation():
                page.get_by_role("button", name="Masuk").click()
            for place, path in enumerate(paths):
                answer = page.goto(path)
                if answer is None or answer.status != 200:
                    problems.append(f"{username} {path}: {answer and answer.status}")
                for one in Axe().run(page).response["violations"]:
                    problems.append(f"{width} {username} {path}: {one['id']} {one['nodes'][0]['html'][:120]}")
                if page.evaluate("document.documentElement.scrollWidth") > width + 1:
                    problems.append(f"{width} {username} {path}: too wide")
                picture(page, f"{width}-{username}-{place:02}{path.split('SJJ')[-1].replace('/', '_')}")
            context.close()
    assert problems == [], "\n".join(problems)


def _played(database: FreshDatabase, running: Service, staff: Mapping[str, Actor]) -> dict[str, list[str]]:
    """Play one case on each part of the way and return the addresses by user name."""
    with Session(database.engine) as session:
        user = accounts.create_user(session, "vera", "Vera Dokter", PASSPHRASE, by=SYSTEM, now=clock.now())
        scope = accounts.Scope("branch", "solok")
        accounts.grant_role(session, user.person_id, "medical_adviser", scope, by=SYSTEM, now=clock.now())
        session.commit()
        stage = Stage(session, open_store(running.environment["CASEFLOW_STORAGE_URL"]), staff, previews=True)
        death = f"/petugas/kasus/{verifying_death(stage).number}"
        fresh = f"/petugas/kasus/{reported(stage, SYAFRIL).number}"
        claim = accidents.computed(stage)
        asked = accidents.reviewed(stage, accidents.ERMAWATI).number
        decided = accidents.submitted(stage, accidents.BUSTAMI).number
        statement = benefit.computed_statement(session, claim, now=clock.now())
        row = adjustments.propose(
            session,
            claim,
            statement,
            statement.lines[0].code,
            100_000,
            "Kuitansi menyebut perjalanan pulang yang tidak diganti.",
            by=stage.verifier,
            now=clock.now(),
        )
        session.commit()
        case = f"/petugas/kasus/{claim.number}"
        return {
            "dedi": [
                "/petugas/",
                *(case + part for part in _PARTS),
                f"{death}/kecelakaan",
                f"{death}/move_to_jkk",
                f"{death}/dokumen?d=death_letter",
                fresh,
                f"{death}/withdraw",
            ],
            "mega": [
                "/petugas/persetujuan/",
                f"{case}/perhitungan",
                f"{case}/penyesuaian/{row.id}",
                f"/petugas/persetujuan/{decided}",
            ],
            "vera": ["/petugas/pendapat-medis/", f"/petugas/pendapat-medis/{asked}"],
        }
