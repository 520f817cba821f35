"""Whether one more file may come in: into this case, for this paper, within the limits."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.models import Document, Requirement
from caseflow.documents.refusals import (
    MAX_BYTES_PER_CASE,
    MAX_FILES_PER_CASE,
    MAX_FILES_PER_PAPER,
    refusal,
)
from caseflow.errors import NotFound, NotPermitted
from caseflow.people import devices
from caseflow.people.actor import Actor
from caseflow.workflow.models import CaseFile


def lock_case(session: Session, casefile_id: int) -> str | None:
    """Hold the case until the transaction ends and return its state: the first lock of everything about papers.

    Verbs about a claim take the same row first, so nobody who holds a paper waits for somebody who holds the case.
    """
    return session.scalar(
        select(CaseFile.state).where(CaseFile.id == casefile_id).with_for_update(key_share=True)
    )


def lock_idle_case(session: Session, casefile_id: int) -> bool:
    """Hold the case as :func:`lock_case` does; ``False``: somebody holds it, so this is not the moment."""
    held = select(CaseFile.id).where(CaseFile.id == casefile_id)
    return session.scalar(held.with_for_update(key_share=True, skip_locked=True)) is not None


def refuse_closed(state: str | None, requirement: Requirement, open_in: Collection[str]) -> None:
    """Refuse a file for a case that takes no more papers, or for a paper that was accepted.

    :raises CaseflowError: 409, with what to do.
    """
    if state not in open_in:
        raise refusal("case_closed")
    if requirement.status == "accepted":
        raise refusal("already_accepted")


def require_open_phone(session: Session, by: Actor) -> None:
    """Refuse bytes of a phone that was closed, or whose mandate ended, while they travelled.

    :raises NotPermitted: with how to go on.
    """
    if by.device_id is not None and not devices.is_open(session, by.device_id, now=clock.now()):
        raise NotPermitted(
            "HP ini sudah ditutup untuk laporan ini. Berkas belum tersimpan. "
            "Buka lagi dengan kode slip, atau telepon kantor."
        )


def requirement_for(session: Session, casefile_id: int, requirement_id: int, by: Actor) -> Requirement:
    """Return the requirement as it is now, under the lock of the case (:func:`lock_case`).

    :raises NotFound: not asked for in this case, or a family's phone reaches for another case.
    :raises NotPermitted: the phone was closed meanwhile.
    """
    if by.kind == "family" and by.casefile_id != casefile_id:
        raise NotFound
    require_open_phone(session, by)
    found = session.scalar(
        select(Requirement)
        .where(Requirement.id == requirement_id, Requirement.casefile_id == casefile_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def check_quotas(session: Session, requirement: Requirement, size: int) -> int:
    """Return how many files the case holds; refuse one (of ``size`` bytes) more than it may."""
    files, size_bytes = session.execute(
        select(func.count(), func.sum(Document.size_bytes)).where(
            Document.casefile_id == requirement.casefile_id, Document.status != "discarded"
        )
    ).one()
    if files >= MAX_FILES_PER_CASE or (size_bytes or 0) + size > MAX_BYTES_PER_CASE:
        raise refusal("case_full")
    of_this_paper = select(func.count()).where(
        Document.requirement_id == requirement.id,
        Document.status != "discarded",
        Document.withdrawn_at.is_(None),
    )
    if requirement.status == "returned":
        # what was returned makes room for its replacement
        of_this_paper = of_this_paper.where(Document.created_at > requirement.status_at)
    if session.scalars(of_this_paper).one() >= MAX_FILES_PER_PAPER:
        raise refusal("too_many")
    return files


def locked_requirement(session: Session, requirement_id: int) -> Requirement:
    """Read a requirement anew and lock it until the transaction ends.

    The lock lets others refer to the row: an upload that begins meanwhile inserts a row that points here, and with
    a full lock the two would wait for each other.
    """
    session.flush()  # reading anew forgets what was not yet written
    return session.get_one(
        Requirement, requirement_id, with_for_update={"key_share": True}, populate_existing=True
    )
