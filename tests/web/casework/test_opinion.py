"""The medical adviser: a queue of what waits, the medical papers and nothing else, a word that gives the case back."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import operations
from caseflow.documents.models import Document, Requirement
from caseflow.people import accounts
from caseflow.people.actor import SYSTEM
from caseflow.training.people import PASSPHRASE
from tests.story import move
from tests.web.casework import accidents
from tests.web.casework.conftest import Office
from tests.web.forms import form_of, send

QUEUE = "/petugas/pendapat-medis/"
WORD = {"verdict": "agrees", "reason": "Foto menunjukkan ruas ibu jari hilang seluruhnya."}


@pytest.fixture
def adviser(office: Office) -> str:
    """A medical adviser of the branch; the user name."""
    with Session(office.database.engine) as session:
        user = accounts.create_user(session, "vera", "Vera Dokter", PASSPHRASE, by=SYSTEM, now=clock.now())
        scope = accounts.Scope("branch", "solok")
        accounts.grant_role(session, user.person_id, "medical_adviser", scope, by=SYSTEM, now=clock.now())
        session.commit()
    return "vera"


def test_an_empty_queue_says_so(office: Office, adviser: str) -> None:
    assert "Tidak ada kasus yang menunggu pendapat medis" in office.read(adviser, QUEUE)
    assert office.browser(adviser).get("/").status_code in {200, 302, 303}


def test_an_opinion_gives_the_case_back(office: Office, adviser: str) -> None:
    """Seen in the queue, read, said; the officer then reads it on the case."""
    number = office.accident(accidents.reviewed, previews=True)
    assert "Marzuki" in office.read(adviser, QUEUE)
    page = office.read(adviser, QUEUE + number)
    assert "Ibu jari tangan, kanan" in page
    assert "kanan 15 %" in page
    assert "/hal/1" in page
    assert "Rekening" not in page
    assert office.fill(adviser, QUEUE + number, number, verdict="agrees", reason="ya").status_code == 422
    answer = office.fill(adviser, QUEUE + number, number, **WORD)
    assert answer.status_code == 303
    assert office.claim(number).state == "verifying"
    seen = office.read("dedi", f"/petugas/kasus/{number}/kecelakaan")
    assert "Setuju dengan surat dokter" in seen
    assert "Vera Dokter" in seen
    assert "memberi pendapat medis" in office.read("dedi", f"/petugas/kasus/{number}/riwayat")
    office.read(adviser, QUEUE + number, 404)


def test_an_adviser_reads_what_is_medical_and_only_while_asked(office: Office, adviser: str) -> None:
    """No family, no account, no other case; the pictures of other papers stay closed."""
    number = office.accident(accidents.reviewed, previews=True)
    waiting = office.accident(accidents.verifying, accidents.ERMAWATI)
    case = f"/petugas/kasus/{number}"
    for part in ("", "/ahli-waris", "/perhitungan", "/kecelakaan", "/dokumen"):
        office.read(adviser, case + part, 404)
    office.read(adviser, QUEUE + waiting, 404)
    with Session(office.database.engine) as session:
        rows = session.execute(
            select(Requirement.code, Document.public_id, Requirement.casefile_id).join(Document)
        ).all()
    own = office.claim(number).id
    files = {row.code: row.public_id for row in rows if row.casefile_id == own}
    with office.browser(adviser).get(f"{case}/dokumen/{files['doctor_certificate']}/hal/1") as opened:
        assert opened.status_code == 200
    assert office.browser(adviser).get(f"{case}/dokumen/{files['bank_book']}/hal/1").status_code == 403
    other = next(row.public_id for row in rows if row.casefile_id != own)
    assert office.browser(adviser).get(f"/petugas/kasus/{waiting}/dokumen/{other}/asli").status_code == 404


@pytest.mark.parametrize("username", ["dedi", "mega", "bram", "aulia", "nina"])
def test_the_door_is_the_advisers(office: Office, username: str) -> None:
    office.read(username, QUEUE, 403)


def test_a_review_that_was_recalled_keeps_what_was_written(office: Office, adviser: str) -> None:
    """The officer went on without; the adviser's words can be taken elsewhere, the case is closed to them."""
    number = office.accident(accidents.reviewed)
    opened = form_of(office.read(adviser, QUEUE + number), number)
    with office.stage() as stage:
        claim = stage.session.merge(office.claim(number))
        operations.act(
            stage.session,
            claim,
            "recall_medical_review",
            by=stage.verifier,
            expected_version=claim.version,
            now=clock.now(),
            reason_text="Dokter penasihat sedang cuti lama.",
        )
    answer = send(office.browser(adviser), opened, **WORD)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert WORD["reason"] in page
    assert "tidak menunggu pendapat medis lagi" in page
    assert "Gergaji" not in page


def test_whoever_gave_an_opinion_decides_nothing(office: Office, adviser: str) -> None:
    """The duty stays with the person: shown on the case."""
    number = office.accident(accidents.reviewed)
    office.fill(adviser, QUEUE + number, number, **WORD)
    history = office.read("aulia", f"/petugas/kasus/{number}/riwayat")
    assert "Vera Dokter" in history
    with office.stage() as stage:
        claim = stage.session.merge(office.claim(number))
        move(stage, claim, "request_medical_opinion")
    assert "Marzuki" in office.read(adviser, QUEUE)
