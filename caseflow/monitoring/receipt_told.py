"""Whether the money arrived whole, as told at visits, beside what the family answered itself and what was paid.

What a visit heard changes no payment. That something is missing reaches the branch only as the family's own answer
would: through ``claims.receipts``, passed on by a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import receipts
from caseflow.claims.complaint_models import ReceiptAnswer
from caseflow.claims.models import Claim
from caseflow.errors import NotPossible
from caseflow.formats import long_date, rupiah
from caseflow.monitoring.models import Plan
from caseflow.monitoring.visit_models import Visit
from caseflow.payments.queries import instructions_of_claim
from caseflow.people import policy
from caseflow.people.actor import Actor

WORDS: Mapping[str, str] = MappingProxyType({"full": "sudah utuh", "not_yet": "belum utuh"})


@dataclass(frozen=True)
class AtVisit:
    """What a family said at a visit: ``full`` or ``not_yet``."""

    answer: str
    on: date
    visit_id: int


@dataclass(frozen=True)
class Received:
    """Money of one claim: what was paid, what was said of it, and whether the words agree.

    :ivar paid_idr: settled by the bank; :ivar at_visits: oldest first; :ivar own: the family's own last answer.
    """

    paid_idr: int
    paid_on: date
    at_visits: Sequence[AtVisit]
    own: ReceiptAnswer | None

    @property
    def last(self) -> AtVisit | None:
        """What was told last at a visit."""
        return self.at_visits[-1] if self.at_visits else None

    @property
    def mismatch(self) -> str | None:
        """What does not fit together, in words; ``None`` when all agree."""
        if self.last is None:
            return None
        paid = f"Bank mencatat {rupiah(self.paid_idr)} terkirim {long_date(self.paid_on)}"
        at_visit = f"saat kunjungan {long_date(self.last.on)} keluarga mengatakan {WORDS[self.last.answer]}"
        if self.last.answer == "not_yet":
            return f"{paid}, tetapi {at_visit}."
        if self.own is not None and self.own.answer == "not_yet":
            said_on = long_date(clock.local(self.own.at).date())
            return f"{paid}. {at_visit.capitalize()}, tetapi jawabannya sendiri {said_on}: belum utuh."
        return None

    @property
    def may_pass_on(self) -> bool:
        """Whether the branch does not know yet what was told last."""
        if self.last is None or self.last.answer != "not_yet":
            return False
        return self.own is None or clock.local(self.own.at).date() < self.last.on


def received(session: Session, plan: Plan) -> Received:
    """Return what is known of the money of a plan's claim."""
    rows = session.execute(
        select(Visit.id, Visit.content["answers"]["received_in_full"]["value"].as_string(), Visit.started_at)
        .where(Visit.plan_id == plan.id, Visit.outcome == "met")
        .order_by(Visit.started_at, Visit.id)
    )
    told = [AtVisit(said, clock.local(at).date(), visit_id) for visit_id, said, at in rows if said in WORDS]
    told = [one for one in told if one.on >= plan.paid_on]  # before: of money that came back
    orders = instructions_of_claim(session, plan.claim_id)
    return Received(
        paid_idr=sum(order.amount_idr for order in orders if order.state == "settled"),
        paid_on=plan.paid_on,
        at_visits=told,
        own=receipts.last_answer(session, plan.claim_id, plan.paid_on),
    )


def pass_on(session: Session, plan: Plan, *, by: Actor, now: datetime) -> None:
    """Let the branch know that money is missing, as if the family had answered.

    :raises NotPossible: nothing was told that the branch does not know. Nothing is saved.
    """
    policy.require(by, "visit.validate")
    claim = session.get_one(Claim, plan.claim_id, with_for_update=True)
    if not received(session, plan).may_pass_on:
        raise NotPossible("Tidak ada kabar baru tentang santunan ini. Kantor cabang tidak diberi tahu lagi.")
    receipts.answer_receipt(session, claim, "not_yet", by=by, now=now)
