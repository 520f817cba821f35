"""Who reads which complaint. Fetching is the check of access, and the database asks a second time.

A complaint lies in an area of its own, ``<branch>/<desk>``: no list of a branch's cases can hold one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from caseflow.claims.complaint_models import Complaint, Feedback
from caseflow.claims.models import Claim
from caseflow.errors import NotFound
from caseflow.identifiers import ascii_digits, read_case_number
from caseflow.people.actor import Actor
from caseflow.workflow.models import CaseFile, History

FEWEST = 5  # below that a count tells of single families
_DESKS = {"inspector": ("inspector", "branch_head"), "branch_head": ("branch_head",)}


@dataclass(frozen=True)
class ComplaintRow:
    """One line of a desk."""

    number: str
    category: str
    accused: str
    state: str
    due_on: date | None
    reported_on: date | None
    with_contact: bool


@dataclass(frozen=True)
class FeedbackCount:
    """How often a face was chosen; ``None``: too few to be told."""

    face: str
    count: int | None


def area(branch_code: str, desk: str) -> str:
    """Return where the complaints of a desk lie."""
    return f"{branch_code}/{desk}"


def reading(session: Session) -> None:
    """Let this transaction read complaints for the inspector; without it the database shows none of them."""
    session.execute(select(func.set_config("caseflow.complaints", "inspector", True)))


def complaints(session: Session, *, by: Actor, closed: bool = False) -> Sequence[ComplaintRow]:
    """Return the complaints that this person reads, the most urgent first; ``closed``: the last hundred ended."""
    reading(session)
    query = select(
        Complaint.number,
        Complaint.category,
        Complaint.accused,
        CaseFile.state,
        CaseFile.due_on,
        CaseFile.reported_on,
        Complaint.contact_phone.is_not(None),
    ).where(_reach(by))
    if closed:
        query = query.where(Complaint.closed_at.is_not(None)).order_by(Complaint.closed_at.desc()).limit(100)
    else:
        query = query.where(Complaint.closed_at.is_(None)).order_by(Complaint.sort_on, Complaint.id)
    return [ComplaintRow(*row) for row in session.execute(query)]


def get_complaint(session: Session, number: str, *, by: Actor) -> Complaint:
    """Return one complaint.

    :raises NotFound: the same for what is another's to read and for what does not exist.
    """
    reading(session)
    found = session.scalar(
        select(Complaint).where(Complaint.number == (read_case_number(number) or ""), _reach(by))
    )
    if found is None:
        raise NotFound("Aduan ini tidak ditemukan. Periksa lagi nomornya.")
    return found


def find_by_number(session: Session, number: str) -> Complaint | None:
    """Return a complaint for whoever has its code too: the door compares it (``hashing.code_matches``)."""
    reading(session)
    return session.scalar(select(Complaint).where(Complaint.number == number))


def read_number(typed: str) -> str | None:
    """Return the number a person meant; the letters may be left out."""
    digits = ascii_digits(typed)
    return read_case_number(f"ADU{digits}" if digits.isascii() and digits.isdigit() else typed)


def shown_on(session: Session, device_id: int) -> Sequence[Complaint]:
    """Return the complaints that somebody asked to see on this phone, newest first."""
    reading(session)
    return session.scalars(
        select(Complaint).where(Complaint.shown_on_device_id == device_id).order_by(Complaint.id.desc())
    ).all()


def steps_of(session: Session, complaint: Complaint) -> Sequence[History]:
    """Return what happened to a complaint, first one first."""
    return session.scalars(
        select(History).where(History.casefile_id == complaint.id).order_by(History.version)
    ).all()


def claim_of(session: Session, complaint: Complaint) -> Claim | None:
    """Return the claim that a complaint is about; looking at it here leaves no trace at the claim."""
    return session.get(Claim, complaint.about_casefile_id) if complaint.about_casefile_id else None


def feedback_counts(session: Session, branch_code: str, since: date) -> Sequence[FeedbackCount]:
    """Return how often each face was chosen since a day; all are left out while there are fewer than five."""
    rows = session.execute(
        select(Feedback.face, func.count())
        .where(Feedback.branch_code == branch_code, Feedback.given_on >= since)
        .group_by(Feedback.face)
    )
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    enough = sum(found.values()) >= FEWEST
    return [FeedbackCount(face, found.get(face, 0) if enough else None) for face in ("good", "fair", "bad")]


def feedback_words(session: Session, branch_code: str, since: date) -> Sequence[str]:
    """Return what was written beside the faces, in no order that tells when; none while they are fewer than five."""
    total = session.scalar(
        select(func.count()).where(Feedback.branch_code == branch_code, Feedback.given_on >= since)
    )
    if (total or 0) < FEWEST:
        return []
    return session.scalars(
        select(Feedback.words)
        .where(Feedback.branch_code == branch_code, Feedback.given_on >= since, Feedback.words != "")
        .order_by(Feedback.key_sha256)
        .limit(200)
    ).all()


def _reach(by: Actor) -> ColumnElement[bool]:
    """Return which complaints somebody reads: those of the desks that their roles sit at."""
    areas = [
        area(by.branch_code or "", desk)
        for role, desks in _DESKS.items()
        if role in by.roles
        for desk in desks
    ]
    return Complaint.branch_code.in_(areas)
