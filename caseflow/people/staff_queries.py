"""What the page of accounts reads: who they are, their roles, when they were last here. Never anything secret.

Who works for another branch is not shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from caseflow.errors import NotFound
from caseflow.people import policy
from caseflow.people.accounts import normal_username
from caseflow.people.actor import Actor
from caseflow.people.models import Person, RoleGrant, StaffSession, StaffUser
from caseflow.people.proposal_models import StaffProposal
from caseflow.people.sessions import IDLE

PAGE = 60
_NOBODY = ("", 0)


@dataclass(frozen=True)
class Held:
    """A role that is in force."""

    grant_id: int
    role: str
    scope_kind: str
    scope_code: str

    @property
    def label(self) -> str:
        """The role as people call it."""
        return policy.policy().roles[self.role].label if self.role in policy.policy().roles else self.role


@dataclass(frozen=True)
class StaffRow:
    """An account in the list. ``last_in``: when a sign-in was last finished; ``sessions``: browsers signed in now."""

    user_id: int
    person_id: int
    username: str
    full_name: str
    title: str
    active: bool
    created_at: datetime
    temporary_until: datetime | None
    has_second_factor: bool
    last_in: datetime | None
    sessions: int
    roles: Sequence[Held] = ()


@dataclass(frozen=True)
class Proposed:
    """An open proposal. ``username`` and ``full_name`` of whom it is about."""

    public_id: str
    username: str
    full_name: str
    is_new: bool
    role: str
    scope_code: str
    reason: str
    proposed_at: datetime
    proposed_by: str
    proposed_by_user_id: int

    @property
    def label(self) -> str:
        """The role as people call it."""
        return policy.policy().roles[self.role].label if self.role in policy.policy().roles else self.role


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to. ``after``: name and key of the last one on the page before."""

    text: str = ""
    role: str = ""
    closed: bool = False
    after: tuple[str, int] = _NOBODY


def staff(session: Session, wanted: Filter, *, by: Actor, now: datetime) -> list[StaffRow]:
    """Return one page of accounts (and one more, when there is another page) by name."""
    policy.require(by, "staff.read")
    query = _accounts(by, now).where(StaffUser.active.is_(not wanted.closed))
    if wanted.text.strip():
        literal = wanted.text.strip()[:100]
        query = query.where(
            or_(
                Person.full_name.icontains(literal, autoescape=True),
                StaffUser.username.icontains(literal.lower(), autoescape=True),
            )
        )
    if wanted.role:
        query = query.where(_holds(RoleGrant.role == wanted.role))
    if wanted.after != _NOBODY:
        query = query.where(tuple_(Person.full_name, StaffUser.id) > wanted.after)
    rows = session.execute(query.order_by(Person.full_name, StaffUser.id).limit(PAGE + 1)).all()
    return _with_roles(session, rows)


def get_staff(session: Session, username: str, *, by: Actor, now: datetime) -> StaffRow:
    """Return one account, open or closed.

    :raises NotFound: not there, or of another branch.
    """
    policy.require(by, "staff.read")
    rows = session.execute(_accounts(by, now).where(StaffUser.username == normal_username(username))).all()
    if not rows:
        raise NotFound("Akun ini tidak ditemukan.")
    return _with_roles(session, rows)[0]


def proposals(session: Session, *, by: Actor) -> list[Proposed]:
    """Return the proposals that wait for an answer, the oldest first."""
    policy.require(by, "staff.read")
    about, about_person = StaffUser.__table__.alias("about"), Person.__table__.alias("about_person")
    who, who_person = StaffUser.__table__.alias("who"), Person.__table__.alias("who_person")
    rows = session.execute(
        select(
            StaffProposal.public_id,
            func.coalesce(about.c.username, StaffProposal.username),
            func.coalesce(about_person.c.full_name, StaffProposal.full_name),
            StaffProposal.user_id.is_(None),
            StaffProposal.role,
            StaffProposal.scope_code,
            StaffProposal.reason,
            StaffProposal.proposed_at,
            who_person.c.full_name,
            StaffProposal.proposed_by_user_id,
        )
        .outerjoin(about, about.c.id == StaffProposal.user_id)
        .outerjoin(about_person, about_person.c.id == about.c.person_id)
        .join(who, who.c.id == StaffProposal.proposed_by_user_id)
        .join(who_person, who_person.c.id == who.c.person_id)
        .where(
            StaffProposal.answered_at.is_(None),
            or_(StaffProposal.scope_kind != "branch", StaffProposal.scope_code == (by.branch_code or "")),
        )
        .order_by(StaffProposal.id)
    )
    return [Proposed(*row) for row in rows]


def names_of(session: Session, subjects: Iterable[str]) -> dict[str, str]:
    """Return the names of whom changes are about: ``user:3``, ``person:5``."""
    told = [one.partition(":") for one in subjects]
    keys = {kind: [int(key) for one, _, key in told if one == kind] for kind in ("user", "person")}
    rows = session.execute(
        select(StaffUser.id, Person.id, Person.full_name)
        .join_from(StaffUser, Person, Person.id == StaffUser.person_id)
        .where(or_(StaffUser.id.in_(keys["user"]), Person.id.in_(keys["person"])))
    )
    found = {}
    for user_id, person_id, name in rows:
        found[f"user:{user_id}"] = found[f"person:{person_id}"] = name
    return found


def _accounts(by: Actor, now: datetime) -> Select[Any]:
    browsers = StaffSession.user_id == StaffUser.id
    last_in = select(func.max(StaffSession.created_at)).where(
        browsers, StaffSession.second_factor_at.is_not(None)
    )
    living = select(func.count()).where(
        browsers,
        StaffSession.revoked_at.is_(None),
        StaffSession.expires_at > now,
        StaffSession.seen_at > now - IDLE,
        StaffSession.second_factor_at.is_not(None),
    )
    elsewhere = _holds(RoleGrant.scope_kind == "branch", RoleGrant.scope_code != (by.branch_code or ""))
    columns: tuple[Any, ...] = (
        StaffUser.id,
        StaffUser.person_id,
        StaffUser.username,
        Person.full_name,
        StaffUser.title,
        StaffUser.active,
        StaffUser.created_at,
        StaffUser.temporary_until,
        StaffUser.totp_secret.is_not(None),
        last_in.scalar_subquery(),
        living.scalar_subquery(),
    )
    return select(*columns).join_from(StaffUser, Person, Person.id == StaffUser.person_id).where(~elsewhere)


def _holds(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(RoleGrant.person_id == StaffUser.person_id, RoleGrant.revoked_at.is_(None), *which)


def _with_roles(session: Session, rows: Sequence[Row[Any]]) -> list[StaffRow]:
    found = [StaffRow(*tuple(row)) for row in rows]
    held: dict[int, list[Held]] = {}
    grants = session.execute(
        select(RoleGrant.person_id, RoleGrant.id, RoleGrant.role, RoleGrant.scope_kind, RoleGrant.scope_code)
        .where(RoleGrant.person_id.in_([row.person_id for row in found]), RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.id)
    )
    for grant in grants:
        person_id, *rest = cast("tuple[Any, ...]", grant)
        held.setdefault(person_id, []).append(Held(*rest))
    return [_of(row, held.get(row.person_id, [])) for row in found]


def _of(row: StaffRow, roles: Sequence[Held]) -> StaffRow:
    return StaffRow(**{**row.__dict__, "roles": tuple(roles)})
