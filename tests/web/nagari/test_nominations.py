"""A nagari's list through its own doors, from the musyawarah to the reviewers' words; and what the doors refuse."""

import io
import re
from collections.abc import Callable, Mapping
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.people.actor import Actor
from caseflow.registry.nomination_models import Nomination, Nominee, Quota
from caseflow.registry.waiting import put_on_waiting_list
from tests.conftest import FreshDatabase, csrf_of
from tests.files import samples
from tests.registry.lists import Lists

SignIn = Callable[[FlaskClient, str], None]
PERSON = {
    "full_name": "Nurhayati",
    "national_id": "1303 9952 0985 7001",
    "family_card_number": "1303990101157001",
    "sex": "f",
    "birth_place": "Koto Latihan",
    "born_on-day": "12",
    "born_on-month": "9",
    "born_on-year": "1985",
    "jorong": "Pasar",
    "occupation": "Pedagang sayur",
    "hazard": "low",
    "welfare_decile": "",
    "phone": "0812-9000-7001",
    "consented": "y",
}


@pytest.fixture
def fitri(app: CaseflowApp, sign_in: SignIn) -> FlaskClient:
    browser = app.test_client()
    sign_in(browser, "fitri")
    return browser


def text_of(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return unescape(answer.get_data(as_text=True))


def send(browser: FlaskClient, page: str, path: str, data: Mapping[str, object]) -> tuple[int, str, str]:
    """Fill in the form of a page that goes to a path, keeping its hidden fields."""
    html = browser.get(page).get_data(as_text=True)
    start = html.index(f'action="{path}"')
    form = html[start : html.index("</form>", start)]
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', form))
    options = {"content_type": "multipart/form-data"} if "multipart" in form[:200] else {}
    answer = browser.post(path, data={**hidden, **data, "csrf_token": csrf_of(html)}, **options)
    return answer.status_code, answer.headers.get("Location", ""), unescape(answer.get_data(as_text=True))


def quota_of_2027(database: FreshDatabase) -> int:
    with Session(database.engine) as session:
        return (
            session.scalars(
                select(Quota.id).where(Quota.region_code == "13.03.99.2001").order_by(Quota.starts_on.desc())
            ).first()
            or 0
        )


def begun(fitri: FlaskClient, database: FreshDatabase) -> str:
    page = fitri.get("/nagari/usulan").get_data(as_text=True)
    key = re.findall(r'name="request_key" value="([^"]*)"', page)[0]
    answer = fitri.post(
        "/nagari/usulan",
        data={"quota": str(quota_of_2027(database)), "request_key": key, "csrf_token": csrf_of(page)},
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"].rsplit("/", 1)[1]


def test_the_whole_way_through_the_doors(
    app: CaseflowApp, fresh_database: FreshDatabase, fitri: FlaskClient, sign_in: SignIn
) -> None:
    assert "Sisa kuota <strong>17</strong> dari 100" in text_of(fitri, "/nagari/usulan")
    number = begun(fitri, fresh_database)
    here = f"/nagari/usulan/{number}"
    assert "Belum ada orang di usulan ini" in text_of(fitri, here)
    status, place, _ = send(fitri, f"{here}/baru", f"{here}/baru", dict(PERSON))
    assert (status, place) == (303, here)
    page = text_of(fitri, here)
    assert "Nurhayati" in page
    assert "1303995209857001" not in page  # masked in lists
    assert "•••• 7001" in page
    check = text_of(fitri, f"{here}/periksa")
    assert "Musyawarahnya belum" not in check  # the practice nagari has recorded some
    assert "Bereskan dulu" in check
    meeting = {
        "region": "13.03.99.2001", "held_on-day": "10", "held_on-month": "11", "held_on-year": "2026",
        "place": "Kantor nagari", "minutes_number": "BA-77/2026", "attendees": "41",
        "decided": "Disepakati daftar usulan 2027.",
        "minutes": (io.BytesIO(samples.jpeg()), "ba.jpg"),
    }  # fmt: skip
    status, _, body = send(fitri, "/nagari/musyawarah/baru", "/nagari/musyawarah/baru", meeting)
    assert status == 303, body
    assert "BA-77/2026" in text_of(fitri, "/nagari/musyawarah")
    chosen = re.findall(
        r'<option value="([^"]+)">BA-77/2026', fitri.get(f"{here}/periksa").get_data(as_text=True)
    )
    ground = {
        "meeting": chosen[0], "decree_number": "188.47/77/WN", "decree_on-day": "12", "decree_on-month": "11",
        "decree_on-year": "2026", "decree_signed_by": "Jon Efendi",
        "decree_file": (io.BytesIO(samples.pdf()), "sk.pdf"),
    }  # fmt: skip
    status, _, body = send(fitri, f"{here}/periksa", f"{here}/dasar", ground)
    assert status == 303, body
    proof = re.findall(r'href="(/nagari/berkas/[^"]+)"', fitri.get(f"{here}/periksa").get_data(as_text=True))
    opened = fitri.get(proof[0])
    opened.close()
    assert (opened.status_code, opened.headers["Content-Security-Policy"]) == (
        200,
        "default-src 'none'; sandbox",
    )
    status, place, body = send(
        fitri, f"{here}/periksa", f"{here}/ajukan", {"overflow": "draft", "told": "y", "signed_by": "Fitri"}
    )
    assert (status, place) == (303, here), body
    assert "1 orang diajukan ke Disnakertrans." in text_of(fitri, here)
    desi = app.test_client()
    sign_in(desi, "desi")
    there = f"/program/usulan/{number}"
    assert number in text_of(desi, "/program/usulan")
    row = public_id_of(fresh_database, "Nurhayati")
    status, _, body = send(desi, there, f"{there}/baris/{row}", {"verdict": "hold", "reason": "."})
    assert status == 422
    assert "Tulis alasan untuk nagari" in body
    status, _, _ = send(
        desi, there, f"{there}/baris/{row}", {"verdict": "return", "reason": "Nama belum sesuai KTP"}
    )
    assert status == 303
    assert "Nama belum sesuai KTP" in text_of(fitri, here)
    status, _, body = send(desi, f"{there}/langkah/forward", f"{there}/langkah/forward", {})
    assert status == 409
    assert "Tidak ada orang yang diteruskan" in body
    status, _, _ = send(
        desi, f"{there}/langkah/return_to_nagari", f"{there}/langkah/return_to_nagari",
        {"reason_code": "data", "reason_text": "Perbaiki namanya dulu"},
    )  # fmt: skip
    assert status == 303
    edited = {**PERSON, "full_name": "Nurhayati Latifa"}
    status, _, body = send(fitri, f"{here}/orang/{row}", f"{here}/orang/{row}", edited)
    assert status == 303, body
    status, _, body = send(
        fitri, f"{here}/periksa", f"{here}/ajukan", {"overflow": "draft", "told": "y", "signed_by": "Fitri"}
    )
    assert status == 303, body
    status, _, _ = send(desi, there, f"{there}/semua", {})
    assert status == 303
    assert send(desi, f"{there}/langkah/forward", f"{there}/langkah/forward", {})[0] == 303
    dedi = app.test_client()
    sign_in(dedi, "dedi")
    assert "Nurhayati Latifa" in text_of(dedi, there)
    assert send(dedi, there, f"{there}/semua", {})[0] == 303
    assert send(dedi, f"{there}/langkah/accept", f"{there}/langkah/accept", {})[0] == 303
    assert "menunggu nomor peserta" in text_of(fitri, here)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"national_id": "130399520985700"}, "NIK harus 16 angka; yang tertulis 15."),
        ({"national_id": "13039952098570011"}, "NIK harus 16 angka; yang tertulis 17."),
        ({"national_id": ""}, "NIK wajib diisi."),
        ({"national_id": "0000000000000000"}, "NIK ini tidak mungkin ada"),
        ({"family_card_number": "1303995209857001"}, "Nomor KK sama dengan NIK"),
        ({"born_on-year": "1960"}, "di luar batas (belum 65 tahun)"),
        ({"born_on-year": "2015"}, "di bawah 15 tahun"),
        ({"born_on-day": "31", "born_on-month": "4"}, "Tanggal 31 April 1985 tidak ada"),
        ({"full_name": ""}, "Tulis namanya seperti di KTP."),
        ({"full_name": "a\x00b"}, "huruf"),
        ({"jorong": "lain"}, "Tulis nama jorongnya."),
        ({"jorong": "Atlantis"}, "Pilih"),
        ({"phone": "12"}, "nomor"),
        ({"national_id": "1303991107720003"}, "NIK ini sudah terdaftar. Hubungi DPMN bila pindah."),
    ],
)
def test_a_person_who_cannot_be_written_down(
    fresh_database: FreshDatabase, fitri: FlaskClient, changes: dict[str, str], says: str
) -> None:
    here = f"/nagari/usulan/{begun(fitri, fresh_database)}/baru"
    status, _, body = send(fitri, here, here, {**PERSON, **changes})
    assert status == 422
    assert says.lower() in body.lower()
    assert "Pedagang sayur" in body  # nothing typed is lost
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(Nominee.id).where(Nominee.full_name == "Nurhayati")) is None


def test_digits_of_any_script_are_taken_and_doubtful_ones_are_only_told(
    fresh_database: FreshDatabase, fitri: FlaskClient
) -> None:
    number = begun(fitri, fresh_database)
    here = f"/nagari/usulan/{number}/baru"
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in "1303991209857001")
    assert send(fitri, here, here, {**PERSON, "national_id": full_width, "baru": "1"})[0] == 303
    page = text_of(fitri, here)
    assert "Jenis kelamin berbeda dari yang ditunjukkan NIK" in page
    assert "Nurhayati ditambahkan" in page


def test_the_other_side_of_the_doors(
    app: CaseflowApp, fresh_database: FreshDatabase, fitri: FlaskClient, sign_in: SignIn
) -> None:
    """Reviewers do not write lists, the nagari does not review; a strange number is nobody's."""
    number = begun(fitri, fresh_database)
    desi = app.test_client()
    sign_in(desi, "desi")
    assert desi.get(f"/nagari/usulan/{number}/baru").status_code == 403
    assert fitri.get("/program/usulan").status_code == 403
    assert fitri.get("/nagari/usulan/USL-26-9999-1").status_code == 404
    assert desi.get(f"/program/usulan/{number}?keadaan=apa&setelah=-1").status_code == 200
    assert desi.get("/program/usulan?tahap=apa").status_code == 404
    assert "Tidak ada usulan menunggu." in text_of(desi, "/program/usulan?tahap=dikembalikan")
    with Session(fresh_database.engine) as session:
        nomination = session.scalars(select(Nomination).where(Nomination.number == number)).one()
        nomination.region_code = "13.03.99.2002"
        session.commit()
    assert fitri.get(f"/nagari/usulan/{number}").status_code == 404


def test_the_first_in_line_is_put_forward_by_a_button(
    fresh_database: FreshDatabase, fitri: FlaskClient
) -> None:
    page = text_of(fitri, "/nagari/daftar-tunggu")
    assert page.count("Usulkan ") == 1
    status, place, body = send(fitri, "/nagari/daftar-tunggu", "/nagari/daftar-tunggu", {})
    assert status == 303, body
    assert "diusulkan dalam usulan USL-26-" in text_of(fitri, place)


def test_a_list_is_withdrawn_with_a_reason(fresh_database: FreshDatabase, fitri: FlaskClient) -> None:
    here = f"/nagari/usulan/{begun(fitri, fresh_database)}"
    assert send(fitri, f"{here}/tarik", f"{here}/tarik", {"reason": "   "})[0] == 422
    assert send(fitri, f"{here}/tarik", f"{here}/tarik", {"reason": "Salah memilih masa kuota"})[0] == 303
    assert "Ditarik nagari" in text_of(fitri, here)


def public_id_of(database: FreshDatabase, name: str) -> str:
    with Session(database.engine) as session:
        return session.scalars(select(Nominee.public_id).where(Nominee.full_name == name)).one()


def test_the_list_leaves_masked_and_the_recap_is_one_letter(
    fresh_database: FreshDatabase, fitri: FlaskClient
) -> None:
    with Session(fresh_database.engine) as session:
        number = session.scalars(select(Nomination.number).where(Nomination.state == "submitted")).one()
    here = f"/nagari/usulan/{number}"
    sheet = fitri.get(f"{here}/unduh.csv").get_data(as_text=True)
    assert sheet.count("Diusulkan") == 21
    assert re.search(r"\d{16}", sheet) is None
    draft = fitri.get(f"{here}/rekap/pratinjau")
    assert draft.get_data().startswith(b"%PDF-")
    draft.close()
    for _ in range(2):
        assert send(fitri, here, f"{here}/rekap", {})[0] == 303
    letters = re.findall(r'href="(/nagari/usulan/rekap/[^"]+)"', text_of(fitri, here))
    assert len(letters) == 1
    with fitri.get(letters[0]) as letter:
        assert letter.get_data().startswith(b"%PDF-")


def test_nobody_on_a_list_is_stuck(
    app: CaseflowApp,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
    fitri: FlaskClient,
    sign_in: SignIn,
) -> None:
    """By buttons: the branch gives up an accepted row, the nagari puts it right elsewhere and clears its waiting list."""
    with Session(fresh_database.engine) as session:
        lists = Lists(session, staff)
        quota = lists.quota(slots=2)
        number, (row, _) = (nomination := lists.accepted(quota, 2)).number, lists.rows(nomination)
        more = lists.draft(quota, 1)
        (waits,) = lists.rows(more)
        put_on_waiting_list(session, waits, expected_version=0, by=staff["fitri"], now=clock.now())
        back, name, one_who_waits = row.public_id, row.full_name, waits.public_id
        session.commit()
    dedi = app.test_client()
    sign_in(dedi, "dedi")
    desk = f"/program/usulan/{number}"
    page = text_of(dedi, desk)
    assert "Tandai semua" not in page
    assert "Tidak jadi didaftarkan" in page
    answer = {"verdict": "return", "reason": "NIK berbeda dari data BPJS"}
    assert send(dedi, desk, f"{desk}/baris/{back}", answer)[0] == 303
    here = f"/nagari/usulan/{number}"
    assert "1 orang dikembalikan" in text_of(fitri, here)
    status, place, body = send(fitri, here, f"{here}/perbaiki", {})
    assert status == 303, body
    draft = text_of(fitri, place)
    assert f"{place}/orang/{back}" in draft
    assert name in draft
    assert name not in text_of(fitri, here)
    leave = f"/nagari/daftar-tunggu/{one_who_waits}/keluarkan"
    assert send(fitri, "/nagari/daftar-tunggu", leave, {})[0] == 303
    assert leave not in text_of(fitri, "/nagari/daftar-tunggu")
