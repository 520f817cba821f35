"""Visits with the network really off: prepare, visit, restart, signal back; what is lost on the way, refused, clashing."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.intake import digest_of
from caseflow.documents.storage import open_store
from caseflow.monitoring import consents, devices
from caseflow.monitoring.models import FieldDevice, Plan, PlannedVisit
from caseflow.monitoring.phone_copies import open_copy
from caseflow.monitoring.visit_models import FieldClash, Visit, VisitField, VisitPhoto, VisitRefused
from caseflow.people.actor import Actor
from tests.browser.field_steps import APP, ROOM_REMEMBERED_MS, FieldPhone, prepared, third_month_of
from tests.browser.looks import sideways, too_small
from tests.conftest import FreshDatabase
from tests.families import FIRDAUS, NURBAITI, SAMSIR, Person
from tests.monitoring import visiting
from tests.server import Service

FAMILIES = {"Keluarga Firdaus": "Elmita", "Keluarga Nurbaiti": "Afrizal", "Keluarga Samsir": "Yusra"}

_COPY_WORDS = "warung di simpang empat"
# straight into what the browser keeps, as thirty silent days would have left it
_OPENED = """const opened = (name) => new Promise((done, failed) => {
  const asked = indexedDB.open(name);
  Object.assign(asked, { onsuccess: () => done(asked.result), onerror: () => failed(asked.error) });
});
const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });"""
_SILENT_FOR_DAYS = f"""async (days) => {{ {_OPENED}
  const database = await opened("lapangan");
  const people = database.transaction("people", "readwrite").objectStore("people");
  for (const one of await answer(people.getAll())) {{
    await answer(people.put({{ ...one, syncedAt: one.syncedAt - days * 24 * 3600 * 1000 }}));
  }}
  database.close();
}}"""
_KEPT_OF = f"""async (store) => {{ {_OPENED}
  const name = (await indexedDB.databases()).map((one) => one.name).find((one) => one.startsWith("lapangan-"));
  const database = await opened(name);
  const count = await answer(database.transaction(store).objectStore(store).count());
  database.close();
  return count;
}}"""


@pytest.fixture
def families() -> tuple[Person, ...]:
    """Whose money was paid; tests that need more name them."""
    return (FIRDAUS,)


@pytest.fixture
def third_month(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path, families: tuple[Person, ...]
) -> Iterator[Service]:
    """The service in the third month of the families."""
    with third_month_of(fresh_database, staff, tmp_path, families) as running:
        yield running


@pytest.fixture
def phone(browser: Browser, third_month: Service, tmp_path: Path) -> Iterator[FieldPhone]:
    """Rina's phone, prepared; her session has begun."""
    with prepared(browser, third_month, tmp_path) as phone:
        yield phone


def clean(page: Page) -> None:
    """Nothing wrong for who hears the page, nothing wider than the phone, nothing that a thumb would miss."""
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in Axe().run(page).response["violations"]
    ]
    assert found == []
    assert sideways(page) == []
    assert too_small(page) == []


def arrived(database: FreshDatabase) -> dict[str, Visit]:
    """What the server holds, by family."""
    with Session(database.engine, expire_on_commit=False) as session:
        rows = session.execute(select(Visit, Plan.subject).join(Plan, Plan.id == Visit.plan_id))
        return {f"Keluarga {subject}": visit for visit, subject in rows}


@pytest.mark.parametrize("families", [(FIRDAUS, NURBAITI, SAMSIR)], ids=["three families"])
def test_three_visits_without_signal_arrive_after_a_restart(
    phone: FieldPhone, fresh_database: FreshDatabase, third_month: Service
) -> None:
    """Prepared, offline, three visits (one with a photo), the phone restarted, signal back: each arrives once."""
    page = phone.page
    phone.signal(False)
    phone.visit("Keluarga Firdaus", "Elmita", note="Warung mulai ramai.", photo=True)
    expect(phone.bar()).to_contain_text("Tanpa sinyal")
    expect(phone.bar()).to_contain_text("1 kunjungan tersimpan di HP ini, belum diterima")
    phone.visit("Keluarga Nurbaiti", "Afrizal")
    phone.switch_off()

    page = phone.switch_on()
    phone.signal(False)
    page.goto("/pendamping/")  # the ordinary list needs the server; the app opens instead
    expect(page.get_by_text("2 kunjungan tersimpan di HP ini, belum diterima")).to_be_visible()
    phone.unlock()
    phone.visit("Keluarga Samsir", "Yusra")
    phone.go("Antrean")
    expect(page.locator(".visit-waiting .tag")).to_have_text(["Tersimpan di HP ini, belum diterima"] * 3)
    assert arrived(fresh_database) == {}

    phone.signal(True)  # the session ended with the browser: the visits wait for who signs in again
    expect(phone.bar()).to_contain_text("Perlu masuk lagi untuk mengirim. 3 kunjungan tersimpan di HP ini")
    phone.sign_in("rina")
    page.goto(APP)
    phone.unlock()
    expect(phone.bar()).to_contain_text("Semua terkirim")
    phone.go("Antrean")
    expect(page.locator(".visit-waiting .tag")).to_have_text(["Sudah diterima"] * 3)
    visits = arrived(fresh_database)
    assert set(visits) == set(FAMILIES)
    assert sorted(visit.sequence or 0 for visit in visits.values()) == [1, 2, 3]
    store = open_store(third_month.environment["CASEFLOW_STORAGE_URL"])
    with Session(fresh_database.engine) as session:
        (photo,) = session.scalars(select(VisitPhoto)).all()
        assert photo.stored_at is not None
        assert digest_of(store, photo.object_key) == photo.stored_sha256
        assert session.scalars(select(FieldDevice.waiting)).one() == 0


def test_a_lost_answer_and_a_repeated_visit_are_one_visit(
    phone: FieldPhone, fresh_database: FreshDatabase
) -> None:
    """The visit lands, its answer is lost once; the phone sends it again and forgets it only then."""
    lost: list[int] = []

    def lose_once(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort("connectionreset")

    phone.page.route("**/api/kunjungan/*", lose_once)
    phone.visit("Keluarga Firdaus", "Elmita", note="Sekali saja.")
    expect(phone.bar()).to_contain_text("belum diterima")
    phone.go("Antrean")
    phone.page.get_by_role("button", name="Kirim sekarang").click()
    expect(phone.page.locator(".visit-waiting .tag")).to_have_text("Sudah diterima")
    assert lost == [201]
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_a_refused_visit_says_why_is_repaired_and_arrives(
    phone: FieldPhone, fresh_database: FreshDatabase
) -> None:
    """A telephone number that is none: the reason stands at its field, and the same visit arrives."""
    page = phone.page
    phone.signal(False)
    phone.open_visit("Keluarga Firdaus")
    page.get_by_label("Ya", exact=True).check()
    page.get_by_label("Nama orang ke-1").fill("Elmita")
    page.locator("#relation-0").select_option(index=2)
    page.get_by_text("Nomor telepon atau patokan berubah?").click()
    page.get_by_label("Nomor yang bisa dihubungi").fill("12")
    page.locator("#q-consent input[type=radio]").first.check()
    page.get_by_label("Siapa yang mengatakannya?").fill("Elmita")
    phone.finish()
    phone.signal(True)
    expect(phone.bar()).to_contain_text("1 kunjungan gagal dikirim — ketuk untuk melihat")
    phone.bar().get_by_role("link").click()
    clean(page)
    page.get_by_role("link", name="Perbaiki").click()
    expect(page.locator("#box-contact_phone-error")).to_be_visible()
    clean(page)
    page.get_by_label("Nomor yang bisa dihubungi").fill("0812-6700-9999")
    phone.finish()
    expect(phone.bar()).to_contain_text("Semua terkirim")
    (visit,) = arrived(fresh_database).values()
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(VisitRefused.client_id)).all() == [visit.client_id]


def test_another_hand_wrote_meanwhile_and_a_person_chooses(
    phone: FieldPhone, fresh_database: FreshDatabase, staff: Mapping[str, Actor]
) -> None:
    """Two people write the same note without knowing; both stand until somebody chooses."""
    phone.signal(False)
    phone.visit("Keluarga Firdaus", "Elmita", note="Warung mulai ramai.")
    with Session(fresh_database.engine) as session:
        clock.set_start(clock.now().replace(year=2027, month=2, day=24))
        planned = session.scalars(
            select(PlannedVisit)
            .join(Plan, Plan.id == PlannedVisit.plan_id)
            .where(PlannedVisit.kind == "m3", Plan.subject == "Firdaus")
        ).one()
        other = visiting.phone(session, staff["rina"], "HP kedua")
        said = visiting.made(planned, answers={"note": "Warung belum buka."})
        assert visiting.send(session, other, said, by=staff["rina"]).refusal is None
        session.commit()
    phone.signal(True)
    expect(phone.bar()).to_contain_text("Semua terkirim")
    phone.go("Antrean")
    expect(phone.page.get_by_text("berbeda dengan tulisan petugas lain")).to_be_visible()
    clean(phone.page)
    page = phone.page
    page.get_by_role("link", name="Pilih yang benar").click()
    row = page.locator("tr", has_text="Catatan petugas")
    row.get_by_role("link").first.click()
    expect(page.get_by_text("Warung belum buka.", exact=True)).to_be_visible()
    page.locator("input[name=which][value=contested]").check()
    page.get_by_label("Alasan").fill("Sudah ditanyakan lagi lewat telepon.")
    page.get_by_role("button", name="Pakai isian ini").click()
    expect(page.get_by_text("Pilihan tersimpan.")).to_be_visible()
    with Session(fresh_database.engine) as session:
        note = select(VisitField).where(VisitField.field == "note", VisitField.standing == "current")
        assert session.scalars(note).one().value == {"is": "Warung mulai ramai."}
        assert "contested" in session.scalars(select(FieldClash.chosen)).all()


def test_a_visit_after_the_family_said_no_leaves_only_its_reason(
    phone: FieldPhone, fresh_database: FreshDatabase, staff: Mapping[str, Actor]
) -> None:
    """Nothing of it is kept, on the server or on the phone; the reason stays until somebody read it."""
    phone.signal(False)
    phone.visit("Keluarga Firdaus", "Elmita", note="Rahasia keluarga.")
    with Session(fresh_database.engine) as session:
        plan = session.scalars(select(Plan).where(Plan.subject == "Firdaus")).one()
        later = clock.now().replace(year=2027, month=3, day=1)
        consents.withdraw(session, plan, said_by="Elmita", by=staff["rina"], now=later, said_at=later)
        session.commit()
    phone.signal(True)
    phone.go("Antrean")
    expect(phone.page.get_by_text("Keluarga Firdaus: kunjungan tidak disimpan")).to_be_visible()
    clean(phone.page)
    assert arrived(fresh_database) == {}
    phone.page.get_by_role("button", name="Sudah saya baca").click()
    expect(phone.page.get_by_text("Antrean kosong")).to_be_visible()


def test_a_revoked_phone_forgets_everything_and_says_so(
    phone: FieldPhone, fresh_database: FreshDatabase, staff: Mapping[str, Actor]
) -> None:
    """At the next word with the server the phone forgets families, visits and key, and tells who holds it."""
    phone.signal(False)
    phone.visit("Keluarga Firdaus", "Elmita")
    with Session(fresh_database.engine) as session:
        device = session.scalars(select(FieldDevice)).one()
        devices.revoke(session, device.public_id, "HP hilang di pasar.", by=staff["siska"], now=clock.now())
        session.commit()
    phone.signal(True)
    page = phone.page
    expect(page.get_by_role("heading", level=1)).to_have_text("HP ini tidak dipakai lagi")
    page.wait_for_load_state("networkidle")  # and stays, whatever else the app draws when the queue stops
    expect(page.get_by_role("heading", level=1)).to_have_text("HP ini tidak dipakai lagi")
    expect(page.get_by_text("1 kunjungan yang belum diterima ikut dihapus.")).to_be_visible()
    clean(page)
    names = page.evaluate("async () => (await indexedDB.databases()).map((one) => one.name)")
    assert names == ["lapangan"]
    page.goto(APP)
    expect(page.get_by_role("heading", level=1)).to_have_text("Siapkan HP ini")
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(FieldDevice.forgotten_at)).one() is not None


def test_a_session_that_ended_keeps_the_queue(phone: FieldPhone, fresh_database: FreshDatabase) -> None:
    """Signed out is no reason to lose a visit: it waits, and goes after signing in again."""
    phone.context.clear_cookies()
    phone.visit("Keluarga Firdaus", "Elmita")
    expect(phone.bar()).to_contain_text("Perlu masuk lagi untuk mengirim. 1 kunjungan tersimpan di HP ini")
    phone.sign_in("rina")
    phone.page.goto(APP)
    phone.unlock()
    expect(phone.bar()).to_contain_text("Semua terkirim")
    assert set(arrived(fresh_database)) == {"Keluarga Firdaus"}


def test_a_full_phone_says_so_and_loses_nothing(phone: FieldPhone) -> None:
    """No room: the answer stays on the screen with a sentence; with room again it is kept."""
    page = phone.page
    phone.open_visit("Keluarga Firdaus")
    page.locator("#box-note").fill("Sudah tersimpan.")
    expect(page.get_by_text("Tersimpan di HP ini", exact=True)).to_be_visible()
    browser = phone.context.new_cdp_session(page)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": phone.url, "quotaSize": 1})
    page.wait_for_timeout(ROOM_REMEMBERED_MS)
    page.locator("#box-note").fill("Ini tidak muat.")
    expect(page.get_by_text("Penyimpanan HP penuh.")).to_be_visible()
    expect(page.locator("#box-note")).to_have_value("Ini tidak muat.")
    clean(page)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": phone.url})
    page.get_by_role("button", name="Simpan lagi").click()
    expect(page.get_by_text("Tersimpan di HP ini", exact=True)).to_be_visible()
    page.reload()
    phone.unlock()
    phone.open_visit("Keluarga Firdaus")
    expect(page.locator("#box-note")).to_have_value("Ini tidak muat.")


def test_wrong_pins_wait_longer_also_after_a_restart(phone: FieldPhone) -> None:
    """Five wrong PINs; then it waits, whoever restarts the phone, and nothing is readable in what it keeps."""
    page = phone.page
    page.reload()
    for _ in range(5):
        phone.unlock("000111")
        expect(page.get_by_text("PIN salah.")).to_be_visible()
        expect(page.get_by_label("PIN 6 angka")).to_have_value("")
    expect(page.get_by_text("Coba lagi dalam 1 menit")).to_be_visible()
    phone.switch_off()
    page = phone.switch_on()
    page.goto(APP)
    phone.unlock()
    expect(page.get_by_text("Terlalu sering salah.")).to_be_visible()
    clean(page)


def test_every_screen_is_clean(phone: FieldPhone) -> None:
    """axe finds nothing, nothing is wider than 320 px, everything is large enough to touch."""
    page = phone.page
    clean(page)
    phone.go("Hari ini")
    clean(page)
    phone.open_visit("Keluarga Firdaus")
    clean(page)
    page.get_by_role("button", name="Selesaikan kunjungan").click()
    expect(page.get_by_text("Kunjungan belum bisa diselesaikan")).to_be_visible()
    clean(page)
    page.get_by_label("Lain waktu").check()
    clean(page)
    phone.go("Antrean")
    clean(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    assert sideways(page) == []


@pytest.mark.parametrize("families", [(FIRDAUS, NURBAITI)], ids=["two families"])
def test_a_forgotten_pin_says_what_would_be_lost(phone: FieldPhone) -> None:
    """What waits and what is a draft is counted without the PIN; nothing goes before somebody said so."""
    page = phone.page
    phone.signal(False)
    phone.visit("Keluarga Firdaus", "Elmita")
    phone.open_visit("Keluarga Nurbaiti")
    page.locator("#box-note").fill("Belum selesai.")
    expect(page.get_by_text("Tersimpan di HP ini", exact=True)).to_be_visible()
    page.goto(APP)
    page.reload()
    page.get_by_role("button", name="Lupa PIN").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 kunjungan belum terkirim dan 1 draf akan hilang.")
    clean(page)
    page.get_by_role("button", name="Batal").click()
    phone.unlock()
    expect(phone.bar()).to_contain_text("1 kunjungan tersimpan di HP ini, belum diterima")


def test_leaving_the_ordinary_pages_says_what_waits(phone: FieldPhone) -> None:
    """With visits on the phone, signing out asks first; who leaves all the same loses nothing."""
    page = phone.page
    phone.signal(False)
    phone.visit("Keluarga Firdaus", "Elmita")
    page.route("**/api/**", lambda route: route.abort())
    phone.signal(True)
    page.goto("/pendamping/")
    page.locator(".topbar-user summary").click()
    leave = page.get_by_role("button", name="Keluar", exact=True)
    leave.click()
    expect(page.get_by_role("dialog")).to_contain_text("1 kunjungan belum terkirim")
    assert sideways(page) == []
    page.get_by_role("button", name="Batal").click()
    page.goto("/akun")  # not a page of visits, and yet the way out
    page.locator(".topbar-user summary").click()
    leave.click()
    page.get_by_role("button", name="Tetap keluar").click()
    page.wait_for_url("**/masuk?keluar=1")
    page.goto(APP)
    expect(page.get_by_text("1 kunjungan tersimpan di HP ini, belum diterima")).to_be_visible()


def test_the_families_leave_after_thirty_days_and_what_waits_stays(phone: FieldPhone) -> None:
    """A phone that was silent for thirty days holds no list of families any more, but every visit."""
    page = phone.page
    phone.signal(False)
    phone.visit("Keluarga Firdaus", "Elmita")
    page.evaluate(_SILENT_FOR_DAYS, 30)
    page.reload()
    phone.unlock()
    expect(page.get_by_text("Daftar keluarga belum ada di HP ini")).to_be_visible()
    assert page.evaluate(_KEPT_OF, "pack") == 0
    assert page.evaluate(_KEPT_OF, "visits") == 1
    expect(phone.bar()).to_contain_text("1 kunjungan tersimpan di HP ini, belum diterima")
    clean(page)


def test_a_copy_of_the_queue_opens_with_its_words_alone(phone: FieldPhone, tmp_path: Path) -> None:
    """The file that the phone makes is the one that the supervisor's command reads."""
    page = phone.page
    phone.signal(False)
    phone.visit("Keluarga Firdaus", "Elmita", note="Warung mulai ramai.", photo=True)
    phone.go("Antrean")
    page.get_by_text("Simpan salinan antrean").click()
    page.get_by_label("Kata sandi salinan").fill(_COPY_WORDS)
    with page.expect_download() as told:
        page.get_by_role("button", name="Buat salinan").click()
    copy = tmp_path / told.value.suggested_filename
    told.value.save_as(copy)
    assert "Warung" not in copy.read_text()
    (visit,) = open_copy(copy.read_bytes(), _COPY_WORDS).visits
    assert visit.said["answers"]["note"]["value"] == "Warung mulai ramai."
    (shown,) = visit.said["photos"]
    assert hashlib.sha256(visit.photos[shown["uuid"]]).hexdigest() == shown["sha256"]
    expect(page.locator(".visit-waiting .tag")).to_have_text("Tersimpan di HP ini, belum diterima")
