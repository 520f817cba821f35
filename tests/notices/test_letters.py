"""Each letter of each programme, read back from its PDF: words, tags, fonts, size, pages, the code to check it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pypdfium2
import pytest
import segno
from PIL import Image
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.lapsing import lapse
from caseflow.claims.models import Claim
from caseflow.claims.scholarship import Guardian
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotPermitted, NotPossible
from caseflow.notices.letters.decision import decision_letter
from caseflow.notices.letters.frame import check_address, framed
from caseflow.notices.letters.invitation import Meeting, invitation
from caseflow.notices.letters.operations import Wanted, preview_letter
from caseflow.notices.letters.press import print_letter
from caseflow.notices.letters.receipt import receipt
from caseflow.notices.letters.refusal import refusal_letter
from caseflow.notices.letters.request import document_request
from caseflow.people.actor import Actor
from tests import accident_story, scholarship_story, story
from tests.accidents import ERMAWATI
from tests.claims.test_contacts import helped
from tests.notices.letters import A4_BYTES, OFFICE, issue, problems_of, read, stored
from tests.people.test_mandates import ZUL
from tests.story import Stage

MEETING = Meeting(
    place="Balai adat KAN Koto Latihan",
    held_on=date(2026, 11, 30),
    begins_at=time(9, 30),
    invited="Putri dan walinya\nMamak Nofrizal\n\n- Ninik mamak kaum",
    bring="Ranji keluarga",
)


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage that is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff)


def _school_year(stage: Stage) -> Claim:
    origin = scholarship_story.paid_claim(stage)
    child = scholarship_story.opened(stage, origin, "Rafi")
    return scholarship_story.year_approved(
        stage, child, 2026, guardian=Guardian("Elmita", "surviving_parent")
    )


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (
            story.approved,
            ["Rp42.000.000", "empat puluh dua juta rupiah", "Almarhum Samsir", "berakhiran 4417", "Santunan berkala"],
        ),
        (
            lambda stage: story.approved(stage, story.NURBAITI),
            ["Rp10.000.000", "sepuluh juta rupiah", "Almarhumah Nurbaiti", "Biaya pemakaman"],
        ),
        (accident_story.approved, ["Jaminan Kecelakaan Kerja untuk Marzuki", "dua ratus lima puluh ribu rupiah"]),
        (_school_year, ["Beasiswa anak pekerja untuk Rafi", "Lampiran: jadwal beasiswa", "2026/2027", "SMP"]),
    ],
    ids=["jkm", "funeral only", "jkk living", "scholarship"],
)  # fmt: skip
def test_a_decision_says_line_by_line_what_was_approved(
    stage: Stage, play: Callable[[Stage], Claim], words: list[str]
) -> None:
    claim = play(stage)
    letter = issue(stage, claim, "decision", by=stage.decider)
    body = stored(stage, letter)
    found = read(body)
    for expected in [*words, letter.number, claim.number, "Dasar aturan", "Mega Yulia", "20 November 2026"]:
        assert expected in found.words, expected
    assert problems_of(body) == []
    assert len(body) <= A4_BYTES
    assert letter.pages == len(found.pages)
    for number, page in enumerate(found.pages, start=1):
        assert f"halaman {number} dari {letter.pages}" in page
        assert "Layanan gratis. Laporkan pungutan ke 175." in page


def test_a_death_by_work_is_a_decision_for_the_family(stage: Stage) -> None:
    claim = accident_story.approved(stage, ERMAWATI)
    found = read(stored(stage, issue(stage, claim, "decision", by=stage.verifier)))
    assert "Almarhumah Ermawati" in found.words
    assert "Jaminan Kecelakaan Kerja" in found.words
    assert problems_of(found.body) == []


def test_a_paid_claim_shows_its_day_and_the_schedule_of_its_children(stage: Stage) -> None:
    origin = scholarship_story.paid_claim(stage)
    scholarship_story.opened(stage, origin, "Rafi")
    letter = issue(stage, origin, "decision", by=stage.verifier)
    found = read(stored(stage, letter))
    assert "Dikirim Jumat, 20 November 2026" in found.words
    assert "Lampiran jadwal beasiswa" in found.words
    assert "Tahun ajaran Rafi" in found.pages[-1]
    assert f"halaman {letter.pages} dari {letter.pages}" in found.pages[-1]


def test_letters_are_addressed_to_the_family_not_to_its_helper(stage: Stage) -> None:
    """The wali jorong reported for Yusra: what a letter tells is hers to read."""
    claim = helped(stage.session, ZUL)
    found = read(stored(stage, issue(stage, claim, "document_request", by=stage.verifier)))
    assert "Ibu/Bapak Yusra" in found.words
    assert "Zul Efendi" not in found.words


def test_a_receipt_counts_the_papers_and_promises_a_day(stage: Stage) -> None:
    claim = story.reported(stage)
    phone = story.phone_of(stage, claim)
    first = read(stored(stage, issue(stage, claim, "receipt", by=phone)))
    assert "Jumat, 20 November 2026, pukul 10.00 WIB" in first.words
    assert "Petugas menghubungi Ibu/Bapak paling lambat Senin, 23 November 2026." in first.words
    assert "Belum ada. Boleh menyusul satu per satu." in first.words
    story.with_papers(stage, claim=claim, but=("death_letter", "heir_statement"))
    letter = issue(stage, claim, "receipt", by=phone)
    second = read(stored(stage, letter))
    assert "Dokumen yang sudah kami terima: 6, dengan 6 berkas" in second.words
    assert "Dokumen yang masih ditunggu: 2" in second.words
    assert "KTP almarhum (1 berkas, 20 Nov 2026)" in second.words
    assert problems_of(second.body) == []
    assert len(second.body) <= 40_000


@pytest.mark.parametrize(("paper", "width_mm"), [("counter", 148), ("roll", 80)])
def test_a_receipt_for_the_counter_is_one_page(stage: Stage, paper: str, width_mm: int) -> None:
    claim = story.with_papers(stage)
    letter = issue(stage, claim, "receipt", by=stage.verifier, paper=paper)
    body = stored(stage, letter)
    document = pypdfium2.PdfDocument(body)  # type: ignore[no-untyped-call]
    try:
        assert len(document) == letter.pages == 1
        assert round(document[0].get_width() / 72 * 25.4) == width_mm
    finally:
        document.close()  # type: ignore[no-untyped-call]
    assert "Dokumen diterima: 8. Masih ditunggu: 0." in read(body).words
    assert problems_of(body) == []
    assert len(body) <= 40_000


def test_a_request_names_each_paper_its_reason_and_where_it_is_had(stage: Stage) -> None:
    claim = story.with_papers(stage, but=("death_letter",))
    found = read(stored(stage, issue(stage, claim, "document_request", by=stage.verifier)))
    for expected in (
        "satu dokumen masih kami perlukan",
        "Surat keterangan kematian",
        "Untuk memastikan hari dan sebab meninggal.",
        "Diperoleh di: wali nagari, rumah sakit atau puskesmas.",
        "Bila sulit atau tidak bisa: hubungi 175",
        "Dedi Putra",
    ):
        assert expected in found.words, expected
    assert problems_of(found.body) == []


def test_nothing_is_asked_for_when_nothing_is_missing(stage: Stage) -> None:
    claim = story.with_papers(stage)
    with pytest.raises(NotPossible, match="Semua dokumen sudah ada"):
        issue(stage, claim, "document_request", by=stage.verifier)


def test_a_refusal_says_why_what_was_checked_and_until_when_to_object(stage: Stage) -> None:
    claim = story.refused(stage)
    letter = issue(stage, claim, "refusal", by=stage.verifier)
    found = read(stored(stage, letter))
    for expected in (
        "Kepesertaan tidak aktif pada tanggal meninggal karena iuran belum dibayar.",
        "Yang sudah kami periksa",
        "PP 44/2015",
        "Keberatan diterima sampai Sabtu, 19 Desember 2026.",
        "Undang-Undang 24/2011 Pasal 48",
        "Mega Yulia",
        "Dibaca dan diterbitkan oleh orang kedua: Dedi Putra",
        "Telepon 175",
    ):
        assert expected in found.words, expected
    assert problems_of(found.body) == []
    assert "Rp" not in found.words


def test_a_lapsed_case_is_explained_by_the_officer_who_reads_it(stage: Stage) -> None:
    claim = accident_story.certified(stage)
    clock.set_start(datetime.fromisoformat("2031-12-15T10:00:00+07:00"))
    assert lapse(stage.session, claim.id, now=clock.now())
    found = read(stored(stage, issue(stage, claim, "refusal", by=stage.verifier)))
    for expected in (
        "Sudah lewat lima tahun sejak kejadian, dan pengajuan belum lengkap.",
        "Pengawas ketenagakerjaan provinsi menetapkan",
        "Keberatan diterima sampai Selasa, 13 Januari 2032.",
        "Dedi Putra",
    ):
        assert expected.lower() in found.words.lower(), expected
    assert "orang kedua" not in found.words


def test_no_sentence_of_a_letter_is_long(stage: Stage) -> None:
    """Fifteen words at most, as everywhere; statements and legal names are not ours to shorten."""
    refused, held = story.refused(stage), story.held(stage, story.SYAFRIL)
    approved = story.approved(stage)
    waiting = story.with_papers(stage, story.NURBAITI, but=("death_letter",))
    said = [
        receipt(stage.session, waiting, OFFICE),
        receipt(stage.session, waiting, OFFICE, paper="roll"),
        document_request(stage.session, waiting, OFFICE, by=stage.verifier),
        decision_letter(stage.session, approved, OFFICE)[0],
        refusal_letter(stage.session, refused, OFFICE, by=stage.verifier)[0],
        invitation(stage.session, held, MEETING, OFFICE, by=stage.verifier),
    ]
    sentences = [
        sentence
        for letter in said
        for block in [*letter.blocks, *letter.closing, *letter.annex]
        if block["type"] in {"p", "small", "steps", "box"}
        for text in [block.get("text", ""), *block.get("items", [])]
        for sentence in re.split(r"(?<=[.?!]) ", text)
    ]
    assert len(sentences) > 40
    assert [sentence for sentence in sentences if len(sentence.split()) > 15] == []


def test_an_invitation_says_where_when_who_and_what_to_bring(stage: Stage) -> None:
    claim = story.held(stage, story.SYAFRIL)
    found = read(stored(stage, issue(stage, claim, "invitation", by=stage.verifier, meeting=MEETING)))
    for expected in (
        "Senin, 30 November 2026",
        "09.30 WIB",
        "Balai adat KAN Koto Latihan",
        "– Ninik mamak kaum",
        "Ranji keluarga",
        "Adat keluarga tetap dihormati.",
        "Tembusan:",
    ):
        assert expected in found.words, expected
    assert problems_of(found.body) == []


def test_nobody_is_invited_to_yesterday_or_without_a_quarrel(stage: Stage) -> None:
    claim = story.held(stage, story.SYAFRIL)
    late = replace(MEETING, held_on=date(2026, 11, 20))
    with pytest.raises(Invalid, match="hari yang akan datang"):
        issue(stage, claim, "invitation", by=stage.verifier, meeting=late)
    with pytest.raises(NotPossible, match="keluarga belum sepakat"):
        issue(stage, story.verifying(stage), "invitation", by=stage.verifier, meeting=MEETING)


@pytest.mark.parametrize("role", ["nina", "rina"])
def test_others_issue_nothing(stage: Stage, role: str) -> None:
    claim = story.approved(stage)
    for kind in ("receipt", "decision"):
        with pytest.raises(NotPermitted):
            issue(stage, claim, kind, by=stage.staff[role])
    with pytest.raises(NotPermitted):
        issue(stage, claim, "decision", by=story.phone_of(stage, claim))


def test_the_same_words_and_day_give_the_same_bytes(stage: Stage) -> None:
    said = receipt(stage.session, story.reported(stage), OFFICE)
    words = framed(said, OFFICE, day=date(2026, 11, 20), number="0001/TT/SOLOK/XI/2026", check_code="2" * 16)
    assert print_letter(words, "a4").body == print_letter(words, "a4").body
    other = framed(said, OFFICE, day=date(2026, 11, 21), number="0001/TT/SOLOK/XI/2026", check_code="2" * 16)
    assert print_letter(other, "a4").body != print_letter(words, "a4").body


def test_a_draft_says_that_it_is_one_and_cannot_be_checked(stage: Stage) -> None:
    claim = story.approved(stage)
    printed = preview_letter(
        stage.session, claim, Wanted("decision"), OFFICE, by=stage.verifier, now=clock.now()
    )
    found = read(printed.body)
    assert "PRATINJAU" in found.words
    assert "(belum terbit)" in found.words
    assert "Periksa keaslian" not in found.words


@pytest.mark.parametrize(("paper", "width_mm"), [("a4", 27), ("counter", 25), ("roll", 34)])
def test_the_square_on_the_letter_leads_to_its_check(stage: Stage, paper: str, width_mm: int) -> None:
    claim = story.reported(stage)
    letter = issue(stage, claim, "receipt", by=stage.verifier, paper=paper)
    address = check_address(OFFICE, letter.check_code)
    assert (
        address
        == f"https://santunan.example.go.id/periksa/{'-'.join(letter.check_code[i : i + 4] for i in (0, 4, 8, 12))}"
    )
    document = pypdfium2.PdfDocument(stored(stage, letter))  # type: ignore[no-untyped-call]
    try:
        picture = document[0].render(scale=_SCALE).to_pil().convert("L")
    finally:
        document.close()  # type: ignore[no-untyped-call]
    assert _holds_square(picture, address, width_mm)
    assert not _holds_square(picture, address[:-1] + "2", width_mm)


_SCALE = 4


def _holds_square(picture: Image.Image, text: str, width_mm: int) -> bool:
    """Whether every module of the QR code of this text stands somewhere on the page as it should."""
    modules = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    size = width_mm / 25.4 * 72 * _SCALE / (len(modules) + 4)  # with a margin of two modules on each side
    reach = int(size * len(modules))
    dark = [pixel < 128 for pixel in picture.tobytes()]
    width, height = picture.size
    for top in range(1, height - reach):
        for left in range(1, width - reach):
            at = top * width + left
            if (
                dark[at]
                and not dark[at - 1]
                and not dark[at - width]
                and _fits(dark, width, at, modules, size)
            ):
                return True
    return False


def _fits(dark: list[bool], width: int, at: int, modules: list[list[int]], size: float) -> bool:
    return all(
        dark[at + int((row + 0.5) * size) * width + int((column + 0.5) * size)] == bool(module)
        for row, line in enumerate(modules)
        for column, module in enumerate(line)
    )


@pytest.mark.parametrize("paper", ["a4", "counter", "roll"])
def test_a_practice_letter_cannot_be_taken_for_a_real_one(stage: Stage, paper: str) -> None:
    said = receipt(stage.session, story.reported(stage), OFFICE, paper=paper)
    number, day = "0001/TT/SOLOK/XI/2026", date(2026, 11, 20)
    for training in (True, False):
        office = replace(OFFICE, training=training)
        words = framed(said, office, day=day, number=number, check_code="2" * 16)
        assert ("DATA LATIHAN" in read(print_letter(words, paper).body).words) is training
