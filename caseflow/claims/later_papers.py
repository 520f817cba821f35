"""One more paper after the list was frozen: the officer proposes it with a reason, a second person answers.

Until it is confirmed the family's list stays as it was. What the law asks for once more is known does not come
this way (``asking``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from caseflow.audit.operations import record
from caseflow.claims.later_paper_models import PaperProposal, PaperWord
from caseflow.claims.models import Claim
from caseflow.claims.owing import owe
from caseflow.claims.states import OPEN_FOR_PAPERS, lock, require_state
from caseflow.documents import review
from caseflow.documents.catalogue import catalogue
from caseflow.documents.models import Requirement
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people.actor import Actor
from caseflow.people.models import Person
from caseflow.workflow.models import CaseFile

SHORTEST = 10  # letters of a reason or a note
LONGEST = 300  # the family reads it on a telephone
VERDICTS = ("confirmed", "refused")


@dataclass(frozen=True)
class Proposed:
    """One proposal and the word on it; ``verdict`` is ``None`` while the second person has not spoken."""

    id: int
    number: str
    subject: str
    honorific: str
    program: str
    code: str
    reason: str
    proposed_by: str
    proposed_by_person_id: int
    proposed_at: datetime
    verdict: str | None
    said_by: str | None
    note: str | None
    said_at: datetime | None


def propose(
    session: Session, claim: Claim, code: str, reason: str, *, by: Actor, now: datetime
) -> PaperProposal:
    """Propose one more paper; the family reads the reason once a second person has confirmed it.

    :raises Invalid: no such paper, or no reason. :raises NotPossible: it is on the list, or proposed already.
    """
    if by.kind != "staff" or by.person_id is None:
        raise NotPermitted
    plain = " ".join(reason.split())
    problems = {}
    if code not in catalogue().papers:
        problems["code"] = "Pilih dokumen dari daftar. Belum ada yang disimpan."
    if not SHORTEST <= len(plain) <= LONGEST:
        problems["reason"] = "Tulis alasan untuk keluarga, 10 sampai 300 huruf. Belum ada yang disimpan."
    if problems:
        raise Invalid(problems)
    require_state(session, claim, OPEN_FOR_PAPERS)
    _refuse_twice(session, claim, code)
    proposal = PaperProposal(
        casefile_id=claim.id, code=code, reason=plain, proposed_at=now, proposed_by_person_id=by.person_id
    )
    session.add(proposal)
    session.flush()
    _audit(session, proposal, "document.proposed", by)
    return proposal


def answer(
    session: Session, claim: Claim, proposal_id: int, verdict: str, note: str, *, by: Actor, now: datetime
) -> PaperWord:
    """Confirm somebody else's proposal, which puts the paper on the family's list, or refuse it; with a note.

    :raises NotPermitted: not a second person. :raises Invalid: no word, or no note.
    :raises NotPossible: answered already, or papers can no longer be asked for.
    """
    plain = " ".join(note.split())
    problems = {}
    if verdict not in VERDICTS:
        problems["verdict"] = "Pilih setuju atau tolak. Belum ada yang disimpan."
    if len(plain) < SHORTEST:
        problems["note"] = "Tulis catatan Anda, paling sedikit 10 huruf. Belum ada yang disimpan."
    if problems:
        raise Invalid(problems)
    require_state(session, claim, OPEN_FOR_PAPERS)
    proposal = _waiting(session, claim, proposal_id)
    if by.kind != "staff" or by.person_id in {None, proposal.proposed_by_person_id}:
        raise NotPermitted("Usul ini dijawab oleh orang lain, bukan pengusulnya. Tidak ada yang berubah.")
    word = _say(session, proposal, verdict, plain, by, now)
    if verdict == "confirmed":
        review.ask_for(session, claim.id, proposal.code, proposal.reason, by=by)
        owe(session, claim, "paper_added", occasion=f"paper-{proposal.id}", now=now)
    return word


def withdraw(session: Session, claim: Claim, proposal_id: int, *, by: Actor, now: datetime) -> PaperWord:
    """Take one's own proposal back before it was answered.

    :raises NotPermitted: somebody else's.
    """
    lock(session, claim)
    proposal = _waiting(session, claim, proposal_id)
    if by.person_id != proposal.proposed_by_person_id:
        raise NotPermitted("Usul ini hanya ditarik oleh pengusulnya. Tidak ada yang berubah.")
    return _say(session, proposal, "withdrawn", "", by, now)


def proposals(session: Session, casefile_id: int) -> Sequence[Proposed]:
    """Return every proposal of a case, newest first."""
    query = _proposals().where(PaperProposal.casefile_id == casefile_id)
    return [Proposed(*row) for row in session.execute(query.order_by(PaperProposal.id.desc()))]


def waiting_proposals(session: Session, branch_code: str, limit: int = 50) -> Sequence[Proposed]:
    """Return what waits for a second person in a branch, oldest first."""
    query = _proposals().where(
        PaperWord.proposal_id.is_(None), CaseFile.branch_code == branch_code, CaseFile.closed_at.is_(None)
    )
    return [Proposed(*row) for row in session.execute(query.order_by(PaperProposal.id).limit(limit))]


def _refuse_twice(session: Session, claim: Claim, code: str) -> None:
    on_list = select(Requirement.id).where(Requirement.casefile_id == claim.id, Requirement.code == code)
    if session.scalar(on_list) is not None:
        raise NotPossible("Dokumen ini sudah ada dalam daftar keluarga. Tidak ada yang berubah.")
    proposed = (
        select(PaperProposal.id)
        .outerjoin(PaperWord, PaperWord.proposal_id == PaperProposal.id)
        .where(
            PaperProposal.casefile_id == claim.id,
            PaperProposal.code == code,
            PaperWord.proposal_id.is_(None),
        )
    )
    if session.scalar(proposed.limit(1)) is not None:
        raise NotPossible("Dokumen ini sudah diusulkan dan menunggu pejabat kedua. Tidak ada yang berubah.")


def _waiting(session: Session, claim: Claim, proposal_id: int) -> PaperProposal:
    proposal = session.get(PaperProposal, proposal_id)
    if proposal is None or proposal.casefile_id != claim.id:
        raise NotFound("Usul dokumen ini tidak ada pada kasus ini.")
    if session.get(PaperWord, proposal_id) is not None:
        raise NotPossible("Usul ini sudah dijawab. Tidak ada yang berubah.")
    return proposal


def _say(
    session: Session, proposal: PaperProposal, verdict: str, note: str, by: Actor, now: datetime
) -> PaperWord:
    word = PaperWord(
        proposal_id=proposal.id,
        casefile_id=proposal.casefile_id,
        proposed_by_person_id=proposal.proposed_by_person_id,
        verdict=verdict,
        note=note,
        said_at=now,
        said_by_person_id=by.person_id or 0,
    )
    session.add(word)
    session.flush()
    _audit(session, proposal, f"document.proposal_{verdict}", by)
    return word


def _proposals() -> Select[Any]:
    cases, claims, second = CaseFile.__table__, Claim.__table__, aliased(Person)
    return (
        select(
            PaperProposal.id,
            CaseFile.number,
            CaseFile.subject,
            claims.c.honorific,
            claims.c.program,
            PaperProposal.code,
            PaperProposal.reason,
            Person.full_name,
            PaperProposal.proposed_by_person_id,
            PaperProposal.proposed_at,
            PaperWord.verdict,
            second.full_name,
            PaperWord.note,
            PaperWord.said_at,
        )
        .select_from(PaperProposal)
        .join(cases, cases.c.id == PaperProposal.casefile_id)
        .join(claims, claims.c.id == cases.c.id)
        .join(Person, Person.id == PaperProposal.proposed_by_person_id)
        .outerjoin(PaperWord, PaperWord.proposal_id == PaperProposal.id)
        .outerjoin(second, second.id == PaperWord.said_by_person_id)
    )


def _audit(session: Session, proposal: PaperProposal, action: str, by: Actor) -> None:
    details = {"code": proposal.code, "proposal": proposal.id}
    record(session, action, by=by, casefile_id=proposal.casefile_id, details=details)
