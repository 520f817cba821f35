"""The benefit of a claim: facts gathered, the law asked, the statement kept as it was computed."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import adjustments
from caseflow.claims.accident_benefit import accident_facts, late_of
from caseflow.claims.cover import numbers
from caseflow.claims.death_benefit import death_facts
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.models import Assessment, AssessmentLine, Claim
from caseflow.claims.scholarship_benefit import scholarship_facts
from caseflow.claims.states import COMPUTING, require_state
from caseflow.errors import NotPossible
from caseflow.law.adjustments import adjust
from caseflow.law.jkk import assess_accident, late_on_what_is_paid
from caseflow.law.jkm import assess_death
from caseflow.law.numbers import NumberBook
from caseflow.law.scholarship import assess_scholarship
from caseflow.law.statement import Statement
from caseflow.people.actor import Actor


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


def statement_of(
    session: Session,
    claim: Claim,
    *,
    now: datetime,
    book: NumberBook | None = None,
    late_on: date | None = None,
    before_decision: int | None = None,
) -> Statement:
    """Ask the law for the benefit of today's facts, with what a second person agreed to adjust.

    :param book: other numbers than those in force, for a rehearsal.
    :param late_on: the day up to which lateness counts; today unless told.
    :param before_decision: what this decision and later ones paid is not taken off, for a rehearsal.
    :raises MissingInput: naming every fact that nobody has established.
    """
    computed = computed_statement(
        session, claim, now=now, book=book, late_on=late_on, before_decision=before_decision
    )
    agreed = adjustments.in_force(session, claim.id, computed, before_decision=before_decision)
    adjusted = adjust(computed, agreed)
    book, day = book or numbers(), late_on or clock.local(now).date()
    late = late_of(session, claim, book, day) if claim.program == "jkk" and agreed else None
    return late_on_what_is_paid(adjusted, late, book) if late is not None else adjusted


def computed_statement(
    session: Session,
    claim: Claim,
    *,
    now: datetime,
    book: NumberBook | None = None,
    late_on: date | None = None,
    before_decision: int | None = None,
) -> Statement:
    """Ask the law alone; see :func:`statement_of`."""
    book = book or numbers()
    match claim.program:
        case "jkk":
            accident = accident_facts(
                session,
                claim,
                book=book,
                now=now,
                late_on=late_on or clock.local(now).date(),
                before_decision=before_decision,
            )
            return assess_accident(accident, book)
        case "scholarship":
            child = scholarship_facts(session, claim, book=book, now=now, before_decision=before_decision)
            return assess_scholarship(child, book)
        case _:
            death = death_facts(session, claim, book=book, now=now, before_decision=before_decision)
            return assess_death(death, book)


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
        late_on = clock.local(assessment.computed_at).date()
        now_given = statement_of(session, claim, now=clock.now(), late_on=late_on)
        return now_given.digest() == assessment.statement_sha256
    except NotPossible:
        return False
