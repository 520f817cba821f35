"""Somebody from outside reports: on whose word, what their phone shows, and how the family ends it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.claims.accident_models import AccidentNotice
from caseflow.claims.family_models import Consent
from caseflow.claims.models import Claim, Report, ReportDraft
from caseflow.people import devices
from caseflow.people.actor import Actor
from caseflow.people.models import FamilyDevice, HelperMandate
from caseflow.workflow.models import History
from tests.conftest import FreshDatabase, csrf_of
from tests.files import samples
from tests.web.forms import fill
from tests.web.public import test_accident_pages as accident
from tests.web.public.test_report_pages import ANSWERS, answer_all, count, post, send

ALLOWED = {**accident.ALLOWED, "given_by_name": "Yusra", "given_by_phone": ""}
WALI = {"reporter_name": "Zul Efendi", "reporter_relation": "wali_jorong"}


def report_as_helper(client: FlaskClient, changes: Mapping[str, Mapping[str, str]] | None = None) -> None:
    """A wali jorong sends the report with Yusra's word."""
    changed: dict[str, Mapping[str, str]] = {"pelapor": WALI, **(changes or {})}
    post(client, "/lapor", {})
    for name, fields in {**ANSWERS, **changed}.items():
        if name == "persetujuan":
            post(client, "/lapor/izin", ALLOWED)
        assert post(client, f"/lapor/{name}", fields).status_code == 303
    assert send(client).location == "/berkas/tanda-terima"


def family_phone(app: CaseflowApp, database: FreshDatabase) -> FlaskClient:
    """Yusra's own phone on the one case."""
    with Session(database.engine) as session:
        claim = session.scalars(select(Claim)).one()
        token = devices.device_for_reporter(session, claim.id, "Yusra", now=clock.now())
        session.commit()
    phone = app.test_client()
    phone.set_cookie("kel", token)
    return phone


def test_one_page_more_asks_who_allows_it(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """Nine steps instead of eight; the mandate stands with the report, and consent is the family's."""
    report_as_helper(client)
    with Session(fresh_database.engine) as session:
        mandate = session.scalars(select(HelperMandate)).one()
        phone = session.scalars(select(FamilyDevice)).one()
        assert (mandate.helper_name, mandate.helper_relation) == ("Zul Efendi", "wali_jorong")
        assert (mandate.given_by_name, mandate.given_how) == ("Yusra", "spoken")
        assert mandate.ends_on == date(2027, 2, 18)
        assert (phone.mandate_id, phone.holder_name) == (mandate.id, "Zul Efendi")
        assert session.scalars(select(Consent.said_by)).one() == "Yusra"
        assert session.scalars(select(Report.reporter_relation)).one() == "wali_jorong"
        assert set(
            session.scalars(select(History.actor_name).where(History.casefile_id == mandate.casefile_id))
        ) == {"Zul Efendi, pembantu (wali jorong)"}


def test_the_steps_are_counted_as_they_are_asked(client: FlaskClient) -> None:
    """A relative who only helps is asked, too; one who goes on is not, and cannot land on the page."""
    post(client, "/lapor", {})
    for name in ("apa", "nama", "nik", "kapan", "di-mana"):
        post(client, f"/lapor/{name}", ANSWERS[name])
    assert "Langkah 6 dari 8" in client.get("/lapor/pelapor").get_data(as_text=True)
    assert client.get("/lapor/izin").location == "/lapor/pelapor"
    post(client, "/lapor/pelapor", {**ANSWERS["pelapor"], "only_helping": "y"})
    post(client, "/lapor/telepon", ANSWERS["telepon"])
    page = client.get("/lapor/izin").get_data(as_text=True)
    assert "Langkah 8 dari 9" in page
    assert "90 hari, sampai 18 Februari 2027" in page
    assert "Pekerja sendiri" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"given_by_name": ""}, "Tulis nama anggota keluarganya"),
        ({"given_by_name": "😀"}, "Nama hanya berisi huruf"),
        ({"given_by_name": "x" * 10_000}, "Paling banyak 4000 huruf"),
        ({"given_by_relation": "tetangga"}, "Pilih salah satu dari daftar"),
        ({"given_by_relation": "diri_sendiri"}, "Pilih salah satu dari daftar"),
        ({"given_by_phone": "12"}, "Nomor HP biasanya"),
        ({"given_how": ""}, "Pilih salah satu"),
        ({"days": "3650"}, "Pilih salah satu dari daftar"),
        ({"given_by_name": "Yus\x00ra"}, "tidak bisa"),
    ],
)
def test_a_wrong_permission_gets_a_sentence(
    client: FlaskClient, changes: Mapping[str, str], sentence: str
) -> None:
    post(client, "/lapor", {})
    post(client, "/lapor/pelapor", WALI)
    answer = post(client, "/lapor/izin", {**ALLOWED, **changes})
    assert answer.status_code in {400, 422}
    assert sentence in answer.get_data(as_text=True)


def test_who_allows_it_is_somebody_else(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """The two names stand on two pages; the last page says so, and nothing is sent."""
    post(client, "/lapor", {})
    for name, fields in {**ANSWERS, "pelapor": WALI}.items():
        if name == "persetujuan":
            post(client, "/lapor/izin", {**ALLOWED, "given_by_name": "ZUL EFENDI"})
        post(client, f"/lapor/{name}", fields)
    answer = send(client)
    assert answer.status_code == 422
    assert "bukan oleh pembantu sendiri" in answer.get_data(as_text=True)
    assert count(fresh_database, Claim) == 0


def test_a_helpers_phone_shows_steps_and_papers_and_no_more(
    client: FlaskClient, app: CaseflowApp, fresh_database: FreshDatabase
) -> None:
    """No slip in its name, no taking back of consent, no phone of the family in its list, no other helper's end."""
    report_as_helper(client)
    family = family_phone(app, fresh_database)
    receipt = client.get("/berkas/tanda-terima").get_data(as_text=True)
    assert "Buat slip keluarga" not in receipt
    assert "Zul Efendi (wali jorong)" in receipt
    assert "Ringkas saja di HP ini" in client.get("/berkas").get_data(as_text=True)
    assert "Ringkas saja di HP ini" not in family.get("/berkas").get_data(as_text=True)
    assert client.get("/berkas/dokumen").status_code == 200
    assert client.get("/berkas/rincian.json").status_code == 404
    assert client.get("/berkas/hp").get_data(as_text=True).count("Terakhir dipakai") == 1
    assert "HP pembantu: Zul Efendi" in client.get("/berkas/hp").get_data(as_text=True)
    consent = client.get("/berkas/persetujuan").get_data(as_text=True)
    assert "Hanya keluarga yang dapat menarik" in consent
    for path in ("/berkas/slip", "/berkas/persetujuan/tarik"):
        answer = post(client, path, {}, form_at="/berkas")
        assert answer.status_code == 403
        assert "HP keluarga" in answer.get_data(as_text=True)


def test_the_family_reads_who_helps_and_ends_it(
    client: FlaskClient, app: CaseflowApp, fresh_database: FreshDatabase
) -> None:
    """What the helper did stands there; ended, the helper's next request is a stranger's."""
    report_as_helper(client)
    client.get("/berkas/tanda-terima")
    family = family_phone(app, fresh_database)
    page = family.get("/berkas/pembantu").get_data(as_text=True)
    for words in ("Zul Efendi (wali jorong)", "Diizinkan Yusra (istri), lisan", "18 Februari 2027"):
        assert words in page
    assert "Menuliskan laporan" in page
    assert "Membuka laporan di HP" in page
    ended = fill(family, "/berkas/pembantu", "/berkas/pembantu/hentikan")
    assert ended.location == "/berkas/pembantu"
    assert "Sudah berakhir:</strong> dihentikan keluarga" in family.get("/berkas/pembantu").get_data(
        as_text=True
    )
    assert client.get("/berkas").location == "/masuk-keluarga"
    assert client.get("/lapor/nama").location == "/lapor"


def test_a_helper_may_stop_and_leaves_nothing_on_the_phone(client: FlaskClient) -> None:
    report_as_helper(client)
    client.get("/berkas/tanda-terima")
    left = fill(client, "/berkas/pembantu", "/berkas/pembantu/hentikan")
    assert left.location == "/"
    assert client.get_cookie("kel") is None
    assert client.get("/berkas").location == "/masuk-keluarga"


@pytest.mark.parametrize("mandate_id", ["", "0", "-1", "9" * 30, "abc"])
def test_a_made_up_mandate_ends_nothing(client: FlaskClient, mandate_id: str) -> None:
    answer_all(client)
    send(client)
    answer = post(client, "/berkas/pembantu/hentikan", {"mandate_id": mandate_id}, form_at="/berkas")
    assert answer.status_code == 404
    assert "Tidak ada yang berubah" in answer.get_data(as_text=True)
    assert "Tidak ada pembantu" in client.get("/berkas/pembantu").get_data(as_text=True)


def test_after_the_last_day_the_phone_is_a_strangers(client: FlaskClient) -> None:
    """Used all the time, it opens the case to the last minute of the ninetieth day, and not one longer."""
    report_as_helper(client)
    for at in ("2026-12-15T10:00", "2027-01-10T10:00", "2027-02-05T10:00", "2027-02-18T23:59"):
        clock.set_start(datetime.fromisoformat(f"{at}:00+07:00"))
        assert client.get("/berkas").status_code == 200
    clock.set_start(datetime.fromisoformat("2027-02-19T00:00:00+07:00"))
    assert client.get("/berkas").location == "/masuk-keluarga"


def test_an_accident_told_by_the_nagari_names_who_allows_it(
    client: FlaskClient, fresh_database: FreshDatabase
) -> None:
    """The worker may, who lives; a union that only gives the notice is not asked and opens no details."""
    post(client, accident.START, {})
    kabar = {**accident.ANSWERS["kabar"], "notifier_role": "nagari", "notifier_name": "Zul", "relation": ""}
    for name, fields in {**accident.ANSWERS, "kabar": kabar}.items():
        if name == "persetujuan":
            allowed = {**ALLOWED, "given_by_name": "Marzuki", "given_by_relation": "diri_sendiri"}
            post(client, f"{accident.START}/izin", allowed)
        assert post(client, f"{accident.START}/{name}", fields).status_code == 303
    check = client.get(f"{accident.START}/periksa").get_data(as_text=True)
    assert "Marzuki (pekerja sendiri)" in check
    assert accident.send(client).location == "/berkas/tanda-terima"
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(HelperMandate.helper_relation)).one() == "nagari"
        assert session.scalars(select(AccidentNotice.notifier_role)).one() == "nagari"
    assert "Ringkas saja di HP ini" in client.get("/berkas").get_data(as_text=True)


def test_joining_leaves_one_report_and_a_word_to_the_officer(
    client: FlaskClient, fresh_database: FreshDatabase
) -> None:
    """The second reporter's answers leave the phone; no case opens on it, and no name of the first is shown."""
    answer_all(client)
    send(client)
    second: FlaskClient = client.application.test_client()
    answer_all(second, {"pelapor": {"reporter_name": "Rani", "reporter_relation": "anak"}})
    assert send(second).status_code == 409
    joined = post(second, "/lapor/gabung", {}, form_at="/lapor/periksa")
    assert joined.location == "/lapor/gabung"
    page = second.get(joined.location).get_data(as_text=True)
    assert "Permintaan Ibu/Bapak sudah dicatat" in page
    assert "Yusra" not in page
    assert second.get("/berkas").location == "/masuk-keluarga"
    assert (count(fresh_database, Report), count(fresh_database, ReportDraft)) == (1, 1)
    alone: FlaskClient = client.application.test_client()
    answer_all(alone, {"nik": {"not_known": "y"}, "nama": {"worker_name": "Bustanul"}})
    assert post(alone, "/lapor/gabung", {}, form_at="/lapor/periksa").location == "/lapor/periksa"


def test_a_paper_sent_by_a_helper_says_so(
    client: FlaskClient,
    app: CaseflowApp,
    fresh_database: FreshDatabase,
    sign_in: Callable[[FlaskClient, str], None],
    staff: Mapping[str, Actor],
) -> None:
    """To the family among the deeds, to the officer beside the file and in the history."""
    report_as_helper(client)
    page = client.get("/berkas/dokumen/family_card").get_data(as_text=True)
    body = {
        "csrf_token": csrf_of(page),
        "request_key": "k" * 20,
        "camera": (BytesIO(samples.jpeg("KK")), "kk.jpg"),
    }
    assert client.post("/berkas/dokumen/family_card", data=body).status_code == 303
    with Session(fresh_database.engine) as session:
        claim = session.scalars(select(Claim)).one()
        claim.assignee_user_id = staff["dedi"].user_id
        number = claim.number
        session.commit()
    family = family_phone(app, fresh_database)
    assert "Mengirim dokumen" in family.get("/berkas/pembantu").get_data(as_text=True)
    officer = app.test_client()
    sign_in(officer, "dedi")
    papers = officer.get(f"/petugas/kasus/{number}/dokumen?d=family_card").get_data(as_text=True)
    assert "oleh pembantu: Zul Efendi (wali jorong)" in papers
    acts = officer.get(f"/petugas/kasus/{number}/riwayat?saring=keluarga").get_data(as_text=True)
    assert "Zul Efendi, pembantu (wali jorong)" in acts
