"""Other numbers or tables, tried on past decisions: whom they would have paid what. Reads only; no names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import benefit
from caseflow.claims.cover import numbers
from caseflow.claims.models import Assessment, Claim, Decision
from caseflow.errors import CaseflowError
from caseflow.law.numbers import NumberBook
from caseflow.law.statement import Outcome, Statement
from caseflow.reports.past_cases import Budget, last_decisions


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that would have been decided otherwise; rupiah."""

    number: str
    program: str
    event_on: date
    before: Outcome
    after: Outcome
    before_idr: int
    after_idr: int

    @property
    def more_idr(self) -> int:
        """Return what the family would have received more; negative: less."""
        return self.after_idr - self.before_idr


@dataclass(frozen=True, slots=True)
class Unknown:
    """A case that the draft cannot be tried on, and why."""

    number: str
    why: str


@dataclass(frozen=True, slots=True)
class NumberRehearsal:
    """What a draft of the numbers would have done.

    :ivar compared: how many decisions were computed both ways: the denominator.
    :ivar left_out: older cases were not looked at.
    """

    compared: int
    changed: Sequence[Difference]
    unknown: Sequence[Unknown]
    left_out: bool

    @property
    def more_idr(self) -> int:
        """Return the difference of all cases together, in rupiah."""
        return sum(one.more_idr for one in self.changed)

    @property
    def other_outcome(self) -> int:
        """Return how many cases would have ended in another way."""
        return sum(one.before != one.after for one in self.changed)


def rehearse_numbers(session: Session, draft: NumberBook, *, branch_code: str) -> NumberRehearsal:
    """Compute the newest decision of every case again with other numbers, and compare with what was decided.

    A case whose facts changed since its decision is not compared: the numbers in force would not give it back either.
    """
    budget = Budget()
    compared, changed, unknown = 0, [], []
    for claim, decision in budget.within(last_decisions(session, branch_code)):
        try:
            found = _compare(session, claim, decision, draft)
        except CaseflowError as refusal:
            unknown.append(Unknown(claim.number, refusal.sentence))
            continue
        except (ArithmeticError, LookupError, ValueError):
            # a draft may hold what no law would: nothing to divide by, less than nothing to pay
            unknown.append(Unknown(claim.number, "Dengan isi rancangan ini hitungannya tidak dapat dibuat."))
            continue
        if isinstance(found, Unknown):
            unknown.append(found)
            continue
        compared += 1
        if found.before != found.after or found.more_idr:
            changed.append(found)
    return NumberRehearsal(compared, changed, unknown, budget.spent)


def _compare(session: Session, claim: Claim, decision: Decision, draft: NumberBook) -> Difference | Unknown:
    assessment = session.get(Assessment, decision.assessment_id) if decision.assessment_id else None
    now_given = _statement(session, claim, decision, assessment, numbers())
    if assessment is not None and (now_given.outcome, now_given.total_idr) != (
        assessment.outcome,
        assessment.total_idr,
    ):
        return Unknown(claim.number, "Data kasus berubah sesudah diputuskan, jadi tidak dapat dibandingkan.")
    then = _statement(session, claim, decision, assessment, draft)
    return Difference(
        number=claim.number,
        program=claim.program,
        event_on=claim.event_on,
        before=now_given.outcome,
        after=then.outcome,
        before_idr=now_given.total_idr,
        after_idr=then.total_idr,
    )


def _statement(
    session: Session, claim: Claim, decision: Decision, assessment: Assessment | None, book: NumberBook
) -> Statement:
    """Ask the law as on the day of the computation, without what this decision paid."""
    at = assessment.computed_at if assessment is not None else decision.decided_at
    return benefit.statement_of(
        session,
        claim,
        now=at,
        book=book,
        late_on=clock.local(at).date(),
        before_decision=decision.id,
    )
