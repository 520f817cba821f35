"""The worker's cover on the day of the event: the ledger of the registry, read by the law."""

from functools import cache

from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.law.cover import CoverAnswer, assess_cover
from caseflow.law.ledger import PaidMonth
from caseflow.law.numbers import NumberBook, load_numbers
from caseflow.registry import queries as registry


@cache
def numbers() -> NumberBook:
    """Return the numbers of law."""
    return load_numbers()


def cover_of(session: Session, claim: Claim, book: NumberBook | None = None) -> CoverAnswer | None:
    """Return what the ledger says of the day of the event; ``None`` while no worker is linked.

    :param book: other numbers than those in force, for a rehearsal.
    """
    if claim.worker_id is None:
        return None
    worker = registry.get_worker(session, claim.worker_id)
    return assess_cover(
        paid_months(session, claim.worker_id),
        registered_on=worker.registered_on,
        died_on=claim.event_on,
        book=book or numbers(),
        event="accident" if claim.program == "jkk" else "death",
    )


def paid_months(session: Session, worker_id: int) -> list[PaidMonth]:
    """Return the ledger in the law's own words."""
    return [
        PaidMonth(month=row.month, paid_on=row.paid_on, funding_source=row.funding_source)
        for row in registry.cover_months(session, worker_id)
    ]
