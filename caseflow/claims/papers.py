"""What an officer says of a claim's papers, and how the case moves with it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.models import Claim
from caseflow.claims.operations import act
from caseflow.claims.owing import owe
from caseflow.claims.states import PREPARING, REVIEWING, require_state
from caseflow.documents import review
from caseflow.people.actor import Actor

_MOVES_BACK = frozenset({"documents_complete", "verifying"})
_LATE = REVIEWING | PREPARING


def accept_paper(
    session: Session,
    claim: Claim,
    code: str,
    *,
    method: str,
    by: Actor,
    now: datetime,
    seen: Collection[str] | None = None,
) -> None:
    """Accept a paper; whoever does prepares the claim and can never decide it.

    :param seen: public ids of the files that lay before the officer.
    """
    require_state(session, claim, _LATE)
    take_verify_duty(session, claim, by=by, now=now)
    review.accept(session, review.get_requirement(session, claim.id, code), method=method, by=by, seen=seen)


def return_paper(
    session: Session,
    claim: Claim,
    code: str,
    reason_code: str,
    *,
    by: Actor,
    now: datetime,
    details: Mapping[str, str] | None = None,
    extra: str = "",
) -> None:
    """Return a paper with the sentence the family reads; a required one takes the case back to the family.

    Whatever it is, the family is told; of several on one day once, where the case does not move.
    """
    require_state(session, claim, REVIEWING)
    take_verify_duty(session, claim, by=by, now=now)
    requirement = review.get_requirement(session, claim.id, code)
    review.return_document(
        session, requirement, reason_code, by=by, details=details, extra=extra, honorific=claim.honorific
    )
    if claim.state in _MOVES_BACK and requirement.need == "required":
        act(session, claim, "request_replacement", by=by, expected_version=claim.version, now=now)
    else:
        owe(session, claim, "doc_returned", occasion=f"returned-{clock.local(now).date()}", now=now)


def waive_paper(session: Session, claim: Claim, code: str, reason: str, *, by: Actor, now: datetime) -> None:
    """Do without a paper that the catalogue lets an officer waive, with the reason."""
    require_state(session, claim, _LATE)
    take_verify_duty(session, claim, by=by, now=now)
    review.mark_not_applicable(session, review.get_requirement(session, claim.id, code), reason, by=by)


def reopen_paper(session: Session, claim: Claim, code: str, reason: str, *, by: Actor, now: datetime) -> None:
    """Take back an acceptance or a waiver, with the reason."""
    require_state(session, claim, REVIEWING)
    take_verify_duty(session, claim, by=by, now=now)
    review.reopen(session, review.get_requirement(session, claim.id, code), reason, by=by)
