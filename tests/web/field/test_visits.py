"""The visitor's pages: the day, the schedule, one family, other days; nobody sees another's families."""

from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.monitoring.models import Plan
from caseflow.notices.visit_order import orders_of
from caseflow.people.devices import device_for_reporter
from tests.families import FIRDAUS, SYAFRIL
from tests.notices.letters import read as read_pdf
from tests.story import Stage, reported
from tests.visit_story import days_pass, followed, visit_of
from tests.web.casework.conftest import Office
from tests.web.casework.conftest import office as office
from tests.web.forms import form_of, send

WHY = "Keluarga sedang panen sampai minggu depan."


@pytest.fixture
def stage(office: Office) -> Iterator[Stage]:
    """The office's own stage."""
    with office.stage() as opened:
        yield opened


@pytest.fixture
def plan(stage: Stage) -> Plan:
    """Firdaus's family in Koto Latihan, followed since today."""
    found = followed(stage, FIRDAUS)
    stage.session.commit()
    return found


def mine(office: Office, stage: Stage, plan: Plan) -> FlaskClient:
    """The browser of whoever visits the family."""
    names = {actor.user_id: name for name, actor in stage.staff.items()}
    return office.browser(names[plan.visitor_user_id])


def theirs(office: Office, stage: Stage, plan: Plan) -> FlaskClient:
    """The browser of the social worker who does not."""
    rina = stage.staff["rina"].user_id
    return office.browser("yoga" if plan.visitor_user_id == rina else "rina")


def read(browser: FlaskClient, path: str, status: int = 200) -> str:
    """A page in plain text."""
    answer = browser.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return unescape(answer.get_data(as_text=True))


def test_nothing_to_visit_says_so(office: Office) -> None:
    page = read(office.browser("rina"), "/pendamping/")
    assert "Tidak ada kunjungan sampai akhir bulan" in page
    assert "Belum ada kunjungan yang dijadwalkan" in read(office.browser("rina"), "/pendamping/jadwal")
    assert "Belum ada keluarga" in read(office.browser("rina"), "/pendamping/keluarga")


@pytest.mark.parametrize(
    ("day", "heading", "label"),
    [(31, "Minggu ini", "hari ini"), (28, "Bulan ini", "3 hari lagi"), (33, "Lewat waktu", "lewat 2 hari")],
)
def test_the_day_says_what_is_late_this_week_and_this_month(
    office: Office, stage: Stage, plan: Plan, day: int, heading: str, label: str
) -> None:
    days_pass(day)  # the call is due on Monday 21 December, the 31st day
    page = read(mine(office, stage, plan), "/pendamping/")
    assert heading in page
    assert label in page
    assert "Koto Tangah, Koto Latihan" in page
    assert 'href="tel:+6281267007777"' in page


def test_the_other_worker_sees_nothing_of_it(office: Office, stage: Stage, plan: Plan) -> None:
    days_pass(40)
    browser = theirs(office, stage, plan)
    visit = visit_of(stage, plan, "m3")
    for path in ("/pendamping/", "/pendamping/jadwal", "/pendamping/keluarga"):
        assert "Elmita" not in read(browser, path)
    for path in (
        f"/pendamping/keluarga/{plan.public_id}",
        f"/pendamping/keluarga/{plan.public_id}/tambah",
        f"/pendamping/keluarga/{plan.public_id}/surat-tugas",
        f"/pendamping/kunjungan/{visit.public_id}/hari",
        f"/pendamping/kunjungan/{visit.public_id}/formulir.pdf",
    ):
        assert "Elmita" not in read(browser, path, 404)


def test_a_family_page_shows_what_one_needs_at_the_door_and_no_number_of_it(
    office: Office, stage: Stage, plan: Plan
) -> None:
    page = read(mine(office, stage, plan), f"/pendamping/keluarga/{plan.public_id}")
    assert "Almarhum Firdaus" in page
    assert "14 Desember 2026" in page  # the forty-first day
    assert "Koto Tangah, Koto Latihan" in page
    assert "1303991402810007" not in page
    assert "0007" not in page


def test_a_family_is_searched_by_the_address_and_what_was_asked_stays(
    office: Office, stage: Stage, plan: Plan
) -> None:
    siska = office.browser("siska")
    page = read(siska, f"/pendamping/keluarga?cari={plan.number}&keadaan=lain&nagari=13")
    assert f"/pendamping/keluarga/{plan.public_id}" in page
    assert f'value="{plan.number}"' in page
    nobody = read(siska, "/pendamping/keluarga?cari=Elmita&keadaan=berhenti")
    assert "Tidak ada keluarga yang cocok" in nobody
    assert '<input type="hidden" name="keadaan" value="berhenti">' in nobody
    assert "/pendamping/keluarga?cari=Elmita&keadaan=selesai" in nobody


def test_another_day_is_saved_once_and_typed_words_are_kept_when_refused(
    office: Office, stage: Stage, plan: Plan
) -> None:
    browser, visit = mine(office, stage, plan), visit_of(stage, plan, "m3")
    path = f"/pendamping/kunjungan/{visit.public_id}/hari"
    form = form_of(read(browser, path), "/hari")
    refused = send(browser, form, to_on__day="28", to_on__month="2", to_on__year="2027", reason=WHY)
    assert refused.status_code == 422
    shown = unescape(refused.get_data(as_text=True))
    assert "hari Minggu" in shown
    assert WHY in shown
    typed = {"to_on__day": "1", "to_on__month": "3", "to_on__year": "2027"}
    for _ in range(2):  # a double press
        done = send(browser, form, **typed, reason=WHY)
        assert done.status_code == 303
        assert done.location.endswith(f"/pendamping/keluarga/{plan.public_id}")
    assert "dipindah ke Senin, 1 Maret 2027" in read(browser, done.location)
    stage.session.expire_all()
    assert visit.version == 1


def test_a_page_older_than_the_visit_is_told_so(office: Office, stage: Stage, plan: Plan) -> None:
    browser, visit = mine(office, stage, plan), visit_of(stage, plan, "m3")
    path = f"/pendamping/kunjungan/{visit.public_id}/hari"
    old, new = form_of(read(browser, path), "/hari"), form_of(read(browser, path), "/hari")
    assert (
        send(browser, new, to_on__day="1", to_on__month="3", to_on__year="2027", reason=WHY).status_code
        == 303
    )
    late = send(browser, old, to_on__day="2", to_on__month="3", to_on__year="2027", reason=WHY)
    assert late.status_code == 409
    assert "sudah berubah sejak halaman dibuka" in unescape(late.get_data(as_text=True))


def test_the_supervisor_gives_a_family_to_another(office: Office, stage: Stage, plan: Plan) -> None:
    siska = office.browser("siska")
    names = {actor.user_id: name for name, actor in stage.staff.items()}
    now, then = names[plan.visitor_user_id], "yoga" if names[plan.visitor_user_id] == "rina" else "rina"
    path = f"/pendamping/keluarga/{plan.public_id}/petugas"
    issue = form_of(read(siska, f"/pendamping/keluarga/{plan.public_id}/surat-tugas"), "/surat-tugas")
    assert send(siska, issue).status_code == 303
    form = form_of(read(siska, path), "/petugas")
    nobody = send(siska, form, visitor="dedi")
    assert nobody.status_code == 422
    assert send(siska, form, visitor=now).status_code == 303
    assert "Tidak ada yang berubah" in read(siska, f"/pendamping/keluarga/{plan.public_id}")
    assert send(siska, form_of(read(siska, path), "/petugas"), visitor=then).status_code == 303
    assert "Elmita" in read(office.browser(then), "/pendamping/keluarga")
    assert "Elmita" not in read(office.browser(now), "/pendamping/keluarga")
    # whoever lost the family cannot show a letter that still holds
    stage.session.expire_all()
    assert [one.letter.revoked_at is not None for one in orders_of(stage.session, plan)] == [True]


def test_a_plan_ends_with_a_reason(office: Office, plan: Plan) -> None:
    siska = office.browser("siska")
    form = form_of(read(siska, f"/pendamping/keluarga/{plan.public_id}/henti"), "/henti")
    assert send(siska, form, why="moved", words="pindah").status_code == 422
    assert send(siska, form, why="moved", words="Pindah ke Dharmasraya.").status_code == 303
    assert "Pendampingan dihentikan" in read(siska, f"/pendamping/keluarga/{plan.public_id}")


def test_the_letter_of_duty_names_the_family_by_initials_and_is_checked_by_anybody(
    office: Office, stage: Stage, plan: Plan
) -> None:
    siska, base = office.browser("siska"), f"/pendamping/keluarga/{plan.public_id}/surat-tugas"
    form = form_of(read(siska, base), "/surat-tugas")
    assert send(siska, form).status_code == 303
    order = orders_of(stage.session, plan)[0]
    number = order.letter.number.replace("/", "-")
    shown = mine(office, stage, plan).get(f"{base}/{number}")
    assert shown.mimetype == "application/pdf"
    words = read_pdf(shown.get_data()).words
    shown.close()
    assert "E., Koto Latihan" in words
    assert "Elmita" not in words
    assert "Firdaus" not in words
    assert order.visitor
    assert order.visitor in words
    stranger = office.app.test_client()
    checked = read(stranger, f"/periksa/{order.letter.check_code}")
    assert "Surat tugas kunjungan" in checked
    assert order.visitor not in checked
    assert theirs(office, stage, plan).get(f"{base}/{number}").status_code == 404


def test_the_paper_form_asks_of_livelihood_only_when_it_may(office: Office, stage: Stage, plan: Plan) -> None:
    browser, late = mine(office, stage, plan), visit_of(stage, plan, "m3")
    asked = read_pdf(browser.get(f"/pendamping/kunjungan/{late.public_id}/formulir.pdf").get_data()).words
    assert "4. Uang itu dipakai untuk apa saja?" in asked
    assert "15. Kunjungan berikutnya" in asked
    early = visit_of(stage, plan, "m1")
    early.asks_livelihood = False
    stage.session.commit()
    spared = read_pdf(browser.get(f"/pendamping/kunjungan/{early.public_id}/formulir.pdf").get_data()).words
    assert "Uang itu dipakai" not in spared
    assert "Apakah ada usaha" not in spared
    assert "hari ke-41" in spared


def test_the_family_says_no_in_one_press_and_yes_again(office: Office, stage: Stage, plan: Plan) -> None:
    phone = office.app.test_client()
    phone.set_cookie("kel", device_for_reporter(stage.session, plan.claim_id, "Elmita", now=clock.now()))
    stage.session.commit()
    page = read(phone, "/berkas/kunjungan")
    assert "Tidak perlu memberi alasan" in page
    assert "Senin, 21 Desember 2026" in page
    refused = form_of(page, "/tolak")
    assert set(refused.fields) == {"csrf_token"}  # no reason is asked
    assert send(phone, refused).status_code == 303
    assert send(phone, refused).status_code == 303  # pressed twice
    assert "Petugas tidak akan datang" in read(phone, "/berkas/kunjungan")
    visitor = mine(office, stage, plan)
    assert "Keluarga ini tidak ingin dikunjungi" in read(visitor, "/pendamping/")
    assert "tidak ingin dikunjungi" in read(visitor, f"/pendamping/keluarga/{plan.public_id}")
    assert "tel:" not in read(visitor, f"/pendamping/keluarga/{plan.public_id}")
    assert send(phone, form_of(read(phone, "/berkas/kunjungan"), "/bolehkan")).status_code == 303
    assert "Siapa yang datang" in read(phone, "/berkas/kunjungan")
    claim = stage.session.get_one(Claim, plan.claim_id)
    assert claim.state == "paid"


def test_who_takes_back_the_use_of_data_is_not_visited_either(
    office: Office, stage: Stage, plan: Plan
) -> None:
    phone = office.app.test_client()
    phone.set_cookie("kel", device_for_reporter(stage.session, plan.claim_id, "Elmita", now=clock.now()))
    stage.session.commit()
    page = read(phone, "/berkas/persetujuan/tarik")
    assert "Kunjungan pendamping berhenti" in page
    assert send(phone, form_of(page, "/tarik")).status_code == 303
    assert "Petugas tidak akan datang" in read(phone, "/berkas/kunjungan")
    assert "Keluarga ini tidak ingin dikunjungi" in read(mine(office, stage, plan), "/pendamping/")


def test_before_the_money_there_is_no_visit(office: Office, stage: Stage) -> None:
    claim = reported(stage, SYAFRIL)
    phone = office.app.test_client()
    phone.set_cookie("kel", device_for_reporter(stage.session, claim.id, "Nofrizal", now=clock.now()))
    stage.session.commit()
    assert "Belum ada kunjungan" in read(phone, "/berkas/kunjungan")
    token = form_of(read(phone, "/berkas"), "/tutup").fields["csrf_token"][0]
    assert phone.post("/berkas/kunjungan/tolak", data={"csrf_token": token}).status_code == 404
