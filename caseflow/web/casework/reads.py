"""What every case screen reads besides the queries of the domains: columns only, one statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, String, bindparam, exists, func, select
from sqlalchemy.orm import Session

from caseflow.audit.models import AuditEvent
from caseflow.claims.accident_models import AccidentRecord
from caseflow.claims.models import Claim, FamilyMember
from caseflow.documents.models import Requirement
from caseflow.people.models import Person, StaffUser
from caseflow.registry.models import Region
from caseflow.workflow.models import Duty, History


@dataclass(frozen=True)
class HeadFacts:
    """What the header and the tabs of a case say.

    :ivar seen: the newest small act: what a page shows is at least that new.
    """

    region: str
    assignee: str | None
    papers: int
    papers_accepted: int
    papers_submitted: int
    relatives: int
    accident: bool
    seen: int


@dataclass(frozen=True)
class DutyHolder:
    """Who holds which duty on a case."""

    person_id: int
    name: str
    duty: str
    taken_at: datetime


def head_facts(session: Session, claim: Claim) -> HeadFacts:
    """Return region, officer and counts in one statement."""
    of_claim = {"claim": claim.id, "region": claim.region_code, "assignee": claim.assignee_user_id}
    region, assignee, papers, accepted, submitted, relatives, accident, seen = session.execute(
        _head_facts(), of_claim
    ).one()
    return HeadFacts(
        region or claim.region_code, assignee, papers, accepted, submitted, relatives, accident, seen or 0
    )


@cache
def _head_facts() -> Select[*tuple[Any, ...]]:
    """Return the statement, built once: every page of a case asks it."""
    claim_id = bindparam("claim", type_=BigInteger())
    papers = select(func.count()).where(Requirement.casefile_id == claim_id, Requirement.need != "optional")
    return select(
        select(Region.name).where(Region.code == bindparam("region", type_=String())).scalar_subquery(),
        select(Person.full_name)
        .join(StaffUser, StaffUser.person_id == Person.id)
        .where(StaffUser.id == bindparam("assignee", type_=BigInteger()))
        .scalar_subquery(),
        papers.where(Requirement.status != "not_applicable").scalar_subquery(),
        papers.where(Requirement.status == "accepted").scalar_subquery(),
        papers.where(Requirement.status == "submitted").scalar_subquery(),
        select(func.count())
        .where(
            FamilyMember.casefile_id == claim_id,
            FamilyMember.removed_at.is_(None),
            FamilyMember.relation != "self",
        )
        .scalar_subquery(),
        exists().where(AccidentRecord.casefile_id == claim_id),
        select(func.max(AuditEvent.id)).where(AuditEvent.casefile_id == claim_id).scalar_subquery(),
    )


def duties(session: Session, casefile_id: int) -> Sequence[DutyHolder]:
    """Return who holds which duty, oldest first."""
    rows = session.execute(
        select(Duty.person_id, Person.full_name.label("name"), Duty.duty, Duty.taken_at)
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.casefile_id == casefile_id)
        .order_by(Duty.taken_at)
    )
    return [DutyHolder(**row._asdict()) for row in rows]


def last_move(session: Session, casefile_id: int, version: int) -> History | None:
    """Return the move that led to the present state."""
    return session.get(History, (casefile_id, version))


def moves_since(session: Session, casefile_id: int, version: int) -> Sequence[History]:
    """Return what moved the case after the version a page showed, newest first."""
    return session.scalars(
        select(History)
        .where(History.casefile_id == casefile_id, History.version > version)
        .order_by(History.version.desc())
    ).all()


def acts_of_others_since(
    session: Session, casefile_id: int, event_id: int, actions: Sequence[str], person_id: int | None
) -> Sequence[AuditEvent]:
    """Return changes of these kinds that other people made since a page was read, newest first."""
    return session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.casefile_id == casefile_id,
            AuditEvent.id > event_id,
            AuditEvent.action.in_(actions),
            AuditEvent.actor_person_id.is_distinct_from(person_id),
        )
        .order_by(AuditEvent.id.desc())
        .limit(20)
    ).all()


def person_names(session: Session, person_ids: Sequence[int]) -> dict[int, str]:
    """Return names by key."""
    if not person_ids:
        return {}
    rows = session.execute(select(Person.id, Person.full_name).where(Person.id.in_(set(person_ids))))
    return {row.id: row.full_name for row in rows}


def region_names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """Return names of regions by code."""
    rows = session.execute(select(Region.code, Region.name).where(Region.code.in_(set(codes))))
    return {row.code: row.name for row in rows}
