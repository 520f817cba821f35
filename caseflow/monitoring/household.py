"""Who of a family a visit asks about: the children that the claim knows, each with a number of its own.

The number is the child's place among all that were ever recorded: it names a child to a phone and never changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import FamilyMember

_CHILDREN = ("child", "adopted_child")


@dataclass(frozen=True)
class Child:
    """A child of the worker; ``known`` is false once it was taken off the claim, or died."""

    number: int
    member_id: int
    first_name: str
    born_on: date | None
    known: bool


def children_of(session: Session, claim_id: int) -> Sequence[Child]:
    """Return the children of a claim, in the order of their numbers."""
    rows = session.scalars(
        select(FamilyMember)
        .where(FamilyMember.casefile_id == claim_id, FamilyMember.relation.in_(_CHILDREN))
        .order_by(FamilyMember.id)
    )
    return [
        Child(
            number=number,
            member_id=row.id,
            first_name=row.full_name.split()[0],
            born_on=row.born_on,
            known=row.removed_at is None and row.alive is not False,
        )
        for number, row in enumerate(rows, start=1)
    ]
