"""Photos of a visit on its family's trail: to its visitor and the supervisor, each opening written down, to nobody else."""

import io
from collections.abc import Iterator
from html import unescape

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.documents.scan import Clamd
from caseflow.monitoring import photos
from caseflow.monitoring.models import Plan
from caseflow.monitoring.visit_models import VisitPhoto
from tests.documents.test_scan import clamd, silent
from tests.files import samples
from tests.monitoring.test_photos import FOUND, metadata
from tests.monitoring.visiting import made, photo, send
from tests.story import Stage
from tests.told import other, visitor
from tests.visit_story import days_pass, followed, visit_of
from tests.web.casework.conftest import Office
from tests.web.casework.conftest import office as office
from tests.web.forms import fill


@pytest.fixture
def stage(office: Office) -> Iterator[Stage]:
    """The office's own stage."""
    with office.stage() as opened:
        yield opened


@pytest.fixture
def plan(stage: Stage) -> Plan:
    """A family whose visit has a photo of the business and one of the house on the way."""
    found = followed(stage)
    days_pass(95)
    stage.session.commit()
    return found


def pictured(
    office: Office, stage: Stage, plan: Plan, scanner: Clamd | None = None, *, rest: bool = False
) -> str:
    """Send the visit and the photo of the business; return where it opens."""
    visit, by, body = visit_of(stage, plan, "m3"), visitor(stage, plan), samples.jpeg_with_secrets()
    shown = [photo(body), photo(body, 2, shows="house")]
    assert send(stage.session, None, made(visit, sequence=None, photos=shown), by=by).refusal is None
    stage.session.commit()
    sessions = sessionmaker(office.database.engine)
    for one in shown if rest else shown[:1]:
        photos.append(
            sessions, stage.store, str(one["uuid"]), body, at=0, by=by, now=clock.now(), scanner=scanner
        )
    return f"/pendamping/kunjungan/{visit.public_id}/foto/{shown[0]['uuid']}"


def username(stage: Stage, user_id: int | None) -> str:
    return next(name for name, actor in stage.staff.items() if actor.user_id == user_id)


def trail(office: Office, who: str, plan: Plan) -> str:
    return unescape(office.read(who, f"/pendamping/keluarga/{plan.public_id}/jejak"))


def test_its_visitor_and_the_supervisor_see_it_and_each_opening_is_written_down(
    office: Office, stage: Stage, plan: Plan
) -> None:
    path = pictured(office, stage, plan)
    mine = username(stage, visitor(stage, plan).user_id)
    for who in (mine, "siska"):
        page = trail(office, who, plan)
        assert f'src="{path}?ukuran=kecil"' in page
        assert "Foto usaha" in page
        assert "Foto rumah" not in page  # it is still on the phone
        for address, edge in ((path, 1280), (f"{path}?ukuran=kecil", 320)):
            answer = office.browser(who).get(address)
            assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert not set(metadata(answer.get_data())) - {"dpi"}
            with Image.open(io.BytesIO(answer.get_data())) as picture:
                assert max(picture.size) <= edge
            answer.close()
    stage.session.expire_all()
    looks = stage.session.scalars(select(AuditEvent).where(AuditEvent.action == "visit.photo_opened"))
    assert [(one.actor_user_id, one.casefile_id) for one in looks] == [
        (stage.staff[who].user_id, plan.id) for who in (mine, mine, "siska", "siska")
    ]


def test_nobody_else_sees_it(office: Office, stage: Stage, plan: Plan) -> None:
    path = pictured(office, stage, plan)
    yours = username(stage, other(stage, plan).user_id)
    office.read(yours, path, 404)
    for who in ("dedi", "bram", "aulia", "bupati", "admin"):
        office.read(who, path, 403)
    assert office.app.test_client().get(path).status_code == 303
    # a photo opens under its own visit only
    elsewhere = visit_of(stage, plan, "m6").public_id
    number = path.rsplit("/", 1)[1]
    office.read("siska", f"/pendamping/kunjungan/{elsewhere}/foto/{number}", 404)
    office.read("siska", f"{path[:-4]}0000", 404)
    stage.session.expire_all()
    assert not stage.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "visit.photo_opened")
    ).all()


def test_one_that_waits_or_was_unsafe_is_told_and_not_shown(office: Office, stage: Stage, plan: Plan) -> None:
    path = pictured(office, stage, plan, silent(), rest=True)
    mine = username(stage, visitor(stage, plan).user_id)
    page = trail(office, mine, plan)
    assert "Foto usaha sudah diterima dan menunggu pemeriksaan keamanan" in page
    assert "/foto/" not in page
    refused = office.browser(mine).get(path)
    assert (refused.status_code, "menunggu pemeriksaan" in unescape(refused.get_data(as_text=True))) == (
        409,
        True,
    )
    with clamd(FOUND) as scanner, Session(office.database.engine) as session, session.begin():
        first = session.scalars(select(VisitPhoto).order_by(VisitPhoto.position).limit(1)).one()
        photos.run_scan(session, stage.store, scanner, first.id, now=clock.now())
    page = trail(office, mine, plan)
    assert "Foto usaha tidak aman dibuka, jadi dibuang. Isi kunjungan tidak berubah." in page
    assert "Foto rumah sudah diterima dan menunggu" in page
    refused = office.browser("siska").get(path)
    assert (refused.status_code, "sudah dibuang" in unescape(refused.get_data(as_text=True))) == (409, True)


def test_the_supervisor_revokes_a_report_from_the_trail(office: Office, stage: Stage, plan: Plan) -> None:
    pictured(office, stage, plan)
    visit, siska = visit_of(stage, plan, "m3"), office.browser("siska")
    jejak, base = f"/pendamping/keluarga/{plan.public_id}/jejak", f"/pendamping/kunjungan/{visit.public_id}"
    assert "tidak punya laporan yang berlaku" in unescape(office.read("siska", f"{base}/laporan/cabut"))
    assert fill(siska, jejak, f"{base}/periksa").status_code == 303
    assert fill(siska, jejak, f"{base}/laporan").status_code == 303
    assert f"{base}/laporan/cabut" in trail(office, "siska", plan)
    assert "Cabut laporan" not in trail(office, username(stage, visitor(stage, plan).user_id), plan)
    short = fill(siska, f"{base}/laporan/cabut", "/laporan/cabut", why="salah")
    assert short.status_code == 422
    assert "Surat tidak dicabut" in unescape(short.get_data(as_text=True))
    done = fill(siska, f"{base}/laporan/cabut", "/laporan/cabut", why="Nama anak salah tulis.")
    assert (done.status_code, done.location) == (303, jejak)
    assert "dicabut" in trail(office, "siska", plan)
    assert f"{base}/laporan/cabut" not in trail(office, "siska", plan)
    office.read(username(stage, visitor(stage, plan).user_id), f"{base}/laporan/cabut", 403)
