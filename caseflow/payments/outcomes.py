"""How a transfer ends, for the instruction and for its claim. Shared by statement lines and bank letters."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.claims import operations as claims
from caseflow.claims.models import Claim, Decision
from caseflow.claims.paid_before import CAME_BACK
from caseflow.claims.states import PREPARING
from caseflow.payments import steps
from caseflow.payments.models import Instruction
from caseflow.payments.rules import DEAD_STATES
from caseflow.people.actor import Actor


def settle(
    session: Session, claim: Claim, instruction: Instruction, *, by: Actor, now: datetime, **details: Any
) -> None:
    """The money arrived. When nothing of the claim is open any more, the claim is paid."""
    steps.advance(session, instruction, "settled", by=by, now=now, **details)
    still_open = session.scalar(
        select(Instruction.id)
        .where(Instruction.casefile_id == claim.id, Instruction.state.not_in(DEAD_STATES | {"settled"}))
        .limit(1)
    )
    if still_open is None:
        paid = {"decision": instruction.decision_id}
        claims.act(
            session, claim, "confirm_payment", by=by, expected_version=claim.version, now=now, about=paid
        )


def fail(
    session: Session,
    claim: Claim,
    instruction: Instruction,
    *,
    by: Actor,
    now: datetime,
    reason_code: str | None,
    note: str,
    **details: Any,
) -> None:
    """The money did not arrive, or came back, even after the claim was paid: the claim says so and why.

    :raises Invalid: the reason is none of the workflow's, or needs words; the family reads it.
    """
    steps.advance(session, instruction, "failed", by=by, now=now, reason_code=reason_code, **details)
    back = {"decision": instruction.decision_id}
    if _has_gone_on(session, claim, instruction):
        # the case was opened again meanwhile: it is not moved, but that sum is owed again
        record(session, CAME_BACK, by=by, casefile_id=claim.id, details=back)
    elif claim.state != "payment_failed":
        claims.act(
            session,
            claim,
            "report_payment_failure",
            by=by,
            expected_version=claim.version,
            reason_code=reason_code,
            reason_text=note.strip() or None,
            now=now,
            about=back,
        )


def _has_gone_on(session: Session, claim: Claim, instruction: Instruction) -> bool:
    """Whether an open case is past the decision of this transfer: a later one, or an examination anew."""
    newest = session.scalar(
        select(func.max(Decision.id)).where(Decision.casefile_id == claim.id, Decision.outcome == "approved")
    )
    examined = claim.state in PREPARING and claim.closed_at is None
    return instruction.decision_id != newest or examined
