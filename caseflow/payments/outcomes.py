"""How a transfer ends, for the instruction and for its claim. Shared by statement lines and bank letters."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims import operations as claims
from caseflow.claims.models import Claim
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
        claims.act(session, claim, "confirm_payment", by=by, expected_version=claim.version, now=now)


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
    if claim.state != "payment_failed":
        claims.act(
            session,
            claim,
            "report_payment_failure",
            by=by,
            expected_version=claim.version,
            reason_code=reason_code,
            reason_text=note.strip() or None,
            now=now,
        )
