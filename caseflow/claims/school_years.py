"""What is on record of a scholarship: the child, the school years asked for, and those that were paid."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from caseflow.claims.models import Claim
from caseflow.claims.paid_before import paid_codes
from caseflow.claims.scholarship_models import ScholarshipChild, SchoolYear
from caseflow.errors import NotFound

LINE_PREFIX = "scholarship_"  # of a line of the statement; the school year follows


def child_of(session: Session, claim: Claim) -> ScholarshipChild:
    """Return the child of a scholarship case.

    :raises NotFound: the case is about something else.
    """
    child = session.get(ScholarshipChild, claim.id)
    if child is None:
        raise NotFound("Kasus ini bukan kasus beasiswa.")
    return child


def school_years(session: Session, casefile_id: int) -> Sequence[SchoolYear]:
    """Return the school years that count, in order: paid ones and those that are applied for."""
    return session.scalars(
        select(SchoolYear)
        .where(SchoolYear.casefile_id == casefile_id, SchoolYear.removed_at.is_(None))
        .order_by(SchoolYear.year)
    ).all()


def years_applied_for(session: Session, casefile_id: int) -> list[SchoolYear]:
    """Return the school years that are applied for and not paid yet."""
    paid = paid_years(session, casefile_id)
    return [row for row in school_years(session, casefile_id) if row.year not in paid]


def paid_years(session: Session, casefile_id: int) -> set[int]:
    """Return the school years that the bank confirmed as paid."""
    codes = paid_codes(session, casefile_id)
    return {int(code.removeprefix(LINE_PREFIX)) for code in codes if code.startswith(LINE_PREFIX)}


def rights_of(session: Session, origin_id: int) -> Sequence[ScholarshipChild]:
    """Return the children for whom a claim opened the scholarship, in the order of their places."""
    return session.scalars(
        select(ScholarshipChild)
        .where(ScholarshipChild.origin_casefile_id == origin_id, ScholarshipChild.place.is_not(None))
        .order_by(ScholarshipChild.place)
    ).all()


def rights_of_worker(session: Session, origin: Claim) -> Sequence[ScholarshipChild]:
    """Return the children chosen for the worker of a claim, whichever of the worker's claims opened their right."""
    case = aliased(Claim)
    return session.scalars(
        select(ScholarshipChild)
        .join(case, case.id == ScholarshipChild.casefile_id)
        .where(
            ScholarshipChild.place.is_not(None),
            (ScholarshipChild.origin_casefile_id == origin.id) | (case.worker_id == origin.worker_id),
        )
        .order_by(ScholarshipChild.place)
    ).all()
