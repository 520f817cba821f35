"""Small promises of the case screens: whose turn it is, how a paper was checked, where a reloaded form leads."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.papers import waive_paper
from caseflow.documents.models import DocumentReview
from caseflow.workflow.models import CaseFile
from tests import story
from tests.web.casework import accidents
from tests.web.casework.conftest import Office
from tests.web.forms import form_of, send

MINE = "/petugas/?antrean=saya"


@pytest.mark.parametrize(
    ("play", "mine"),
    [
        (accidents.suspected, True),
        (accidents.verifying, True),
        (accidents.reviewed, False),
        (accidents.submitted, False),
        (accidents.approved, False),
    ],
)
def test_my_turn_holds_what_waits_for_me(office: Office, play: object, mine: bool) -> None:
    """What the second person, the adviser or finance has next is under Semua."""
    assert callable(play)
    number = office.accident(play)
    assert (number in office.read("dedi", MINE)) is mine
    assert number in office.read("dedi", "/petugas/?antrean=semua")


def test_a_family_that_was_silent_comes_back_into_my_turn(office: Office) -> None:
    number = office.carry(story.verifying)
    path = f"/petugas/kasus/{number}/dokumen?d=family_card&aksi=ganti"
    office.fill("dedi", path, "/family_card/ganti", reason="blurry")
    assert number not in office.read("dedi", MINE)
    with Session(office.database.engine) as session:
        session.execute(update(CaseFile).values(follow_up_on=clock.today()))
        session.commit()
    assert number in office.read("dedi", MINE)


def test_a_death_letter_is_compared_on_the_day_of_death(office: Office) -> None:
    """Another day is named and has to be confirmed."""
    number = office.carry(story.verifying)
    path = f"/petugas/kasus/{number}/dokumen?d=death_letter"
    assert "Sistem: 17 Nov 2026" in office.read("dedi", path)
    typed = {"paper_died_on__day": "16", "paper_died_on__month": "11", "paper_died_on__year": "2026"}
    answer = office.fill("dedi", path, "/death_letter/terima", **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Meninggal berbeda" in page
    assert "tanggalnya tidak sama" in page
    right = typed | {"paper_died_on__day": "17"}
    assert office.fill("dedi", path, "/death_letter/terima", **right).status_code == 303
    assert _methods(office) == ["photo_compared"]


def test_a_photo_from_which_nothing_was_typed_was_read_not_compared(office: Office) -> None:
    number = office.carry(story.verifying)
    path = f"/petugas/kasus/{number}/dokumen?d=family_card"
    answer = office.fill("dedi", path, "/family_card/terima", method="photo_compared")
    assert answer.status_code == 303
    assert _methods(office) == ["photo_read"]
    assert "Foto dibaca di layar" in office.read("dedi", path)


def _methods(office: Office) -> list[str | None]:
    with Session(office.database.engine) as session:
        return list(session.scalars(select(DocumentReview.method)))


def test_the_approver_reads_day_of_death_masked_number_and_why_a_paper_is_missing(office: Office) -> None:
    with office.stage() as stage:
        claim = story.verified(stage)
        waive_paper(
            stage.session,
            claim,
            "participant_card",
            "Kartunya hilang, nomor dicari di registrasi.",
            by=stage.verifier,
            now=clock.now(),
        )
        number = claim.number
    with office.stage() as stage:
        claim = stage.session.merge(office.claim(number))
        story.move(stage, claim, "propose_refusal", reason_code="not_active")
    page = office.read("mega", f"/petugas/persetujuan/{number}")
    assert "Selasa, 17 November 2026" in page
    assert "•••• •••• •••• 0001" in page
    assert "Kartunya hilang, nomor dicari di registrasi." in page


def test_the_approver_opens_the_doctors_word_before_deciding(office: Office) -> None:
    """Facts, conclusion, doctor, receipts and income stand on the page of the decision."""
    number = office.accident(accidents.submitted)
    page = office.read("mega", f"/petugas/persetujuan/{number}")
    for said in (
        "pembayaran santunan kecelakaan kerja",
        "pekerja sendiri",
        "Menentukan jumlah santunan.",
        "Dua saksi melihatnya",
        "dr. Contoh",
        "Ojek, nota 3",
        "Rp1.000.000 sebulan",
        "Buka dulu dokumen yang ditandai",
    ):
        assert said in page, said
    assert "santunan kematian" not in page
    assert "meninggal" not in page.lower()


def test_one_button_pays_the_worker(office: Office) -> None:
    number = office.accident(accidents.concluded)
    path = f"/petugas/kasus/{number}/ahli-waris"
    page = office.read("dedi", path)
    assert "Penerima: pekerja sendiri" in page
    assert "Tetapkan Marzuki sebagai penerima" in page
    assert office.fill("dedi", path, "/penerima").status_code == 303
    account = f"/petugas/kasus/{number}/rekening"
    assert "atas nama <strong>Marzuki</strong>" in office.read("dedi", account)
    typed = {"bank_code": "118", "account_number": "71000300444", "holder_name": "Orang Lain"}
    assert office.fill("dedi", account, "/rekening", **typed).status_code == 422
    assert (
        office.fill("dedi", account, "/rekening", **(typed | {"holder_name": "Marzuki"})).status_code == 303
    )
    assert "•••• 0444" in office.read("dedi", path)


def test_a_stale_slip_page_keeps_the_name_that_was_typed(office: Office) -> None:
    number = office.carry(story.with_papers)
    path = f"/petugas/kasus/{number}/slip-keluarga"
    opened = form_of(office.read("dedi", path), "/slip-keluarga")
    office.fill("dedi", f"/petugas/kasus/{number}", "/start_verification")
    typed = {"holder_name": "Yusra Binti Ali", "relation": "istri", "seen": "ktp", "is_them": "y"}
    answer = send(office.browser("dedi"), opened, **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert 'value="Yusra Binti Ali"' in page
    assert "Yang Anda tulis masih ada di halaman ini" in page


def test_a_page_without_anything_typed_does_not_speak_of_it(office: Office) -> None:
    number = office.accident(accidents.calculating)
    path = f"/petugas/kasus/{number}/perhitungan"
    opened = form_of(office.read("dedi", path), "/perhitungan")
    office.fill("dedi", f"/petugas/kasus/{number}", "/recheck")
    page = send(office.browser("dedi"), opened).get_data(as_text=True)
    assert "Kasus ini berubah sejak Anda membukanya" in page
    assert "masih ada" not in page


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("kelayakan/active_on_event", "kelayakan#active_on_event"),
        ("dokumen/family_card/terima", "dokumen?d=family_card"),
        ("dokumen/minta", "dokumen"),
        ("nik", ""),
        ("penerima", "ahli-waris"),
        ("ahli-waris/7/keluarkan", "ahli-waris"),
        ("kecelakaan/masa/7/keluarkan", "kecelakaan#masa"),
        ("kecelakaan/biaya/7/keluarkan", "kecelakaan#biaya"),
        ("perhitungan/penyesuaian/7/tarik", "perhitungan#penyesuaian"),
        ("slip-keluarga/cabut", "slip-keluarga"),
    ],
)
def test_a_reloaded_form_leads_back_to_its_page(office: Office, address: str, page: str) -> None:
    """A refused form stands at an address that takes no reading; reloading it by hand is no error."""
    number = office.carry(story.reported)
    answer = office.browser("dedi").get(f"/petugas/kasus/{number}/{address}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/petugas/kasus/{number}{'/' if page else ''}{page}"


def test_the_facts_of_an_accident_have_their_own_page(office: Office) -> None:
    number = office.accident(accidents.suspected)
    answer = office.browser("dedi").get(f"/petugas/kasus/{number}/fakta")
    assert answer.headers["Location"] == f"/petugas/kasus/{number}/kecelakaan"
