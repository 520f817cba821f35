"""Work that changes hands: an officer goes on leave, moves, or leaves, and no family waits for somebody who is gone.

A case belongs to the branch. Whoever gives up their work gives it up whole, in one transaction, with a note of what
was promised; what nobody took over lies in the common list in the morning. Not here: giving one case to somebody
(``intake.assign``), accounts and roles (``people.staffing``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.claims.family_models import FamilyRequest
from caseflow.claims.handover_models import Handover, HandoverCase
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.identifiers import public_id
from caseflow.people import policy, staffing
from caseflow.people.actor import SYSTEM, Actor
from caseflow.people.models import RoleGrant, StaffUser
from caseflow.workflow.models import CaseFile, Duty

SHORTEST_NOTE = 10
LONGEST_NOTE = 2000
WHY: Mapping[str, str] = MappingProxyType(
    {
        "leave": "Cuti atau sakit",
        "moved": "Pindah tugas",
        "left": "Berhenti, akun ditutup",
        "ownerless": "Pemegangnya sudah tidak aktif (otomatis)",
    }
)
_CHOSEN = ("leave", "moved")


@dataclass(frozen=True)
class Given:
    """To whom everything goes, and what the receiver has to know. ``to_user_id=None``: the common list."""

    to_user_id: int | None
    note: str


@dataclass(frozen=True)
class InHand:
    """An open case that somebody has, with what its family waits for."""

    casefile_id: int
    number: str
    subject: str
    branch_code: str
    state: str
    due_on: date | None
    requests_waiting: int
    remind_on: date | None


def in_hand(session: Session, user_id: int) -> Sequence[InHand]:
    """Return every open case that an account has, the most urgent first."""
    rows = session.execute(_promises().where(*_owned_by(user_id)).order_by(CaseFile.sort_on, CaseFile.id))
    return [InHand(*row) for row in rows]


def hand_over(
    session: Session, from_user_id: int, given: Given, *, why: str, by: Actor, now: datetime
) -> Handover:
    """Give everything that somebody has to a colleague, or back to the common list. The account stays open.

    :param why: ``leave`` or ``moved``.
    :raises NotPermitted: an officer gives up only their own work. :raises Invalid: no note, or nobody to receive.
    :raises NotPossible: there is nothing to hand over.
    """
    policy.require(by, "handover.give")
    if policy.mark(by, "handover.give") == "own" and by.user_id != from_user_id:
        raise NotPermitted("Anda menyerahkan kasus Anda sendiri. Kasus orang lain diserahkan kepala cabang.")
    if why not in _CHOSEN:
        raise Invalid({"why": "Pilih alasannya. Belum ada yang diserahkan."})
    _hold(session, from_user_id)
    user = staffing.get_open(session, from_user_id, lock=True)
    if by.branch_code is None or not _works_for(session, user.person_id, by.branch_code):
        raise NotFound("Petugas ini tidak ditemukan di cabang Anda.")
    _check(session, from_user_id, given, by=by)
    moved = _move(session, from_user_id, given, why=why, by=by, now=now)
    if moved is None:
        raise NotPossible("Petugas ini tidak memegang kasus terbuka. Tidak ada yang perlu diserahkan.")
    return moved


def close_account(
    session: Session, user_id: int, given: Given, *, by: Actor, now: datetime
) -> Handover | None:
    """Close an account and hand over everything it has, both or neither.

    :raises NotPermitted, NotFound, NotPossible: as :func:`staffing.close`. :raises Invalid: no note for the receiver.
    """
    policy.require(by, "staff.close")
    _hold(session, user_id)
    staffing.close(session, user_id, by=by, now=now)
    if in_hand(session, user_id):
        _check(session, user_id, given, by=by)
    return _move(session, user_id, given, why="left", by=by, now=now)


def take_role(session: Session, grant_id: int, given: Given, *, by: Actor, now: datetime) -> Handover | None:
    """Take a role back; whoever works for the branch no longer hands over what they have, both or neither.

    :raises NotPermitted, NotFound, NotPossible: as :func:`staffing.revoke_role`. :raises Invalid: no note.
    """
    policy.require(by, "staff.close")
    grant = session.get(RoleGrant, grant_id)
    staffing.revoke_role(session, grant_id, by=by, now=now)
    if grant is None or grant.scope_kind != "branch":
        return None
    moved = None
    for user_id in session.scalars(select(StaffUser.id).where(StaffUser.person_id == grant.person_id)):
        if _works_for(session, grant.person_id, grant.scope_code) or not in_hand(session, user_id):
            continue
        _check(session, user_id, given, by=by)
        moved = _move(session, user_id, given, why="moved", by=by, now=now)
    return moved


def ownerless(session: Session) -> Sequence[int]:
    """Return the accounts that have open cases and cannot work on them: closed, or no longer of the branch."""
    at_work = exists().where(
        RoleGrant.person_id == StaffUser.person_id,
        RoleGrant.revoked_at.is_(None),
        RoleGrant.role_family == "branch",
        RoleGrant.scope_code == CaseFile.branch_code,
    )
    # what lies apart (complaints, nominations) is worked on by others than the branch's officers
    gone = or_(~StaffUser.active, and_(CaseFile.branch_code.not_like("%/%"), ~at_work))
    return session.scalars(
        select(StaffUser.id)
        .join(CaseFile, CaseFile.assignee_user_id == StaffUser.id)
        .where(CaseFile.closed_at.is_(None), gone)
        .distinct()
        .order_by(StaffUser.id)
    ).all()


def sweep(session: Session, user_id: int, *, now: datetime) -> bool:
    """Give what somebody has who is gone back to the common list; the work of a night, harmless to repeat."""
    if user_id not in ownerless(session):
        return False
    return _move(session, user_id, Given(None, ""), why="ownerless", by=SYSTEM, now=now) is not None


def _check(session: Session, from_user_id: int, given: Given, *, by: Actor) -> None:
    problems = {}
    if not SHORTEST_NOTE <= len(given.note.strip()) <= LONGEST_NOTE:
        problems["note"] = (
            f"Tulis apa yang sudah dijanjikan kepada keluarga, {SHORTEST_NOTE} sampai {LONGEST_NOTE} huruf. "
            "Belum ada yang diserahkan."
        )
    if given.to_user_id is not None and not _may_receive(session, from_user_id, given.to_user_id, by):
        problems["to"] = "Pilih petugas klaim cabang ini yang masih aktif. Belum ada yang diserahkan."
    if problems:
        raise Invalid(problems)


def _may_receive(session: Session, from_user_id: int, to_user_id: int, by: Actor) -> bool:
    """Whether a colleague may receive; their account is held so that it is not closed meanwhile."""
    user = session.get(StaffUser, to_user_id, with_for_update={"read": True}, populate_existing=True)
    if user is None or not user.active or to_user_id == from_user_id:
        return False
    return (
        session.scalar(
            select(
                exists().where(
                    RoleGrant.person_id == user.person_id,
                    RoleGrant.revoked_at.is_(None),
                    RoleGrant.role == "officer",
                    RoleGrant.scope_code == by.branch_code,
                )
            )
        )
        is True
    )


def _works_for(session: Session, person_id: int, branch_code: str) -> bool:
    found = session.scalar(
        select(RoleGrant.id)
        .where(
            RoleGrant.person_id == person_id,
            RoleGrant.revoked_at.is_(None),
            RoleGrant.role_family == "branch",
            RoleGrant.scope_code == branch_code,
        )
        .limit(1)
    )
    return found is not None


def _hold(session: Session, user_id: int) -> None:
    """Lock the cases before the account, in the order of every verb that gives a case to somebody."""
    session.flush()
    session.execute(
        select(CaseFile.id).where(*_owned_by(user_id)).order_by(CaseFile.id).with_for_update(of=CaseFile)
    )


def _move(
    session: Session, from_user_id: int, given: Given, *, why: str, by: Actor, now: datetime
) -> Handover | None:
    """Move all open cases and write where each went; ``None`` when there is none."""
    _hold(session, from_user_id)
    rows = session.execute(_promises().where(*_owned_by(from_user_id)).order_by(CaseFile.id)).all()
    if not rows:
        return None
    apart = _out_of_hand(session, rows, given.to_user_id)
    moved = Handover(
        public_id=public_id(),
        from_user_id=from_user_id,
        to_user_id=given.to_user_id,
        why=why,
        note=given.note.strip(),
        at=now,
        by_user_id=by.user_id,
        cases=len(rows),
    )
    session.add(moved)
    session.flush()
    for row in rows:
        _move_one(session, row, None if row.id in apart else given.to_user_id, moved, by=by)
    session.flush()
    details = {"cases": len(rows), "to": given.to_user_id, "why": why}
    record(session, "handover.done", by=by, subject=f"user:{from_user_id}", details=details)
    return moved


def _move_one(session: Session, row: Row[Any], to_user_id: int | None, moved: Handover, *, by: Actor) -> None:
    session.execute(update(CaseFile).where(CaseFile.id == row.id).values(assignee_user_id=to_user_id))
    session.add(
        HandoverCase(
            handover_id=moved.id,
            casefile_id=row.id,
            to_user_id=to_user_id,
            state=row.state,
            due_on=row.due_on,
            requests_waiting=row.requests_waiting,
            remind_on=row.remind_on,
        )
    )
    details = {"user": to_user_id, "from": moved.from_user_id}
    record(session, "claim.handed_over", by=by, casefile_id=row.id, details=details)


def _out_of_hand(session: Session, rows: Sequence[Row[Any]], to_user_id: int | None) -> frozenset[int]:
    """Return the cases that the colleague cannot take: of another desk, or on which they already hold another duty."""
    if to_user_id is None:
        return frozenset()
    held = session.scalars(
        select(Duty.casefile_id)
        .join(StaffUser, StaffUser.person_id == Duty.person_id)
        .where(
            StaffUser.id == to_user_id,
            Duty.duty != "verify",
            Duty.casefile_id.in_([row.id for row in rows]),
        )
    )
    return frozenset(held) | {row.id for row in rows if "/" in row.branch_code}


def _owned_by(user_id: int) -> tuple[Any, ...]:
    return CaseFile.assignee_user_id == user_id, CaseFile.closed_at.is_(None)


def _promises() -> Select[Any]:
    """Return the statement of open cases with their day and what their families wait for."""
    waiting = FamilyRequest.answered_at.is_(None) & (FamilyRequest.casefile_id == CaseFile.id)
    return select(
        CaseFile.id,
        CaseFile.number,
        CaseFile.subject,
        CaseFile.branch_code,
        CaseFile.state,
        func.coalesce(CaseFile.due_on, CaseFile.follow_up_on).label("due_on"),
        select(func.count())
        .where(waiting, FamilyRequest.kind != "remind")
        .scalar_subquery()
        .label("requests_waiting"),
        select(func.min(FamilyRequest.remind_on))
        .where(waiting, FamilyRequest.kind == "remind")
        .scalar_subquery()
        .label("remind_on"),
    )
