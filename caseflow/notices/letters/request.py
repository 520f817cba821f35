"""L2, the request for papers: each by name, what it is for, where it is had, and whom to ask when it is hard."""

from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.documents.catalogue import catalogue
from caseflow.documents.queries import RequirementRow, requirement_list
from caseflow.errors import NotPossible
from caseflow.notices.letters.frame import Said, Sender, heading, papers, paragraph, steps
from caseflow.notices.letters.people import about, honorific_of, name_of, signature, to_family
from caseflow.people.actor import Actor


def papers_to_ask(session: Session, claim: Claim) -> list[RequirementRow]:
    """Return what is still missing or has to be replaced; what is optional is not asked for."""
    return [
        row
        for row in requirement_list(session, claim.id)
        if row.status == "returned" or (row.status == "missing" and row.need != "optional")
    ]


def document_request(session: Session, claim: Claim, sender: Sender, *, by: Actor) -> Said:
    """Return the request for everything that is still missing or has to be replaced.

    :raises NotPossible: nothing is missing.
    """
    open_ones = papers_to_ask(session, claim)
    if not open_ones:
        raise NotPossible("Semua dokumen sudah ada, jadi tidak ada yang perlu diminta. Surat tidak dibuat.")
    return Said(
        title="Permintaan kelengkapan dokumen",
        about=about(claim),
        to=to_family(session, claim),
        blocks=[
            paragraph(
                f"Terima kasih atas laporan Ibu/Bapak untuk {name_of(claim)}. Supaya bisa kami lanjutkan, {_count(len(open_ones))} "
                "masih kami perlukan. Tidak harus sekaligus; kirim yang sudah ada lebih dahulu."
            ),
            papers((_title(claim, row), _lines(claim, row, sender)) for row in open_ones),
        ],
        closing=[
            heading("Cara mengirim"),
            steps(
                [
                    f"Foto dokumennya, lalu kirim lewat {sender.site} di HP yang dipakai melapor.",
                    "Atau serahkan salinannya di kantor cabang atau kantor nagari.",
                ]
            ),
            paragraph("Kami tidak memungut biaya, dan laporan Ibu/Bapak tetap terbuka."),
        ],
        signed=signature(session, by.person_id or 0, sender),
    )


def _count(number: int) -> str:
    return "satu dokumen" if number == 1 else f"{number} dokumen"


def _title(claim: Claim, row: RequirementRow) -> str:
    name = catalogue().papers[row.code].words(honorific_of(claim))["name"]
    return f"{name} (boleh menyusul)" if row.need == "before_payment" else name


def _lines(claim: Claim, row: RequirementRow, sender: Sender) -> list[str]:
    words = catalogue().papers[row.code].words(honorific_of(claim))
    lines = [f"Perlu diganti: {row.return_sentence}"] if row.status == "returned" else []
    return [
        *lines,
        words["why"],
        f"Diperoleh di: {words['issued_by']}. {words['how_long']}",
        f"Persiapan: {words['bring']}",
        f"Bila sulit atau tidak bisa: hubungi {sender.phone}, kami bantu mencari jalan lain.",
    ]
