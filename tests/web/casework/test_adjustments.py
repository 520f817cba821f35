"""Another amount for one line: proposed with a reason, answered by a second person, never hiding the first amount."""

import hashlib
import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import Assessment, LineAdjustment
from tests import story
from tests.web.casework import accidents
from tests.web.casework.conftest import Office

RIDE = {
    "line_code": "transport_land",
    "amount_idr": "100.000",
    "reason": "Nota menyebut perjalanan pulang yang tidak diganti.",
}


def line_code(office: Office) -> str:
    with Session(office.database.engine) as session:
        document = session.scalars(select(Assessment.statement)).first()
    assert document is not None
    return str(document["lines"][0]["code"])


def proposed(office: Office, number: str) -> int:
    path = f"/petugas/kasus/{number}/perhitungan/penyesuaian"
    answer = office.fill("dedi", path, "/penyesuaian", **(RIDE | {"line_code": line_code(office)}))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with Session(office.database.engine) as session:
        return session.scalars(select(LineAdjustment.id).order_by(LineAdjustment.id.desc())).first() or 0


def test_the_second_person_finds_it_where_they_look_for_work(office: Office) -> None:
    """Listed under Persetujuan and on the case; confirmed, it stands struck through beside the new amount."""
    number = office.accident(accidents.computed)
    key = proposed(office, number)
    where = f"/petugas/kasus/{number}/penyesuaian/{key}"
    assert where in office.read("mega", "/petugas/persetujuan/")
    assert where in office.read("mega", f"/petugas/kasus/{number}/perhitungan")
    assert where not in office.read("dedi", f"/petugas/kasus/{number}/perhitungan")
    page = office.read("mega", where)
    assert "perjalanan pulang" in page
    assert "Rp150.000" in page
    answer = office.fill("mega", where, where, verdict="confirmed")
    assert answer.status_code == 303
    page = office.read("dedi", f"/petugas/kasus/{number}/perhitungan")
    assert "Data berubah setelah manfaat dihitung" in page
    assert office.fill("dedi", f"/petugas/kasus/{number}/perhitungan", "/perhitungan").status_code == 303
    page = office.read("dedi", f"/petugas/kasus/{number}/perhitungan")
    assert "semula </span>Rp150.000</del>Rp100.000" in page
    assert "Data berubah" not in page
    assert where not in office.read("mega", "/petugas/persetujuan/")
    assert "Sudah disetujui" in office.read("bram", where)


def test_a_refusal_needs_a_reason_and_stays_visible(office: Office) -> None:
    number = office.accident(accidents.computed)
    where = f"/petugas/kasus/{number}/penyesuaian/{proposed(office, number)}"
    answer = office.fill("mega", where, where, verdict="refused", reason="tidak")
    assert answer.status_code == 422
    assert "paling sedikit 10 huruf" in answer.get_data(as_text=True)
    assert office.fill("mega", where, where).status_code == 422
    answer = office.fill("mega", where, where, verdict="refused", reason="Nota pulang memang diganti.")
    assert answer.status_code == 303
    page = office.read("dedi", f"/petugas/kasus/{number}/perhitungan")
    assert "ditolak" in page
    assert "Nota pulang memang diganti." in page
    assert "Data berubah" not in page


def test_a_proposal_can_be_taken_back_by_whoever_made_it(office: Office) -> None:
    number = office.accident(accidents.computed)
    proposed(office, number)
    page = f"/petugas/kasus/{number}/perhitungan"
    assert "/tarik" not in office.read("sari", page)
    assert office.fill("dedi", page, "/tarik").status_code == 303
    assert "ditarik pengusul" in office.read("dedi", page)


def test_what_is_wrong_with_a_proposal_is_said_at_its_field(office: Office) -> None:
    """No line, the same amount, no reason, not computed yet."""
    number = office.accident(accidents.computed)
    path = f"/petugas/kasus/{number}/perhitungan/penyesuaian"
    answer = office.fill("dedi", path, "/penyesuaian", amount_idr="seratus", line_code="", reason="x")
    assert answer.status_code == 422
    assert 'value="seratus"' in answer.get_data(as_text=True)
    same = RIDE | {"line_code": line_code(office), "amount_idr": "150.000"}
    answer = office.fill("dedi", path, "/penyesuaian", **same)
    assert "Jumlahnya sama dengan hitungan" in answer.get_data(as_text=True)
    nothing = RIDE | {"line_code": line_code(office), "amount_idr": "0"}
    assert office.fill("dedi", path, "/penyesuaian", **nothing).status_code == 303
    again = office.fill("dedi", path, "/penyesuaian", **nothing)
    assert again.status_code == 409
    assert "masih menunggu pejabat kedua" in again.get_data(as_text=True)
    early = office.accident(accidents.suspected, accidents.ERMAWATI)
    page = office.read("dedi", f"/petugas/kasus/{early}/perhitungan/penyesuaian")
    assert "Belum ada baris yang bisa disesuaikan" in page


def test_doors_of_adjustments(office: Office) -> None:
    number = office.accident(accidents.computed)
    key = proposed(office, number)
    office.read("mega", f"/petugas/kasus/{number}/perhitungan/penyesuaian", 403)
    for username in ("dedi", "aulia", "nina"):
        office.read(username, f"/petugas/kasus/{number}/penyesuaian/{key}", 403)
    office.read("mega", f"/petugas/kasus/{number}/penyesuaian/999", 404)


def test_a_death_claim_is_adjusted_the_same_way(office: Office) -> None:
    number = office.carry(story.computed)
    key = proposed(office, number)
    assert "Yang diusulkan" in office.read("bram", f"/petugas/kasus/{number}/penyesuaian/{key}")


def test_the_statement_is_handed_out_as_it_was_signed(office: Office) -> None:
    """The file hashes to the mark on the page; before the computation there is none."""
    number = office.accident(accidents.calculating)
    office.read("dedi", f"/petugas/kasus/{number}/perhitungan.json", 404)
    office.fill("dedi", f"/petugas/kasus/{number}/perhitungan", "/perhitungan")
    answer = office.browser("mega").get(f"/petugas/kasus/{number}/perhitungan.json")
    assert answer.mimetype == "application/json"
    mark = hashlib.sha256(answer.data).hexdigest()[:12]
    assert mark in office.read("mega", f"/petugas/kasus/{number}/perhitungan")
    assert json.loads(answer.data)["program"] == "jkk"
    office.read("nina", f"/petugas/kasus/{number}/perhitungan.json", 403)


def test_what_is_missing_is_named_with_its_screen(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The officer is led to where the fact is entered; nothing can be computed before."""
    monkeypatch.setattr(accidents, "RECORD", replace(accidents.RECORD, reported_income_idr=None))
    number = office.accident(accidents.calculating)
    page = office.read("dedi", f"/petugas/kasus/{number}/perhitungan")
    assert "Penghasilan sebulan yang dilaporkan" in page
    assert f'href="/petugas/kasus/{number}/kecelakaan/fakta"' in page
    assert "Hitung manfaat" not in page


def test_what_was_never_checked_is_called_so(office: Office) -> None:
    """Lines without a gazette behind them, and what lateness would cost by the clock of this programme."""
    number = office.accident(accidents.calculating)
    page = office.read("dedi", f"/petugas/kasus/{number}/perhitungan")
    assert "Hitung manfaat" in page
    office.fill("dedi", f"/petugas/kasus/{number}/perhitungan", "/perhitungan")
    page = office.read("dedi", f"/petugas/kasus/{number}/perhitungan")
    assert "Belum terverifikasi: Santunan cacat" in page
    assert "PP 44/2015 Pasal 37 ayat (3)" in page
    assert "Selasa, 1 Desember 2026" in page
