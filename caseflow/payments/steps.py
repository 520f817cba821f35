"""What every verb of money shares: locks in one order, one event row a step, one audit row an act.

Lock order: claim, then batch, then instruction. Append-only tables are never locked; their keys decide.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.clock import local
from caseflow.db_refusals import refusal_of
from caseflow.errors import NotFound
from caseflow.payments.models import Batch, BatchLine, Instruction, PaymentEvent
from caseflow.people.actor import Actor


def lock_claims(session: Session, claim_ids: Sequence[int], *, by: Actor) -> dict[int, Claim]:
    """Lock the claims in the order of their keys and read them afresh.

    Fetching is the access check: a claim of another branch does not exist for this person.
    """
    wanted = sorted(set(claim_ids))
    rows = session.scalars(
        select(Claim)
        .where(Claim.id.in_(wanted), Claim.branch_code == by.branch_code)
        .order_by(Claim.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    claims = {claim.id: claim for claim in rows}
    if len(claims) != len(wanted):
        raise NotFound
    return claims


def lock_claims_of(session: Session, instruction_ids: Sequence[int], *, by: Actor) -> None:
    """Lock the claims of several instructions before anything else of them is touched.

    For whoever does the same to many in one transaction: one by one they would be locked in the order typed,
    each after the batch of the one before.
    """
    claim_ids = session.scalars(select(Instruction.casefile_id).where(Instruction.id.in_(instruction_ids)))
    lock_claims(session, claim_ids.all(), by=by)


def lock_claim(session: Session, claim_id: int, *, by: Actor) -> Claim:
    """Lock one claim; see :func:`lock_claims`."""
    return lock_claims(session, [claim_id], by=by)[claim_id]


def lock_batch_row(session: Session, batch_id: int) -> Batch:
    """Lock a batch and read it afresh. The claims of its lines must be locked already."""
    batch = session.get(Batch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise NotFound
    return batch


def lock_instruction_row(session: Session, instruction_id: int) -> Instruction:
    """Lock an instruction and read it afresh. Its claim must be locked already."""
    instruction = session.get(Instruction, instruction_id, with_for_update=True, populate_existing=True)
    if instruction is None:
        raise NotFound
    return instruction


def claim_and_instruction(session: Session, instruction_id: int, *, by: Actor) -> tuple[Claim, Instruction]:
    """Lock the claim of an instruction, then the instruction."""
    claim_id = session.scalar(select(Instruction.casefile_id).where(Instruction.id == instruction_id))
    if claim_id is None:
        raise NotFound
    claim = lock_claim(session, claim_id, by=by)
    return claim, lock_instruction_row(session, instruction_id)


def advance(
    session: Session,
    instruction: Instruction,
    state: str,
    *,
    by: Actor,
    now: datetime,
    **details: Any,
) -> None:
    """Move an instruction one step and leave its event row; the database knows which steps exist."""
    event = PaymentEvent(
        instruction_id=instruction.id,
        version=instruction.version + 1,
        state=state,
        at=now,
        actor_name=by.name,
        prev_version=instruction.version,
        from_state=instruction.state,
        actor_person_id=by.person_id,
        details=details,
    )
    insert(session, event)
    instruction.version, instruction.state = event.version, event.state
    session.flush()


def insert(session: Session, row: object) -> None:
    """Insert now; what a constraint refuses becomes a sentence and leaves the transaction usable."""
    with refused_in_words(session):
        session.add(row)
        session.flush()


@contextmanager
def refused_in_words(session: Session) -> Iterator[None]:
    """Run statements behind a savepoint; what a constraint refuses becomes a sentence."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        raise refusal_of(error) from error


def sent_on(session: Session, instruction_id: int) -> date | None:
    """Return the day (WIB) on which the instruction's batch was released, or ``None``."""
    released_at = session.scalar(
        select(Batch.released_at)
        .join(BatchLine, BatchLine.batch_id == Batch.id)
        .where(BatchLine.instruction_id == instruction_id)
    )
    return local(released_at).date() if released_at else None
