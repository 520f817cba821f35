"""What is still owed for a worker up to a day: which months, who paid before and so is asked, and what is on its way.

For the page of a case that waits for dues. It says what is missing; whether it counts the law says elsewhere
(``law.cover``). Not here: arrears of the living (``arrears``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.law.ledger import first_of, month_number
from caseflow.registry.ledger import grace_months
from caseflow.registry.models import CoverMonth
from caseflow.registry.payment_models import ContributionPayment, PaymentLine

_FURTHEST = 24  # months looked back


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A payment for some of the months that the branch has not answered."""

    public_id: str
    receipt_number: str
    recorded_at: datetime
    paid_on: date
    months: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """Unpaid months of the last membership up to the month of a day, oldest first.

    A membership ends after the grace months (``law.numbers``); what comes after that is owed by nobody.

    :ivar funding_source: who paid the last month before them; :ivar since: first day on which something was unpaid.
    :ivar ended_on: first day after the grace months, when that lies before the day asked about, else ``None``.
    """

    months: tuple[date, ...]
    funding_source: str
    waiting: tuple[OnItsWay, ...]
    ended_on: date | None

    @property
    def since(self) -> date:
        """The day on which the first unpaid month began."""
        return self.months[0]


def owed_for(session: Session, worker_id: int, day: date) -> Owed | None:
    """Return what is unpaid up to the month of a day; ``None`` when nothing is, or nobody ever paid."""
    last = month_number(day)
    rows = session.execute(
        select(CoverMonth.month, CoverMonth.funding_source)
        .where(CoverMonth.worker_id == worker_id, CoverMonth.month <= day)
        .order_by(CoverMonth.month)
    ).all()
    if not rows:
        return None
    paid = {month_number(row.month): row.funding_source for row in rows}
    grace = grace_months(day)
    begin = max(_joined(sorted(paid), grace), last - _FURTHEST + 1)
    last_paid = max(paid)
    ended = last - last_paid - 1 > grace
    until = last_paid + grace if ended else last
    missing = [number for number in range(begin, until + 1) if number not in paid]
    if not missing:
        return None
    payer = paid[max(number for number in paid if number < missing[-1])]
    months = tuple(first_of(number) for number in missing)
    return Owed(
        months, payer, _on_its_way(session, worker_id, months), first_of(until + 1) if ended else None
    )


def _joined(paid: Sequence[int], grace: int) -> int:
    """Return the first paid month of the last membership: after every gap longer than the grace months."""
    return max((later for before, later in pairwise(paid) if later - before - 1 > grace), default=paid[0])


def _on_its_way(session: Session, worker_id: int, months: Sequence[date]) -> tuple[OnItsWay, ...]:
    rows = session.execute(
        select(
            ContributionPayment.public_id, ContributionPayment.receipt_number, ContributionPayment.recorded_at,
            ContributionPayment.paid_on, PaymentLine.month,
        )
        .join(ContributionPayment, ContributionPayment.id == PaymentLine.payment_id)
        .where(PaymentLine.worker_id == worker_id, PaymentLine.state == "recorded", PaymentLine.month.in_(months))
        .order_by(ContributionPayment.id, PaymentLine.month)
    ).all()  # fmt: skip
    found: dict[str, OnItsWay] = {}
    for row in rows:
        before = found.get(row.public_id)
        paid = (*(before.months if before else ()), row.month)
        found[row.public_id] = OnItsWay(row.public_id, row.receipt_number, row.recorded_at, row.paid_on, paid)
    return tuple(found.values())
