"""The year of a nagari in a browser: a list in Excel with its faults, put forward, read, registered, paid for, and used.

Everybody is at a desk but the operator of the nagari, who reads the same pages on a phone at the end.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Nominee
from tests.browser import steps
from tests.browser.looks import sideways
from tests.conftest import FreshDatabase
from tests.files import samples
from tests.server import Service

Desk = Callable[[str], Page]
Picture = Callable[[Page, str], None]
NEXT_YEAR = "2027"
PHOTO = {"mimeType": "image/jpeg", "buffer": samples.jpeg()}


def clean(page: Page) -> None:
    """Nothing wrong for who hears the page, nothing wider than the window."""
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in Axe().run(page).response["violations"]
    ]
    assert found == []
    assert sideways(page) == []


def downloaded(page: Page, link: Locator) -> bytes:
    """What a link gives to keep."""
    with page.expect_download() as waiting:
        link.click()
    return Path(waiting.value.path()).read_bytes()


def fill_day(page: Page, legend: str, day: tuple[str, str, str]) -> None:
    """Type a date into its three boxes."""
    group = page.get_by_role("group", name=re.compile(legend))
    for label, part in zip(("Tanggal", "Bulan", "Tahun"), day, strict=True):
        group.get_by_label(label, exact=True).fill(part)


def upload(page: Page, content: bytes, name: str) -> None:
    """Send a list for next year's quota and wait for the worker to check it."""
    page.goto("/nagari/impor")
    select_box = page.get_by_label("Untuk kuota")
    options = [one.strip() for one in select_box.locator("option").all_inner_texts()]
    select_box.select_option(label=next(one for one in options if NEXT_YEAR in one and "CSR" in one))
    page.get_by_label("Berkas daftar", exact=True).set_input_files(
        [FilePayload(name=name, mimeType="application/octet-stream", buffer=content)]
    )
    page.get_by_role("button", name="Unggah dan periksa").click()
    expect(page.get_by_role("heading", name=re.compile("Periksa [0-9]+ baris"))).to_be_visible(timeout=60_000)


def repaired(sheet: bytes) -> bytes:
    """The correction file as an operator sends it back: each fault mended as its cure says."""
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    table = book.worksheets[0]
    head = [str(cell.value) for cell in table[1]]
    faults = next(place for place, name in enumerate(head, start=1) if name.lower() == "kesalahan")
    for line in range(2, table.max_row + 1):
        assert table.cell(line, faults).value
        day = 10 + line
        for name, value in (
            ("nik", f"130399{day:02d}0575{9400 + line}"), ("tanggal_lahir", f"{day:02d}/05/1975"), ("jenis_kelamin", "L"),
        ):  # fmt: skip
            table.cell(line, head.index(name) + 1, value)
    mended = io.BytesIO()
    book.save(mended)
    return mended.getvalue()


def test_from_a_list_in_excel_to_a_claim_with_the_right_cover(
    desk: Desk, running: Service, picture: Picture, fresh_database: FreshDatabase
) -> None:
    """The format, ninety-six rows, five mended; musyawarah and SK; two desks; a paid month; a death."""
    _give_places(desk("desi"), picture)
    fitri = desk("fitri")
    _import(fitri, picture)
    number = _put_forward(fitri, picture)
    _read_by_two_desks(desk, number, picture)
    _registered(desk("dedi"), picture, fresh_database)
    _pay(fitri, desk, picture)
    _dies(fitri, desk, picture, fresh_database)
    _on_a_phone(fitri, picture)


def _give_places(desi: Page, picture: Picture) -> None:
    """A company pays for a hundred people of the nagari next year."""
    desi.goto("/program/kuota/baru")
    clean(desi)
    desi.get_by_label("Nagari", exact=True).select_option(label="Koto Latihan")
    desi.locator("input[name=funding_source][value=csr]").check()
    for name, day in (("starts_on", ("1", "1", NEXT_YEAR)), ("ends_on", ("31", "12", NEXT_YEAR))):
        for part, typed in zip(("day", "month", "year"), day, strict=True):
            desi.locator(f"input[name={name}-{part}]").fill(typed)
    for name, typed in (("slots", "100"), ("budgeted", "96"), ("source", "Perjanjian CSR 2027 (latihan)")):
        desi.locator(f"input[name={name}]").fill(typed)
    steps.follow(desi, desi.get_by_role("button", name="Simpan kuota"))
    desi.goto("/program/kuota")
    clean(desi)
    picture(desi, "program-kuota")
    desi.goto("/program/")
    clean(desi)
    picture(desi, "program-beranda")


def _import(fitri: Page, picture: Picture) -> None:
    fitri.goto("/nagari/impor")
    clean(fitri)
    picture(fitri, "nagari-impor")
    empty = openpyxl.load_workbook(
        io.BytesIO(downloaded(fitri, fitri.get_by_role("link", name="Unduh format Koto Latihan")))
    )
    assert empty.worksheets[0]["A1"].value == "nik"
    practice = downloaded(fitri, fitri.get_by_role("link", name="pekerja-96.xlsx"))
    upload(fitri, practice, "pekerja-96.xlsx")
    for counted in ("88 siap", "3 siap dengan peringatan", "5 perlu diperbaiki"):
        expect(fitri.locator(".import-counts")).to_contain_text(counted)
    for fault, cure in (
        ("NIK terbaca sebagai angka; angka terakhir hilang.", "Ubah kolom menjadi Teks lalu ketik ulang."),
        ("NIK wajib diisi", ""),
        ("Usia 66 tahun pada 1 Jan 2027", ""),
        ("Sudah ada di baris 22", ""),
    ):
        row = fitri.locator("#baris-bermasalah tr, .data-table tr, table tr").filter(has_text=fault).first
        expect(row).to_contain_text(cure)
    clean(fitri)
    picture(fitri, "nagari-impor-periksa")
    faulty = downloaded(fitri, fitri.get_by_role("link", name="Unduh 5 baris bermasalah"))
    fitri.get_by_role("button", name="Impor 91 baris").click()
    expect(fitri.get_by_text("91 orang masuk ke draf usulan")).to_be_visible(timeout=60_000)
    picture(fitri, "nagari-impor-hasil")
    upload(fitri, repaired(faulty), "perbaikan.xlsx")
    expect(fitri.locator(".import-counts")).to_contain_text("5 siap")
    fitri.get_by_role("button", name="Impor 5 baris").click()
    expect(fitri.get_by_text("5 orang masuk ke draf usulan")).to_be_visible(timeout=60_000)


def _put_forward(fitri: Page, picture: Picture) -> str:
    fitri.goto("/nagari/musyawarah/baru")
    fill_day(fitri, "musyawarah|Hari|Tanggal", ("10", "11", "2026"))
    fitri.get_by_label("Tempat").fill("Kantor nagari")
    fitri.get_by_label(re.compile("[Nn]omor berita acara")).fill("BA-90/2026")
    fitri.get_by_label(re.compile("[Hh]adir")).fill("52")
    fitri.get_by_label(re.compile("[Kk]eputusan|disepakati|diputuskan")).fill(
        "Disepakati 96 orang untuk 2027."
    )
    fitri.locator("input[type=file]").set_input_files([FilePayload(name="berita-acara.jpg", **PHOTO)])  # type: ignore[typeddict-item]
    steps.follow(fitri, fitri.get_by_role("button", name="Catat musyawarah"))
    fitri.goto("/nagari/usulan")
    clean(fitri)
    picture(fitri, "nagari-usulan")
    draft = fitri.get_by_role("row").filter(has_text=NEXT_YEAR).filter(has_text="CSR").filter(has_text="96")
    number = re.search(r"USL-26-[0-9]+-[0-9]", draft.first.inner_text())
    assert number is not None
    fitri.goto(f"/nagari/usulan/{number[0]}")
    clean(fitri)
    picture(fitri, "nagari-usulan-daftar")
    fitri.goto(f"/nagari/usulan/{number[0]}/periksa")
    meeting = fitri.locator("select[name=meeting]")
    meeting.select_option(
        label=next(one for one in meeting.locator("option").all_inner_texts() if "BA-90/2026" in one)
    )
    fitri.locator("input[name=decree_number]").fill("188.47/90/WN-2026")
    for part, typed in zip(("day", "month", "year"), ("12", "11", "2026"), strict=True):
        fitri.locator(f"input[name=decree_on-{part}]").fill(typed)
    fitri.locator("input[name=decree_signed_by]").fill("Jon Efendi")
    fitri.locator("input[name=decree_file]").set_input_files([FilePayload(name="sk.jpg", **PHOTO)])  # type: ignore[typeddict-item]
    steps.follow(fitri, fitri.get_by_role("button", name="Simpan dasar usulan"))
    clean(fitri)
    picture(fitri, "nagari-usulan-periksa")
    fitri.locator("input[name=told]").check()
    fitri.locator("input[name=signed_by]").fill("Jon Efendi")
    steps.follow(fitri, fitri.get_by_role("button", name="Ajukan 96 orang"))
    expect(fitri.get_by_text("96 orang diajukan ke Disnakertrans.")).to_be_visible()
    return number[0]


def _read_by_two_desks(desk: Desk, number: str, picture: Picture) -> None:
    for username, step in (("desi", "Teruskan"), ("dedi", "Terima")):
        page = desk(username)
        page.goto("/program/usulan")
        clean(page)
        picture(page, f"nagari-tinjau-{username}")
        page.goto(f"/program/usulan/{number}")
        steps.follow(page, page.get_by_role("button", name=re.compile("Tandai semua")))
        clean(page)
        page.get_by_role("link", name=re.compile(f"^{step}")).first.click()
        steps.follow(page, page.get_by_role("button", name=re.compile(f"^{step}")).first)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Koto Latihan")


def _registered(dedi: Page, picture: Picture, fresh_database: FreshDatabase) -> None:
    """The branch takes the list to BPJS Ketenagakerjaan and brings back the numbers; only now they are participants."""
    dedi.goto("/program/nomor-peserta")
    expect(dedi.get_by_text("96 orang sudah diterima")).to_be_visible()
    clean(dedi)
    picture(dedi, "program-nomor-peserta")
    sheet = downloaded(dedi, dedi.get_by_role("link", name="Unduh daftar pendaftaran"))
    rows = openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows(min_row=2, values_only=True)
    cards = [str(row[1]) for row in rows]
    assert len(set(cards)) == 96
    lines = [f"{card};26{place:09d};20/11/2026" for place, card in enumerate(cards, start=1)]
    content = "\r\n".join(["NIK;Nomor peserta;Tanggal daftar", *lines])
    dedi.get_by_label("Berkas nomor peserta").set_input_files(
        [FilePayload(name="nomor.csv", mimeType="text/csv", buffer=content.encode())]
    )
    dedi.get_by_role("button", name="Unggah dan periksa").click()
    dedi.get_by_role("button", name="Impor 96 baris").click(timeout=60_000)
    expect(dedi.get_by_text("96 nomor peserta dicatat")).to_be_visible(timeout=60_000)
    with Session(fresh_database.engine) as session:
        enrolled = session.scalars(
            select(Worker.card_number)
            .join(Nominee, Nominee.worker_id == Worker.id)
            .where(Nominee.state == "enrolled", Worker.card_number.like("26000000%"))
        ).all()
    assert len(enrolled) == 96


def _pay(fitri: Page, desk: Desk, picture: Picture) -> None:
    """One month of everybody, recorded with its proof; the months are paid when the branch says so."""
    fitri.goto("/nagari/iuran")
    clean(fitri)
    picture(fitri, "nagari-iuran")
    fitri.goto("/nagari/iuran/catat")
    clean(fitri)
    due = fitri.locator(".reckoned > strong").inner_text()
    assert due.startswith("Rp")
    for part, typed in zip(("day", "month", "year"), ("19", "11", "2026"), strict=True):
        fitri.locator(f"input[name=paid_on-{part}]").fill(typed)
    fitri.locator("input[name=receipt_number]").fill("BKU-0190/2026")
    fitri.locator("input[name=amount_idr]").fill(due.removeprefix("Rp"))
    fitri.locator("input[name=proof]").set_input_files([FilePayload(name="bukti.jpg", **PHOTO)])  # type: ignore[typeddict-item]
    steps.follow(fitri, fitri.get_by_role("button", name="Simpan pembayaran"))
    expect(fitri.get_by_text("Menunggu cabang").first).to_be_visible()
    clean(fitri)
    dedi = desk("dedi")
    dedi.goto("/program/iuran")
    clean(dedi)
    picture(dedi, "nagari-iuran-cabang")
    dedi.get_by_role("link", name="BKU-0190/2026").first.click()
    picture(dedi, "nagari-iuran-pastikan")
    steps.follow(dedi, dedi.get_by_role("button", name=re.compile("Pastikan")).first)
    fitri.reload()
    expect(fitri.get_by_text("Sudah dipastikan").first).to_be_visible()


def _dies(fitri: Page, desk: Desk, picture: Picture, fresh_database: FreshDatabase) -> None:
    with Session(fresh_database.engine) as session:
        nurbaiti = session.scalars(select(Worker).where(Worker.full_name == "Nurbaiti")).first()
    assert nurbaiti is not None
    fitri.goto("/nagari/pekerja")
    clean(fitri)
    picture(fitri, "nagari-pekerja")
    fitri.goto(f"/nagari/pekerja/{nurbaiti.public_id}")
    clean(fitri)
    picture(fitri, "nagari-seorang")
    fitri.goto(f"/nagari/pekerja/{nurbaiti.public_id}/meninggal")
    clean(fitri)
    for part, typed in zip(("day", "month", "year"), ("19", "11", "2026"), strict=True):
        fitri.locator(f"input[name=died_on-{part}]").fill(typed)
    for name, typed in (
        ("told_by", "Afrizal, suami"), ("reporter_name", "Afrizal"), ("reporter_phone", "0812-6700-4321"),
    ):  # fmt: skip
        fitri.locator(f"input[name={name}]").fill(typed)
    for name, value in (
        ("cause", "illness_or_other"), ("reporter_relation", "suami"), ("phone_owner", "sendiri"),
        ("contact_by", "call"), ("given_how", "spoken"),
    ):  # fmt: skip
        fitri.locator(f"input[name={name}][value={value}]").check()
    fitri.locator("input[name=consented]").check()
    picture(fitri, "nagari-meninggal")
    steps.follow(fitri, fitri.get_by_role("button", name="Kirim laporan"))
    expect(fitri.get_by_text(re.compile("Berikan nomor SJJ-26-"))).to_be_visible()
    clean(fitri)
    picture(fitri, "nagari-meninggal-sesudah")
    with Session(fresh_database.engine) as session:
        claim = session.scalars(select(Claim).where(Claim.worker_id == nurbaiti.id)).one()
        number = claim.number
    dedi = desk("dedi")
    steps.case(dedi, number)
    expect(dedi.get_by_role("heading", level=1)).to_contain_text("Nurbaiti")
    expect(dedi.get_by_text(re.compile("Aktif: iuran November 2026|November 2026")).first).to_be_visible()
    fitri.goto("/nagari/")
    clean(fitri)
    picture(fitri, "nagari-beranda")


def _on_a_phone(fitri: Page, picture: Picture) -> None:
    """The same pages on 320 px."""
    fitri.set_viewport_size({"width": 320, "height": 640})
    for name, path in (
        ("beranda", "/nagari/"), ("pekerja", "/nagari/pekerja"), ("iuran", "/nagari/iuran"),
        ("usulan", "/nagari/usulan"), ("impor", "/nagari/impor"), ("catat", "/nagari/iuran/catat"),
        ("surat", "/nagari/surat"), ("keluarga", "/nagari/keluarga"), ("musyawarah", "/nagari/musyawarah"),
    ):  # fmt: skip
        fitri.goto(path)
        picture(fitri, f"nagari-hp-{name}")
        clean(fitri)
