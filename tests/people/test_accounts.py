"""Accounts and roles: separation of duties is explained first, and refused by the database anyway."""

from collections.abc import Mapping

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people import accounts
from caseflow.people.accounts import Scope
from caseflow.people.actor import SYSTEM, Actor
from caseflow.people.models import RoleGrant, StaffUser

GOOD = "lesung kabut sendok tua"


def created(session: Session, username: str = "tuti", **more: str) -> StaffUser:
    return accounts.create_user(session, username, "Tuti Alawiyah", GOOD, by=SYSTEM, now=clock.now(), **more)


def granted(session: Session, person_id: int, role: str, scope: Scope | None = None) -> RoleGrant:
    where = scope or Scope("branch", "solok")
    return accounts.grant_role(session, person_id, role, where, by=SYSTEM, now=clock.now())


def test_an_account_acts_with_the_roles_it_has_now(session: Session) -> None:
    user = created(session)
    grant = granted(session, user.person_id, "officer")
    actor = accounts.actor_of(session, user.id)
    assert actor is not None
    assert (actor.roles, actor.branch_code, actor.kind) == (frozenset({"officer"}), "solok", "staff")
    accounts.revoke_role(session, grant.id, by=SYSTEM, now=clock.now())
    actor = accounts.actor_of(session, user.id)
    assert actor is not None
    assert (actor.roles, actor.branch_code) == (frozenset(), None)


def test_nagari_operators_reach_their_nagari(staff: Mapping[str, Actor]) -> None:
    assert staff["fitri"].region_codes == {"13.03.99.2001"}
    assert staff["fitri"].branch_code is None


def test_a_closed_account_is_nobody(session: Session) -> None:
    user = created(session)
    session.execute(update(StaffUser).where(StaffUser.id == user.id).values(active=False))
    assert accounts.actor_of(session, user.id) is None
    assert accounts.find_for_sign_in(session, "tuti") is None
    with pytest.raises(NotFound):
        accounts.get_facts(session, user.id)


def test_two_accounts_of_one_nik_are_one_person(session: Session) -> None:
    first = created(session, national_id="1303991209760999")
    second = created(session, "tuti2", national_id="1303991209760999")
    assert first.person_id == second.person_id


@pytest.mark.parametrize("username", ["dedi", " DEDI ", "  "])
def test_user_names_are_unique_whatever_the_letters(session: Session, username: str) -> None:
    with pytest.raises(Invalid) as refused:
        created(session, username)
    assert "username" in refused.value.fields


def test_a_weak_passphrase_makes_no_account(session: Session) -> None:
    with pytest.raises(Invalid, match="15 huruf"):
        accounts.create_user(session, "tuti", "Tuti", "pendek", by=SYSTEM, now=clock.now())


CLASHES = [
    ("officer", Scope("branch", "solok"), "finance", Scope("branch", "solok")),
    ("approver", Scope("branch", "solok"), "finance", Scope("branch", "solok")),
    ("admin", Scope("branch", "solok"), "officer", Scope("branch", "solok")),
    ("auditor", Scope("branch", "solok"), "approver", Scope("branch", "solok")),
    ("nagari_operator", Scope("nagari", "13.03.99.2001"), "officer", Scope("branch", "solok")),
    ("social_worker", Scope("regency", "13.03"), "branch_head", Scope("branch", "solok")),
]


@pytest.mark.parametrize(("held", "held_for", "wanted", "wanted_for"), CLASHES)
def test_roles_that_may_not_meet(
    session: Session, held: str, held_for: Scope, wanted: str, wanted_for: Scope
) -> None:
    user = created(session)
    granted(session, user.person_id, held, held_for)
    with pytest.raises(NotPossible, match="tidak boleh dirangkap"):
        granted(session, user.person_id, wanted, wanted_for)


def test_the_database_refuses_them_too(session: Session) -> None:
    user = created(session)
    granted(session, user.person_id, "officer")
    with pytest.raises(IntegrityError, match="ex_role_grant_one_family"), session.begin_nested():
        session.execute(
            insert(RoleGrant).values(
                person_id=user.person_id,
                role="finance",
                role_family="finance",
                scope_kind="branch",
                scope_code="solok",
                granted_at=clock.now(),
            )
        )


def test_a_role_given_back_makes_room_for_another(session: Session) -> None:
    user = created(session)
    grant = granted(session, user.person_id, "officer")
    accounts.revoke_role(session, grant.id, by=SYSTEM, now=clock.now())
    granted(session, user.person_id, "finance")
    with pytest.raises(NotFound):
        accounts.revoke_role(session, grant.id, by=SYSTEM, now=clock.now())


def test_nobody_gives_a_role_to_himself(session: Session, staff: Mapping[str, Actor]) -> None:
    head = staff["bram"]
    assert head.person_id is not None
    with pytest.raises(NotPermitted, match="diri sendiri"):
        accounts.grant_role(
            session, head.person_id, "approver", Scope("branch", "solok"), by=head, now=clock.now()
        )


def test_an_administrator_only_proposes(session: Session, staff: Mapping[str, Actor]) -> None:
    """Accounts and roles are given by a branch head: one person alone may not make a second one."""
    admin, user = staff["admin"], created(session)
    with pytest.raises(NotPermitted, match="kepala cabang"):
        accounts.create_user(session, "lain", "Orang Lain", GOOD, by=admin, now=clock.now())
    with pytest.raises(NotPermitted, match="kepala cabang"):
        accounts.grant_role(
            session, user.person_id, "officer", Scope("branch", "solok"), by=admin, now=clock.now()
        )
    granted(session, user.person_id, "officer")


def test_a_second_branch_is_refused_and_never_counts(session: Session) -> None:
    """A role in one branch opens nothing in another, even if a row says so."""
    user = created(session)
    granted(session, user.person_id, "officer")
    with pytest.raises(NotPossible, match="solok"):
        granted(session, user.person_id, "approver", Scope("branch", "zamrud"))
    session.execute(
        insert(RoleGrant).values(
            person_id=user.person_id,
            role="approver",
            role_family="branch",
            scope_kind="branch",
            scope_code="zamrud",
            granted_at=clock.now(),
        )
    )
    found = accounts.actor_of(session, user.id)
    assert found is not None
    assert (found.branch_code, found.roles) == ("solok", frozenset({"officer"}))


@pytest.mark.parametrize("username", ["dedi", "mega", "nina", "aulia", "rina"])
def test_only_some_give_roles(session: Session, staff: Mapping[str, Actor], username: str) -> None:
    user = created(session)
    with pytest.raises(NotPermitted):
        accounts.grant_role(
            session, user.person_id, "officer", Scope("branch", "solok"), by=staff[username], now=clock.now()
        )


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("kaisar", Scope("branch", "solok")),
        ("public", Scope("branch", "solok")),
        ("system", Scope("branch", "solok")),
        ("officer", Scope("nagari", "13.03.99.2001")),
        ("nagari_operator", Scope("branch", "solok")),
        ("officer", Scope("branch", "")),
    ],
)
def test_roles_and_areas_that_do_not_exist(session: Session, role: str, scope: Scope) -> None:
    user = created(session)
    with pytest.raises(Invalid):
        granted(session, user.person_id, role, scope)


def test_grants_leave_a_trace_without_names(session: Session) -> None:
    user = created(session)
    granted(session, user.person_id, "officer")
    events = session.scalars(select(AuditEvent).where(AuditEvent.subject == f"person:{user.person_id}")).all()
    assert [(event.action, event.details) for event in events] == [
        ("staff.role_granted", {"role": "officer"})
    ]


def test_a_new_passphrase_is_checked_and_counts_at_once(session: Session) -> None:
    user = created(session)
    facts = accounts.get_facts(session, user.id)
    with pytest.raises(Invalid, match="tuti"):
        accounts.change_passphrase(session, facts, "tuti punya sandi panjang", by=SYSTEM, now=clock.now())
    accounts.change_passphrase(session, facts, "perahu tua di lembah", by=SYSTEM, now=clock.now())
    assert accounts.get_facts(session, user.id).password_hash != facts.password_hash
