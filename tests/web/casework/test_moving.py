"""A case that turns out to be of the other programme goes on there; the page says what moves, what stays, what is asked."""

from dataclasses import replace
from datetime import date

from caseflow import clock
from caseflow.claims import accident
from tests import story
from tests.story import move
from tests.web.casework import accidents
from tests.web.casework.conftest import Office

WHY = "Dua saksi melihat ia jatuh dari perancah saat bekerja."


def test_a_death_goes_on_as_a_work_accident(office: Office) -> None:
    """First the accident, then the button; number, papers and history stay."""
    number = office.carry(story.verifying)
    case = f"/petugas/kasus/{number}"
    page = office.read("dedi", f"{case}/move_to_jkk")
    assert "Catat dulu fakta kecelakaannya" in page
    assert f'href="{case}/kecelakaan"' in page
    with office.stage() as stage:
        claim = stage.session.merge(office.claim(number))
        accident.record_event(stage.session, claim, accidents.RECORD, by=stage.verifier, now=clock.now())
    page = office.read("dedi", f"{case}/move_to_jkk")
    for said in (
        "Yang berubah",
        "Yang tetap",
        "Formulir 3 KK 1",
        "Menunggu tahap II dan dokumen",
        "dari siapa keterangannya",
    ):
        assert said in page, said
    answer = office.fill("dedi", f"{case}/move_to_jkk", "/move_to_jkk", reason_text="ya")
    assert answer.status_code == 422
    answer = office.fill("dedi", f"{case}/move_to_jkk", "/move_to_jkk", reason_text=WHY)
    assert answer.status_code == 303
    claim = office.claim(number)
    assert (claim.program, claim.state) == ("jkk", "documents_pending")
    page = office.read("dedi", case)
    assert "<span>JKK</span>" in page
    assert "Alm. Samsir" in page
    history = office.read("dedi", f"{case}/riwayat")
    assert "Dipindahkan ke alur kecelakaan kerja" in history
    assert "Verifikasi dimulai" in history
    assert "Menunggu tahap II dan dokumen" in history
    assert WHY.rstrip(".") in history
    for part in ("/ahli-waris", "/kelayakan", "/perhitungan", "/dokumen", "/kecelakaan"):
        office.read("dedi", case + part)
    assert "Penerima</a>" not in page
    assert "Membetulkan" not in office.browser("dedi").get(f"{case}/fakta", follow_redirects=True).text


def test_an_accident_that_work_did_not_cause_goes_on_as_a_death(office: Office) -> None:
    number = office.accident(accidents.verifying)
    case = f"/petugas/kasus/{number}"
    assert "Pekerja tidak tercatat meninggal" in office.read("dedi", f"{case}/move_to_jkm")
    with office.stage() as stage:
        claim = stage.session.merge(office.claim(number))
        died = replace(accidents.RECORD, died_on=date(2026, 11, 18))
        accident.record_event(stage.session, claim, died, by=stage.verifier, now=clock.now())
        accident.conclude(
            stage.session,
            claim,
            "not_work",
            ["outside_work"],
            "Terjadi pada hari libur di rumah keluarga.",
            by=stage.verifier,
            now=clock.now(),
        )
    assert "Ahli waris" in office.read("dedi", case)
    page = office.read("dedi", f"{case}/move_to_jkm")
    assert "Batas bayar tiga hari kerja" in page
    assert office.fill("dedi", f"{case}/move_to_jkm", "/move_to_jkm", reason_text=WHY).status_code == 303
    claim = office.claim(number)
    assert (claim.program, claim.event_on.isoformat()) == ("jkm", "2026-11-18")
    page = office.read("dedi", case)
    assert "<span>JKM</span>" in page
    assert "Rabu, 18 November 2026" in page
    assert "Kecelakaan</a>" in page


def test_a_step_that_ends_a_case_says_who_may_open_it_again(office: Office) -> None:
    """Withdrawn reports stay withdrawn; a closed case can be opened by the branch head, with a reason."""
    number = office.accident(accidents.suspected)
    page = office.read("dedi", f"/petugas/kasus/{number}/withdraw")
    assert "Kasus tidak bisa dibuka lagi." in page
    assert "hari kalender" in office.read("dedi", f"/petugas/kasus/{number}")


def test_a_refused_claim_goes_to_the_inspector_with_the_letter(office: Office) -> None:
    """Objection, inspector, Minister: each page asks for number and day of the letter."""
    number = office.accident(accidents.concluded)
    case = f"/petugas/kasus/{number}"
    with office.stage() as stage:
        claim = stage.session.merge(office.claim(number))
        move(stage, claim, "propose_refusal", reason_code="not_active")
        story.decide(stage, claim, "refuse", reason_code="not_active")
    said = office.fill("dedi", f"{case}/object", "/object", reason_text="Keluarga punya bukti bayar iuran.")
    assert said.status_code == 303
    page = office.read("bram", f"{case}/refer_to_inspector")
    assert "nomor dan tanggal surat pengantar" in page
    letter = "Surat 560/12/2026 tanggal 20 November 2026."
    assert (
        office.fill(
            "bram", f"{case}/refer_to_inspector", "/refer_to_inspector", reason_text=letter
        ).status_code
        == 303
    )
    page = office.read("bram", f"{case}/inspector_says_not_work")
    assert "nomor dan tanggal surat penetapan" in page
    answer = office.fill(
        "bram", f"{case}/inspector_says_not_work", "/inspector_says_not_work", reason_code="determined"
    )
    assert answer.status_code == 422
    answer = office.fill(
        "bram",
        f"{case}/inspector_says_not_work",
        "/inspector_says_not_work",
        reason_code="determined",
        reason_text=letter,
    )
    assert answer.status_code == 303
    assert "tahap terakhir" in office.read("bram", f"{case}/appeal_to_minister")
    assert letter.rstrip(".") in office.read("aulia", f"{case}/riwayat")
    assert "belum berjalan" in office.read("dedi", case).lower()


def test_a_right_lapses_after_five_years_and_not_before(office: Office) -> None:
    number = office.accident(accidents.suspected)
    page = office.read("bram", f"/petugas/kasus/{number}/lapse")
    assert "masih berlaku sampai 9 November 2031" in page
    assert "lima tahun sejak kejadian" in page
