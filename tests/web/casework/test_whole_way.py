"""An officer and an approver carry a claim from the report to the approval with nothing but forms."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim, Decision
from tests import story
from tests.story import SAMSIR
from tests.web.casework.conftest import Office

ANSWERS = {
    "worked": "Wali jorong mengenalnya sebagai petani karet.",
    "funeral_not_paid_elsewhere": "Diperiksa di sistem BPJS Ketenagakerjaan.",
    "no_duplicate": "",
    "active_on_event": "",
    "three_months": "",
    "age_at_registration": "",
    "not_work_caused": "",
}
PAPERS = (
    "worker_id_card",
    "claimant_id_card",
    "family_card",
    "death_letter",
    "heir_statement",
    "marriage_book",
    "bank_book",
    "civil_death_certificate",
)


def test_from_report_to_approval_by_forms_alone(office: Office) -> None:
    """Every screen in the order of a real morning; the sum is forty-two million."""
    number = office.carry(story.with_papers)
    base = f"/petugas/kasus/{number}"
    _take_and_link(office, base)
    _examine(office, base)
    _family(office, base)
    _send(office, base + "/calculate", "/calculate")
    _send(office, base + "/perhitungan", "/perhitungan")
    page = office.read("dedi", base + "/perhitungan")
    assert "Rp42.000.000" in page
    assert "empat puluh dua juta rupiah" in page
    _send(office, base + "/submit", "/submit", note="Semua cocok.")
    assert office.claim(number).state == "awaiting_approval"
    _approve(office, number)


def _take_and_link(office: Office, base: str) -> None:
    number = base.rsplit("/", 1)[1]
    answer = office.fill("dedi", "/petugas/?antrean=bebas", "/tugaskan", case=number)
    assert answer.status_code == 303
    page = office.read("dedi", base + "/pekerja")
    assert "cocok dengan laporan" in page
    assert office.fill("dedi", base + "/pekerja", "/pekerja").status_code == 303
    _send(office, base, "/start_verification")


def _examine(office: Office, base: str) -> None:
    for code in PAPERS:
        answer = office.fill("dedi", f"{base}/dokumen?d={code}", f"/{code}/terima", method="photo_compared")
        assert answer.status_code == 303, answer.get_data(as_text=True)
    for code, note in ANSWERS.items():
        answer = office.fill(
            "dedi",
            base + "/kelayakan",
            f"/kelayakan/{code}",
            **{f"{code}__answer": "yes", f"{code}__source": "wawancara", f"{code}__note": note},
        )
        assert answer.status_code == 303, answer.get_data(as_text=True)


def _family(office: Office, base: str) -> None:
    for relative in SAMSIR.relatives:
        assert relative.born_on is not None
        answer = office.fill(
            "dedi",
            base + "/ahli-waris/tambah",
            "/tambah",
            full_name=relative.full_name,
            relation=relative.relation,
            born_on__day=str(relative.born_on.day),
            born_on__month=str(relative.born_on.month),
            born_on__year=str(relative.born_on.year),
            national_id=relative.national_id or "",
            documented="yes",
            guardian_basis="",
            other_parent_id="",
        )
        assert answer.status_code == 303, answer.get_data(as_text=True)
    page = office.read("dedi", base + "/ahli-waris")
    assert "Ada istri dan 2 anak" in page
    member = page.split('name="payee" value="', 1)[1].split('"', 1)[0]
    note = "Surat kuasa waris ditandatangani bertiga."
    answer = office.fill(
        "dedi", base + "/ahli-waris", "/ahli-waris", payee=member, agreement="signed_agreement", note=note
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    # three heirs and one account: the law asks for their agreement as a paper
    code = "heirs_agreement"
    with office.stage() as stage:
        claim = stage.session.scalars(select(Claim).where(Claim.number == base.rsplit("/", 1)[1])).one()
        story.send_paper(stage, claim, code, by=story.phone_of(stage, claim))
    _send(office, f"{base}/dokumen?d={code}", f"/{code}/terima", method="photo_compared")
    answer = office.fill(
        "dedi",
        base + "/rekening",
        "/rekening",
        bank_code="118",
        account_number="7100 0234 417",
        holder_name="YUSRA",
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)


def _approve(office: Office, number: str) -> None:
    path = f"/petugas/persetujuan/{number}"
    page = office.read("mega", path)
    assert "Rp42.000.000" in page
    assert "7100" not in page  # only the last four digits of the account
    link = page.split(f'href="{path}/approve?', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    card = office.read("mega", f"{path}/approve?{link}")
    assert "4417" in card
    answer = office.fill("mega", f"{path}/approve?{link}", "/approve")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert office.claim(number).state == "approved"
    with Session(office.database.engine) as session:
        decision = session.scalars(select(Decision)).one()
    assert (decision.outcome, decision.total_idr) == ("approved", 42_000_000)
    assert "Tidak ada permintaan persetujuan" in office.read("mega", "/petugas/persetujuan/")


def _send(office: Office, path: str, action: str, **typed: str) -> None:
    answer = office.fill("dedi", path, action, **typed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
