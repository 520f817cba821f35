"""L2, the request for papers: each by name, what it is for, where it is had, and whom to ask when it is hard."""

from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.documents.catalogue import catalogue
from caseflow.documents.queries import RequirementRow, requirement_list
from caseflow.errors import NotPossible
from caseflow.notices.letters.frame import Said, Sender, box, facts, papers, paragraph, steps
from caseflow.notices.letters.people import honorific_of, kind_of_case, name_of, signature, to_family
from caseflow.people.actor import Actor


def document_request(session: Session, claim: Claim, sender: Sender, *, by: Actor) -> Said:
    """Return the request for everything that is still missing or has to be replaced.

    :raises NotPossible: nothing is missing.
    """
    open_ones = [
        row
        for row in requirement_list(session, claim.id)
        if row.status == "returned" or (row.status == "missing" and row.need != "optional")
    ]
    if not open_ones:
        raise NotPossible("Semua dokumen sudah ada, jadi tidak ada yang perlu diminta. Surat tidak dibuat.")
    return Said(
        title="Permintaan kelengkapan dokumen",
        to=to_family(session, claim),
        blocks=[
            facts(
                [
                    ("Nomor laporan", claim.number),
                    ("Tentang", f"{kind_of_case(claim)}, {name_of(claim)}"),
                ]
            ),
            paragraph(
                f"Terima kasih atas laporan Ibu/Bapak. Supaya bisa kami lanjutkan, {_count(len(open_ones))} "
                "masih kami perlukan. Tidak harus sekaligus; kirim yang sudah ada lebih dahulu."
            ),
            papers((_title(claim, row), _lines(claim, row)) for row in open_ones),
            box(
                "Bila sulit atau tidak bisa",
                f"Hubungi kami di {sender.phone}, atau datang ke kantor nagari. Kami bantu mencari jalan lain. "
                "Petugas tidak memungut biaya.",
            ),
            paragraph("Cara mengirim:"),
            steps(
                [
                    f"Foto dokumennya, lalu kirim lewat {sender.site} di HP yang dipakai melapor.",
                    "Atau serahkan salinannya di kantor cabang atau kantor nagari.",
                ]
            ),
        ],
        signed=signature(session, by.person_id or 0, sender),
    )


def _count(number: int) -> str:
    return "satu dokumen" if number == 1 else f"{number} dokumen"


def _title(claim: Claim, row: RequirementRow) -> str:
    name = catalogue().papers[row.code].words(honorific_of(claim))["name"]
    return f"{name} (boleh menyusul)" if row.need == "before_payment" else name


def _lines(claim: Claim, row: RequirementRow) -> list[str]:
    words = catalogue().papers[row.code].words(honorific_of(claim))
    lines = [f"Perlu diganti: {row.return_sentence}"] if row.status == "returned" else []
    return [
        *lines,
        f"Untuk apa: {words['why']}",
        f"Diperoleh di: {words['issued_by']}. {words['how_long']}",
        f"Yang dibawa: {words['bring']}",
    ]
