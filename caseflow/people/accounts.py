"""Persons, their accounts and their roles: who somebody is, and which rights they have at this instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select, update
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people import hashing, passphrases, policy
from caseflow.people.actor import Actor
from caseflow.people.models import Person, RoleGrant, StaffUser
from caseflow.sealing import blind


@dataclass(frozen=True)
class Scope:
    """The area of a role: ``Scope("branch", "solok")``, ``Scope("nagari", "13.03.99.2001")``."""

    kind: str
    code: str


@dataclass(frozen=True)
class SignInFacts:
    """What a sign-in is checked against.

    :ivar temporary_until: the passphrase is the one handed over on paper; until when it may be used once.
    """

    user_id: int
    person_id: int
    username: str
    full_name: str
    password_hash: str
    totp_secret: str | None
    temporary_until: datetime | None


def create_user(
    session: Session,
    username: str,
    full_name: str,
    passphrase: str,
    *,
    by: Actor,
    now: datetime,
    title: str = "",
    national_id: str | None = None,
) -> StaffUser:
    """Create an account, and the person unless the NIK is already known (duties are held by persons).

    :raises NotPermitted: not the actor's to do. :raises Invalid: ``username`` or ``passphrase``.
    """
    _require_grantor(by)
    username = normal_username(username)
    if not username or session.scalar(select(StaffUser.id).where(StaffUser.username == username)):
        raise Invalid({"username": "Nama pengguna ini kosong atau sudah dipakai. Akun belum dibuat."})
    why_not = passphrases.problem(passphrase, about=(username, full_name))
    if why_not:
        raise Invalid({"passphrase": why_not})
    password_hash = hashing.hash_passphrase(passphrases.normal(passphrase))
    person_id = national_id and session.scalar(
        select(Person.id).where(Person.national_id_index == blind(national_id))
    )
    if not person_id:
        person = Person(full_name=full_name, national_id=national_id)
        session.add(person)
        session.flush()
        person_id = person.id
    user = StaffUser(
        person_id=person_id,
        username=username,
        password_hash=password_hash,
        created_at=now,
        title=title,
        password_changed_at=now,
    )
    session.add(user)
    session.flush()
    record(session, "staff.created", by=by, subject=f"user:{user.id}")
    return user


def normal_username(text: str) -> str:
    """Return the user name as it is stored."""
    return text.strip().lower()


def grant_role(
    session: Session, person_id: int, role: str, scope: Scope, *, by: Actor, now: datetime
) -> RoleGrant:
    """Give a person a role for an area; it counts from their next request on.

    :raises NotPermitted: not the actor's to give, or given to oneself.
    :raises NotPossible: the person already holds a role that may not meet this one (SoD-3; the
        database refuses it too), or works for another branch.
    :raises Invalid: no such role, or the wrong kind of area.
    """
    _require_grantor(by)
    if by.person_id == person_id:
        raise NotPermitted("Peran tidak bisa diberikan kepada diri sendiri. Minta orang lain yang berwenang.")
    known = policy.policy().roles.get(role)
    if known is None or known.scope is None:
        raise Invalid({"role": f"Peran '{role}' tidak bisa diberikan."})
    if known.scope != scope.kind or not scope.code:
        raise Invalid({"scope": f"Peran {known.label} diberikan untuk satu {_AREAS[known.scope]}."})
    _refuse_clash(session, person_id, known)
    if scope.kind == "branch":
        _refuse_second_branch(session, person_id, scope.code)
    grant = RoleGrant(
        person_id=person_id,
        role=role,
        role_family=known.family,
        scope_kind=scope.kind,
        scope_code=scope.code,
        granted_at=now,
        granted_by_user_id=by.user_id,
    )
    session.add(grant)
    session.flush()
    record(session, "staff.role_granted", by=by, subject=f"person:{person_id}", details={"role": role})
    return grant


def revoke_role(session: Session, grant_id: int, *, by: Actor, now: datetime) -> None:
    """Take a role back; the next request of the person goes without it, on every process.

    :raises NotFound: no such living grant.
    """
    policy.require(by, "staff.grant")
    found = session.execute(
        update(RoleGrant)
        .where(RoleGrant.id == grant_id, RoleGrant.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(RoleGrant.person_id, RoleGrant.role)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if found is None:
        raise NotFound("Peran ini sudah tidak berlaku.")
    details = {"role": found.role}
    record(session, "staff.role_revoked", by=by, subject=f"person:{found.person_id}", details=details)


def actor_of(session: Session, user_id: int) -> Actor | None:
    """Return who this account is now, with the roles now in force, in one statement.

    ``None`` for a closed account. A person whose roles may not meet has none of them.
    """
    rows = session.execute(
        with_roles(select(*ACTOR_COLUMNS).select_from(StaffUser)).where(StaffUser.id == user_id)
    ).all()
    return actor_from(rows) if rows else None


ACTOR_COLUMNS = (
    StaffUser.id.label("user_id"),
    Person.id.label("person_id"),
    Person.full_name,
    RoleGrant.role,
    RoleGrant.scope_kind,
    RoleGrant.scope_code,
)


def with_roles(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join a statement over open accounts to persons and to their roles now in force, one row a role."""
    return (
        statement.join(Person, Person.id == StaffUser.person_id)
        .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, RoleGrant.revoked_at.is_(None)))
        .where(StaffUser.active)
    )


def actor_from(rows: Sequence[Row[Any]]) -> Actor:
    """Return the actor that all rows of one account tell, with ``ACTOR_COLUMNS`` in each.

    Somebody works for one branch: roles for any other than the first by code do not count.
    """
    roles = {row.role for row in rows if row.role is not None} & policy.policy().roles.keys()
    if len(policy.families(roles)) > 1:
        roles = set()
    held = [row for row in rows if row.role in roles]
    branches = sorted(row.scope_code for row in held if row.scope_kind == "branch")
    held = [row for row in held if row.scope_kind != "branch" or row.scope_code == branches[0]]
    return Actor(
        kind="staff",
        name=rows[0].full_name,
        roles=frozenset(row.role for row in held),
        person_id=rows[0].person_id,
        user_id=rows[0].user_id,
        branch_code=branches[0] if branches else None,
        region_codes=frozenset(row.scope_code for row in held if row.scope_kind != "branch"),
    )


def find_for_sign_in(session: Session, username: str) -> SignInFacts | None:
    """Return what to check a sign-in against; closed accounts are not found."""
    row = session.execute(_FACTS.where(StaffUser.username == normal_username(username))).one_or_none()
    return SignInFacts(*row) if row else None


def get_facts(session: Session, user_id: int) -> SignInFacts:
    """Return the same for an account that is known.

    :raises NotFound: closed meanwhile.
    """
    row = session.execute(_FACTS.where(StaffUser.id == user_id)).one_or_none()
    if row is None:
        raise NotFound("Akun ini sudah ditutup.")
    return SignInFacts(*row)


def change_passphrase(session: Session, facts: SignInFacts, new: str, *, by: Actor, now: datetime) -> None:
    """Set a new passphrase. The caller has checked the old one, and revokes the other sessions.

    :raises Invalid: ``passphrase``: why the new one cannot be used.
    """
    why_not = passphrases.problem(new, about=(facts.username, facts.full_name))
    if why_not:
        raise Invalid({"passphrase": why_not})
    store_passphrase(session, facts.user_id, new)
    changed = {"password_changed_at": now, "temporary_until": None}
    session.execute(update(StaffUser).where(StaffUser.id == facts.user_id).values(**changed))
    record(session, "staff.passphrase_changed", by=by, subject=f"user:{facts.user_id}")


def store_passphrase(session: Session, user_id: int, passphrase: str) -> None:
    """Keep the hash of a passphrase that was already checked; also to hash it anew, stronger."""
    hashed = hashing.hash_passphrase(passphrases.normal(passphrase))
    session.execute(update(StaffUser).where(StaffUser.id == user_id).values(password_hash=hashed))


_AREAS = {"branch": "kantor cabang", "nagari": "nagari", "regency": "kabupaten"}
_FACTS = (
    select(
        StaffUser.id,
        StaffUser.person_id,
        StaffUser.username,
        Person.full_name,
        StaffUser.password_hash,
        StaffUser.totp_secret,
        StaffUser.temporary_until,
    )
    .join(Person, Person.id == StaffUser.person_id)
    .where(StaffUser.active)
)


def _refuse_clash(session: Session, person_id: int, wanted: policy.Role) -> None:
    held = session.scalars(
        select(RoleGrant.role).where(
            RoleGrant.person_id == person_id,
            RoleGrant.revoked_at.is_(None),
            RoleGrant.role_family != wanted.family,
        )
    ).all()
    if held:
        labels = ", ".join(sorted({policy.policy().roles[role].label for role in held}))
        raise NotPossible(
            f"Orang ini sudah memegang peran {labels}. Peran itu tidak boleh dirangkap dengan {wanted.label}, "
            "supaya tidak ada orang yang memeriksa atau membayar pekerjaannya sendiri. Peran belum diberikan."
        )


def _refuse_second_branch(session: Session, person_id: int, wanted: str) -> None:
    other = session.scalar(
        select(RoleGrant.scope_code).where(
            RoleGrant.person_id == person_id,
            RoleGrant.revoked_at.is_(None),
            RoleGrant.scope_kind == "branch",
            RoleGrant.scope_code != wanted,
        )
    )
    if other is not None:
        raise NotPossible(
            f"Orang ini bekerja untuk cabang {other}. Cabut dulu perannya di sana. Peran belum diberikan."
        )


def _require_grantor(by: Actor) -> None:
    """Refuse everybody who may not do it alone: an administrator only proposes, a branch head grants.

    :raises NotPermitted: with a sentence that says who may.
    """
    policy.require(by, "staff.grant")
    if policy.mark(by, "staff.grant") != "full":
        raise NotPermitted(
            "Akun dan peran diberikan oleh kepala cabang. Anda bisa mengusulkannya. Tidak ada yang berubah."
        )
