"""The letter holds the lines of the decision: the same as the screen, the data and the family's page."""

import json

from tests import story
from tests.web.casework.conftest import Office


def test_the_letter_says_what_was_approved(office: Office) -> None:
    number = office.carry(story.approved)
    letter = office.read("dedi", f"/petugas/kasus/{number}/surat-rincian")
    document = json.loads(office.read("dedi", f"/petugas/kasus/{number}/perhitungan.json"))
    for line in document["lines"]:
        amount = f"Rp{line['amount_idr']:,}".replace(",", ".")
        assert line["label"] in letter
        assert line["article"] in letter
        assert amount in letter
    assert "empat puluh dua juta rupiah" in letter
    assert "berakhiran 4417" in letter
    assert "Disetujui Mega Yulia, 20 Nov 2026" in letter
    assert "Surat rincian untuk dicetak" in office.read("dedi", f"/petugas/kasus/{number}/perhitungan")


def test_there_is_no_letter_before_the_second_person_spoke(office: Office) -> None:
    number = office.carry(story.submitted)
    page = office.read("dedi", f"/petugas/kasus/{number}/surat-rincian", 409)
    assert "Surat rincian ada setelah santunan disetujui" in page
    assert "Surat rincian untuk dicetak" not in office.read("dedi", f"/petugas/kasus/{number}/perhitungan")


def test_a_returned_or_refused_case_has_none(office: Office) -> None:
    for play in (story.returned, story.refused):
        number = office.carry(play, story.ZULBAHRI if play is story.refused else story.SAMSIR)
        office.read("dedi", f"/petugas/kasus/{number}/surat-rincian", 409)


def test_finance_reads_no_letter(office: Office) -> None:
    number = office.carry(story.approved)
    office.read("nina", f"/petugas/kasus/{number}/surat-rincian", 403)
