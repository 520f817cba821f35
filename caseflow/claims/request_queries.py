"""What screens read of the requests of families: only the columns shown, one statement a list."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from caseflow.claims.family_models import FamilyRequest
from caseflow.claims.models import Claim
from caseflow.documents.models import Requirement
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser
from caseflow.registry.models import Region
from caseflow.workflow.models import CaseFile

PAGE = 50
_WAITING = and_(FamilyRequest.answered_at.is_(None), FamilyRequest.kind != "remind")


@dataclass(frozen=True)
class RequestRow:
    """One request of a case. ``code``: the paper it is about; ``answered_by``: nobody for a reminder."""

    id: int
    kind: str
    code: str | None
    stuck_at: str | None
    words: str
    remind_on: date | None
    asked_by: str
    asked_at: datetime
    helped: bool
    answered_at: datetime | None
    answer: str | None
    answered_by: str | None
    taken_back: bool

    @property
    def open(self) -> bool:
        """Nobody has answered yet."""
        return self.answered_at is None


@dataclass(frozen=True)
class WaitingRow:
    """One open request in the list of a branch."""

    id: int
    number: str
    subject: str
    honorific: str
    program: str
    region: str
    kind: str
    code: str | None
    paper_status: str | None
    stuck_at: str | None
    words: str
    asked_at: datetime
    assignee: str | None
    assignee_user_id: int | None


@dataclass(frozen=True)
class NagariRow:
    """A paper that a family cannot get at its nagari; no name stands in it."""

    id: int
    number: str
    code: str
    region: str
    asked_at: datetime


def requests_of(session: Session, casefile_id: int, code: str | None = None) -> list[RequestRow]:
    """Return the requests of a case, or those about one paper, newest first."""
    about = () if code is None else (Requirement.code == code,)
    rows: Iterable[Any] = session.execute(
        select(
            FamilyRequest.id,
            FamilyRequest.kind,
            Requirement.code,
            FamilyRequest.stuck_at,
            FamilyRequest.words,
            FamilyRequest.remind_on,
            FamilyRequest.asked_by,
            FamilyRequest.asked_at,
            FamilyRequest.helped_by_user_id.is_not(None),
            FamilyRequest.answered_at,
            FamilyRequest.answer,
            Person.full_name,
            FamilyRequest.taken_back,
        )
        .outerjoin(Requirement, Requirement.id == FamilyRequest.requirement_id)
        .outerjoin(StaffUser, StaffUser.id == FamilyRequest.answered_by_user_id)
        .outerjoin(Person, Person.id == StaffUser.person_id)
        .where(FamilyRequest.casefile_id == casefile_id, *about)
        .order_by(FamilyRequest.id.desc())
        .limit(200)
    )
    return [RequestRow(*row) for row in rows]


def waiting(
    session: Session, *, by: Actor, mine: bool | None = None, after: int = 0, limit: int = PAGE + 1
) -> list[WaitingRow]:
    """Return what the families of a branch wait for, oldest first.

    :param mine: only, or without, the cases given to this person; :param after: key of the last one seen.
    """
    query = _waiting_rows().where(CaseFile.branch_code == (by.branch_code or ""), FamilyRequest.id > after)
    if mine is not None:
        is_mine = CaseFile.assignee_user_id == (by.user_id or 0)
        query = query.where(is_mine if mine else CaseFile.assignee_user_id.is_distinct_from(by.user_id or 0))
    rows = session.execute(query.order_by(FamilyRequest.id).limit(limit))
    return [WaitingRow(*row) for row in rows]


def waiting_count(branch_code: ColumnElement[str]) -> Select[Any]:
    """Return the statement that counts the open requests of a branch, to stand inside another."""
    cases = CaseFile.__table__.alias("case_of_request")
    return (
        select(func.count())
        .select_from(FamilyRequest)
        .join(cases, cases.c.id == FamilyRequest.casefile_id)
        .where(_WAITING, cases.c.branch_code == branch_code)
    )


def nagari_requests(session: Session, region_codes: Collection[str]) -> list[NagariRow]:
    """Return the papers that families cannot get at their nagari, oldest first, of these areas."""
    if not region_codes:
        return []
    area = or_(
        *(
            or_(CaseFile.region_code == code, CaseFile.region_code.startswith(f"{code}.", autoescape=True))
            for code in sorted(region_codes)
        )
    )
    rows = session.execute(
        select(FamilyRequest.id, CaseFile.number, Requirement.code, Region.name, FamilyRequest.asked_at)
        .join(CaseFile.__table__, CaseFile.__table__.c.id == FamilyRequest.casefile_id)
        .join(Requirement, Requirement.id == FamilyRequest.requirement_id)
        .join(Region, Region.code == CaseFile.region_code)
        .where(_WAITING, FamilyRequest.kind == "help_obtain", FamilyRequest.stuck_at == "nagari", area)
        .order_by(FamilyRequest.id)
        .limit(PAGE)
    )
    return [NagariRow(*row) for row in rows]


def due_reminders(session: Session, today: date) -> Sequence[int]:
    """Return the reminders whose day has come, the oldest day first."""
    return session.scalars(
        select(FamilyRequest.id)
        .where(
            FamilyRequest.kind == "remind",
            FamilyRequest.answered_at.is_(None),
            FamilyRequest.remind_on <= today,
        )
        .order_by(FamilyRequest.remind_on, FamilyRequest.id)
    ).all()


def _waiting_rows() -> Select[Any]:
    cases, claims = CaseFile.__table__, Claim.__table__
    return (
        select(
            FamilyRequest.id,
            CaseFile.number,
            CaseFile.subject,
            claims.c.honorific,
            claims.c.program,
            Region.name,
            FamilyRequest.kind,
            Requirement.code,
            Requirement.status,
            FamilyRequest.stuck_at,
            FamilyRequest.words,
            FamilyRequest.asked_at,
            Person.full_name,
            CaseFile.assignee_user_id,
        )
        .select_from(FamilyRequest)
        .join(cases, cases.c.id == FamilyRequest.casefile_id)
        .join(claims, claims.c.id == cases.c.id)
        .join(Region, Region.code == cases.c.region_code)
        .outerjoin(Requirement, Requirement.id == FamilyRequest.requirement_id)
        .outerjoin(StaffUser, StaffUser.id == cases.c.assignee_user_id)
        .outerjoin(Person, Person.id == StaffUser.person_id)
        .where(_WAITING)
    )
