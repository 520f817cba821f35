"""What each person does in a browser, in their own words on the page."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.files import samples

Desk = Callable[[str], Page]


@dataclass(frozen=True)
class Family:
    """An invented family at its phone."""

    worker: str
    national_id: str
    died_on: tuple[str, str, str]
    nagari: str
    jorong: str
    reporter: str
    relation: str
    phone: str


SAMSIR = Family(
    "Samsir",
    "1303991209760001",
    ("17", "11", "2026"),
    "Koto Latihan",
    "Pasar",
    "Yusra",
    "Istri",
    "0812-6700-1234",
)
NURBAITI = Family(
    "Nurbaiti",
    "1303994503810002",
    ("15", "11", "2026"),
    "Koto Latihan",
    "Koto Tangah",
    "Afrizal",
    "Suami",
    "0812-6700-4321",
)
ZULBAHRI = Family(
    "Zulbahri",
    "1303991107720003",
    ("12", "11", "2026"),
    "Koto Contoh",
    "Lubuk Batang",
    "Misnar",
    "Istri",
    "0812-6700-5555",
)
PAPERS = (
    "worker_id_card",
    "claimant_id_card",
    "family_card",
    "death_letter",
    "heir_statement",
    "marriage_book",
)


# ---------------------------------------------------------------- the family, 320 px, no JavaScript


def report(phone: Page, family: Family) -> str:
    """Answer the eight questions, send, and return the case number from the receipt."""

    def on() -> None:
        phone.get_by_role("button", name="Simpan dan lanjut").click()

    phone.goto("/")
    phone.get_by_role("link", name="Laporkan kematian").click()
    phone.get_by_role("button", name="Mulai laporan").click()
    phone.get_by_label("Meninggal karena sakit atau sebab lain").check()
    on()
    phone.get_by_label("Siapa nama pekerja yang meninggal?").fill(family.worker)
    on()
    phone.get_by_label("Berapa NIK-nya?").fill(family.national_id)
    on()
    for label, value in zip(("Tanggal", "Bulan", "Tahun"), family.died_on, strict=True):
        phone.get_by_label(label, exact=True).fill(value)
    on()
    phone.get_by_label("Di nagari mana pekerja tinggal?").select_option(label=family.nagari)
    phone.get_by_label("Jorong").fill(family.jorong)
    on()
    phone.get_by_label("Nama Ibu/Bapak").fill(family.reporter)
    phone.get_by_label(family.relation, exact=True).check()
    on()
    phone.get_by_label("Nomor berapa yang bisa dihubungi?").fill(family.phone)
    phone.get_by_label("Nomor sendiri").check()
    phone.get_by_label("Ya, lewat WhatsApp").check()
    on()
    phone.get_by_label("Ya, data ini boleh dipakai").check()
    on()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Periksa jawaban sebelum mengirim")
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.get_by_role("heading", name="Laporan diterima")).to_be_visible()
    return phone.locator(".panel-number").inner_text().replace("\n", "").strip()


def send_paper(phone: Page, code: str, content: bytes | None = None, name: str | None = None) -> None:
    """Send one picture of one paper through the plain form."""
    phone.goto(f"/berkas/dokumen/{code}")
    body = content or samples.jpeg(f"{code.upper()} SAMSIR")
    phone.locator("input[name=gallery]").set_input_files(
        [FilePayload(name=name or f"{code}.jpg", mimeType="image/jpeg", buffer=body)]
    )
    phone.get_by_role("button", name="Kirim dokumen").click()
    expect(phone.get_by_text("Sudah diterima:")).to_be_visible()


# ---------------------------------------------------------------- officers and approvers, 1366 px


def case(page: Page, number: str, part: str = "") -> None:
    """Open a case, or one part of it."""
    page.goto(f"/petugas/kasus/{number}{'/' + part if part else ''}")


def follow(page: Page, control: Locator) -> None:
    """Press something that leads to another page, and wait for that page."""
    with page.expect_navigation():
        control.click()


def press(page: Page, number: str, action: str, reason: str | None = None) -> None:
    """Press a button of the workflow on the summary, and confirm where it asks."""
    case(page, number)
    before = page.locator(".case-head .tag").first.inner_text()
    step = page.get_by_role("region", name="Langkah berikutnya")
    follow(page, step.get_by_role("link", name=action).or_(step.get_by_role("button", name=action)).first)
    if page.url.rstrip("/").rsplit("/", 1)[1] != number:  # it asks, or explains first
        if reason:
            page.locator("main").get_by_label(reason).first.check()
        follow(page, page.locator("main form:not(.menu form)").get_by_role("button", name=action))
    said = page.locator("main").inner_text()
    case(page, number)
    assert page.locator(".case-head .tag").first.inner_text() != before, said


def take_and_link(page: Page, number: str, family: Family) -> None:
    """Take the case and say which participant it is about."""
    case(page, number, "petugas")
    page.locator("main select, main input[type=radio]").first.wait_for()
    _choose_officer(page)
    case(page, number, "pekerja")
    page.get_by_label("Nama, NIK, atau nomor kartu di registrasi").fill(family.national_id)
    follow(page, page.locator("form.filters").get_by_role("button", name="Cari"))
    follow(page, page.get_by_role("button", name=f"Hubungkan {family.worker}"))
    expect(page.locator("main")).not_to_contain_text("Pekerja belum dihubungkan")


def _choose_officer(page: Page) -> None:
    select = page.locator("main select")
    if select.count():
        select.first.select_option(label="Dedi Putra")
    else:
        page.get_by_label(re.compile("Dedi")).first.check()
    follow(page, page.locator("main form:not(.menu form) button.button-primary").first)


def accept(page: Page, number: str, code: str) -> None:
    """Look at a paper, compare, and accept it."""
    wait_for_preview(page, number, code)
    work = page.locator("#kerja")
    follow(page, work.get_by_role("button", name="Terima dokumen"))
    sure = page.locator("#kerja").get_by_role("checkbox")
    if page.locator(".error-summary").count() and sure.count():
        sure.first.check()
        follow(page, page.locator("#kerja").get_by_role("button", name="Terima dokumen"))
    expect(page.locator(".error-summary")).to_have_count(0)


def wait_for_preview(page: Page, number: str, code: str) -> None:
    """The picture is made in the background; look again until it is there."""
    for _ in range(40):
        case(page, number, f"dokumen?d={code}")
        if page.locator(".viewer img").count():
            return
        time.sleep(0.25)
    raise AssertionError(f"no preview of {code} within ten seconds")


def give_back(page: Page, number: str, code: str, reason: str) -> None:
    """Return a paper with its reason."""
    wait_for_preview(page, number, code)
    follow(page, page.locator("#kerja").get_by_role("link", name="Minta ganti"))
    work = page.locator("#kerja")
    work.get_by_label(reason, exact=False).first.check()
    follow(page, work.get_by_role("button", name="Minta ganti"))
    expect(page.locator(".error-summary")).to_have_count(0)


def waive(page: Page, number: str, code: str, why: str) -> None:
    """Do without a paper that may be waived."""
    case(page, number, f"dokumen?d={code}&aksi=tidak-perlu#kerja")
    work = page.locator("#kerja")
    work.get_by_role("textbox").first.fill(why)
    follow(page, work.locator("form button[type=submit]").first)
    expect(page.locator(".error-summary")).to_have_count(0)


def answer(page: Page, number: str, answers: Mapping[str, str]) -> None:
    """Answer the fixed questions of eligibility: code → Ya / Tidak."""
    for code, said in answers.items():
        case(page, number, "kelayakan")
        form = page.locator(f"form[action$='/kelayakan/{code}']")
        disclosure = page.locator("details", has=form)
        if disclosure.get_attribute("open") is None:
            disclosure.locator("summary").click()
        form.get_by_label(said, exact=True).check()
        form.get_by_role("textbox").nth(0).fill("dokumen dan wawancara")
        form.get_by_role("textbox").nth(1).fill("Ditanyakan kepada keluarga dan wali jorong.")
        follow(page, form.get_by_role("button", name="Simpan jawaban"))
        expect(page.locator(".error-summary")).to_have_count(0)


def add_member(page: Page, number: str, name: str, relation: str, born: tuple[str, str, str]) -> None:
    """Record a relative from the papers."""
    case(page, number, "ahli-waris/tambah")
    page.get_by_label("Nama lengkap").first.fill(name)
    page.locator("select[name=relation]").select_option(label=relation)
    birth = page.locator("fieldset", has=page.locator("input[name='born_on-day']"))
    for part, value in zip(("day", "month", "year"), born, strict=True):
        birth.locator(f"input[name='born_on-{part}']").fill(value)
    page.locator("input[name=alive]").first.check()
    page.locator("input[name=documented]").first.check()
    page.locator("input[name=source]").fill("Kartu Keluarga")
    follow(page, page.get_by_role("button", name="Simpan"))
    expect(page.locator(".error-summary")).to_have_count(0)


def decide_payee(page: Page, number: str, name: str, agreement: str, note: str) -> None:
    """Decide who is paid."""
    case(page, number, "ahli-waris")
    section = page.get_by_role("region", name="Penerima", exact=True)
    section.get_by_label(re.compile(name)).first.check()
    section.get_by_label(re.compile(agreement)).first.check()
    if note:
        section.get_by_role("textbox").fill(note)
    follow(page, section.get_by_role("button", name="Tetapkan penerima"))
    expect(page.locator(".error-summary")).to_have_count(0)


def enter_account(page: Page, number: str, bank: str, account: str, holder: str) -> None:
    """Record the payee's account."""
    case(page, number, "rekening")
    page.locator("select[name=bank_code]").select_option(label=bank)
    page.locator("input[name=account_number]").fill(account)
    page.locator("input[name=holder_name]").fill(holder)
    follow(page, page.get_by_role("button", name="Simpan rekening"))
    expect(page.locator(".error-summary")).to_have_count(0)


def compute(page: Page, number: str, total: str) -> None:
    """Let the system compute; check the total."""
    case(page, number, "perhitungan")
    follow(page, page.get_by_role("button", name="Hitung manfaat"))
    expect(page.locator("main")).to_contain_text(total)


def decide(page: Page, number: str, button: str, reason: str | None = None) -> None:
    """The second person decides on one page and confirms on the card."""
    page.goto(f"/petugas/persetujuan/{number}")
    for href in [
        one.get_attribute("href") or "" for one in page.locator("main a", has_text="perlu dibuka").all()
    ]:
        page.goto(href)
        page.wait_for_load_state("networkidle")
    page.goto(f"/petugas/persetujuan/{number}")
    follow(page, page.locator("main").get_by_role("link", name=re.compile(f"^{button}")).first)
    if reason:
        page.locator("main").get_by_label(reason).first.check()
    follow(
        page, page.locator("main form:not(.menu form)").get_by_role("button", name=re.compile(f"^{button}"))
    )
    expect(page.locator(".error-summary")).to_have_count(0)


# ---------------------------------------------------------------- finance: three people


def order(page: Page, number: str, account: str, holder: str) -> str:
    """Type the account again and make the instruction; return its bank reference."""
    page.goto(f"/keuangan/perintah/{number}")
    page.locator("input[name=account_number_again]").fill(account)
    page.locator("input[name=holder_name_found]").fill(holder)
    follow(page, page.get_by_role("button", name=re.compile("^Buat perintah")))
    expect(page.locator(".error-summary")).to_have_count(0)
    page.goto(f"/keuangan/perintah/{number}")
    href = page.locator("#sebelumnya ~ ul a, section:has(#sebelumnya) a").first.get_attribute("href") or ""
    return href.split("/")[3]


def batch(page: Page) -> str:
    """Put everything that waits into one batch and lock it; return its number."""
    page.goto("/keuangan/berkas/baru")
    for box in page.get_by_role("checkbox").all():
        box.check()
    follow(page, page.get_by_role("button", name="Buat berkas dari yang dipilih"))
    page.wait_for_url(re.compile(r"/keuangan/berkas/(?!baru)"))
    number = page.url.rstrip("/").rsplit("/", 1)[1].split("?")[0]
    page.goto(f"/keuangan/berkas/{number}/kunci")
    follow(page, page.locator("main form:not(.menu form) button.button-primary").first)
    expect(page.locator(".error-summary")).to_have_count(0)
    return number


def release(page: Page, number: str) -> bytes:
    """Release the batch and fetch the file for the bank."""
    page.goto(f"/keuangan/berkas/{number}/lepas")
    follow(page, page.locator("main form:not(.menu form) button.button-primary").first)
    expect(page.locator(".error-summary")).to_have_count(0)
    answer = page.request.get(f"/keuangan/berkas/{number}/unduh")
    assert answer.ok, answer.status
    return answer.body()


def load_and_match(page: Page, reference: str, amount: str) -> None:
    """Load what the bank booked and confirm the line."""
    statement = (
        "tanggal;keterangan;debit;kredit;referensi bank\r\n"
        f"20/11/2026;TRF SANTUNAN {reference};{amount};;BN2011260001\r\n"
    )
    page.goto("/keuangan/rekening-koran")
    page.locator("input[type=file]").set_input_files(
        [FilePayload(name="rekening-koran.csv", mimeType="text/csv", buffer=statement.encode())]
    )
    follow(page, page.get_by_role("button", name="Muat rekening koran"))
    expect(page.locator(".error-summary")).to_have_count(0)
    page.goto("/keuangan/rekening-koran/cocokkan")
    line = page.locator("details.calc-line", has_text=reference)
    line.locator("summary").click()
    line.get_by_role("checkbox").check()
    follow(page, page.get_by_role("button", name="Pastikan yang dicentang"))
    expect(page.locator(".error-summary")).to_have_count(0)
