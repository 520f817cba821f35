"""The facts of a death claim as the law wants them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import family
from caseflow.claims.cover import cover_of, numbers
from caseflow.claims.eligibility import cover_choice, current_checks
from caseflow.claims.models import Claim, EligibilityCheck
from caseflow.claims.paid_before import paid_before
from caseflow.law.cover import CoverAnswer, CoverChoice
from caseflow.law.death import DeathFacts
from caseflow.law.numbers import NumberBook
from caseflow.law.statement import MissingInput
from caseflow.people.models import Person

_WORK_CAUSED: Mapping[str, Literal["no", "yes", "unknown"]] = {"yes": "no", "no": "yes", "unknown": "unknown"}
_FUNERAL_PAID: Mapping[str, bool | None] = {"yes": False, "no": True, "unknown": None}


def death_facts(
    session: Session, claim: Claim, *, book: NumberBook, now: datetime, before_decision: int | None = None
) -> DeathFacts:
    """Gather what is established.

    :param before_decision: see :func:`paid_before`.
    :raises MissingInput: no worker is linked, so nothing about cover is known.
    """
    checks = current_checks(session, claim.id)
    cover = cover_of(session, claim, book)
    if cover is None:
        raise MissingInput(["data peserta: hubungkan pekerja dengan registrasi"])
    # an answer that repeated the numbers in force was no choice, whatever a draft of them would say
    in_force = cover if book is numbers() else cover_of(session, claim) or cover
    return DeathFacts(
        died_on=claim.event_on,
        work_caused=_WORK_CAUSED[answer_to(checks, "not_work_caused")],
        cover=cover,
        cover_choice=_needed_choice(in_force, cover_choice(checks, _chooser(session, checks))),
        heirs=family.ranking(session, claim, clock.local(now).date()),
        other_membership_funeral_paid=funeral_paid_elsewhere(checks),
        burial_arranged_by=burial_arranger(session, claim),
        already_paid=paid_before(session, claim, before_decision=before_decision),
    )


def answer_to(checks: Mapping[str, EligibilityCheck], code: str) -> str:
    """Return an officer's answer, ``unknown`` while there is none."""
    check = checks.get(code)
    return check.answer if check else "unknown"


def funeral_paid_elsewhere(checks: Mapping[str, EligibilityCheck]) -> bool | None:
    """Return whether another membership paid the funeral; ``None`` while nobody knows."""
    return _FUNERAL_PAID[answer_to(checks, "funeral_not_paid_elsewhere")]


def burial_arranger(session: Session, claim: Claim) -> str | None:
    """Return who arranged the burial, if that is recorded."""
    return next((m.full_name for m in family.members(session, claim.id) if m.arranged_burial), None)


def _needed_choice(cover: CoverAnswer, choice: CoverChoice | None) -> CoverChoice | None:
    """An answer that only repeats what the ledger settles is no choice; one that contradicts it is shown to the law."""
    return None if choice is not None and choice.outcome == cover.outcome else choice


def _chooser(session: Session, checks: Mapping[str, EligibilityCheck]) -> str:
    check = checks.get("three_months") or checks.get("active_on_event")
    if check is None:
        return ""
    return session.scalar(select(Person.full_name).where(Person.id == check.checked_by_person_id)) or ""
