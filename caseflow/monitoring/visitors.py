"""Who visits: the social workers of an area, and how many families each follows. Chosen by area, changed by a supervisor."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from caseflow.monitoring.models import Plan
from caseflow.people.models import Person, RoleGrant, StaffUser
from caseflow.registry.models import Region

ROLE = "social_worker"


@dataclass(frozen=True)
class Visitor:
    """A social worker. ``here``, ``near`` and ``families``: open families in the nagari, its kecamatan, in all."""

    user_id: int
    username: str
    name: str
    here: int = 0
    near: int = 0
    families: int = 0


def visitors_of(session: Session, region_code: str) -> Sequence[Visitor]:
    """Return the social workers whose area holds a nagari: first who visits there already, then who has fewest near."""
    district = session.scalar(select(Region.parent_code).where(Region.code == region_code)) or region_code
    rows = session.execute(
        select(StaffUser.id, StaffUser.username, Person.full_name, RoleGrant.scope_code)
        .join(Person, Person.id == StaffUser.person_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(StaffUser.active, RoleGrant.role == ROLE, RoleGrant.revoked_at.is_(None))
        .order_by(StaffUser.id)
    ).all()
    able = {row.id: row for row in rows if f"{region_code}.".startswith(f"{row.scope_code}.")}
    counted = session.execute(
        select(
            Plan.visitor_user_id,
            func.count().filter(Plan.region_code == region_code),
            func.count().filter(Plan.region_code.startswith(f"{district}.", autoescape=True)),
            func.count(),
        )
        .where(Plan.closed_at.is_(None), Plan.visitor_user_id.in_(able))
        .group_by(Plan.visitor_user_id)
    ).all()
    counts = {row[0]: (row[1], row[2], row[3]) for row in counted}
    found = [
        Visitor(key, row.username, row.full_name, *counts.get(key, (0, 0, 0))) for key, row in able.items()
    ]
    return sorted(found, key=lambda one: (-one.here, one.near, one.families, one.user_id))


def choose(session: Session, region_code: str, *, but: Collection[int | None] = ()) -> int | None:
    """Return the visitor of a nagari: who has it already, else who follows fewest families in its kecamatan.

    :param but: who must not be it: who gives the family away, or whose visit is looked at again.
    """
    found = [one for one in visitors_of(session, region_code) if one.user_id not in but]
    return found[0].user_id if found else None


def every(session: Session) -> Sequence[Visitor]:
    """Return everybody who visits anywhere, by name; their families are not counted."""
    rows = session.execute(
        select(StaffUser.id, StaffUser.username, Person.full_name)
        .join(Person, Person.id == StaffUser.person_id)
        .where(StaffUser.active, _has_role(StaffUser))
        .order_by(Person.full_name, StaffUser.id)
    )
    return [Visitor(*row) for row in rows]


def serves(session: Session, user_id: int) -> bool:
    """Return whether somebody visits anywhere; their account is held so that it is not closed meanwhile."""
    user = session.get(StaffUser, user_id, with_for_update={"read": True}, populate_existing=True)
    return user is not None and user_id in {one.user_id for one in every(session)}


def is_served(user_id: Any, region_code: Any) -> ColumnElement[bool]:
    """Return the condition that a user visits in a nagari: open account, role, area; nobody does not."""
    user, grant = aliased(StaffUser), aliased(RoleGrant)
    return exists().where(
        user.id == user_id,
        user.active,
        grant.person_id == user.person_id,
        grant.role == ROLE,
        grant.revoked_at.is_(None),
        func.starts_with(func.concat(region_code, "."), func.concat(grant.scope_code, ".")),
    )


def _has_role(user: Any) -> ColumnElement[bool]:
    grant = aliased(RoleGrant)
    return exists().where(grant.person_id == user.person_id, grant.role == ROLE, grant.revoked_at.is_(None))


def name_of(session: Session, user_id: int | None) -> str | None:
    """Return a visitor's name."""
    return session.scalar(
        select(Person.full_name)
        .join(StaffUser, StaffUser.person_id == Person.id)
        .where(StaffUser.id == user_id)
    )
