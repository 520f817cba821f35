"""The pages of visits on a phone and at a desk: nothing wider than the screen, everything readable without script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.storage import open_store
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.people.devices import device_for_reporter
from caseflow.training.visits import load_families
from tests.browser.looks import sideways, too_small
from tests.conftest import FreshDatabase, make_settings
from tests.server import Service

Take = Callable[[Page, str], None]


@pytest.fixture
def plan(fresh_database: FreshDatabase, tmp_path: Path) -> Plan:
    """The practice families, and the one that was paid three months ago."""
    store = open_store(f"folder://{tmp_path / 'papers'}")
    store.prepare()
    with Session(fresh_database.engine, expire_on_commit=False) as session:
        load_families(session, store, make_settings("", tmp_path))
        session.commit()
        return session.scalars(select(Plan).where(Plan.contact_name == "Rosmaini")).one()


def test_visit_pages_at_a_desk_and_on_a_phone(
    plan: Plan,
    fresh_database: FreshDatabase,
    running: Service,
    desk: Callable[[str], Page],
    browser: Browser,
    picture: Take,
) -> None:
    with Session(fresh_database.engine) as session:
        visit = session.scalars(
            select(PlannedVisit.public_id).where(PlannedVisit.plan_id == plan.id, PlannedVisit.kind == "m3")
        ).one()
        token = device_for_reporter(session, plan.claim_id, "Rosmaini", now=clock.now())
        session.commit()
    base = f"/pendamping/keluarga/{plan.public_id}"
    pages = {
        "rina": {
            "s1": "/pendamping/", "s3": base, "s4": "/pendamping/jadwal", "keluarga": "/pendamping/keluarga",
            "hari": f"/pendamping/kunjungan/{visit}/hari", "tambah": f"{base}/tambah",
        },
        "siska": {
            "s5": "/pendamping/penyelia/", "petugas": f"{base}/petugas", "henti": f"{base}/henti",
            "surat": f"{base}/surat-tugas", "batal": f"/pendamping/kunjungan/{visit}/batal",
        },
    }  # fmt: skip
    for who, paths in pages.items():
        page = desk(who)
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 768})
            for name, path in paths.items():
                page.goto(path)
                expect(page.locator("h1")).to_have_count(1)
                picture(page, f"{name}-{width}")
                assert sideways(page) == [], path
    context = browser.new_context(base_url=running.url, viewport={"width": 320, "height": 640})
    context.add_cookies([{"name": "kel", "value": token, "url": running.url}])
    phone = context.new_page()
    phone.goto("/berkas/kunjungan")
    picture(phone, "berkas-320")
    assert sideways(phone) == []
    assert too_small(phone) == []
    phone.get_by_role("button", name="Kami tidak ingin dikunjungi").click()
    expect(phone.get_by_text("Petugas tidak akan datang.")).to_be_visible()
    picture(phone, "berkas-tolak-320")
    context.close()
