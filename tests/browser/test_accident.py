"""Work accidents in a real browser, on the real service: from the quick notice to the bank statement."""

from collections.abc import Callable
from dataclasses import replace

from playwright.sync_api import Page, expect

from tests.accidents import ERMAWATI, SYAFRIL_HURT, Injured
from tests.browser import accident_steps, steps
from tests.browser.steps import Desk, Family

Picture = Callable[[Page, str], None]
ALIVE = {
    "active_on_event": "Ya",
    "age_at_registration": "Ya",
    "registered_work": "Ya",
    "not_expired": "Ya",
    "no_duplicate": "Ya",
}
PAPERS = (
    "worker_id_card",
    "claimant_id_card",
    "family_card",
    "accident_report_stage_1",
    "witness_chronology",
    "doctor_certificate",
    "accident_report_stage_2",
)
OF_A_DEATH = ("death_letter", "heir_statement", "police_report")


def family_of(who: Injured) -> Family:
    """What the registry is searched by."""
    return Family(who.report.worker_name, who.report.national_id or "", ("", "", ""), "", "", "", "", "")


def paid(desk: Desk, number: str, amount: str, who: Injured) -> None:
    """Three people of finance: order and batch, release, the matched line of the statement."""
    _, account, holder = who.account
    nina, hadi, lusi = desk("nina"), desk("hadi"), desk("lusi")
    reference = steps.order(nina, number, account, holder)
    file = steps.release(hadi, steps.batch(nina))
    assert reference.encode() in file
    steps.load_and_match(lusi, reference, f"{amount},00")


def test_a_lost_thumb_is_paid(phone: Page, desk: Desk, picture: Picture) -> None:
    """Quick notice, stage I, treatment, certificate, papers, medical opinion, conclusion, 12 million, paid."""
    # the worker's own phone: amounts are for nobody else
    who = replace(
        SYAFRIL_HURT,
        report=replace(SYAFRIL_HURT.report, notifier_role="worker", notifier_name="Syafril"),
    )
    number = accident_steps.notify(phone, who)
    picture(phone, "keluarga-kabar-kecelakaan")

    dedi = desk("dedi")
    steps.take_and_link(dedi, number, family_of(who))
    accident_steps.record_facts(dedi, number, who)
    steps.press(dedi, number, "Terima laporan tahap I")
    phone.goto("/berkas")
    expect(phone.get_by_text("Perawatan ditanggung dulu", exact=False).first).to_be_visible()
    picture(phone, "keluarga-dugaan")
    accident_steps.add_periods(dedi, number, who)
    steps.press(dedi, number, "Catat sedang dirawat")
    accident_steps.record_certificate(dedi, number, who)
    steps.case(dedi, number, "kecelakaan")
    picture(dedi, "petugas-kecelakaan")
    steps.press(dedi, number, "Terima surat dokter")
    for code in (*PAPERS, "bank_book"):
        steps.send_paper(phone, code)

    steps.press(dedi, number, "Mulai verifikasi")
    for code in (*PAPERS, "bank_book"):
        steps.accept(dedi, number, code)
    steps.answer(dedi, number, ALIVE)
    steps.press(dedi, number, "Minta pendapat dokter penasihat")
    accident_steps.give_opinion(desk("rosa"), number)

    accident_steps.conclude(dedi, number, ["at_work"], "Dua saksi melihat pisau sadap mengenai ibu jarinya.")
    steps.press(dedi, number, "Simpulkan kecelakaan kerja")
    accident_steps.pay_the_worker(dedi, number, "Syafril")
    steps.enter_account(dedi, number, "Bank Nagari", who.account[1], who.account[2])
    steps.press(dedi, number, "Lanjut ke perhitungan")
    steps.compute(dedi, number, "Rp12.000.000")
    picture(dedi, "petugas-perhitungan-jkk")
    steps.press(dedi, number, "Ajukan persetujuan")

    mega = desk("mega")
    mega.goto(f"/petugas/persetujuan/{number}")
    expect(mega.locator("main")).to_contain_text("Rp12.000.000")
    picture(mega, "penyetuju-jkk")
    steps.decide(mega, number, "Setujui")
    paid(desk, number, "12.000.000", who)
    phone.goto("/berkas")
    expect(phone.get_by_text("Santunan dikirim 20 November 2026", exact=False).first).to_be_visible()
    expect(phone.get_by_text("Rp12.000.000", exact=True).first).to_be_visible()
    expect(phone.get_by_text("meninggal")).to_have_count(0)
    picture(phone, "keluarga-jkk-dibayar")


def test_a_death_on_the_way_home_is_paid(phone: Page, desk: Desk, picture: Picture) -> None:
    """A death on the usual way home: seventy million to the widower, with the agreement of the children's guardian."""
    who = ERMAWATI
    number = accident_steps.notify(phone, who)
    dedi = desk("dedi")
    steps.take_and_link(dedi, number, family_of(who))
    accident_steps.record_facts(dedi, number, who)
    steps.press(dedi, number, "Terima laporan tahap I")
    accident_steps.record_certificate(dedi, number, who)
    steps.press(dedi, number, "Terima surat dokter")
    for code in (*PAPERS, *OF_A_DEATH, "bank_book"):
        steps.send_paper(phone, code)
    steps.press(dedi, number, "Mulai verifikasi")
    for code in (*PAPERS, *OF_A_DEATH, "bank_book"):
        steps.accept(dedi, number, code)
    steps.waive(
        dedi, number, "civil_death_certificate", "Surat kematian nagari sudah dicocokkan ke Dukcapil."
    )
    steps.answer(dedi, number, {**ALIVE, "funeral_not_paid_elsewhere": "Ya"})
    accident_steps.conclude(dedi, number, ["commute"], "Dua saksi melihat ia ditabrak di jalan pulang.")
    steps.press(dedi, number, "Simpulkan kecelakaan kerja")
    for one in who.relatives:
        assert one.born_on is not None
        born = (str(one.born_on.day), str(one.born_on.month), str(one.born_on.year))
        steps.add_member(dedi, number, one.full_name, accident_steps.RELATIONS[one.relation], born)
    steps.decide_payee(
        dedi,
        number,
        "Hendri",
        "Disepakati tertulis",
        "Surat kuasa waris 19 November 2026, empat tanda tangan.",
    )
    for code in ("heirs_agreement",):
        steps.send_paper(phone, code)
        steps.accept(dedi, number, code)
    steps.enter_account(dedi, number, "Bank Nagari", who.account[1], who.account[2])
    steps.press(dedi, number, "Lanjut ke perhitungan")
    steps.compute(dedi, number, "Rp70.000.000")
    picture(dedi, "petugas-perhitungan-jkk-meninggal")
    steps.press(dedi, number, "Ajukan persetujuan")
    # above the first limit of fifty million: the head of the branch decides
    head = desk("bram")
    steps.decide(head, number, "Setujui")
    paid(desk, number, "70.000.000", who)
    phone.goto("/berkas")
    for amount in ("Rp48.000.000", "Rp12.000.000", "Rp10.000.000", "Rp70.000.000"):
        expect(phone.get_by_text(amount, exact=True).first).to_be_visible()
    picture(phone, "keluarga-jkk-meninggal-dibayar")
