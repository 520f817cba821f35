"""Officers read what families ask, answer it once, and a second person confirms a paper that is asked for later."""

from html import unescape

import pytest

from caseflow import clock
from caseflow.claims import later_papers, request_queries, requests
from caseflow.claims.models import Claim
from caseflow.claims.requests import PaperAsk
from caseflow.documents.queries import requirement_list
from tests import story
from tests.story import Stage
from tests.web.casework.conftest import Office
from tests.web.forms import form_of, send

ANSWER = "Bu Yusra, Kartu Keluarga dipakai sebagai gantinya."
REASON = "Nama di KTP dan Kartu Keluarga tidak sama."


def without_book(stage: Stage, person: story.Person = story.SAMSIR) -> Claim:
    """Everything was sent but the marriage book, which the family says it does not need."""
    claim = story.with_papers(stage, person, but=("marriage_book",))
    claim.assignee_user_id = stage.verifier.user_id
    ask = PaperAsk("not_applicable", words="Kami hanya menikah secara adat.")
    requests.ask_about_paper(
        stage.session, claim, "marriage_book", ask, by=story.phone_of(stage, claim), now=clock.now()
    )
    return claim


def asked(office: Office, number: str) -> tuple[int, bool]:
    """Key of the newest request, and whether it is open."""
    with office.stage() as stage:
        row = request_queries.requests_of(stage.session, office.claim(number).id)[0]
    return row.id, row.open


def codes(office: Office, number: str) -> dict[str, str]:
    """The family's list: paper and status."""
    with office.stage() as stage:
        return {row.code: row.status for row in requirement_list(stage.session, office.claim(number).id)}


def test_nothing_waits_is_said_so(office: Office) -> None:
    assert "Tidak ada permintaan yang menunggu" in office.read("dedi", "/petugas/permintaan")


def test_a_request_is_seen_wherever_the_case_is(office: Office) -> None:
    number = office.carry(without_book)
    request_id, _ = asked(office, number)
    address = f"/petugas/kasus/{number}/permintaan/{request_id}"
    listed = office.read("dedi", "/petugas/permintaan")
    assert "Di kasus Anda: 1 menunggu" in listed
    assert address in listed
    assert "Di kasus lain: 1 menunggu" in office.read("sari", "/petugas/permintaan")
    assert "Permintaan keluarga: 1 menunggu" in office.read("dedi", f"/petugas/kasus/{number}")
    papers = office.read("dedi", f"/petugas/kasus/{number}/dokumen?d=marriage_book")
    assert "keluarga minta bantuan" in papers
    assert "Kami hanya menikah secara adat." in papers
    worklist = unescape(office.read("dedi", "/petugas/"))
    assert 'Permintaan keluarga <span class="count">1</span>' in worklist


def test_agreeing_waives_and_tells_the_family(office: Office) -> None:
    number = office.carry(without_book)
    request_id, _ = asked(office, number)
    path = f"/petugas/kasus/{number}/permintaan/{request_id}"
    half = office.fill("dedi", path, path, words=ANSWER)
    assert half.status_code == 422
    assert ANSWER in unescape(half.get_data(as_text=True))
    assert office.fill("dedi", path, path, verdict="waive", words=ANSWER).status_code == 303
    assert codes(office, number)["marriage_book"] == "not_applicable"
    assert asked(office, number) == (request_id, False)
    page = unescape(office.read("dedi", path))
    assert ANSWER in page
    assert "Kirim jawaban" not in page
    assert "Permintaan dijawab" in office.read("dedi", f"/petugas/kasus/{number}/pesan")


def test_the_paper_stays_when_it_is_needed(office: Office) -> None:
    number = office.carry(without_book)
    request_id, _ = asked(office, number)
    path = f"/petugas/kasus/{number}/permintaan/{request_id}"
    said = "Buku nikah tetap perlu. Duplikatnya bisa diminta di kantor urusan agama."
    assert office.fill("dedi", path, path, verdict="keep", words=said).status_code == 303
    assert codes(office, number)["marriage_book"] == "missing"
    assert asked(office, number) == (request_id, False)


def test_two_officers_answer_once(office: Office) -> None:
    number = office.carry(without_book)
    request_id, _ = asked(office, number)
    path = f"/petugas/kasus/{number}/permintaan/{request_id}"
    late = form_of(office.read("sari", path), path)
    office.fill("dedi", path, path, verdict="keep", words=ANSWER)
    answer = send(office.browser("sari"), late, verdict="keep", words="Jawaban kedua yang terlambat.")
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "sudah dijawab" in page
    assert "Jawaban kedua yang terlambat." in page


def test_who_only_reads_is_told_who_answers(office: Office) -> None:
    number = office.carry(without_book)
    request_id, _ = asked(office, number)
    page = office.read("mega", f"/petugas/kasus/{number}/permintaan/{request_id}")
    assert "Petugas klaim yang menjawab permintaan ini." in page
    office.read("dedi", f"/petugas/kasus/{number}/permintaan/999999", 404)
    other = office.carry(story.reported, story.NURBAITI)
    office.read("dedi", f"/petugas/kasus/{other}/permintaan/{request_id}", 404)


def test_the_nagari_sees_numbers_and_papers_of_its_own_and_no_name(office: Office) -> None:
    with office.stage() as stage:
        ask = PaperAsk("help_obtain", stuck_at="nagari", words="Kata Yusra, wali sedang pergi.")
        numbers = []
        for person in (story.SAMSIR, story.ZULBAHRI):
            claim = story.reported(stage, person)
            phone = story.phone_of(stage, claim)
            requests.ask_about_paper(stage.session, claim, "death_letter", ask, by=phone, now=clock.now())
            numbers.append(claim.number)
    page = office.read("fitri", "/nagari/permintaan")
    assert numbers[0] in page
    assert "Surat kematian" in page
    for hidden in ("Samsir", "Yusra", numbers[1], f"/petugas/kasus/{numbers[0]}"):
        assert hidden not in page
    office.read("dedi", "/nagari/permintaan", 403)


# --- a paper asked for later


def proposed(office: Office, number: str) -> int:
    """Propose one more paper as the officer does, and return its key."""
    path = f"/petugas/kasus/{number}/dokumen?d=family_card&aksi=minta"
    answer = office.fill("dedi", path, "/dokumen/minta", code="same_person_letter", reason=REASON)
    assert answer.status_code == 303
    with office.stage() as stage:
        return later_papers.proposals(stage.session, office.claim(number).id)[0].id


def test_a_later_paper_waits_for_a_second_person(office: Office) -> None:
    number = office.carry(story.with_papers)
    key = proposed(office, number)
    assert "same_person_letter" not in codes(office, number)
    assert "menunggu pejabat kedua" in office.read("dedi", f"/petugas/kasus/{number}/dokumen")
    path = f"/petugas/kasus/{number}/dokumen/usul/{key}"
    assert path in office.read("mega", "/petugas/persetujuan/")
    half = office.fill("mega", path, path, verdict="confirmed", note="ya")
    assert half.status_code == 422
    assert "same_person_letter" not in codes(office, number)
    assert (
        office.fill("mega", path, path, verdict="confirmed", note="Nama memang berbeda.").status_code == 303
    )
    assert codes(office, number)["same_person_letter"] == "missing"
    assert REASON in office.read("dedi", f"/petugas/kasus/{number}/dokumen?d=same_person_letter")
    assert path not in office.read("mega", "/petugas/persetujuan/")
    assert "Sudah disetujui oleh Mega Yulia." in office.read("bram", path)


def test_the_officer_takes_the_proposal_back(office: Office) -> None:
    number = office.carry(story.with_papers)
    key = proposed(office, number)
    tab = f"/petugas/kasus/{number}/dokumen"
    assert office.fill("dedi", tab, f"/usul/{key}/tarik").status_code == 303
    path = f"{tab}/usul/{key}"
    assert "Sudah ditarik pengusul." in office.read("mega", path)
    office.read("dedi", path, 403)
    assert "same_person_letter" not in codes(office, number)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"code": "same_person_letter", "reason": "perlu"}, "10"),
        ({"code": "family_card", "reason": REASON}, "sudah ada dalam daftar keluarga"),
    ],
)
def test_a_refused_proposal_keeps_what_was_typed(office: Office, typed: dict[str, str], says: str) -> None:
    number = office.carry(story.with_papers)
    path = f"/petugas/kasus/{number}/dokumen?d=family_card&aksi=minta"
    answer = office.fill("dedi", path, "/dokumen/minta", **typed)
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code in {409, 422}
    assert says in page
    assert typed["reason"] in page
