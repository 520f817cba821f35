"""The officer's letters: preview, issue, open, revoke; the PDF holds the lines of the decision."""

import io
import json

import pikepdf
import pytest

from tests import story
from tests.notices.letters import problems_of, read
from tests.web.casework.conftest import Office

SANDBOX = "default-src 'none'; sandbox"


def _issue(office: Office, username: str, number: str, kind: str, paper: str = "a4") -> str:
    """Press the button of one letter and return the page that comes next."""
    page = f"/petugas/kasus/{number}/surat"
    action = f"{page}/keputusan" if kind == "decision" else page
    answer = office.fill(username, page, action, kind=kind, paper=paper)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return office.read(username, page)


def _pdf(office: Office, username: str, address: str) -> bytes:
    answer = office.browser(username).get(address, buffered=True)
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Security-Policy"] == SANDBOX
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("inline;")
    return answer.get_data()


def test_the_letter_says_what_was_approved(office: Office) -> None:
    number = office.carry(story.approved)
    page = _issue(office, "mega", number, "decision")
    assert "0001/SK/SOLOK/XI/2026" in page
    found = read(_pdf(office, "dedi", f"/petugas/kasus/{number}/surat/0001-SK-SOLOK-XI-2026.pdf"))
    document = json.loads(office.read("dedi", f"/petugas/kasus/{number}/perhitungan.json"))
    for line in document["lines"]:
        amount = f"Rp{line['amount_idr']:,}".replace(",", ".")
        assert line["label"] in found.words
        assert line["article"] in found.words
        assert amount in found.words
    assert "empat puluh dua juta rupiah" in found.words
    assert "berakhiran 4417" in found.words
    assert "Disetujui 20 Nov 2026 pukul 10.00 WIB" in found.words
    assert problems_of(found.body) == []


def test_printing_again_gives_the_same_bytes(office: Office) -> None:
    number = office.carry(story.approved)
    _issue(office, "dedi", number, "decision")
    address = f"/petugas/kasus/{number}/surat/0001-SK-SOLOK-XI-2026.pdf"
    assert _pdf(office, "dedi", address) == _pdf(office, "aulia", address)
    again = _issue(office, "dedi", number, "decision")
    assert "Surat yang sama sudah terbit dengan nomor 0001/SK/SOLOK/XI/2026" in again


def test_the_old_address_leads_to_the_letters(office: Office) -> None:
    number = office.carry(story.approved)
    answer = office.browser("dedi").get(f"/petugas/kasus/{number}/surat-rincian")
    assert (answer.status_code, answer.location) == (303, f"/petugas/kasus/{number}/surat")


def test_there_is_no_letter_before_the_second_person_spoke(office: Office) -> None:
    number = office.carry(story.submitted)
    assert "Surat keputusan dan perincian" not in office.read("mega", f"/petugas/kasus/{number}/surat")
    said = office.read("mega", f"/petugas/kasus/{number}/surat/pratinjau/decision/a4", 409)
    assert "Surat keputusan ada setelah santunan disetujui" in said


def test_a_preview_is_a_draft_and_leaves_nothing(office: Office) -> None:
    number = office.carry(story.approved)
    found = read(_pdf(office, "dedi", f"/petugas/kasus/{number}/surat/pratinjau/decision/a4"))
    assert "(belum terbit)" in found.words
    assert "Belum ada surat" in office.read("dedi", f"/petugas/kasus/{number}/surat")


def test_who_refused_is_not_offered_the_explanation(office: Office) -> None:
    number = office.carry(story.refused, story.ZULBAHRI)
    assert "Penjelasan keputusan" not in office.read("mega", f"/petugas/kasus/{number}/surat")
    page = _issue(office, "dedi", number, "refusal")
    assert "0001/PK/SOLOK/XI/2026" in page


def test_a_receipt_comes_on_three_papers(office: Office) -> None:
    number = office.carry(story.reported)
    for paper in ("a4", "counter", "roll"):
        _issue(office, "dedi", number, "receipt", paper)
    sizes = set()
    for serial in (1, 2, 3):
        body = _pdf(office, "dedi", f"/petugas/kasus/{number}/surat/000{serial}-TT-SOLOK-XI-2026.pdf")
        with pikepdf.open(io.BytesIO(body)) as document:
            sizes.add(round(float(document.pages[0].mediabox[2])))
    assert len(sizes) == 3


def test_a_letter_is_revoked_with_a_reason(office: Office) -> None:
    number = office.carry(story.approved)
    _issue(office, "dedi", number, "decision")
    page = f"/petugas/kasus/{number}/surat"
    bare = office.fill("bram", page, f"{page}/cabut", why="")
    assert bare.status_code == 422
    assert "Tulis mengapa surat ini dicabut." in bare.get_data(as_text=True)
    assert office.fill("bram", page, f"{page}/cabut", why="Nama penerima salah tulis.").status_code == 303
    after = office.read("dedi", page)
    assert "dicabut" in after
    assert "Nama penerima salah tulis." in after
    assert "oleh Bram Wijaya" in after


def test_a_family_that_has_not_agreed_is_invited(office: Office) -> None:
    number = office.carry(story.held, story.SYAFRIL)
    page = f"/petugas/kasus/{number}/surat"
    filled = {
        "place": "Balai adat KAN",
        "held_on-day": "30",
        "held_on-month": "11",
        "held_on-year": "2026",
        "begins_at": "09.30",
        "invited": "Putri dan walinya",
    }
    wrong = office.fill("dedi", page, f"{page}/undangan", **{**filled, "held_on-year": "2025"})
    assert wrong.status_code == 422
    said = wrong.get_data(as_text=True)
    assert "Pilih hari yang akan datang" in said
    assert "Balai adat KAN" in said  # nothing typed is lost
    empty = office.fill("dedi", page, f"{page}/undangan", place="")
    assert "Tulis tempatnya" in empty.get_data(as_text=True)
    assert office.fill("dedi", page, f"{page}/undangan", **filled).status_code == 303
    found = read(_pdf(office, "dedi", f"{page}/0001-UM-SOLOK-XI-2026.pdf"))
    assert "Balai adat KAN" in found.words


@pytest.mark.parametrize("username", ["nina", "rosa", "fitri", "rina"])
def test_others_read_no_letter(office: Office, username: str) -> None:
    number = office.carry(story.approved)
    office.read(username, f"/petugas/kasus/{number}/surat", 403)


def test_the_auditor_reads_and_issues_nothing(office: Office) -> None:
    number = office.carry(story.approved)
    _issue(office, "dedi", number, "decision")
    page = office.read("aulia", f"/petugas/kasus/{number}/surat")
    assert "0001/SK/SOLOK/XI/2026" in page
    assert "Terbitkan" not in page
    assert "Cabut surat" not in page
    office.read("aulia", f"/petugas/kasus/{number}/surat/pratinjau/decision/a4", 403)


@pytest.mark.parametrize("name", ["0009-SK-SOLOK-XI-2026", "..", "0001-SK-SOLOK-XI-2026x", "%00"])
def test_what_is_no_letter_is_not_found(office: Office, name: str) -> None:
    number = office.carry(story.approved)
    assert office.browser("dedi").get(f"/petugas/kasus/{number}/surat/{name}.pdf").status_code in {400, 404}
