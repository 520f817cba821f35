"""What a family reads of its own requests: beside a paper, in the list of papers, and all of them in one list."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import request_queries, requests
from caseflow.claims.models import Claim
from caseflow.claims.request_queries import RequestRow
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.documents.catalogue import catalogue
from caseflow.documents.models import Requirement
from caseflow.formats import long_date, weekday_date
from caseflow.web import here
from caseflow.web.family.wording import paper_honorific

STUCK_AT = (
    ("nagari", "Kantor nagari"),
    ("district", "Kantor camat"),
    ("civil_registry", "Kantor catatan sipil (Disdukcapil)"),
    ("hospital", "Rumah sakit atau puskesmas"),
    ("bank", "Bank"),
    ("relatives", "Anggota keluarga lain"),
    ("other", "Tempat lain"),
)
_HEADINGS = {
    "help_find": "Dokumen tidak ditemukan",
    "help_obtain": "Dokumen tidak bisa didapat",
    "not_applicable": "Dokumen tidak perlu",
    "remind": "Minta diingatkan",
    "withdraw": "Persetujuan ditarik",
    "correct": "Nama atau data salah tulis",
    "question": "Pertanyaan",
}
_NOT_THERE = frozenset({"missing", "returned"})


@dataclass(frozen=True)
class ShownRequest:
    """One request in the family's words."""

    id: int
    heading: str
    paper: str | None
    words: str
    asked: str
    state: str
    answer: str | None
    open: bool
    may_cancel: bool


@dataclass(frozen=True)
class PaperHelp:
    """What the page of one paper says of help.

    :ivar ways: kinds that can still be asked for; :ivar asked: what was asked and what came of it, newest first.
    """

    ways: frozenset[str]
    asked: Sequence[ShownRequest]


def paper_help(claim: Claim, requirement: Requirement) -> PaperHelp:
    """Return what can be asked about a paper, and what was."""
    rows = request_queries.requests_of(here.session(), claim.id, requirement.code)
    open_kinds = {row.kind for row in rows if row.open}
    possible = requirement.status in _NOT_THERE and claim.state in OPEN_FOR_PAPERS
    ways = frozenset(requests.ABOUT_PAPERS) - open_kinds if possible else frozenset[str]()
    return PaperHelp(ways, [shown(claim, row) for row in rows if not row.taken_back])


def help_notes(session: Session, casefile_id: int) -> dict[str, str]:
    """Return, by code of the paper, a short sentence on the newest request about it that still says something."""
    notes: dict[str, str] = {}
    for row in request_queries.requests_of(session, casefile_id):
        if row.code is not None and row.code not in notes and not row.taken_back:
            notes[row.code] = _note(row)
    return notes


def _note(row: RequestRow) -> str:
    if not row.open:
        return "Petugas sudah menjawab." if row.kind != "remind" else row.answer or ""
    if row.remind_on is not None:
        return f"Kami ingatkan {long_date(row.remind_on)}."
    asked_on = long_date(clock.local(row.asked_at).date())
    return f"Minta bantuan {asked_on}. Petugas akan menjawab."


def may_read(row: RequestRow) -> bool:
    """Whether this phone reads a request: what is asked of papers, all do; a question, whoever put it."""
    return row.kind in requests.ABOUT_PAPERS or row.asked_by == here.actor().name


def shown(claim: Claim, row: RequestRow) -> ShownRequest:
    """Return a request in the family's words."""
    place = dict(STUCK_AT).get(row.stuck_at or "")
    said = [f"Tertahan di: {place}." if place else "", row.words]
    if row.remind_on is not None:
        said.append(f"Kami ingatkan {weekday_date(row.remind_on)}.")
    state = "dibatalkan" if row.taken_back else "menunggu jawaban" if row.open else "sudah dijawab"
    if row.kind == "remind" and not row.taken_back:
        state = "terjadwal" if row.open else "selesai"
    return ShownRequest(
        id=row.id,
        heading=_HEADINGS[row.kind],
        paper=paper_words(claim, row.code)["name"] if row.code else None,
        words=" ".join(part for part in said if part),
        asked=long_date(clock.local(row.asked_at).date()),
        state=state,
        answer=None if row.taken_back else row.answer,
        open=row.open,
        may_cancel=row.open and row.kind != "withdraw" and row.asked_by == here.actor().name,
    )


def paper_words(claim: Claim, code: str) -> dict[str, str]:
    """Return the family's words about a paper; one that left the catalogue has only a name."""
    paper = catalogue().papers.get(code)
    return paper.words(paper_honorific(claim)) if paper else {"name": "Dokumen"}
