"""The benefit of a claim: facts gathered, the law asked, the statement kept as it was computed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import family
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.eligibility import cover_choice, cover_of, current_checks, numbers
from caseflow.claims.models import Assessment, AssessmentLine, Claim, EligibilityCheck
from caseflow.claims.states import require_state
from caseflow.law.cover import CoverAnswer, CoverChoice
from caseflow.law.jkm import DeathFacts, assess_death
from caseflow.law.statement import MissingInput, Statement
from caseflow.people.actor import Actor
from caseflow.people.models import Person

COMPUTING = frozenset({"calculating"})
_WORK_CAUSED: Mapping[str, Literal["no", "yes", "unknown"]] = {"yes": "no", "no": "yes", "unknown": "unknown"}
_FUNERAL_PAID: Mapping[str, bool | None] = {"yes": False, "no": True, "unknown": None}


def compute_benefit(session: Session, claim: Claim, *, by: Actor, now: datetime) -> Assessment:
    """Compute the statement for today's facts and keep it.

    :raises MissingInput: a fact is not established; all missing ones are named, nothing is saved.
    """
    require_state(session, claim, COMPUTING)
    statement = statement_of(session, claim, now=now)
    take_verify_duty(session, claim, by=by, now=now)
    assessment = Assessment(
        casefile_id=claim.id,
        outcome=statement.outcome,
        total_idr=statement.total_idr,
        rule_version=numbers().version,
        statement=statement.to_document(),
        statement_sha256=statement.digest(),
        computed_at=now,
        computed_by_person_id=by.person_id or 0,
    )
    session.add(assessment)
    session.flush()
    session.add_all(
        AssessmentLine(
            assessment_id=assessment.id, position=position, code=line.code, amount_idr=line.amount_idr
        )
        for position, line in enumerate(statement.lines, start=1)
        if line.amount_idr > 0
    )
    session.flush()
    record(
        session,
        "claim.benefit_computed",
        by=by,
        casefile_id=claim.id,
        details={"assessment": assessment.id, "statement_sha256": assessment.statement_sha256},
    )
    return assessment


def statement_of(session: Session, claim: Claim, *, now: datetime) -> Statement:
    """Ask the law for the benefit of today's facts.

    :raises MissingInput: naming every fact that nobody has established.
    """
    checks = current_checks(session, claim.id)
    cover = cover_of(session, claim)
    if cover is None:
        raise MissingInput(["data peserta: hubungkan pekerja dengan registrasi"])
    return assess_death(
        DeathFacts(
            died_on=claim.event_on,
            work_caused=_WORK_CAUSED[_answer(checks, "not_work_caused")],
            cover=cover,
            cover_choice=_needed_choice(cover, cover_choice(checks, _chooser(session, checks))),
            heirs=family.ranking(session, claim, clock.local(now).date()),
            other_membership_funeral_paid=_FUNERAL_PAID[_answer(checks, "funeral_not_paid_elsewhere")],
            burial_arranged_by=_burial_arranger(session, claim),
        ),
        numbers(),
    )


def current_assessment(session: Session, casefile_id: int) -> Assessment | None:
    """Return the newest computation."""
    return session.scalar(
        select(Assessment)
        .where(Assessment.casefile_id == casefile_id)
        .order_by(Assessment.id.desc())
        .limit(1)
    )


def is_current(session: Session, claim: Claim) -> bool:
    """Whether the newest computation is what the law gives for today's facts."""
    assessment = current_assessment(session, claim.id)
    if assessment is None:
        return False
    try:
        return statement_of(session, claim, now=clock.now()).digest() == assessment.statement_sha256
    except MissingInput:
        return False


def _needed_choice(cover: CoverAnswer, choice: CoverChoice | None) -> CoverChoice | None:
    """An answer that only repeats what the ledger settles is no choice; one that contradicts it is shown to the law."""
    return None if choice is not None and choice.outcome == cover.outcome else choice


def _answer(checks: Mapping[str, EligibilityCheck], code: str) -> str:
    check = checks.get(code)
    return check.answer if check else "unknown"


def _chooser(session: Session, checks: Mapping[str, EligibilityCheck]) -> str:
    check = checks.get("three_months") or checks.get("active_on_event")
    if check is None:
        return ""
    return session.scalar(select(Person.full_name).where(Person.id == check.checked_by_person_id)) or ""


def _burial_arranger(session: Session, claim: Claim) -> str | None:
    return next((m.full_name for m in family.members(session, claim.id) if m.arranged_burial), None)
