"""What screens read of hand-overs: who gave what to whom, what was promised, and what a receiver has not taken up yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from caseflow.claims.handover_models import Handover, HandoverCase
from caseflow.errors import NotFound
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.people.models import Person, RoleGrant, StaffUser
from caseflow.workflow.models import CaseFile

PAGE = 40


@dataclass(frozen=True)
class HandoverRow:
    """One act of handing over. ``to_name``: ``None`` for the common list; ``by_name``: ``None`` for the night job."""

    id: int
    public_id: str
    at: datetime
    from_name: str
    to_name: str | None
    by_name: str | None
    why: str
    note: str
    cases: int


@dataclass(frozen=True)
class MovedCase:
    """A case as it was handed over, and who has it now."""

    number: str
    subject: str
    workflow: str
    workflow_version: int
    state: str
    due_on: date | None
    requests_waiting: int
    remind_on: date | None
    to_name: str | None
    now_with: str | None


@dataclass(frozen=True)
class Received:
    """What the one who has a case now was told when it came to them."""

    public_id: str
    at: datetime
    from_name: str
    why: str
    note: str


@dataclass(frozen=True)
class Colleague:
    """An officer of the branch who is still here."""

    user_id: int
    username: str
    full_name: str


def colleagues(session: Session, *, by: Actor) -> list[Colleague]:
    """Return the officers of the branch, by name."""
    rows = session.execute(
        select(StaffUser.id, StaffUser.username, Person.full_name)
        .join(Person, Person.id == StaffUser.person_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role == "officer",
            RoleGrant.revoked_at.is_(None),
            RoleGrant.scope_code == (by.branch_code or ""),
            StaffUser.active,
        )
        .order_by(Person.full_name, StaffUser.id)
    )
    return [Colleague(*row) for row in rows]


def recent(session: Session, *, by: Actor) -> list[HandoverRow]:
    """Return the last hand-overs of the branch, or those that concern an officer themself, newest first."""
    policy.require(by, "handover.read")
    rows = session.execute(_rows().where(_reach(by)).order_by(Handover.id.desc()).limit(PAGE))
    return [HandoverRow(*row) for row in rows]


def get_handover(session: Session, handover_id: str, *, by: Actor) -> HandoverRow:
    """Return one hand-over. :raises NotFound: not there, or not this person's to see."""
    policy.require(by, "handover.read")
    row = session.execute(_rows().where(Handover.public_id == handover_id, _reach(by))).one_or_none()
    if row is None:
        raise NotFound("Serah terima ini tidak ditemukan.")
    return HandoverRow(*row)


def cases_of(session: Session, handover_id: int, *, by: Actor) -> list[MovedCase]:
    """Return the cases of a hand-over that the person may see; complaints are their desk's alone."""
    to_user, to_person = aliased(StaffUser), aliased(Person)
    now_user, now_person = aliased(StaffUser), aliased(Person)
    columns: tuple[Any, ...] = (
        CaseFile.number,
        CaseFile.subject,
        CaseFile.workflow,
        CaseFile.workflow_version,
        HandoverCase.state,
        HandoverCase.due_on,
        HandoverCase.requests_waiting,
        HandoverCase.remind_on,
        to_person.full_name,
        now_person.full_name,
    )
    rows = session.execute(
        select(*columns)
        .join_from(HandoverCase, CaseFile.__table__, CaseFile.id == HandoverCase.casefile_id)
        .outerjoin(to_user, to_user.id == HandoverCase.to_user_id)
        .outerjoin(to_person, to_person.id == to_user.person_id)
        .outerjoin(now_user, now_user.id == CaseFile.assignee_user_id)
        .outerjoin(now_person, now_person.id == now_user.person_id)
        .where(HandoverCase.handover_id == handover_id, CaseFile.branch_code == (by.branch_code or ""))
        .order_by(HandoverCase.due_on.nulls_last(), CaseFile.id)
    )
    return [MovedCase(*tuple(row)) for row in rows]


def given_by(session: Session, user_id: int) -> list[HandoverRow]:
    """Return what an account has handed over, newest first; the page of accounts shows numbers only."""
    rows = session.execute(
        _rows().where(Handover.from_user_id == user_id).order_by(Handover.id.desc()).limit(PAGE)
    )
    return [HandoverRow(*row) for row in rows]


def received_note(session: Session, casefile_id: int) -> Received | None:
    """Return what came with a case to whoever has it, until the case has taken its next step."""
    giver = aliased(Person)
    row = session.execute(
        select(Handover.public_id, Handover.at, giver.full_name, Handover.why, Handover.note)
        .join(HandoverCase, HandoverCase.handover_id == Handover.id)
        .join(CaseFile.__table__, CaseFile.id == HandoverCase.casefile_id)
        .join(StaffUser, StaffUser.id == Handover.from_user_id)
        .join(giver, giver.id == StaffUser.person_id)
        .where(HandoverCase.casefile_id == casefile_id, *_fresh())
        .order_by(Handover.id.desc())
        .limit(1)
    ).one_or_none()
    return Received(*row) if row else None


def to_take_up(session: Session, *, by: Actor) -> Sequence[tuple[str, str]]:
    """Return number and name of the cases that came to an officer and have not taken a step since."""
    rows = session.execute(
        select(CaseFile.number, CaseFile.subject, CaseFile.sort_on)
        .where(
            CaseFile.assignee_user_id == (by.user_id or 0),
            CaseFile.closed_at.is_(None),
            CaseFile.branch_code == (by.branch_code or ""),
            exists().where(
                HandoverCase.casefile_id == CaseFile.id, HandoverCase.handover_id == Handover.id, *_fresh()
            ),
        )
        .order_by(CaseFile.sort_on, CaseFile.id)
    )
    return [(row.number, row.subject) for row in rows]


def _fresh() -> tuple[ColumnElement[bool], ...]:
    """The case is still where it was handed to, and stands where it stood."""
    return (
        HandoverCase.to_user_id.is_not_distinct_from(CaseFile.assignee_user_id),
        CaseFile.entered_at <= Handover.at,
    )


def _rows() -> Select[Any]:
    giver, taker, doer = aliased(Person), aliased(Person), aliased(Person)
    giver_user, taker_user, doer_user = aliased(StaffUser), aliased(StaffUser), aliased(StaffUser)
    columns: tuple[Any, ...] = (
        Handover.id,
        Handover.public_id,
        Handover.at,
        giver.full_name,
        taker.full_name,
        doer.full_name,
        Handover.why,
        Handover.note,
        Handover.cases,
    )
    return (
        select(*columns)
        .join_from(Handover, giver_user, giver_user.id == Handover.from_user_id)
        .join(giver, giver.id == giver_user.person_id)
        .outerjoin(taker_user, taker_user.id == Handover.to_user_id)
        .outerjoin(taker, taker.id == taker_user.person_id)
        .outerjoin(doer_user, doer_user.id == Handover.by_user_id)
        .outerjoin(doer, doer.id == doer_user.person_id)
    )


def _reach(by: Actor) -> ColumnElement[bool]:
    of_branch = exists(
        select(func.count())
        .select_from(HandoverCase)
        .join(CaseFile.__table__, CaseFile.id == HandoverCase.casefile_id)
        .where(HandoverCase.handover_id == Handover.id, CaseFile.branch_code == (by.branch_code or ""))
        .having(func.count() > 0)
    )
    if policy.mark(by, "handover.read") == "full":
        return of_branch
    mine = or_(Handover.from_user_id == (by.user_id or 0), Handover.to_user_id == (by.user_id or 0))
    return of_branch & mine
