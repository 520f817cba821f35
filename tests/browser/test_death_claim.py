"""The whole story in a real browser, on the real service: from the widow's phone to the bank statement."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.steps import NURBAITI, PAPERS, SAMSIR, ZULBAHRI, Desk, Family
from tests.files import samples

Picture = Callable[[Page, str], None]
ALL_GOOD = {
    "active_on_event": "Ya",
    "three_months": "Ya",
    "age_at_registration": "Ya",
    "worked": "Ya",
    "not_work_caused": "Ya",
    "no_duplicate": "Ya",
    "funeral_not_paid_elsewhere": "Ya",
}


def reported_with_papers(phone: Page, family: Family) -> str:
    """The family reports and sends its six papers."""
    number = steps.report(phone, family)
    for code in PAPERS:
        steps.send_paper(phone, code)
    return number


def test_forty_two_million_reach_the_widow(phone: Page, desk: Desk, picture: Picture) -> None:
    """Report, six papers, one blurred and replaced, heirs, 42 million, four eyes, batch, statement, paid."""
    number = steps.report(phone, SAMSIR)
    picture(phone, "keluarga-tanda-terima")
    for code in PAPERS:
        body = samples.blurred_jpeg() if code == "death_letter" else None
        steps.send_paper(phone, code, body)
    phone.goto("/berkas/dokumen")
    expect(phone.get_by_text("6 dari 6 sudah dikirim")).to_be_visible()
    picture(phone, "keluarga-dokumen")

    dedi = desk("dedi")
    steps.take_and_link(dedi, number, SAMSIR)
    steps.press(dedi, number, "Mulai verifikasi")
    steps.give_back(dedi, number, "death_letter", "Buram")
    phone.goto("/berkas/dokumen")
    expect(phone.get_by_text("Perlu diganti")).to_be_visible()
    expect(phone.get_by_text("Tulisan tidak terbaca.", exact=False)).to_be_visible()
    picture(phone, "keluarga-perlu-diganti")
    steps.send_paper(phone, "death_letter", samples.jpeg("SURAT KEMATIAN TERANG"))
    steps.send_paper(phone, "bank_book")

    steps.press(dedi, number, "Mulai verifikasi")
    for code in (*PAPERS, "bank_book"):
        steps.accept(dedi, number, code)
    picture(dedi, "petugas-dokumen")
    steps.waive(
        dedi, number, "civil_death_certificate", "Surat kematian nagari sudah dicocokkan ke Dukcapil."
    )
    steps.answer(dedi, number, ALL_GOOD)
    picture(dedi, "petugas-kelayakan")
    steps.add_member(dedi, number, "Yusra", "istri", ("2", "4", "1980"))
    steps.add_member(dedi, number, "Rani", "anak", ("9", "5", "2007"))
    steps.add_member(dedi, number, "Deni", "anak", ("21", "3", "2015"))
    steps.decide_payee(
        dedi, number, "Yusra", "Disepakati tertulis", "Surat kuasa waris 20 November 2026, tiga tanda tangan."
    )
    # three heirs and one account: the law asks for their agreement as a paper
    steps.send_paper(phone, "heirs_agreement")
    steps.accept(dedi, number, "heirs_agreement")
    steps.enter_account(dedi, number, "Bank Nagari", "71000234417", "YUSRA")
    picture(dedi, "petugas-ahli-waris")
    steps.press(dedi, number, "Lanjut ke perhitungan")
    steps.compute(dedi, number, "Rp42.000.000")
    picture(dedi, "petugas-perhitungan")
    steps.press(dedi, number, "Ajukan persetujuan")

    mega = desk("mega")
    mega.goto(f"/petugas/persetujuan/{number}")
    expect(mega.locator("main")).to_contain_text("Rp42.000.000")
    picture(mega, "penyetuju-keputusan")
    steps.decide(mega, number, "Setujui")
    phone.goto("/berkas")
    for amount in ("Rp20.000.000", "Rp12.000.000", "Rp10.000.000", "Rp42.000.000"):
        expect(phone.get_by_text(amount, exact=True).first).to_be_visible()
    picture(phone, "keluarga-disetujui")

    nina, hadi, lusi = desk("nina"), desk("hadi"), desk("lusi")
    reference = steps.order(nina, number, "7100 0234 417", "Yusra")
    batch = steps.batch(nina)
    file = steps.release(hadi, batch)
    assert reference.encode() in file
    assert b"42000000" in file.replace(b".", b"")
    phone.goto("/berkas")
    expect(phone.get_by_text("rekening berakhiran 4417", exact=False).first).to_be_visible()
    steps.load_and_match(lusi, reference, "42.000.000,00")
    picture(lusi, "keuangan-cocok")

    phone.goto("/berkas")
    expect(phone.get_by_text("Santunan dikirim 20 November 2026", exact=False).first).to_be_visible()
    picture(phone, "keluarga-dibayar")
    steps.case(dedi, number, "riwayat")
    for done in ("Disetujui", "Pembayaran dilepas ke bank", "Dibayar menurut rekening koran"):
        expect(dedi.get_by_text(done).first).to_be_visible()
    picture(dedi, "petugas-riwayat")


def test_two_paid_months_give_ten_million(phone: Page, desk: Desk) -> None:
    """Fewer than three consecutive months: the funeral cost alone, with the reason on the family's page."""
    number = reported_with_papers(phone, NURBAITI)
    steps.send_paper(phone, "bank_book")
    dedi = desk("dedi")
    steps.take_and_link(dedi, number, NURBAITI)
    steps.press(dedi, number, "Mulai verifikasi")
    for code in (*PAPERS, "bank_book"):
        steps.accept(dedi, number, code)
    steps.waive(
        dedi, number, "civil_death_certificate", "Surat kematian nagari sudah dicocokkan ke Dukcapil."
    )
    steps.answer(dedi, number, {**ALL_GOOD, "three_months": "Tidak"})
    steps.add_member(dedi, number, "Afrizal", "suami", ("30", "1", "1978"))
    steps.decide_payee(dedi, number, "Afrizal", "Satu-satunya", "")
    steps.enter_account(dedi, number, "Bank Nagari", "71000998812", "Afrizal")
    steps.press(dedi, number, "Lanjut ke perhitungan")
    steps.compute(dedi, number, "Rp10.000.000")
    steps.press(dedi, number, "Ajukan persetujuan")
    steps.decide(desk("mega"), number, "Setujui")
    phone.goto("/berkas")
    expect(phone.get_by_text("Rp10.000.000", exact=True).first).to_be_visible()
    expect(phone.get_by_text("Rp42.000.000")).to_have_count(0)


def test_a_refusal_tells_the_family_why(phone: Page, desk: Desk, picture: Picture) -> None:
    """Cover had lapsed: two people refuse, and the family reads the reason, what was checked and what it can do."""
    number = reported_with_papers(phone, ZULBAHRI)
    dedi = desk("dedi")
    steps.take_and_link(dedi, number, ZULBAHRI)
    steps.press(dedi, number, "Mulai verifikasi")
    steps.answer(dedi, number, {**ALL_GOOD, "active_on_event": "Tidak", "three_months": "Tidak"})
    steps.press(dedi, number, "Usulkan penolakan", "Tidak aktif pada tanggal meninggal")
    mega = desk("mega")
    steps.decide(mega, number, "Tolak", "Tidak aktif pada tanggal meninggal")
    phone.goto("/berkas")
    expect(
        phone.get_by_text("kepesertaan tidak aktif pada tanggal meninggal", exact=False).first
    ).to_be_visible()
    expect(phone.get_by_text("Yang bisa dilakukan")).to_be_visible()
    expect(phone.get_by_text("keberatan", exact=False).first).to_be_visible()
    picture(phone, "keluarga-tidak-dibayar")
