"""Every page of the scholarship at 320 px and 1366 px: axe, no sideways scrolling, no broken script."""

from collections.abc import Callable, Mapping
from datetime import date

from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from caseflow.claims.scholarship_opening import ChildFacts
from caseflow.documents.storage import ObjectStore, open_store
from caseflow.people.actor import Actor
from tests.browser.test_every_page import WIDTHS, visitor
from tests.conftest import FreshDatabase
from tests.scholarship_story import asked, checked, member_of, opened, paid_claim
from tests.server import Service
from tests.story import Stage

Desk = Callable[[str], Page]


def test_pages_of_the_scholarship_are_clean(
    browser: Browser,
    running: Service,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
    desk: Desk,
    picture: Callable[[Page, str], None],
) -> None:
    """A child not chosen yet, one kept for school, one whose year is being checked, and the list of the branch."""
    store = open_store(running.environment["CASEFLOW_STORAGE_URL"])
    with Session(fresh_database.engine) as session:
        pages = _pages(session, store, staff)
        session.commit()
    problems: list[str] = []
    for width in WIDTHS:
        visitor(browser, running, width, problems)(None, list(pages.values()), "dedi")
    page = desk("dedi")
    for name, path in pages.items():
        page.goto(path)
        picture(page, f"scholarship-{name}")
    assert problems == []


def _pages(session: Session, store: ObjectStore, staff: Mapping[str, Actor]) -> dict[str, str]:
    stage = Stage(session, store, staff)
    origin = paid_claim(stage)
    base = f"/petugas/kasus/{origin.number}/beasiswa"
    found = {
        "origin-page": base,
        "choice": f"{base}/{member_of(stage, origin, 'Nadia').id}",
        "new-child": f"{base}/anak-baru",
    }
    pupil = checked(stage, asked(stage, opened(stage, origin, "Rafi"), 2026))
    years = f"/petugas/kasus/{pupil.number}/tahun-ajaran"
    kept = opened(stage, origin, "Salwa", ChildFacts(school_expected_on=date(2029, 7, 9)))
    return {
        **found,
        "minor": f"{base}/{member_of(stage, origin, 'Salwa').id}",
        "summary": f"/petugas/kasus/{pupil.number}",
        "origin": f"/petugas/kasus/{origin.number}",
        "years": years,
        "ask": f"{years}/ajukan",
        "facts": f"{years}/anak",
        "account": f"/petugas/kasus/{pupil.number}/rekening",
        "end": f"/petugas/kasus/{kept.number}/end_right",
        "kept": f"/petugas/kasus/{kept.number}/tahun-ajaran",
        "nothing-to-ask": f"/petugas/kasus/{kept.number}/tahun-ajaran/ajukan",
        "list": "/petugas/beasiswa?bagian=semua",
        "empty-list": "/petugas/beasiswa?bagian=berakhir",
    }
