"""What this person may do with a claim whose money waits. The page and its pictures ask the same question."""

from collections.abc import Sequence
from dataclasses import dataclass

from caseflow.payments import queries
from caseflow.payments.queries import InstructionRow
from caseflow.payments.rules import DEAD_STATES, PAYABLE_STATES
from caseflow.people import policy
from caseflow.web import here
from caseflow.web.finance import reads, words


@dataclass(frozen=True)
class Standing:
    """A claim before an order to pay.

    :ivar orders: every order so far, first one first; :ivar payable: an order may be made by somebody.
    :ivar guard: why it may not be this person; :ivar sees_passbook: who types the number, nobody else.
    """

    orders: Sequence[InstructionRow]
    payable: bool
    guard: str | None
    sees_passbook: bool


def standing_of(claim: reads.ClaimToPay) -> Standing:
    """Return where a claim stands for the person who asks."""
    session, by = here.session(), here.actor()
    orders = queries.instructions_of_claim(session, claim.id)
    payable = claim.state in PAYABLE_STATES and all(
        order.state in DEAD_STATES | {"settled"} for order in orders
    )
    held = reads.held_duties(session, by.person_id, [claim.number]).get(claim.number)
    guard = words.duty_guard(held, "make_batch")
    sees = payable and guard is None and policy.allows(by, "passbook.read")
    return Standing(orders, payable, guard, sees)
