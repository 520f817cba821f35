"""The papers as an approver sees them: which are flagged, and which this person has opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.documents import queries as documents
from caseflow.people.actor import Actor
from caseflow.web.casework import decision_reads
from caseflow.web.casework.papers import label_of, signs_of

# of a work accident the doctors decide how much is paid: whoever approves has read them
_DECIDES_THE_AMOUNT = frozenset({"doctor_certificate", "disability_photo"})
_STATES = {
    "accepted": "diterima",
    "submitted": "belum diperiksa",
    "missing": "belum ada",
    "returned": "minta ganti",
    "not_applicable": "tidak perlu",
}


@dataclass(frozen=True)
class PaperWords:
    """One paper in the strip. ``flagged``: it must be opened before approving; ``why`` says so."""

    title: str
    href: str
    state: str
    flagged: bool
    opened: bool
    why: str


@dataclass(frozen=True)
class Evidence:
    """All papers of a case; ``waived`` are titles and reasons of those an officer did without."""

    papers: Sequence[PaperWords]
    waived: Sequence[tuple[str, str]]

    @property
    def to_open(self) -> list[PaperWords]:
        """What this person still has to open."""
        return [paper for paper in self.papers if paper.flagged and not paper.opened]


def evidence_of(session: Session, claim: Claim, by: Actor, *, since: datetime) -> Evidence:
    """Return the papers with what is remarkable about each, in four statements."""
    rows = documents.requirement_list(session, claim.id)
    files = [file for file in documents.document_files(session, claim.id) if file.withdrawn_at is None]
    said = documents.reviews(session, claim.id)
    opened = decision_reads.opened_by(session, claim.id, by.person_id, since)
    papers = []
    for row in rows:
        if row.status == "missing" and row.need == "optional":
            continue
        own = [file for file in files if file.code == row.code]
        signs = [sign for file in own for sign in signs_of(file)]
        returned = any(one.code == row.code and one.outcome == "returned" for one in said)
        why = [*signs, *(["Pernah diminta ganti."] if returned else [])]
        if claim.program == "jkk" and row.code in _DECIDES_THE_AMOUNT:
            why.append("Menentukan jumlah santunan.")
        papers.append(
            PaperWords(
                title=label_of(row.code),
                href=url_for("casework.papers_page", number=claim.number, d=row.code),
                state=_STATES[row.status],
                flagged=bool(why) and bool(own),
                opened=bool(own) and all(file.public_id in opened for file in own),
                why=" ".join(why),
            )
        )
    reasons = {one.code: one.sentence or "" for one in reversed(said) if one.outcome == "not_applicable"}
    waived = [
        (label_of(row.code), reasons.get(row.code, "")) for row in rows if row.status == "not_applicable"
    ]
    return Evidence(papers, waived)
