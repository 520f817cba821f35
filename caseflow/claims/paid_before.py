"""What was paid of a claim on earlier decisions, so that a reopened case pays only what is still owed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims.models import Assessment, AssessmentLine, Claim, Decision
from caseflow.formats import long_date
from caseflow.law.death import PaidBefore
from caseflow.law.statement import Line, Statement
from caseflow.workflow.models import History

CAME_BACK = "payment.came_back"  # of the audit: money of an earlier decision, while the case had gone on


def paid_before(
    session: Session, claim: Claim, *, before_decision: int | None = None
) -> tuple[PaidBefore, ...]:
    """Return the lines of every decision whose payment the bank confirmed and never sent back.

    Read from history, which names the decision with every payment.

    :param before_decision: only decisions before this one, to look at a case as it lay then.
    """
    paid = [
        key for key in paid_decisions(session, claim.id) if before_decision is None or key < before_decision
    ]
    if not paid:
        return ()
    rows = session.execute(
        select(Assessment.statement, Decision.decided_at)
        .join(Decision, Decision.assessment_id == Assessment.id)
        .where(Decision.casefile_id == claim.id, Decision.id.in_(paid))
        .order_by(Decision.id)
    ).all()
    return tuple(
        _paid(line, f"keputusan {long_date(clock.local(row.decided_at).date())}")
        for row in rows
        for line in Statement.from_document(row.statement).lines
        # what was paid for being late then is no part of what is owed now
        if line.amount_idr > 0 and line.code != "late_compensation"
    )


def _paid(line: Line, source: str) -> PaidBefore:
    """What two people lowered is settled as a whole: the rest of the law's sum is not owed again."""
    adjusted = line.original_idr is not None
    amount_idr = max(line.amount_idr, line.original_idr or 0)
    return PaidBefore(line.code, amount_idr, f"{source}, dengan penyesuaian" if adjusted else source)


def paid_codes(session: Session, casefile_id: int) -> set[str]:
    """Return the codes of the lines that were paid."""
    rows = session.scalars(
        select(AssessmentLine.code)
        .join(Decision, Decision.assessment_id == AssessmentLine.assessment_id)
        .where(Decision.id.in_(paid_decisions(session, casefile_id)))
    )
    return set(rows)


def paid_decisions(session: Session, casefile_id: int) -> list[int]:
    """Return the keys of the approvals that were paid and whose money the bank kept, oldest first."""
    steps = session.execute(
        select(History.action, History.details)
        .where(
            History.casefile_id == casefile_id,
            History.action.in_(("confirm_payment", "report_payment_failure")),
        )
        .order_by(History.version)
    ).all()
    paid: dict[int, None] = {}
    for step in steps:
        decision = step.details.get("decision") or _only_approval(session, casefile_id)
        if step.action == "confirm_payment":
            paid[decision] = None
        else:
            paid.pop(decision, None)
    if not paid:
        return []
    back = session.scalars(
        select(AuditEvent.details["decision"].as_integer()).where(
            AuditEvent.casefile_id == casefile_id, AuditEvent.action == CAME_BACK
        )
    )
    return [key for key in paid if key not in set(back)]


def _only_approval(session: Session, casefile_id: int) -> int:
    """A case that was paid before decisions were named with the payment had one approval that counted: the last."""
    return session.scalars(
        select(Decision.id)
        .where(Decision.casefile_id == casefile_id, Decision.outcome == "approved")
        .order_by(Decision.id.desc())
        .limit(1)
    ).one()
