"""Home, the five questions before a report, privacy, and what is typed wrongly on the way."""

from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim, Report, ReportDraft
from caseflow.web.public.entitled import UNKNOWN, advice
from tests.conftest import FreshDatabase, csrf_of
from tests.web.public.test_accident_pages import ANSWERS as ACCIDENT
from tests.web.public.test_report_pages import ANSWERS, answer_all, count, post, send

ALL_KNOWN = {"apa": "meninggal", "terdaftar": "ya", "iuran": "ya", "lama": "cukup", "kapan": "baru"}


def test_home_leads_on_where_somebody_stopped(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """Only for what was begun on this phone; it can be thrown away there."""
    assert "belum dikirim" not in client.get("/").get_data(as_text=True)
    post(client, "/lapor", {})
    assert "belum dikirim" not in client.get("/").get_data(as_text=True)
    post(client, "/lapor/nama", ANSWERS["nama"])
    page = client.get("/").get_data(as_text=True)
    assert "Lanjutkan laporan kematian" in page
    assert "Lanjutkan kabar kecelakaan" not in page
    post(client, "/lapor/kecelakaan/kapan", ACCIDENT["kapan"])
    assert "Lanjutkan kabar kecelakaan" in client.get("/").get_data(as_text=True)
    assert post(client, "/lapor/hapus", {}, form_at="/").location == "/"
    assert "belum dikirim" not in client.get("/").get_data(as_text=True)
    assert count(fresh_database, ReportDraft) == 0


def test_home_says_nothing_of_a_report_that_was_sent(client: FlaskClient) -> None:
    answer_all(client)
    send(client)
    assert "belum dikirim" not in client.get("/").get_data(as_text=True)
    assert 'action="/masuk-keluarga"' in client.get("/").get_data(as_text=True)


def test_the_promise_is_read_from_the_numbers(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    for name in ("jkm", "jkk"):
        days = numbers().on(f"{name}_payment_working_days", clock.today()).value
        assert f"<strong>{days} hari kerja</strong>" in page


def test_five_questions_store_nothing(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """Neither a draft nor a cookie; the figures are those of the law, and nothing is promised."""
    page = client.get("/berhak", query_string=ALL_KNOWN)
    words = page.get_data(as_text=True)
    assert "Mungkin berhak." in words
    assert "Rp42.000.000" in words
    assert "tetap boleh melapor" in words
    assert "bukan janji" in words
    assert "Set-Cookie" not in page.headers
    assert count(fresh_database, ReportDraft) == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"terdaftar": "tidak"}, "kadang mendaftarkan pekerja tanpa keluarganya tahu"),
        ({"terdaftar": UNKNOWN}, "Petugas memeriksa dengan nama atau NIK"),
        ({"iuran": "putus"}, "belum tentu menghentikan kepesertaan"),
        ({"lama": "kurang"}, "mungkin hanya biaya pemakaman"),
        ({"kapan": "lama"}, "memeriksa apakah haknya masih berlaku"),
        ({"apa": "kecelakaan"}, "Lewat pun tetap kami terima"),
        ({"apa": UNKNOWN}, ""),
    ],
)
def test_no_answer_ends_in_a_no(changes: Mapping[str, str], sentence: str) -> None:
    found = advice({**ALL_KNOWN, **changes}, numbers(), clock.today())
    said = " ".join([found.verdict, *found.because])
    assert sentence in said
    assert "tidak berhak" not in said.lower()
    assert found.verdict.startswith(
        "Belum pasti" if changes.get("terdaftar") == "tidak" else "Mungkin berhak"
    )
    assert all(len(one.split()) <= 15 for part in [found.verdict, *found.because] for one in part.split(". "))


@pytest.mark.parametrize("junk", ["", "😀", "<script>", "x" * 10_000, "ya'--"])
def test_what_nobody_can_choose_counts_as_not_known(client: FlaskClient, junk: str) -> None:
    answer = client.get("/berhak", query_string={"apa": junk, "terdaftar": junk})
    assert answer.status_code == 200
    assert "Mungkin berhak" in answer.get_data(as_text=True)


def test_privacy_says_what_whom_how_long_and_where_to_complain(client: FlaskClient) -> None:
    page = client.get("/privasi").get_data(as_text=True)
    for words in (
        "Yang kami simpan",
        "Siapa yang membaca",
        "Berapa lama",
        "Menarik persetujuan",
        "Ombudsman",
    ):
        assert words in page


@pytest.mark.parametrize(
    "name", ["Suharto", "M. Yusuf Dt. Rajo", "O'Brien", "Siti Nur-Aini", "Nur’aini binti A.", "Å"]
)
def test_names_are_taken_as_they_are(client: FlaskClient, fresh_database: FreshDatabase, name: str) -> None:
    """One word, apostrophe, hyphen and point reach the case as written."""
    answer_all(client, {"nama": {"worker_name": name}})
    assert send(client).status_code == 303
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(Claim.subject)).one() == name


@pytest.mark.parametrize(
    ("page", "fields", "status", "sentence"),
    [
        ("nama", {"worker_name": "😀"}, 422, "Nama hanya berisi huruf"),
        ("nama", {"worker_name": "x" * 10_000}, 422, "Paling banyak 4000 huruf"),
        ("nama", {"worker_name": "x" * 121}, 422, "paling banyak 120 huruf"),
        ("nama", {"worker_name": "Sam\x00sir"}, 422, "tidak bisa dibaca"),
        ("nama", {"worker_name": "..."}, 422, "Satu kata pun boleh"),
        ("nik", {"national_id": "1303991209760001" * 2}, 422, "NIK harus 16 angka; yang tertulis 32"),
        ("nik", {"national_id": "0" * 16}, 422, "tidak mungkin ada"),
        ("kapan", {"died_on-day": "31", "died_on-month": "2", "died_on-year": "2026"}, 422, "31 Februari 2026 tidak ada"),
        ("kapan", {"died_on-day": "17", "died_on-month": "11", "died_on-year": "2005"}, 422, "lebih dari 20 tahun"),
        ("kapan", {"died_on-day": "١٧", "died_on-month": "11", "died_on-year": "2026a"}, 422, "dengan angka"),
        ("kapan", {"died_about": "y"}, 422, "Tulis tanggal"),
        ("kapan", {"died_about": "y", "died_on-month": "12", "died_on-year": "2026"}, 422, "setelah hari ini"),
        ("kapan", {"died_about": "y", "died_on-month": "13", "died_on-year": "2026"}, 422, "Bulan ditulis 1"),
        ("kapan", {"died_about": "y", "died_on-month": "11"}, 422, "Isi juga tahun"),
        ("di-mana", {"region_code": "13.03.99.2001", "jorong": "x" * 200}, 422, "paling banyak 120"),
        ("pelapor", {"reporter_name": "Rani", "reporter_relation": "sahabat"}, 422, "Pilih salah satu"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_gets_a_sentence(
    client: FlaskClient, page: str, fields: Mapping[str, str], status: int, sentence: str
) -> None:
    """And what was typed stays on the page."""
    post(client, "/lapor", {})
    answer = post(client, f"/lapor/{page}", fields)
    assert answer.status_code == status
    assert sentence in answer.get_data(as_text=True)


@pytest.mark.parametrize(("month", "stored"), [("11", "2026-11-15"), ("10", "2026-10-15")])
def test_nobody_knows_the_day(
    client: FlaskClient, fresh_database: FreshDatabase, month: str, stored: str
) -> None:
    """Month and year are enough; it says so everywhere, and officers read that it is about."""
    about = {"died_about": "y", "died_on-day": "", "died_on-month": month, "died_on-year": "2026"}
    answer_all(
        client, {"kapan": about, "nik": {"not_known": "y"}, "di-mana": {"region_code": "13.03.99.2001"}}
    )
    assert "Tanggal pastinya tidak tahu" in client.get("/lapor/periksa").get_data(as_text=True)
    receipt = client.get(send(client).location).get_data(as_text=True)
    assert "Sekitar" in receipt
    with Session(fresh_database.engine) as session:
        report = session.scalars(select(Report)).one()
    assert (report.died_on and report.died_on.isoformat(), report.died_about) == (stored, True)
    assert (report.national_id, report.jorong) == (None, "")


def test_tags_are_only_letters(client: FlaskClient) -> None:
    """In a jorong, which takes any text; in a name they are refused in a sentence."""
    tags = "<script>alert(1)</script>"
    answer_all(client, {"di-mana": {"region_code": "13.03.99.2001", "jorong": tags}})
    page = client.get("/lapor/periksa").get_data(as_text=True)
    assert tags not in page
    assert "&lt;script&gt;alert" in page
    refused = post(client, "/lapor/nama", {"worker_name": tags})
    assert refused.status_code == 422
    assert tags not in refused.get_data(as_text=True)


@pytest.mark.parametrize("token", ["", "x", "of-another-session"])
def test_an_expired_form_keeps_the_draft_and_says_so(
    client: FlaskClient, fresh_database: FreshDatabase, token: str
) -> None:
    """H01: without, with a broken, and with another's form token."""
    post(client, "/lapor", {})
    post(client, "/lapor/nama", ANSWERS["nama"])
    if token == "of-another-session":
        stranger: FlaskClient = client.application.test_client()
        token = csrf_of(stranger.get("/masuk-keluarga").get_data(as_text=True))
    fields = {"national_id": "1303991209760001", "csrf_token": token}
    answer = client.post("/lapor/nik", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert "Isiannya masih ada, kirim lagi" in page
    assert "Jawaban pada halaman sebelumnya masih tersimpan di HP ini" in page
    assert 'value="1303991209760001"' in page
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(ReportDraft)).one().answers["death"]["worker_name"] == "Samsir"


def test_answering_after_the_draft_is_gone_says_so(client: FlaskClient) -> None:
    post(client, "/lapor", {})
    page = client.get("/lapor/nama").get_data(as_text=True)
    post(client, "/lapor/hapus", {}, form_at="/lapor/nama")
    answer = client.post("/lapor/nama", data={**ANSWERS["nama"], "csrf_token": csrf_of(page)})
    assert answer.location == "/lapor"
    assert "Jawaban tadi belum tersimpan" in client.get("/lapor").get_data(as_text=True)
