"""What was paid of a claim on earlier decisions, so that a reopened case pays only what is still owed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Assessment, AssessmentLine, Claim, Decision
from caseflow.formats import long_date
from caseflow.law.death import PaidBefore
from caseflow.workflow.models import History

_STEPS = ("approve", "confirm_payment", "report_payment_failure")


def paid_before(
    session: Session, claim: Claim, *, before_decision: int | None = None
) -> tuple[PaidBefore, ...]:
    """Return the lines of every decision whose payment the bank confirmed and never sent back.

    Read from history: what was approved last when a payment was confirmed is what was paid.

    :param before_decision: only decisions before this one, to look at a case as it lay then.
    """
    paid = [
        key for key in paid_decisions(session, claim.id) if before_decision is None or key < before_decision
    ]
    rows = session.execute(
        select(
            AssessmentLine.code,
            AssessmentLine.amount_idr,
            Decision.id.label("decision_id"),
            Decision.decided_at,
        )
        .join(Assessment, Assessment.id == AssessmentLine.assessment_id)
        .join(Decision, Decision.assessment_id == Assessment.id)
        .where(Decision.casefile_id == claim.id, Decision.id.in_(paid))
        .order_by(Decision.id, AssessmentLine.position)
    )
    return tuple(
        PaidBefore(row.code, row.amount_idr, f"keputusan {long_date(clock.local(row.decided_at).date())}")
        for row in rows
    )


def paid_codes(session: Session, casefile_id: int) -> set[str]:
    """Return the codes of the lines that were paid."""
    rows = session.scalars(
        select(AssessmentLine.code)
        .join(Decision, Decision.assessment_id == AssessmentLine.assessment_id)
        .where(Decision.id.in_(paid_decisions(session, casefile_id)))
    )
    return set(rows)


def paid_decisions(session: Session, casefile_id: int) -> list[int]:
    """Return the keys of the approvals that were paid, oldest first."""
    steps = session.execute(
        select(History.action, History.at)
        .where(History.casefile_id == casefile_id, History.action.in_(_STEPS))
        .order_by(History.version)
    ).all()
    if not any(step.action == "confirm_payment" for step in steps):
        return []
    approvals = iter(
        session.scalars(
            select(Decision.id)
            .where(Decision.casefile_id == casefile_id, Decision.outcome == "approved")
            .order_by(Decision.id)
        ).all()
    )
    paid: list[int] = []
    last: int | None = None
    for step in steps:
        if step.action == "approve":
            last = next(approvals, None)
        elif step.action == "confirm_payment" and last is not None:
            paid.append(last)
        elif paid and paid[-1] == last:
            paid.pop()  # the bank sent it back
    return paid
