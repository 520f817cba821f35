"""A complaint as people tell it and read its answer: nothing left on the phone, nothing for whom it accuses."""

import re
from datetime import datetime
from html import unescape
from typing import cast

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AnsweredRequest
from caseflow.claims import complaint_queries, complaints
from caseflow.claims.complaint_models import Complaint
from caseflow.claims.models import Claim
from caseflow.identifiers import check_digit
from caseflow.people.devices import device_for_reporter
from tests import story
from tests.web.casework.conftest import Office
from tests.web.casework.conftest import office as office
from tests.web.forms import form_of, send

WORDS = "Orang jorong meminta dua juta dari santunan, di warung depan kantor."
LEVY = {"category": "levy", "accused": "nagari", "words": WORDS}
_NUMBER = re.compile(r"ADU-26-[0-9]{4}-[0-9]")
_CODE = re.compile(r"[0-9]{4} [0-9]{4} [0-9]{4}")


def main_of(page: str) -> str:
    """What the page itself says."""
    return unescape(page.split("<main", 1)[1].split("</main>", 1)[0])


@pytest.fixture
def number(office: Office) -> str:
    """Samsir's report."""
    return office.carry(lambda stage, person: story.reported(stage, person))


@pytest.fixture
def phone(office: Office, number: str) -> FlaskClient:
    """Yusra's phone."""
    browser = office.app.test_client()
    with office.stage() as stage:
        claim = stage.session.scalars(select(Claim).where(Claim.number == number)).one()
        browser.set_cookie("kel", device_for_reporter(stage.session, claim.id, "Yusra", now=clock.now()))
    return browser


def read(browser: FlaskClient, path: str) -> str:
    """A page of the phone."""
    answer = browser.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def tell(browser: FlaskClient, path: str = "/berkas/aduan", **typed: str) -> tuple[str, str, str]:
    """Tell a levy and return page, number and code."""
    answer = send(browser, form_of(read(browser, path), path), **{**LEVY, **typed})
    page = main_of(answer.get_data(as_text=True))
    assert answer.status_code == 200, page
    number, code = _NUMBER.search(page), _CODE.search(page)
    assert number is not None
    assert code is not None
    return page, number[0], code[0]


def look_up(browser: FlaskClient, number: str, code: str, status: int = 200) -> str:
    """Read the answer with number and code."""
    form = form_of(read(browser, "/aduan/jawaban"), "/aduan/jawaban")
    answer = send(browser, form, number=number, code=code)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return main_of(answer.get_data(as_text=True))


def test_the_phone_looks_the_same_before_and_after(phone: FlaskClient) -> None:
    """By default nothing on the phone tells that somebody complained."""
    pages = ("/berkas", "/berkas/dokumen", "/berkas/tanda-terima", "/berkas/hp", "/berkas/aduan")

    def seen() -> list[str]:
        quiet = re.compile(
            r'((?:name="(?:csrf_token|request_key)" value|data-token)=")[^"]*|id="request_key"[^>]*'
        )
        return [quiet.sub("", main_of(read(phone, path))) for path in pages]

    before = seen()
    tell(phone)
    assert seen() == before


def test_the_paper_names_who_reads_it_and_when_it_is_answered(phone: FlaskClient) -> None:
    page, _, _ = tell(phone)
    assert "Jumat, 27 November 2026" in page
    assert "Inspektur pengaduan membaca aduan ini." in page
    assert WORDS not in page


def test_a_day_that_was_promised_and_passed_is_owned_up_to(office: Office, phone: FlaskClient) -> None:
    """On the day itself nothing is late; the day after we say so, until there is an answer."""
    _, number, code = tell(phone)
    clock.set_start(datetime(2026, 11, 27, 16, tzinfo=clock.WIB))
    assert "Kami mohon maaf" not in look_up(phone, number, code)
    clock.set_start(datetime(2026, 11, 28, 0, 1, tzinfo=clock.WIB))
    page = look_up(phone, number, code)
    assert "Jawaban paling lambat Jumat, 27 November 2026. Hari itu sudah lewat" in page
    office.fill(
        "irma",
        f"/pengawasan/aduan/{number}/answer",
        "/answer",
        reason_code="settled",
        reason_text="Uang itu sudah dikembalikan.",
    )
    assert "Kami mohon maaf" not in look_up(phone, number, code)


def test_it_is_shown_on_the_phone_only_when_asked_again(phone: FlaskClient) -> None:
    answer = send(phone, form_of(read(phone, "/berkas/aduan"), "/berkas/aduan"), **LEVY)
    paper = answer.get_data(as_text=True)
    found = _NUMBER.search(paper)
    assert found is not None
    number = found[0]
    shown = send(phone, form_of(paper, "/tampilkan"))
    assert shown.location == "/berkas/aduan"
    page = main_of(read(phone, "/berkas/aduan"))
    assert number in page
    assert WORDS not in page
    assert number not in main_of(read(phone, "/berkas"))
    send(phone, form_of(read(phone, "/berkas/aduan"), "/sembunyikan"))
    assert number not in main_of(read(phone, "/berkas/aduan")).replace("tidak tampil lagi", "")


def test_nobody_shows_it_without_the_code(phone: FlaskClient) -> None:
    _, number, code = tell(phone)
    wrong = "".join(reversed(code.replace(" ", "")))
    token = form_of(read(phone, "/berkas/aduan"), "/berkas/aduan").fields["csrf_token"][0]
    phone.post("/berkas/aduan/tampilkan", data={"csrf_token": token, "number": number, "code": wrong})
    assert "Sembunyikan" not in main_of(read(phone, "/berkas/aduan"))


def test_without_a_name_nothing_leads_back(office: Office, phone: FlaskClient) -> None:
    """Neither claim nor phone nor an answered request under the phone's key."""
    _, number, _ = tell(phone, linked="no")
    with Session(office.database.engine) as session:
        complaint = complaint_queries.find_by_number(session, number)
        assert complaint is not None
        assert complaint.about_casefile_id is None
        assert complaint.contact_phone is None
        assert complaint.shown_on_device_id is None
        assert session.scalar(select(func.count()).where(AnsweredRequest.route.contains("aduan"))) == 0


def test_sent_twice_it_is_the_same_paper(office: Office, phone: FlaskClient) -> None:
    """A press on a slow line, or the page loaded again."""
    form = form_of(read(phone, "/berkas/aduan"), "/berkas/aduan")
    papers = [main_of(send(phone, form, **LEVY).get_data(as_text=True)) for _ in range(2)]
    assert _NUMBER.findall(papers[0]) == _NUMBER.findall(papers[1])
    assert _CODE.findall(papers[0]) == _CODE.findall(papers[1])
    with Session(office.database.engine) as session:
        complaint_queries.reading(session)
        assert session.scalar(select(func.count()).select_from(Complaint)) == 1


def test_anybody_without_a_case(client: FlaskClient) -> None:
    """From the help bar of every page, anonymous; the answer by number and code from any phone."""
    assert 'href="/aduan"' in read(client, "/")
    page, number, code = tell(client, "/aduan")
    assert "Di HP ini tidak ada yang tersimpan." in page
    assert "Aduan sudah kami terima." in look_up(client, number, code)
    assert "Aduan sudah kami terima." in look_up(client, number.replace("-", "").removeprefix("ADU"), code)


def test_what_was_typed_is_not_lost(client: FlaskClient) -> None:
    answer = send(client, form_of(read(client, "/aduan"), "/aduan"), words=WORDS, accused="nagari")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert WORDS in page
    assert "Pilih aduan ini tentang apa." in page


def test_guessing_codes_is_slowed_down(client: FlaskClient) -> None:
    """Five free tries, then a wait; the right code waits too."""
    _, number, code = tell(client, "/aduan")
    for guess in ("00000000000", "11111111111", "22222222222", "33333333333", "44444444444"):
        assert "tidak cocok" in _refused(client, number, guess + check_digit(guess), 422)
    assert "Terlalu sering dicoba" in _refused(client, number, code, 429)


def _refused(client: FlaskClient, number: str, code: str, status: int) -> str:
    form = form_of(read(client, "/aduan/jawaban"), "/aduan/jawaban")
    answer = send(client, form, number=number, code=code)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def test_a_slip_of_the_finger_is_no_try(client: FlaskClient) -> None:
    _, number, code = tell(client, "/aduan")
    for _ in range(8):
        assert "salah ketik" in _refused(client, number, code[:-1], 422)
    assert "Aduan sudah kami terima." in look_up(client, number, code)


def test_answered_and_asked_once_more(office: Office, phone: FlaskClient) -> None:
    """The inspector's words are read with the code; asked again once, and never a third time."""
    _, number, code = tell(phone)
    desk = f"/pengawasan/aduan/{number}"
    answer = office.fill(
        "irma", f"{desk}/answer", "/answer", reason_code="proven", reason_text="Uang itu sudah dikembalikan."
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    page = look_up(phone, number, code)
    assert "Uang itu sudah dikembalikan." in page
    form = form_of(
        send(
            phone, form_of(read(phone, "/aduan/jawaban"), "/aduan/jawaban"), number=number, code=code
        ).get_data(as_text=True),
        "/aduan/lagi",
    )
    again = send(phone, form, words="Baru separuh yang dikembalikan.")
    assert "Diperiksa sekali lagi" in main_of(again.get_data(as_text=True))
    twice = send(phone, form, words="Baru separuh yang dikembalikan.")
    assert twice.status_code == 409
    office.fill(
        "irma",
        f"{desk}/answer_again",
        "/answer_again",
        reason_code="settled",
        reason_text="Sisanya sudah kembali.",
    )
    page = look_up(phone, number, code)
    assert "Sisanya sudah kembali." in page
    assert "Minta diperiksa sekali lagi" not in page


def test_by_staff_for_somebody_else(office: Office) -> None:
    """An officer writes down what somebody tells at the counter, and gives away the paper."""
    page, number, code = tell(office.browser("dedi"), "/aduan", category="slow", accused="hospital")
    assert "ADU" in page
    assert office.browser("dedi").get(f"/pengawasan/aduan/{number}").status_code == 403
    assert "pengadu</dd>" in office.read("bram", f"/pengawasan/aduan/{number}")
    assert "Aduan sudah kami terima." in look_up(office.app.test_client(), number, code)


EVERYWHERE = (
    "/petugas/", "/petugas/?antrean=all", "/petugas/cari?q={number}", "/petugas/cari?q=Aduan", "/petugas/alur?alur=complaint",
    "/petugas/kasus/{claim}", "/petugas/kasus/{claim}/riwayat", "/petugas/kasus/{claim}/pesan", "/pengawasan/",
    "/pengawasan/macet", "/petugas/belum-diterima", "/pengawasan/aduan", "/pengawasan/aduan/{number}",
    "/pengawasan/aduan/{number}/answer", "/petugas/kasus/{number}", "/pengawasan/tanggapan", "/keuangan/", "/akun",
    "/petugas/persetujuan/", "/petugas/beasiswa", "/admin/kalender", "/admin/kalender/hitung-ulang",
)  # fmt: skip
STAFF = ("dedi", "mega", "bram", "rosa", "nina", "hadi", "fitri", "rina", "bupati", "aulia", "admin")


@pytest.fixture
def complained(phone: FlaskClient) -> tuple[str, str]:
    """A levy told from Yusra's phone: its number and a word only it holds."""
    _, number, _ = tell(phone)
    return number, "warung depan kantor"


@pytest.mark.parametrize("who", STAFF)
def test_a_levy_is_nowhere_but_on_the_inspectors_desk(
    office: Office, number: str, complained: tuple[str, str], who: str
) -> None:
    """Every address × everybody who is not the inspector: neither number nor words, and 404 or 403 at its own address."""
    told, words = complained
    browser = office.browser(who)
    for pattern in EVERYWHERE:
        path = pattern.format(number=told, claim=number)
        answer = browser.get(path, follow_redirects=True)
        page = answer.get_data(as_text=True)
        assert answer.status_code < 500, path
        assert words not in page, path
        if told in path:
            shown = page.replace(f'value="{told}"', "").replace(told if "cari?q=" in path else "\0", "")
            assert answer.status_code in {403, 404} or "cari" in path, path
            assert words not in shown
        else:
            assert told not in page, path


def test_the_inspector_reads_it(office: Office, complained: tuple[str, str]) -> None:
    told, words = complained
    assert told in office.read("irma", "/pengawasan/aduan")
    page = office.read("irma", f"/pengawasan/aduan/{told}")
    assert words in page
    assert "Membukanya di sini tidak meninggalkan jejak" in page


def test_the_head_reads_ordinary_ones(office: Office, client: FlaskClient) -> None:
    _, ordinary, _ = tell(client, "/aduan", category="slow", accused="bank")
    _, about_us, _ = tell(client, "/aduan", category="rude", accused="branch")
    page = office.read("bram", "/pengawasan/aduan")
    assert ordinary in page
    assert about_us not in page
    office.read("bram", f"/pengawasan/aduan/{about_us}", 404)
    assert {ordinary, about_us} <= set(_NUMBER.findall(office.read("irma", "/pengawasan/aduan")))


def test_a_message_is_passed_on_from_the_desk(office: Office, client: FlaskClient) -> None:
    """It names number and day, and nothing of what it is about."""
    _, told, _ = tell(client, "/aduan", contact_name="Yusra", contact_phone="0812-3456-7890")
    desk = f"/pengawasan/aduan/{told}"
    page = main_of(office.read("irma", desk))
    assert f"masukan Ibu/Bapak sudah kami terima ({told})" in page
    assert office.fill("irma", desk, "/pesan", how="whatsapp").status_code == 303
    assert "disampaikan lewat WhatsApp" in office.read("irma", desk)


def test_two_at_the_desk(office: Office, client: FlaskClient) -> None:
    """The second learns that the first was quicker, and keeps the words."""
    _, told, _ = tell(client, "/aduan", category="slow", accused="bank")
    path = f"/pengawasan/aduan/{told}/answer"
    late = form_of(office.read("bram", path), "/answer")
    words = "Sudah kami tanyakan kepada bank."
    office.fill("irma", path, "/answer", reason_code="settled", reason_text=words)
    answer = send(office.browser("bram"), late, reason_code="proven", reason_text="Bank membayar besok pagi.")
    assert answer.status_code == 409
    assert "Bank membayar besok pagi." in answer.get_data(as_text=True)


def test_categories_and_labels_fit_the_table() -> None:
    """What the form offers is what the database takes."""
    checks = {
        str(check.name): str(check.sqltext)
        for check in cast(Table, Complaint.__table__).constraints
        if hasattr(check, "sqltext")
    }
    for code in complaints.CATEGORIES:
        assert f"'{code}'" in checks["ck_complaint_category_known"]
    for code in complaints.ACCUSED:
        assert f"'{code}'" in checks["ck_complaint_accused_known"]
