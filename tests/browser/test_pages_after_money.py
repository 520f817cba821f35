"""Every page of the time after the money, for everybody who may open it: axe, no sideways scrolling, no broken script."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.storage import open_store
from caseflow.monitoring import consents
from caseflow.monitoring.models import Plan
from caseflow.monitoring.referral_models import Offer, Referral
from caseflow.people.actor import Actor
from caseflow.people.devices import device_for_reporter
from caseflow.reports.result_refresh import refresh
from caseflow.training.help import load_help
from caseflow.training.visits import load_families
from tests.browser.test_every_page import WIDTHS, visitor
from tests.conftest import FreshDatabase, make_settings
from tests.monitoring.visiting import visited
from tests.reports import results_world
from tests.server import Service
from tests.story import Stage
from tests.told import visitor as visitor_of
from tests.visit_story import visit_of

FIGURES = (
    "/pengawasan/ringkasan",
    "/pengawasan/layanan",
    "/pengawasan/pendampingan",
    "/pengawasan/kepesertaan",
)


@pytest.fixture
def families(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], running: Service, tmp_path: Path
) -> dict[str, str]:
    """Families with visits, referrals, offers and two answers that differ; what stands in addresses, by name."""
    store = open_store(running.environment["CASEFLOW_STORAGE_URL"])
    with Session(fresh_database.engine) as session:
        load_families(session, store, make_settings("", tmp_path))
        load_help(session)
        stage = Stage(session, store, staff)
        apart = visited(stage)
        plan = session.scalars(select(Plan).where(Plan.subject == "Bakri")).one()
        found = {
            "plan": plan.public_id,
            "made": visit_of(stage, plan, "m12").public_id,
            "due": visit_of(stage, plan, "m24").public_id,
            "visitor": next(name for name, one in staff.items() if one == visitor_of(stage, plan)),
            "referral": session.scalars(select(Referral.public_id).where(Referral.plan_id == plan.id)).one(),
            "offer": session.scalars(select(Offer.public_id)).first() or "",
            "clash": apart["clash_id"][0],
            "phone": apart["uuid"][0],
            "refusing": refusing(stage),
            "family": device_for_reporter(session, plan.claim_id, "Yulinar", now=clock.now()),
        }
        refresh(session, now=clock.now())
        session.commit()
        return found


def refusing(stage: Stage) -> str:
    """A family that was visited and does not want to be any more; what stands in its address."""
    plan = stage.session.scalars(select(Plan).where(Plan.subject == "Erizal")).one()
    consents.withdraw(stage.session, plan, said_by="Desmawati", by=stage.staff["siska"], now=clock.now())
    return plan.public_id


def field_pages(found: Mapping[str, str]) -> dict[str, list[str]]:
    """Addresses by user name: the visitor's, the supervisor's, the programme's, the head's."""
    family, due = f"/pendamping/keluarga/{found['plan']}", f"/pendamping/kunjungan/{found['due']}"
    offer, made = f"/pendamping/bantuan/{found['offer']}", f"/pendamping/kunjungan/{found['made']}"
    both = [
        "/pendamping/", "/pendamping/jadwal", "/pendamping/keluarga", family, f"{family}/jejak", f"{family}/tambah",
        f"{family}/rujukan/baru", f"{family}/tanda", f"{family}/tanda/terkirim", f"{family}/surat-tugas", f"{due}/hari",
        "/pendamping/beda", "/pendamping/perangkat", "/pendamping/rujukan", "/pendamping/rujukan?tahap=berjalan",
        f"/pendamping/rujukan/{found['referral']}", "/pendamping/penghidupan",
    ]  # fmt: skip
    return {
        found["visitor"]: [*both, f"{due}/isi", f"{made}/isi/tambah", "/pendamping/lapangan"],
        "siska": [
            *both, "/pendamping/penyelia/", f"{family}/petugas", f"{family}/henti", f"{due}/batal",
            f"/pendamping/keluarga/{found['refusing']}/bolehkan", f"/pendamping/penyelia/serahkan/{found['visitor']}",
            f"{made}/laporan/cabut", f"/pendamping/beda/{found['clash']}", f"/pendamping/perangkat/{found['phone']}/cabut",
            "/pendamping/bantuan", offer, "/pendamping/bantuan/baru", "/pendamping/bantuan/letak", *FIGURES[::2],
        ],
        "desi": ["/pendamping/bantuan", offer, "/pengawasan/pendampingan", "/pengawasan/laporan-bulanan"],
        "bram": [*FIGURES, "/pengawasan/laporan-bulanan"],
        "admin": ["/admin/pekerjaan"],
    }  # fmt: skip


def test_pages_of_visits_are_clean(browser: Browser, running: Service, families: dict[str, str]) -> None:
    """Zero violations, nothing wider than the screen, nothing refused by the content policy."""
    problems: list[str] = []
    for width in WIDTHS:
        visit = visitor(browser, running, width, problems)
        visit(None, ["/statistik", "/layanan"], None)
        visit({"name": "kel", "value": families["family"], "url": running.url}, ["/berkas/kunjungan"], None)
        for username, pages in field_pages(families).items():
            visit(None, pages, username)
    assert problems == []


def test_pages_of_figures_are_clean_when_full_and_when_empty(
    browser: Browser, running: Service, fresh_database: FreshDatabase, staff: Mapping[str, Actor]
) -> None:
    """Nothing counted, then sixty claims; with filters; for the head and for readers of aggregates."""
    problems: list[str] = []
    empty = ["/pendamping/penyelia/", "/pendamping/", "/pendamping/bantuan", "/pengawasan/pendampingan"]
    visitor(browser, running, 320, problems)(None, empty, "siska")
    with Session(fresh_database.engine) as session:
        results_world.population(session, staff, seed=5, claims=60)
        refresh(session, now=clock.now())
        session.commit()
    chosen = [f"{one}?periode=2026&program=jkm" for one in FIGURES[:3]]
    for width in WIDTHS:
        visit = visitor(browser, running, width, problems)
        visit(None, [*FIGURES, *chosen, "/pengawasan/kepesertaan?tampilan=peta"], "bram")
        visit(None, [*FIGURES, *chosen], "dprd")
        visit(None, ["/statistik", "/layanan"], None)
    assert problems == []
