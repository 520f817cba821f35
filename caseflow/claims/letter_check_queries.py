"""What screens and rules read of the questions about letters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from caseflow.claims.letter_check_models import LetterAnswer, LetterCheck, LetterProof, LetterProofWord
from caseflow.people.actor import Actor
from caseflow.people.models import Person
from caseflow.registry import reach
from caseflow.registry.models import Region
from caseflow.workflow.models import CaseFile

LABELS = {
    "heir_letter": "Surat keterangan ahli waris",
    "death_letter": "Surat keterangan kematian",
    "domicile": "Surat keterangan domisili",
}
PAGE = 50


@dataclass(frozen=True)
class Check:
    """One question with what was said since; ``proof_*`` is the newest other proof that was named for it."""

    id: int
    public_id: str
    kind: str
    letter_number: str
    issued_on: date
    region_code: str
    region: str
    due_on: date
    asked_at: datetime
    asked_by: str
    verdict: str | None
    note: str | None
    answered_at: datetime | None
    answered_by: str | None
    proof_id: int | None
    proof_reason: str | None
    proof_by_person_id: int | None
    proof_by: str | None
    proof_verdict: str | None
    proof_note: str | None

    @property
    def label(self) -> str:
        """The kind of letter in words."""
        return LABELS[self.kind]

    @property
    def against(self) -> bool:
        """Whether the nagari's word is against it and no other proof has been confirmed."""
        return self.verdict in {"differs", "not_ours"} and self.proof_verdict != "confirmed"


class InboxRow(NamedTuple):
    """A question as the nagari reads it: kind, number, day, and the name of the dead."""

    public_id: str
    kind: str
    letter_number: str
    issued_on: date
    subject: str
    region: str
    due_on: date
    asked_at: datetime
    verdict: str | None
    note: str | None
    answered_at: datetime | None


def checks_of(session: Session, casefile_id: int) -> list[Check]:
    """Return every question of a case, newest first."""
    asker, answerer, prover = aliased(Person), aliased(Person), aliased(Person)
    newest = (
        select(func.max(LetterProof.id))
        .where(LetterProof.check_id == LetterCheck.id)
        .correlate(LetterCheck)
        .scalar_subquery()
    )
    rows: Iterable[Any] = session.execute(
        select(
            LetterCheck.id,
            LetterCheck.public_id,
            LetterCheck.kind,
            LetterCheck.letter_number,
            LetterCheck.issued_on,
            LetterCheck.region_code,
            Region.name,
            LetterCheck.due_on,
            LetterCheck.asked_at,
            asker.full_name,
            LetterAnswer.verdict,
            LetterAnswer.note,
            LetterAnswer.answered_at,
            answerer.full_name,
            LetterProof.id,
            LetterProof.reason,
            LetterProof.proposed_by_person_id,
            prover.full_name,
            LetterProofWord.verdict,
            LetterProofWord.note,
        )
        .join(Region, Region.code == LetterCheck.region_code)
        .join(asker, asker.id == LetterCheck.asked_by_person_id)
        .outerjoin(LetterAnswer, LetterAnswer.check_id == LetterCheck.id)
        .outerjoin(answerer, answerer.id == LetterAnswer.answered_by_person_id)
        .outerjoin(LetterProof, LetterProof.id == newest)
        .outerjoin(prover, prover.id == LetterProof.proposed_by_person_id)
        .outerjoin(LetterProofWord, LetterProofWord.proof_id == LetterProof.id)
        .where(LetterCheck.casefile_id == casefile_id)
        .order_by(LetterCheck.id.desc())
    )
    return [Check(*row) for row in rows]


def contradicted(session: Session, casefile_id: int) -> list[Check]:
    """Return the letters that stand against a payment: of each kind the newest answer counts."""
    newest: dict[str, Check] = {}
    for one in checks_of(session, casefile_id):
        if one.verdict is not None:
            newest.setdefault(one.kind, one)
    return [one for one in newest.values() if one.against]


def inbox(session: Session, *, answered: bool, by: Actor, limit: int = PAGE) -> list[InboxRow]:
    """Return what a nagari is asked, the most urgent first; or what it answered last."""
    order = LetterAnswer.answered_at.desc() if answered else LetterCheck.due_on
    query = _inbox_rows(by).where(
        LetterAnswer.check_id.is_not(None) if answered else LetterAnswer.check_id.is_(None)
    )
    return [InboxRow(*row) for row in session.execute(query.order_by(order, LetterCheck.id).limit(limit))]


def inbox_row(session: Session, public_id: str, *, by: Actor) -> InboxRow | None:
    """Return one question of a nagari."""
    row = session.execute(_inbox_rows(by).where(LetterCheck.public_id == public_id)).one_or_none()
    return InboxRow(*row) if row is not None else None


def _inbox_rows(by: Actor) -> Select[Any]:
    cases = CaseFile.__table__
    return (
        select(
            LetterCheck.public_id,
            LetterCheck.kind,
            LetterCheck.letter_number,
            LetterCheck.issued_on,
            cases.c.subject,
            Region.name,
            LetterCheck.due_on,
            LetterCheck.asked_at,
            LetterAnswer.verdict,
            LetterAnswer.note,
            LetterAnswer.answered_at,
        )
        .select_from(LetterCheck)
        .join(cases, cases.c.id == LetterCheck.casefile_id)
        .join(Region, Region.code == LetterCheck.region_code)
        .outerjoin(LetterAnswer, LetterAnswer.check_id == LetterCheck.id)
        .where(reach.within(LetterCheck.region_code, by, "letter_check.answer"))
    )
