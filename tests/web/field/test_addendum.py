"""Adding to a visit at a desk: the answers as they stand, a reason, and what was typed kept when it is refused."""

from collections.abc import Iterator
from html import unescape

import pytest
from sqlalchemy import select

from caseflow import clock
from caseflow.monitoring.models import Plan
from caseflow.monitoring.visit_models import Visit, VisitRecord
from tests.monitoring.test_trail import lived
from tests.story import Stage
from tests.told import other, visitor
from tests.visit_story import visit_of
from tests.web.casework.conftest import Office
from tests.web.casework.conftest import office as office
from tests.web.forms import fill

# what stands in lists to choose from, which the browser of these tests does not read
CHOSEN = {"met_1_relation": "istri", "use_school": "1", "use_business_capital": "2"}
WHY = "Keluarga menelepon dan membetulkan jenis usahanya."


@pytest.fixture
def stage(office: Office) -> Iterator[Stage]:
    """The office's own stage."""
    with office.stage() as opened:
        yield opened


@pytest.fixture
def plan(stage: Stage) -> Plan:
    """Firdaus's family after two visits."""
    found = lived(stage)
    stage.session.commit()
    return found


def username(stage: Stage, user_id: int | None) -> str:
    return next(name for name, actor in stage.staff.items() if actor.user_id == user_id)


def test_a_visit_is_added_to_from_the_trail(office: Office, stage: Stage, plan: Plan) -> None:
    mine, visit = username(stage, visitor(stage, plan).user_id), visit_of(stage, plan, "m3")
    trail, base = f"/pendamping/keluarga/{plan.public_id}/jejak", f"/pendamping/kunjungan/{visit.public_id}"
    assert f"{base}/isi/tambah" in office.read(mine, trail)
    browser = office.browser(mine)
    assert browser.get(f"{base}/isi").location == f"{base}/isi/tambah"
    page = unescape(office.read(mine, f"{base}/isi/tambah"))
    assert "kunjungan 22 Februari 2027" in page
    for kept_to_the_visit in ('name="made_on', 'name="outcome', 'name="agreed', 'name="levy_reported'):
        assert kept_to_the_visit not in page
    nothing = fill(browser, f"{base}/isi/tambah", "/isi/tambah", **CHOSEN, why=WHY)
    assert (
        nothing.status_code,
        "Belum ada isian yang diubah" in unescape(nothing.get_data(as_text=True)),
    ) == (
        409,
        True,
    )
    short = fill(browser, f"{base}/isi/tambah", "/isi/tambah", **CHOSEN, why="salah", note="Warung pindah.")
    text = unescape(short.get_data(as_text=True))
    assert (short.status_code, "10 sampai 500 huruf" in text, "Warung pindah." in text) == (422, True, True)
    done = fill(
        browser,
        f"{base}/isi/tambah",
        "/isi/tambah",
        **CHOSEN,
        why=WHY,
        note="Warung pindah.",
        livelihood_type="food",
    )
    assert (done.status_code, done.location) == (303, trail)
    page = unescape(office.read(mine, trail))
    assert f"{WHY}" in page
    assert f"Ditambah {clock.local(clock.now()).day}" in page
    stage.session.expire_all()
    record = stage.session.get_one(VisitRecord, visit.id)
    assert (record.livelihood_type, record.note, record.made_on.isoformat()) == (
        "food",
        "Warung pindah.",
        "2027-02-22",
    )
    addendum = stage.session.scalars(select(Visit).order_by(Visit.id.desc()).limit(1)).one()
    assert set(addendum.content["answers"]) == {"livelihood_type", "note"}


def test_who_visits_it_adds_and_nobody_else(office: Office, stage: Stage, plan: Plan) -> None:
    yours = username(stage, other(stage, plan).user_id)
    mine = username(stage, visitor(stage, plan).user_id)
    visit, due = visit_of(stage, plan, "m3"), visit_of(stage, plan, "m12")
    office.read(yours, f"/pendamping/kunjungan/{visit.public_id}/isi/tambah", 404)
    office.read("dedi", f"/pendamping/kunjungan/{visit.public_id}/isi/tambah", 403)
    assert "belum dijalani" in unescape(
        office.read(mine, f"/pendamping/kunjungan/{due.public_id}/isi/tambah", 409)
    )
    assert "Tambah isi" not in unescape(office.read("siska", f"/pendamping/keluarga/{plan.public_id}/jejak"))
