"""To whom a family's slip may be given, and by whom outside the branch; the days a PIN must not be.

Not here: the slip itself (``people.slips``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from caseflow.claims import family
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim, FamilyMember
from caseflow.errors import NotFound
from caseflow.identifiers import read_case_number
from caseflow.law.relatives import RELATION_LABELS, age_on
from caseflow.people.actor import Actor
from caseflow.registry.models import Worker
from caseflow.workflow.models import CaseFile


@dataclass(frozen=True)
class Holder:
    """A recorded relative as the holder of a slip.

    :ivar name: who keeps it; of a minor the guardian, ``None`` while none is recorded.
    :ivar member_name: whose part it stands for. :ivar is_minor: a guardian keeps it.
    """

    member_id: int
    member_name: str
    relation: str
    name: str | None
    is_minor: bool


def holders(session: Session, claim: Claim, *, on: date) -> list[Holder]:
    """Return the living relatives on record, minors with their guardian."""
    minor_age = numbers().on("minor_age", on).value
    return [
        _holder(member, on, minor_age)
        for member in family.members(session, claim.id)
        if member.alive is not False
    ]


def get_claim_of_area(session: Session, number: str, *, by: Actor) -> Claim:
    """Return a claim of the own nagari or regency, for who helps families there and reads no cases.

    :raises NotFound: elsewhere, the same as for numbers that do not exist.
    """
    own = [
        or_(CaseFile.region_code == code, CaseFile.region_code.startswith(f"{code}.", autoescape=True))
        for code in sorted(by.region_codes)
    ]
    claim = session.scalar(
        select(Claim).where(Claim.number == (read_case_number(number) or ""), or_(False, *own))
    )
    if claim is None:
        raise NotFound("Kasus ini tidak ditemukan di wilayah Anda. Periksa lagi nomornya.")
    return claim


def days_of(session: Session, claim: Claim) -> list[date]:
    """Return the days that relatives know of this family: births, the event, a death."""
    return list(_days(session, claim))


def _days(session: Session, claim: Claim) -> Iterator[date]:
    yield claim.event_on
    if claim.died_on is not None:
        yield claim.died_on
    worker = session.get(Worker, claim.worker_id) if claim.worker_id is not None else None
    if worker is not None and worker.born_on is not None:
        yield worker.born_on
    for member in family.members(session, claim.id):
        yield from (day for day in (member.born_on, member.died_on) if day is not None)


def _holder(member: FamilyMember, on: date, minor_age: int) -> Holder:
    is_minor = member.born_on is not None and age_on(member.born_on, on) < minor_age
    labels: dict[str, str] = dict(RELATION_LABELS.items())
    return Holder(
        member_id=member.id,
        member_name=member.full_name,
        relation="pekerja sendiri"
        if member.relation == "self"
        else labels.get(member.relation, member.relation),
        name=member.guardian_name if is_minor else member.full_name,
        is_minor=is_minor,
    )
