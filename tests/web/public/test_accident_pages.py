"""The first notice of an accident from a phone without JavaScript: five short pages, and everything that goes wrong."""

import gzip
from collections.abc import Callable, Mapping
from datetime import date, time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow.claims.accident_models import AccidentNotice
from caseflow.claims.models import Claim, Report, ReportDraft
from tests.conftest import FreshDatabase, csrf_of
from tests.web.public.test_report_pages import STATIC, count, post

START = "/lapor/kecelakaan"
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "siapa": {
        "worker_name": "Marzuki",
        "national_id": "1303 9903 0488 0002",
        "region_code": "13.03.99.2001",
        "jorong": "Pasar",
    },
    "kapan": {
        "happened_on-day": "18",
        "happened_on-month": "11",
        "happened_on-year": "2026",
        "happened_at": "15.30",
        "place": "Bangunan ruko di pasar",
    },
    "apa": {
        "kind": "accident",
        "chronology": "Jatuh dari perancah saat memasang bata.",
        "result": "injured",
        "injury": "Kaki kanan",
        "facility": "RSUD Latihan",
    },
    "kabar": {
        "notifier_role": "family",
        "relation": "istri",
        "notifier_name": "Yulia",
    },
    "telepon": {"notifier_phone": "0812-6700-1235", "phone_owner": "sendiri", "contact_by": "whatsapp"},
    "persetujuan": {"consented": "y"},
}
# somebody of the family allows a helper to go on
ALLOWED = {
    "given_by_name": "Yulia",
    "given_by_relation": "istri",
    "given_by_phone": "0812-6700-1235",
    "given_how": "spoken",
    "days": "90",
}
UNKNOWN = {
    "siapa": {"worker_name": "Marzuki", "region_code": "13.03.99.2001"},
    "kapan": {**ANSWERS["kapan"], "happened_at": "", "place": "tidak tahu"},
    "apa": {"kind": "accident", "chronology": "Katanya jatuh di tempat kerja.", "result": "unknown"},
    "kabar": {**ANSWERS["kabar"], "notifier_role": "union", "relation": ""},
}
DISEASE = {
    "kind": "disease",
    "job": "Penyemprot hama",
    "years_of_service": "6 tahun",
    "exposure": "Racun hama",
    "diagnosis": "tidak tahu",
    "chronology": "Sesak napas setiap habis menyemprot.",
    "result": "injured",
}
DIED = {
    **ANSWERS["apa"],
    "kind": "sudden_death",
    "result": "",
    "died_on-day": "18",
    "died_on-month": "11",
    "died_on-year": "2026",
}


def fill_in(client: FlaskClient, changes: Mapping[str, Mapping[str, str]] | None = None) -> None:
    """Answer every page of questions."""
    post(client, START, {})
    for name, fields in {**ANSWERS, **(changes or {})}.items():
        answer = post(client, f"{START}/{name}", fields)
        assert answer.status_code == 303, answer.get_data(as_text=True)


def send(client: FlaskClient) -> TestResponse:
    """Press "Kirim kabar"."""
    return post(client, f"{START}/kirim", {}, f"{START}/periksa")


def noticed(database: FreshDatabase) -> tuple[Claim, Report, AccidentNotice]:
    """The one case of the database."""
    with Session(database.engine, expire_on_commit=False) as session:
        claim = session.scalars(select(Claim)).one()
        return claim, session.get_one(Report, claim.id), session.get_one(AccidentNotice, claim.id)


def test_six_pages_become_a_case_and_a_receipt(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """The receipt shows the number, when somebody calls, and what to keep."""
    fill_in(client)
    assert "Langkah 6 dari 6" in client.get(f"{START}/persetujuan").get_data(as_text=True)
    check = client.get(f"{START}/periksa").get_data(as_text=True)
    assert "18 November 2026, pukul 15.30" in check
    answer = send(client)
    assert answer.location == "/berkas/tanda-terima"
    page = client.get(answer.location).get_data(as_text=True)
    claim, report, notice = noticed(fresh_database)
    assert (claim.program, claim.state, claim.died_on) == ("jkk", "notified", None)
    assert (report.national_id, report.reporter_relation) == ("1303990304880002", "istri")
    assert (notice.happened_at, notice.notifier_role, notice.injury) == (time(15, 30), "family", "Kaki kanan")
    assert "Kabar diterima" in page
    assert "Simpan kuitansi" in page
    assert "Minggu, 22 November 2026" in page
    assert "turut berduka" not in page
    assert "Marzuki" in client.get("/berkas").get_data(as_text=True)


def test_not_knowing_is_an_answer(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """Neither NIK nor hour nor place nor injury; helpers have no relation."""
    fill_in(client, UNKNOWN)
    assert send(client).status_code == 303
    _, report, notice = noticed(fresh_database)
    assert report.national_id is None
    assert notice.happened_at is None
    assert (notice.result, notice.facility, report.reporter_relation) == ("unknown", "", "lain")


def test_a_disease_is_told_with_job_and_exposure(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """What the regulation asks of a disease is asked then, and only then."""
    fill_in(client, {"apa": DISEASE})
    send(client)
    assert noticed(fresh_database)[2].disease == {
        "job": "Penyemprot hama",
        "years_of_service": "6 tahun",
        "exposure": "Racun hama",
        "diagnosis": "tidak tahu",
    }


def test_a_sudden_death_asks_for_its_day(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """It needs no other answer about the state of the worker, and the receipt condoles."""
    fill_in(client, {"apa": DIED})
    page = client.get(send(client).location).get_data(as_text=True)
    claim, _, notice = noticed(fresh_database)
    assert (claim.died_on, notice.result) == (date(2026, 11, 18), "died")
    assert "Kami turut berduka cita." in page
    assert "Almarhum Marzuki" in page


def test_late_is_said_gently_and_never_refused(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """On the last page and on the receipt; a notice in time says nothing of it."""
    fill_in(client)
    assert "Batas 2×24 jam sudah lewat" not in client.get(f"{START}/periksa").get_data(as_text=True)
    post(client, f"{START}/kapan", {**ANSWERS["kapan"], "happened_on-day": "3"})
    assert "Batas 2×24 jam sudah lewat, dan kabar ini tetap kami terima" in (
        client.get(f"{START}/periksa").get_data(as_text=True)
    )
    page = client.get(send(client).location).get_data(as_text=True)
    assert "tetap kami terima" in page
    assert noticed(fresh_database)[0].event_on == date(2026, 11, 3)


def test_a_very_old_accident_is_taken_too(client: FlaskClient) -> None:
    """From before the limit of hours was written down."""
    fill_in(client, {"kapan": {**ANSWERS["kapan"], "happened_on-year": "2010"}})
    assert client.get(f"{START}/periksa").status_code == 200
    assert send(client).status_code == 303


@pytest.mark.parametrize(
    ("name", "changes", "sentence"),
    [
        ("siapa", {"worker_name": " "}, "Tulis nama pekerja"),
        ("siapa", {"national_id": "130399"}, "NIK harus 16 angka; yang tertulis 6"),
        ("siapa", {"region_code": "13.03"}, "Pilih salah satu dari daftar"),
        ("siapa", {"region_code": ""}, "Pilih nagari"),
        ("siapa", {"jorong": "x" * 200}, "paling banyak 120 huruf"),
        ("kapan", {"happened_on-day": "21"}, "Tanggal kejadian tidak boleh setelah hari ini"),
        ("kapan", {"happened_on-day": "31"}, "31 November 2026 tidak ada"),
        ("kapan", {"happened_on-year": "1999"}, "lebih dari 20 tahun lalu"),
        ("kapan", {"happened_at": "sore"}, "Tulis jam dengan angka"),
        ("kapan", {"happened_at": "25.00"}, "Tulis jam dengan angka"),
        ("kapan", {"place": ""}, "Tulis tempatnya, atau tulis “tidak tahu”"),
        ("kapan", {"place": "x" * 5000}, "Paling banyak 4000 huruf; yang tertulis 5000"),
        ("apa", {"kind": "flood"}, "Pilih salah satu dari daftar"),
        ("apa", {"chronology": "jatuh"}, "Tulis sedikit lebih banyak"),
        ("apa", {"chronology": "x" * 1500}, "paling banyak 1000 huruf"),
        ("apa", {"result": ""}, "Pilih salah satu"),
        ("apa", {"result": "died"}, "Tulis tanggal meninggalnya"),
        ("apa", {**DIED, "died_on-day": "21"}, "Tanggal meninggal tidak boleh setelah hari ini"),
        ("apa", {"kind": "disease"}, "tulis “tidak tahu”"),
        ("kabar", {"relation": ""}, "Pilih hubungannya dengan pekerja"),
        ("kabar", {"notifier_name": "😀"}, "Nama hanya berisi"),
        ("telepon", {"notifier_phone": "12"}, "Nomor HP biasanya"),
        ("telepon", {"contact_by": "post"}, "Pilih salah satu dari daftar"),
        ("kabar", {"notifier_role": ""}, "Pilih salah satu"),
    ],
)
def test_wrong_answers_get_a_sentence_and_stay_typed(
    client: FlaskClient, name: str, changes: Mapping[str, str], sentence: str
) -> None:
    post(client, START, {})
    answer = post(client, f"{START}/{name}", {**ANSWERS[name], **changes})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert "<title>Ada yang perlu diperbaiki" in page


def test_a_death_before_the_accident_is_found_at_the_end(
    client: FlaskClient, fresh_database: FreshDatabase
) -> None:
    """The two days stand on two pages; the last page says so, and nothing is sent."""
    fill_in(client, {"apa": {**DIED, "died_on-day": "1"}})
    answer = send(client)
    assert answer.status_code == 422
    assert "tidak boleh sebelum kejadian" in answer.get_data(as_text=True)
    assert count(fresh_database, Claim) == 0


def test_tags_are_only_letters(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    story = "<script>alert(1)</script> jatuh"
    fill_in(client, {"apa": {**ANSWERS["apa"], "chronology": story}})
    page = client.get(f"{START}/periksa").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    send(client)
    assert noticed(fresh_database)[2].chronology == story


def test_without_consent_nothing_is_sent(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """The page of consent stays open, and so does the report."""
    post(client, START, {})
    for name, fields in ANSWERS.items():
        if name != "persetujuan":
            post(client, f"{START}/{name}", fields)
    answer = post(client, f"{START}/persetujuan", {})
    assert answer.status_code == 422
    assert "Tanpa persetujuan, laporan tidak bisa dikirim" in answer.get_data(as_text=True)
    sent = post(client, f"{START}/kirim", {}, f"{START}/persetujuan")
    assert sent.location == f"{START}/persetujuan"
    assert count(fresh_database, Claim) == 0


def test_sent_twice_it_is_one_notice(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    fill_in(client)
    page = client.get(f"{START}/periksa").get_data(as_text=True)
    fields = {"csrf_token": csrf_of(page)}
    first, second = (client.post(f"{START}/kirim", data=fields) for _ in range(2))
    assert first.location == second.location == "/berkas/tanda-terima"
    assert count(fresh_database, Report) == 1


def test_the_same_accident_again_is_asked_about_kindly(
    client: FlaskClient, fresh_database: FreshDatabase
) -> None:
    """No number and no name of the first notifier; what was typed stays, and it can be sent."""
    fill_in(client)
    send(client)
    second: FlaskClient = client.application.test_client()
    fill_in(second, {"kabar": {**ANSWERS["kabar"], "notifier_name": "Zul", "relation": "saudara"}})
    asked = send(second)
    page = asked.get_data(as_text=True)
    assert asked.status_code == 409
    assert "Sudah ada laporan untuk nama ini" in page
    assert "Yulia" not in page
    assert "SJJ-" not in page
    assert count(fresh_database, Report) == 1
    sure = second.post(f"{START}/kirim", data={"confirm": "1", "csrf_token": csrf_of(page)})
    assert sure.status_code == 303
    assert count(fresh_database, Report) == 2


def test_it_goes_on_where_somebody_stopped(client: FlaskClient) -> None:
    """Also after a death report was begun on the same phone: the two do not mix."""
    post(client, START, {})
    post(client, f"{START}/siapa", ANSWERS["siapa"])
    assert "Lanjutkan kabar kecelakaan" in client.get(START).get_data(as_text=True)
    assert "Lanjutkan laporan" not in client.get("/lapor").get_data(as_text=True)
    assert post(client, START, {}).location == f"{START}/kapan"
    assert post(client, "/lapor", {}).location == "/lapor/apa"
    assert client.get(f"{START}/periksa").location == f"{START}/kapan"


def test_a_stale_draft_leads_back_to_the_beginning(
    client: FlaskClient, fresh_database: FreshDatabase
) -> None:
    """Thrown away on another page, or too old: a kind beginning, never a fault."""
    fill_in(client)
    page = client.get(f"{START}/periksa").get_data(as_text=True)
    with Session(fresh_database.engine) as session:
        session.delete(session.scalars(select(ReportDraft)).one())
        session.commit()
    for path in (f"{START}/periksa", f"{START}/siapa"):
        assert client.get(path).location == START
    assert client.post(f"{START}/kirim", data={"csrf_token": csrf_of(page)}).location == START
    assert client.post(f"{START}/siapa", data={"csrf_token": csrf_of(page)}).location == START
    assert client.get(f"{START}/tidak-ada").status_code == 404


@pytest.mark.parametrize(("username", "to"), [("dedi", "/petugas/kasus/"), ("fitri", "/lapor/terkirim")])
def test_staff_who_use_this_door_do_not_become_the_family(
    client: FlaskClient,
    fresh_database: FreshDatabase,
    sign_in: Callable[[FlaskClient, str], None],
    username: str,
    to: str,
) -> None:
    sign_in(client, username)
    fill_in(client)
    assert send(client).location.startswith(to)
    assert client.get_cookie("kel") is None
    assert noticed(fresh_database)[1].helped_by_user_id is not None


def test_the_pages_are_light(client: FlaskClient) -> None:
    """At most 60 KB compressed with everything the page loads."""
    shared = sum(
        len(gzip.compress((STATIC / name).read_bytes()))
        for name in (
            "css/base.css",
            "css/family.css",
            "css/notice.css",
            "css/statement.css",
            "js/forms.js",
            "img/mark.svg",
        )
    )
    fill_in(client)
    paths = [START, *(f"{START}/{name}" for name in ANSWERS), f"{START}/periksa"]
    send(client)
    for path in [*paths, "/berkas"]:
        assert len(gzip.compress(client.get(path, follow_redirects=True).data)) + shared <= 60_000
