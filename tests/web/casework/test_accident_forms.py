"""What an officer writes down of an accident: taken when right, refused with everything kept when wrong."""

from typing import Any

import pytest

from caseflow import clock
from caseflow.claims import accident
from tests import story
from tests.web.casework import accidents
from tests.web.casework.conftest import Office
from tests.web.forms import form_of, send

FACTS = {
    "kind": "accident",
    "happened_on__day": "9",
    "happened_on__month": "11",
    "happened_on__year": "2026",
    "happened_at": "10.15",
    "place_kind": "workplace",
    "place": "Proyek rumah di Jorong Pasar",
    "activity": "Memotong kayu",
    "chronology": "Gergaji meleset dan mengenai ibu jari tangan kanan.",
    "first_aid_network": "plkk",
    "witnesses": "Budi\nAnto",
    "reported_income_idr": "1.000.000",
}
CERTIFICATE = {
    "condition": "partial_functional",
    "condition_on__day": "18",
    "condition_on__month": "11",
    "condition_on__year": "2026",
    "certified_on__day": "19",
    "certified_on__month": "11",
    "certified_on__year": "2026",
    "doctor_name": "dr. Contoh",
    "dominant_hand": "right",
}
REST = {
    "kind": "unable_to_work",
    "starts_on__day": "9",
    "starts_on__month": "11",
    "starts_on__year": "2026",
    "source": "surat istirahat nomor 12",
}


def base(number: str) -> str:
    return f"/petugas/kasus/{number}/kecelakaan"


def test_facts_begin_with_the_first_notice_and_are_established(office: Office) -> None:
    """Nothing is asked twice; the first notice stays beside what the officer established."""
    number = office.accident(accidents.notified)
    page = office.read("dedi", f"{base(number)}/fakta")
    assert "Tangannya terkena gergaji" in page
    assert "Puskesmas Latihan" in page
    assert office.fill("dedi", f"{base(number)}/fakta", "/fakta", **FACTS).status_code == 303
    page = office.read("dedi", base(number))
    assert "Budi, Anto" in page
    assert "Rp1.000.000 sebulan" in page
    assert "Tangannya terkena gergaji" in page
    assert "Ini hanya peringatan" in page
    assert "20 Desember 2026" in page
    assert "9 November 2031" in page


def test_empty_facts_say_what_the_form_of_law_asks(office: Office) -> None:
    number = office.accident(accidents.notified)
    wrong = FACTS | {"place": "", "happened_at": "25.99", "reported_income_idr": "sejuta"}
    answer = office.fill("dedi", f"{base(number)}/fakta", "/fakta", **wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Formulir 3 KK 1" in page
    assert "misalnya 14.05" in page
    assert 'value="25.99"' in page
    assert "Gergaji meleset" in page


def test_a_day_in_the_future_is_refused_by_the_verb(office: Office) -> None:
    number = office.accident(accidents.notified)
    answer = office.fill("dedi", f"{base(number)}/fakta", "/fakta", **(FACTS | {"happened_on__year": "2027"}))
    assert answer.status_code == 422
    assert "tidak boleh setelah hari ini" in answer.get_data(as_text=True)


def test_a_colleague_was_quicker_and_nothing_typed_is_lost(office: Office) -> None:
    """Both had the page open; the second one reads who did what."""
    number = office.accident(accidents.suspected)
    path = f"{base(number)}/fakta"
    opened = form_of(office.read("dedi", path), "/fakta")
    with office.stage() as stage:
        claim = stage.session.merge(office.claim(number))
        accident.record_event(
            stage.session, claim, accidents.RECORD, by=office.staff["sari"], now=clock.now()
        )
    answer = send(office.browser("dedi"), opened, **(FACTS | {"activity": "Memaku papan"}))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Sari Melati" in page
    assert 'value="Memaku papan"' in page
    assert "Yang Anda tulis masih ada di halaman ini" in page


def test_days_are_counted_once_ended_and_taken_off(office: Office) -> None:
    """Overlapping days are refused with the day of the other period."""
    number = office.accident(accidents.suspected)
    path = f"{base(number)}/masa"
    assert office.fill("dedi", path, "/masa", **REST).status_code == 303
    answer = office.fill("dedi", path, "/masa", **(REST | {"starts_on__day": "12"}))
    assert answer.status_code == 422
    assert "sudah dihitung pada masa sejak 9 November 2026" in answer.get_data(as_text=True)
    page = office.read("dedi", base(number))
    assert "masih berjalan" in page
    end = page.split("/akhiri", 1)[0].rsplit('href="', 1)[1] + "/akhiri"
    last = {"ends_on__day": "21", "ends_on__month": "11", "ends_on__year": "2026"}
    assert office.fill("dedi", end, "/akhiri", **last).status_code == 422
    assert office.fill("dedi", end, "/akhiri", **(last | {"ends_on__day": "18"})).status_code == 303
    assert "18 November 2026" in office.read("dedi", base(number))
    assert office.fill("dedi", base(number), "/keluarkan").status_code == 303
    assert "Belum ada masa yang dicatat" in office.read("dedi", base(number))
    assert office.browser("dedi").get(end).status_code == 404


def test_a_receipt_tells_what_it_was_for(office: Office) -> None:
    number = office.accident(accidents.suspected)
    path = f"{base(number)}/biaya"
    ride = {
        "kind": "transport",
        "amount_idr": "150.000",
        "spent_on__day": "9",
        "spent_on__month": "11",
        "spent_on__year": "2026",
        "source": "Ojek, nota 3",
        "mode": "",
    }
    answer = office.fill("dedi", path, "/biaya", **ride)
    assert answer.status_code == 422
    assert "Pilih jenis angkutan" in answer.get_data(as_text=True)
    assert office.fill("dedi", path, "/biaya", **(ride | {"kind": ""})).status_code == 422
    assert office.fill("dedi", path, "/biaya", **(ride | {"mode": "land"})).status_code == 303
    again = office.fill("dedi", path, "/biaya", **(ride | {"mode": "land"}))
    assert "Kuitansi yang sama sudah dicatat" in again.get_data(as_text=True)
    assert "Kuitansi angkutan" in office.read("dedi", f"/petugas/kasus/{number}/dokumen")
    assert office.fill("dedi", base(number), "/keluarkan").status_code == 303
    assert "Belum ada kuitansi yang dicatat" in office.read("dedi", base(number))


def test_a_percentage_is_written_with_a_comma(office: Office) -> None:
    """The table is grouped by part of the body and says what was never checked against the gazette."""
    number = office.accident(accidents.suspected)
    path = f"{base(number)}/surat-dokter"
    page = office.read("dedi", path)
    assert '<optgroup label="Lengan, tangan, dan jari">' in page
    assert "Lengan dari sendi bahu ke bawah: kanan 40 %, kiri 35 %" in page
    assert "Ruas pertama telunjuk: kanan 4,5 %, kiri 3,5 % (belum terverifikasi)" in page
    loss = {"loss1-row_code": "arm_from_shoulder", "loss1-side": "right", "loss1-kind": "functional"}
    answer = office.fill(
        "dedi", path, "/surat-dokter", **CERTIFICATE, **loss, **{"loss1-loss_permille": "4,5"}
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert "fungsi hilang 4,5 %" in office.read("dedi", base(number))
    again = office.read("dedi", path)
    assert 'value="4,5"' in again
    assert 'value="dr. Contoh"' in again


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        ({"loss1-row_code": "thumb"}, "Pilih kanan atau kiri."),
        (
            {"loss1-row_code": "thumb", "loss1-side": "right", "loss1-kind": "functional"},
            "berapa persen fungsi",
        ),
        ({"loss1-row_code": "scalp"}, "persentase yang ditetapkan dokter"),
        ({"loss1-row_code": "smell", "loss1-side": "left"}, "tidak mengenal sisi"),
        ({"loss1-row_code": "hearing_one_ear_per_10_db"}, "berapa kali 10 desibel"),
        ({"loss1-row_code": "smell", "loss1-units": "2"}, "tidak dihitung per satuan"),
        ({"loss1-row_code": "smell", "loss1-loss_permille": "200"}, "di atas 0 sampai 100"),
        ({"loss1-side": "left"}, "Pilih bagian tubuh dari tabel"),
        ({"loss1-row_code": "tail"}, "Pilih bagian tubuh dari tabel"),
        ({}, "Pilih bagian tubuh menurut surat dokter"),
    ],
)
def test_a_loss_fits_its_line_of_the_table(office: Office, loss: dict[str, str], said: str) -> None:
    """What is wrong is said beside the field, and the rest stays."""
    number = office.accident(accidents.suspected)
    answer = office.fill("dedi", f"{base(number)}/surat-dokter", "/surat-dokter", **CERTIFICATE, **loss)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert 'value="dr. Contoh"' in page


def test_more_rows_are_shown_without_saving(office: Office) -> None:
    number = office.accident(accidents.suspected)
    path = f"{base(number)}/surat-dokter"
    answer = office.fill(
        "dedi", path, "/surat-dokter", more="1", **CERTIFICATE, **{"loss2-row_code": "smell"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "loss4-row_code" in page
    assert 'value="dr. Contoh"' in page
    assert "Surat dokter belum dicatat" in office.read("dedi", base(number))


def test_a_conclusion_has_grounds_that_fit(office: Office) -> None:
    number = office.accident(accidents.suspected)
    path = f"{base(number)}/kesimpulan"
    said: dict[str, Any] = {"verdict": "work", "grounds": ["own_intent"], "reason": "Dua saksi melihatnya."}
    answer = office.fill("dedi", path, "/kesimpulan", **said)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "dasar yang cocok" in page
    assert "Dua saksi melihatnya." in page
    assert (
        office.fill("dedi", path, "/kesimpulan", **(said | {"grounds": ["at_work", "commute"]})).status_code
        == 303
    )
    page = office.read("dedi", base(number))
    assert "Terjadi saat atau di tempat bekerja" in page
    assert "disimpulkan 20 November 2026" in page


def test_what_is_concluded_stands_still(office: Office) -> None:
    """The form says so beforehand, and a form sent all the same changes nothing."""
    number = office.accident(accidents.calculating)
    for part, fields in (("fakta", FACTS), ("masa", REST), ("surat-dokter", CERTIFICATE)):
        assert "Terkunci pada tahap" in office.read("dedi", f"{base(number)}/{part}")
        typed = dict(fields) | ({"condition": "recovered"} if part == "surat-dokter" else {})
        rows = {"loss1-row_code": "", "loss1-side": ""} if part == "surat-dokter" else {}
        answer = office.fill("dedi", f"{base(number)}/{part}", f"/{part}", **typed, **rows)
        assert answer.status_code == 409, part
        assert "terkunci" in answer.get_data(as_text=True)


@pytest.mark.parametrize("username", ["mega", "bram", "aulia", "nina", "fitri"])
def test_only_officers_write(office: Office, username: str) -> None:
    number = office.accident(accidents.suspected)
    for part in ("fakta", "masa", "biaya", "surat-dokter", "kesimpulan"):
        office.read(username, f"{base(number)}/{part}", 403)


def test_a_death_claim_gets_the_section_once_somebody_asks(office: Office) -> None:
    """The page can be reached before anything suggests an accident; the tab stays once facts are there."""
    number = office.carry(story.verifying)
    case = f"/petugas/kasus/{number}"
    tab = f'href="{case}/kecelakaan" data-shortcut'
    assert tab not in office.read("dedi", case)
    assert "Pindah ke JKK" in office.read("dedi", f"{case}/kecelakaan")
    assert office.fill("dedi", f"{case}/kecelakaan/fakta", "/fakta", **FACTS).status_code == 303
    assert tab in office.read("dedi", case)
    assert office.claim(number).event_on.isoformat() == "2026-11-17"
