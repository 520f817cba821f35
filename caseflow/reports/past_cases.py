"""The cases that a rehearsal looks at: decided ones of a branch, the newest first, within a number and a time."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim, Decision

MOST_CASES = 300
MOST_SECONDS = 12
DECIDED = ("approved", "refused")
_Case = TypeVar("_Case")


@contextmanager
def looking_only(bind: Engine | Connection) -> Iterator[Session]:
    """Give a session of one transaction that cannot write and is rolled back whatever happens."""
    with Session(bind, autoflush=False) as session:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        try:
            yield session
        finally:
            session.rollback()


def last_decisions(session: Session, branch_code: str) -> list[tuple[Claim, Decision]]:
    """Return each decided case with the newest decision that paid or refused, newest first."""
    newest = (
        select(func.max(Decision.id))
        .where(Decision.outcome.in_(DECIDED))
        .group_by(Decision.casefile_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Claim, Decision)
        .join(Decision, Decision.casefile_id == Claim.id)
        .where(Decision.id.in_(newest), Claim.branch_code == branch_code)
        .order_by(Decision.id.desc())
        .limit(MOST_CASES + 1)
    )
    return [(claim, decision) for claim, decision in rows]


class Budget:
    """How many cases are looked at, and for how long. ``spent``: some were left out."""

    def __init__(self) -> None:
        self.spent = False
        self._until = time.monotonic() + MOST_SECONDS

    def within(self, cases: Iterable[_Case]) -> Iterator[_Case]:
        """Give cases until their number or the time is used up."""
        for number, case in enumerate(cases):
            if number >= MOST_CASES or time.monotonic() > self._until:
                self.spent = True
                return
            yield case
