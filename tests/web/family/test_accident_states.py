"""Every state of a work accident claim on the family's phone: its sentence, its step, and never a fault."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseflow.claims import medical, workflows
from caseflow.claims.cover import numbers
from caseflow.claims.medical import Loss
from caseflow.workflow.definition import Workflow
from tests.story import Stage
from tests.web.family.walk import Walk, medical_adviser, notified

JKK = "jkk"
# in other tests of this file; a draft is never sent
READ_ELSEWHERE = {
    "draft", "not_work", "refused", "objection", "inspector_review", "minister_review", "lapsed", "withdrawn",
}  # fmt: skip
DEATH_WORDS = re.compile(r"almarhum|turut berduka|ahli waris|meninggal", re.IGNORECASE)


def main_part(page: str) -> str:
    """What the page itself says, without help and footer."""
    return page.split('<main id="isi"', 1)[1].split("</main>", 1)[0]


def current_step(page: str) -> str:
    """The label of the step that the case stands on."""
    found = re.search(r'step-(?:current|decision)".*?tracker-label">([^<]+)', page, re.DOTALL)
    return found[1] if found else ""


@pytest.fixture
def worker_walk(stage: Stage, client: FlaskClient) -> Walk:
    """Marzuki lives: from the first notice to accompaniment, with every side path of care and examination."""
    adviser = medical_adviser(stage.session)
    stage.staff = {**stage.staff, "vera": adviser}
    walk = notified(stage, client).link().event().go("report_stage_one").care().go("start_treatment")
    walk.go("ask_certificate").go("still_suspected").concluded("work", "at_work").go("conclude_early")
    walk.go("ask_certificate").go("still_treated").certified().go("receive_certificate")
    walk.papers().go("start_verification").go("start_field_check").go("finish_field_check")
    walk.go("request_medical_opinion")
    session: Session = stage.session
    medical.give_opinion(
        session, walk.claim, "agrees", "Sesuai dengan surat rawat.", by=adviser, now=walk.claim.entered_at
    )
    walk.go("finish_medical_review", "vera").go("hold", reason="waiting_authority").go("resume", "mega")
    return walk.checked().go("conclude").payee("Marzuki").go("calculate").computed().go("submit")


def test_a_living_worker_is_never_spoken_of_as_dead(worker_walk: Walk) -> None:
    """From notice to money: his name alone, his own account, and no word of a death."""
    walk = worker_walk.go("return_to_officer", "mega", reason="account").go("rework").go("conclude")
    walk.go("calculate").until_approved().go("send_payment", "hadi")
    walk.go("report_payment_failure", "lusi", reason="account_dormant").go("reissue_payment", "mega")
    walk.go("send_payment", "hadi").go("confirm_payment", "lusi").go("begin_accompaniment").later(9)
    walk.go("finish").go("reopen_case", "bram", reason="worse")
    said = {state: sorted(set(DEATH_WORDS.findall(main_part(page)))) for state, page in walk.read.items()}
    assert {state: words for state, words in said.items() if words} == {}
    assert all("Laporan untuk Marzuki" in page for page in walk.read.values())
    _says_its_sentence(walk, workflows.book().latest(JKK))
    assert set(workflows.book().latest(JKK).states) == set(walk.read) | READ_ELSEWHERE


def _says_its_sentence(walk: Walk, definition: Workflow) -> None:
    """Each state read says the part of its sentence that needs no value."""
    for state, page in walk.read.items():
        fixed = max(re.split(r"\{\w+\}", definition.states[state].family_sentence), key=len).strip(" .,;")
        assert fixed[1:] in main_part(page) or state == "closed", state


def test_thirty_days_are_promised_until_it_is_concluded(worker_walk: Walk) -> None:
    promise = "Paling lambat Minggu, 20 Desember 2026, yaitu 30 hari sejak laporan"
    assert promise in worker_walk.page("suspected")
    assert promise in worker_walk.page("treatment")
    for state in ("recovering", "documents_pending", "verifying"):
        page = worker_walk.page(state)
        assert "30 hari sejak laporan" not in page
        assert "Kesimpulan: ini kecelakaan kerja" in page
        assert "Terjadi saat atau di tempat bekerja" in page
        assert "Bu Mega" not in page  # the officer's own words stay with the office


def test_care_is_told_and_nobody_is_pressed_for_papers_meanwhile(worker_walk: Walk) -> None:
    assert "Rawat inap di RSUD Latihan, 18 sampai 19 November 2026" in worker_walk.page("treatment")
    for state in ("notified", "suspected", "treatment", "recovering", "awaiting_certificate"):
        assert "Berobat dulu." in worker_walk.page(state)
        assert "dokumen lagi" not in worker_walk.page(state)
    assert "dokumen lagi" in worker_walk.page("documents_pending")
    assert current_step(worker_walk.page("treatment")) == "Laporan"
    assert current_step(worker_walk.page("documents_pending")) == "Dokumen"


def test_side_paths_stay_inside_the_examination(worker_walk: Walk) -> None:
    for state in ("field_check", "medical_review", "on_hold", "concluded", "calculating"):
        assert current_step(worker_walk.page(state)) == "Pemeriksaan", state
    assert current_step(worker_walk.page("awaiting_approval")) == "Persetujuan"


def test_the_decision_is_told_line_by_line(worker_walk: Walk) -> None:
    page = worker_walk.go("approve", "mega").page("approved")
    assert "Santunan yang disetujui" in page
    assert "Biaya angkutan" in page
    assert "Rp350.000" in page
    assert "Dibayar utuh ke rekening pekerja sendiri" in page
    assert "belum terverifikasi" not in page.lower()
    assert "Mega" not in main_part(page)


def test_an_accident_that_work_did_not_cause(stage: Stage, client: FlaskClient) -> None:
    """Refused, objected to, inspector, Minister: each rung is a sentence, and the last one ends it."""
    walk = notified(stage, client).link().event().go("report_stage_one")
    walk.found_not_work()
    assert "Kesimpulan: bukan karena kerja" in walk.page("not_work")
    assert "BPJS Kesehatan" in walk.page("not_work")
    walk.go("propose_refusal", reason="not_work").go("refuse", "mega", reason="not_work")
    refused = walk.page("refused")
    assert "Menurut pemeriksaan kejadian ini bukan karena kerja." in refused
    assert "paling sedikit sampai 19 Desember 2026" in refused
    assert current_step(refused) == "Keputusan"
    walk.go("object", words="Saya memang sedang bekerja waktu itu.")
    assert "Saya memang sedang bekerja" not in main_part(walk.page("objection"))
    assert "Menurut pemeriksaan kejadian ini bukan karena kerja." in walk.page("objection")
    walk.go("refer_to_inspector", "bram", words="Surat 12/2026")
    assert "pengawas ketenagakerjaan provinsi menetapkan. Sekarang di tahap ini." in walk.page()
    walk.go(
        "inspector_says_not_work", "bram", reason="determined", words="Penetapan 5 tanggal 20 November 2026"
    )
    assert "Pengawas ketenagakerjaan menetapkan bahwa kejadian ini bukan karena kerja." in walk.page()
    walk.go("appeal_to_minister", "bram", words="Surat 13/2026")
    assert "Itu tahap terakhir. Sekarang di tahap ini." in walk.page()
    walk.go("minister_says_not_work", "bram", reason="determined", words="Penetapan 9")
    assert "Mengapa tidak dapat dibayarkan" in walk.page("closed")
    assert "Yang bisa dilakukan" not in walk.page("closed")
    assert current_step(walk.page("closed")) == "Keputusan"


def test_the_inspector_may_find_that_it_was_work(stage: Stage, client: FlaskClient) -> None:
    """The case is looked at again, and the old conclusion is not shown any more."""
    walk = notified(stage, client).link().event().go("report_stage_one")
    walk.found_not_work().go("propose_refusal", reason="not_work").go("refuse", "mega", reason="not_work")
    walk.go("object", words="Ada saksi dua orang.").go("refer_to_inspector", "bram", words="Surat 12/2026")
    page = walk.go("inspector_says_work", "bram", words="Penetapan 5").page("verifying")
    assert "Mengapa tidak dapat dibayarkan" not in page
    assert "Kesimpulan" not in main_part(page)
    assert current_step(page) == "Pemeriksaan"


def test_too_late_after_five_years(stage: Stage, client: FlaskClient) -> None:
    walk = notified(stage, client, happened_on=date(2020, 3, 2)).go("lapse", "bram")
    page = walk.page("lapsed")
    assert "Sudah lewat lima tahun sejak kejadian" in page
    assert "Ajukan keberatan" in page
    assert current_step(page) == "Keputusan"
    assert "Dua petugas" not in page


def test_a_withdrawn_report_has_no_payment_behind_it(stage: Stage, client: FlaskClient) -> None:
    page = notified(stage, client).go("withdraw", reason="mistaken").page("withdrawn")
    assert "Laporan dibatalkan" in page
    assert "step-done" not in page


def test_a_worker_who_died_goes_on_as_a_death_claim(stage: Stage, client: FlaskClient) -> None:
    """Condolence, honorific, no word of care; and the steps survive the other workflow."""
    died = date(2026, 11, 19)
    walk = notified(stage, client, kind="sudden_death", result="died", died_on=died)
    assert "Almarhum Marzuki" in walk.page("notified")
    assert "Berobat dulu" not in walk.page("notified")
    assert "turut berduka cita" in walk.phone.get("/berkas/tanda-terima").get_data(as_text=True)
    walk.link().event(died).go("report_stage_one")
    assert (
        "Perawatan ditanggung dulu. Paling lambat" not in walk.page("suspected").split('"kejadian-judul"')[1]
    )
    walk.concluded("not_work", "no_external_cause").go("conclude_not_work")
    page = walk.go("move_to_jkm", words="Meninggal karena sakit jantung.").page("documents_pending")
    assert "Almarhum Marzuki" in page
    assert "Meninggal karena sakit jantung" not in page
    assert "Kecelakaannya" not in page


def test_an_amputation_is_told_with_its_row_of_the_table(stage: Stage, client: FlaskClient) -> None:
    """The doctor's loss, the sum in words, the article; nobody's name."""
    walk = notified(stage, client).link().event().go("report_stage_one").care()
    loss = Loss(row_code=_first_finger(), kind="anatomical", side="right")
    walk.concluded("work", "at_work").certified("partial_anatomical", loss).go("receive_certificate").papers()
    walk.go("start_verification").checked().go("conclude").payee("Marzuki").go("calculate").until_approved()
    page = walk.page("approved")
    assert "Lampiran III" in page
    assert "persen ×" in page


def _first_finger() -> str:
    rows = numbers().tables.disability.values()
    return next(row.code for row in rows if "finger" in row.code or "telunjuk" in row.label.lower())
