"""Pages of trail, referrals, offers and flags: what they show, what is kept when refused, and to whom they do not open."""

from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import complaint_queries
from caseflow.claims.complaint_models import Complaint
from caseflow.monitoring import referrals
from caseflow.monitoring.models import Plan
from caseflow.monitoring.referral_models import Offer, Referral
from caseflow.reports import result_refresh
from tests.monitoring.test_help import SEWING, added, wish
from tests.monitoring.test_trail import lived
from tests.story import Stage
from tests.told import other, visitor
from tests.visit_story import visit_of
from tests.web.casework.conftest import Office
from tests.web.casework.conftest import office as office
from tests.web.forms import fill, form_of, forms_of, send

STORY = "Paman keluarga meminta setengah dari santunan minggu lalu."


@pytest.fixture
def stage(office: Office) -> Iterator[Stage]:
    """The office's own stage."""
    with office.stage() as opened:
        yield opened


@pytest.fixture
def plan(stage: Stage) -> Plan:
    """Firdaus's family after two visits, and a course that fits."""
    found = lived(stage)
    added(stage, SEWING)
    stage.session.commit()
    return found


def username(stage: Stage, plan: Plan, *, theirs: bool = False) -> str:
    """Who visits the family; or who does not."""
    wanted = (other if theirs else visitor)(stage, plan).user_id
    return next(name for name, actor in stage.staff.items() if actor.user_id == wanted)


def read(office: Office, who: str, path: str, status: int = 200) -> str:
    return unescape(office.read(who, path, status))


def test_the_trail_shows_shares_stages_and_the_promise(office: Office, stage: Stage, plan: Plan) -> None:
    page = read(office, username(stage, plan), f"/pendamping/keluarga/{plan.public_id}/jejak")
    assert "Paling banyak untuk modal usaha" in page
    assert "67 %" in page
    assert 'class="trail-line"' in page
    assert "tidak mengubah santunan" in page
    assert "Rp42.000.000 terkirim" in page
    # the mismatch and its button are the supervisor's
    assert "Kabar dan catatan tidak sama" not in page
    assert "Sudah saya periksa" not in page
    supervised = read(office, "siska", f"/pendamping/keluarga/{plan.public_id}/jejak")
    assert "Kabar dan catatan tidak sama" in supervised
    part = read(office, username(stage, plan), f"/pendamping/keluarga/{plan.public_id}")
    assert "Kunjungan 6 bulan, 24 Mei 2027" in part


def test_the_supervisor_validates_and_passes_on_once(office: Office, stage: Stage, plan: Plan) -> None:
    path, browser = f"/pendamping/keluarga/{plan.public_id}/jejak", office.browser("siska")
    assert fill(browser, path, "/santunan").status_code == 303
    page = read(office, "siska", path)
    assert not any(form.action.endswith("/santunan") for form in forms_of(page))
    assert "Firdaus" in read(office, "bram", "/petugas/belum-diterima")
    visit = visit_of(stage, plan, "m6")
    assert fill(browser, path, f"/kunjungan/{visit.public_id}/periksa").status_code == 303
    assert "Sudah diperiksa penyelia" in read(office, "siska", path)


def test_a_family_is_sent_on_and_the_answer_comes_back(office: Office, stage: Stage, plan: Plan) -> None:
    me = username(stage, plan)
    new = f"/pendamping/keluarga/{plan.public_id}/rujukan/baru"
    offer = stage.session.scalars(select(Offer).where(Offer.title == SEWING.title)).one()
    # a shop and the wish for capital: sewing does not fit, yet any place can be named
    assert "Belum ada bantuan yang cocok" in read(office, me, new)
    chosen = fill(
        office.browser(me), f"{new}?bantuan={offer.public_id}", "/rujukan/baru", words="Ingin belajar."
    )
    assert chosen.status_code == 303, unescape(chosen.get_data(as_text=True))
    page = read(office, me, chosen.location)
    assert "Menunggu jawaban" in page
    wrong = fill(office.browser(me), chosen.location, chosen.location, state="accepted", words="")
    assert wrong.status_code == 422
    kept = fill(
        office.browser(me), chosen.location, chosen.location, state="accepted", words="Diterima mulai Juni."
    )
    assert kept.status_code == 303
    assert "Diterima mulai Juni." in read(office, me, "/pendamping/rujukan?tahap=berjalan")
    assert "Diterima mulai Juni." in read(office, me, f"/pendamping/keluarga/{plan.public_id}/jejak")


def test_a_refused_referral_loses_nothing_typed(office: Office, stage: Stage, plan: Plan) -> None:
    me = username(stage, plan)
    answer = fill(
        office.browser(me), f"/pendamping/keluarga/{plan.public_id}/rujukan/baru", "/rujukan/baru",
        kind="health", to_whom="Puskesmas Muaro", for_whom="Rafi", words="Batuk lama.", answer_by_on__year="2031",
    )  # fmt: skip
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    for typed in ("Puskesmas Muaro", "Rafi", "Batuk lama.", "2031", "Belum tersimpan"):
        assert typed in page
    with Session(office.database.engine) as session:
        assert session.scalars(select(Referral)).all() == []


def test_what_a_referral_lacks_is_said_at_once(office: Office, stage: Stage, plan: Plan) -> None:
    path = f"/pendamping/keluarga/{plan.public_id}/rujukan/baru"
    empty = {"kind": "", "to_whom": "", "for_whom": "", "answer_by_on__year": ""}
    page = unescape(
        fill(office.browser(username(stage, plan)), path, "/rujukan/baru", **empty).get_data(as_text=True)
    )
    for sentence in ("Pilih jenis bantuannya.", "Tulis kepada siapa keluarga dirujuk.", "Tulis untuk siapa."):
        assert sentence in page


def test_an_older_page_answers_nothing(office: Office, stage: Stage, plan: Plan) -> None:
    me = username(stage, plan)
    sent = fill(
        office.browser(me), f"/pendamping/keluarga/{plan.public_id}/rujukan/baru", "/rujukan/baru",
        kind="health", to_whom="Puskesmas Muaro", for_whom="Rafi",
    )  # fmt: skip
    page = office.read(me, sent.location)
    older = form_of(page, sent.location)
    assert (
        fill(
            office.browser("siska"), sent.location, sent.location, state="declined", words="Penuh."
        ).status_code
        == 303
    )
    late = send(office.browser(me), older, state="accepted", words="Diterima.")
    assert late.status_code == 409
    said = unescape(late.get_data(as_text=True))
    assert "baru saja diubah orang lain" in said
    assert "Penuh." in said


def test_a_flag_reaches_the_inspector_and_no_other_page(office: Office, stage: Stage, plan: Plan) -> None:
    me, path = username(stage, plan), f"/pendamping/keluarga/{plan.public_id}/tanda"
    short = fill(office.browser(me), path, "/tanda", kind="levy", words="pendek")
    assert short.status_code == 422
    assert "pendek" in short.get_data(as_text=True)
    sent = fill(office.browser(me), path, "/tanda", kind="levy", words=STORY)
    assert sent.status_code == 303
    assert "Nagari, kantor cabang, penyelia, dan petugas berikutnya tidak melihatnya" in read(
        office, me, sent.location
    )
    with Session(office.database.engine) as session:
        complaint_queries.reading(session)
        number = session.scalars(select(Complaint.number).order_by(Complaint.id.desc()).limit(1)).one()
    assert STORY in read(office, "irma", f"/pengawasan/aduan/{number}")
    for who, where in (
        ("siska", f"/pendamping/keluarga/{plan.public_id}/jejak"),
        ("siska", f"/pendamping/keluarga/{plan.public_id}"),
        (me, f"/pendamping/keluarga/{plan.public_id}/jejak"),
        ("fitri", "/nagari/keluarga"),
        ("bram", "/pengawasan/aduan"),
    ):
        page = read(office, who, where)
        assert STORY not in page
        assert number not in page


def test_offers_are_kept_by_supervisor_and_programme(office: Office, plan: Plan) -> None:
    wrong = fill(
        office.browser("siska"), "/pendamping/bantuan/baru", "/bantuan/baru", title="Koperasi", provider=""
    )
    assert wrong.status_code == 422
    said = unescape(wrong.get_data(as_text=True))
    for sentence in (
        'value="Koperasi"', "Tulis siapa yang memberi.", "Pilih jenis bantuannya.", "Pilih tempatnya.",
    ):  # fmt: skip
        assert sentence in said  # everything that is missing at once
    kept = fill(
        office.browser("desi"), "/pendamping/bantuan/baru", "/bantuan/baru", kind="credit", title="Modal bergulir",
        provider="Koperasi Latihan", region_code="13.03", trades=["shop", "food"], places="5",
    )  # fmt: skip
    assert kept.status_code == 303, unescape(kept.get_data(as_text=True))
    page = read(office, "siska", "/pendamping/bantuan")
    assert "Modal bergulir" in page
    assert "5 dari 5" in page
    with Session(office.database.engine) as session:
        public = session.scalars(select(Offer.public_id).where(Offer.title == "Modal bergulir")).one()
    changed = fill(
        office.browser("siska"), f"/pendamping/bantuan/{public}", f"/bantuan/{public}", kind="credit",
        region_code="13.03", places="1.500",
    )  # fmt: skip
    assert changed.status_code == 303, unescape(changed.get_data(as_text=True))
    assert "1500 dari 1500" in read(office, "siska", "/pendamping/bantuan")
    closed = fill(office.browser("siska"), f"/pendamping/bantuan/{public}", "/tutup")
    assert closed.status_code == 303
    assert "Modal bergulir" in read(office, "siska", "/pendamping/bantuan?tahap=ditutup")


def test_where_a_place_lies_is_read_with_a_comma(office: Office, plan: Plan) -> None:
    path = "/pendamping/bantuan/letak"
    typed = {"region": "13.03.99.2001", "longitude": "100,95", "source": "peta kantor camat"}
    wrong = fill(office.browser("siska"), path, path, latitude="selatan", **typed)
    assert wrong.status_code == 422
    assert "selatan" in wrong.get_data(as_text=True)
    assert fill(office.browser("siska"), path, path, latitude="-0,664", **typed).status_code == 303
    assert "-0,66" in read(office, "siska", path)


def test_survival_says_n_of_n_and_that_it_is_few(office: Office, stage: Stage, plan: Plan) -> None:
    page = read(office, username(stage, plan), "/pendamping/penghidupan")
    assert "1 dari 1 usaha memberi penghidupan pada bulan ke-6" in page
    assert "data sedikit" in page
    nothing = read(office, username(stage, plan, theirs=True), "/pendamping/penghidupan")
    assert "Belum ada kunjungan 3 bulan" in nothing


def test_survival_of_an_area_is_what_was_counted_last(office: Office, stage: Stage, plan: Plan) -> None:
    path = "/pendamping/penghidupan"
    assert "Belum ada kunjungan 3 bulan" in read(office, "siska", path)
    result_refresh.refresh(stage.session, now=clock.now())
    stage.session.commit()
    page = read(office, "siska", path)
    assert "1 dari 1 usaha memberi penghidupan pada bulan ke-6" in page
    assert "Data per" in page


def test_nobody_reaches_another_family(office: Office, stage: Stage, plan: Plan) -> None:
    referral = referrals.send_on(
        stage.session, plan, wish(answer_by_on=date(2027, 6, 7)), by=visitor(stage, plan), now=clock.now()
    )
    stage.session.commit()
    visit = visit_of(stage, plan, "m6").public_id
    pages = [
        f"/pendamping/keluarga/{plan.public_id}/jejak",
        f"/pendamping/keluarga/{plan.public_id}/tanda",
        f"/pendamping/keluarga/{plan.public_id}/tanda/terkirim",
        f"/pendamping/keluarga/{plan.public_id}/rujukan/baru",
        f"/pendamping/rujukan/{referral.public_id}",
    ]
    for path in pages:
        read(office, username(stage, plan, theirs=True), path, 404)
        for who in ("fitri", "dedi", "desi", "bupati", "aulia", "bram"):
            read(office, who, path, 403)
    for who in ("fitri", "dedi", "aulia"):
        read(office, who, "/pendamping/rujukan", 403)
        read(office, who, "/pendamping/penghidupan", 403)
        read(office, who, "/pendamping/bantuan", 403)
    assert referral.to_whom not in read(office, username(stage, plan, theirs=True), "/pendamping/rujukan")
    for action in (
        f"/pendamping/kunjungan/{visit}/periksa",
        f"/pendamping/keluarga/{plan.public_id}/santunan",
    ):
        assert office.browser(username(stage, plan)).post(action).status_code in {400, 403}
