"""The permission file: strict, complete, and the same as the database's own rule and the printed page."""

import re
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import CheckConstraint, Table

from caseflow.errors import NotPermitted
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.people.models import RoleGrant
from caseflow.people.policy_page import PAGE, page


def actor(*roles: str) -> Actor:
    return Actor(kind="staff", name="Siapa", roles=frozenset(roles))


def test_nobody_may_what_the_file_does_not_say() -> None:
    assert policy.allows(actor("officer"), "claim.intake")
    assert not policy.allows(actor("approver"), "claim.intake")
    assert not policy.allows(actor(), "claim.read")
    assert not policy.allows(None, "claim.read")


def test_what_the_public_may_everybody_may() -> None:
    for someone in (None, actor(), actor("finance"), actor("admin")):
        assert policy.allows(someone, "public.read")


def test_the_widest_mark_counts() -> None:
    assert policy.mark(actor("officer"), "document.read") == "assigned"
    assert policy.mark(actor("officer", "approver"), "document.read") == "own"
    assert policy.mark(actor("officer"), "report.create") == "full"


def test_a_misspelt_permission_opens_nothing() -> None:
    with pytest.raises(policy.PolicyRefused, match=r"claim\.raed"):
        policy.allows(actor("officer"), "claim.raed")


def test_a_refusal_says_whose_it_is() -> None:
    with pytest.raises(NotPermitted, match="Penyetuju atau Kepala cabang"):
        policy.require(actor("officer"), "approval.decide")


CASE_CONTENT = [
    name
    for name in policy.policy().permissions
    if name.split(".")[0]
    in {"claim", "document", "eligibility", "heirs", "benefit", "approval", "payment", "statement", "history"}
]


@pytest.mark.parametrize("name", CASE_CONTENT)
def test_the_administrator_sees_no_case(name: str) -> None:
    assert not policy.allows(actor("admin"), name)


def test_the_auditor_writes_nothing() -> None:
    # stopping a theft, the own account, and a rehearsal, which keeps nothing
    writes = {"slip.revoke", "account.own", "rules.rehearse"}
    may = {name for name in policy.policy().permissions if policy.allows_as_self(actor("auditor"), name)}
    assert {name for name in may - writes if not name.endswith((".read", ".search", ".unmask"))} == set()


def test_machines_never_approve_or_pay() -> None:
    system = actor("system")
    assert not any(
        policy.allows(system, name) for name in ("approval.decide", "payment.release", "payment.batch")
    )


def test_a_role_may_prepare_or_approve_or_pay_but_not_two_of_them() -> None:
    kinds = ({"document.review", "heirs.decide"}, {"approval.decide"}, {"payment.batch", "payment.reconcile"})
    for role in policy.policy().roles:
        assert sum(any(policy.allows_as_self(actor(role), name) for name in kind) for kind in kinds) <= 1, (
            role
        )


@pytest.mark.parametrize(
    ("name", "role", "expected"),
    [
        ("public.read", "public", "open"),
        ("public.read", "finance", "open"),
        ("claim.read", "officer", "open"),
        ("claim.read", "finance", "refused"),
        ("claim.read", "public", "sign_in"),
        ("claim.read", "family", "sign_in"),
        ("family.read", "officer", "refused"),
    ],
)
def test_what_a_page_answers_to_a_role(name: str, role: str, expected: str) -> None:
    assert policy.expected_access(name, role) == expected


@pytest.mark.parametrize(
    ("name", "unlocked", "expected"),
    [
        ("public.read", False, "open"),
        ("report.create", False, "open"),
        ("family.read", False, "open"),
        ("family.export", False, "sign_in"),
        ("family.export", True, "open"),
        ("account.enter", True, "refused"),
        ("heirs.decide", True, "refused"),
        ("claim.read", True, "sign_in"),
    ],
)
def test_what_a_page_answers_to_a_family_phone(name: str, unlocked: bool, expected: str) -> None:
    """The levels 0 to 3."""
    assert policy.expected_access(name, "family", unlocked=unlocked) == expected


def test_every_right_of_families_names_its_level() -> None:
    for permission in policy.policy().permissions.values():
        by_phone = "family" in permission.marks and "public" not in permission.marks
        assert by_phone == (permission.level in {policy.OPEN, policy.UNLOCKED}), permission.name


def test_families_are_those_of_the_database() -> None:
    checks = [one for one in cast(Table, RoleGrant.__table__).constraints if isinstance(one, CheckConstraint)]
    said = next(str(check.sqltext) for check in checks if "role_in_its_family" in str(check.name))
    for role in policy.policy().roles.values():
        if role.scope is not None:
            assert re.search(
                rf"'{role.name}'[^=]*role_family = '{role.family}'|role_family = '{role.family}'", said
            )
            assert f"'{role.name}'" in said


def test_the_printed_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(policy.policy()), "run: flask write-docs"


GOOD = """
roles:
  - {name: public, label: Siapa saja, family: public}
  - {name: officer, label: Petugas, family: branch, scope: branch}
  - {name: family, label: Keluarga, family: family}
permissions:
  - name: claim.read
    about: Membuka kasus
    full: [officer]
  - name: family.read
    about: Melihat berkas sendiri
    level: 1
    own: [family]
"""


def test_a_small_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "permissions.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert policy.read(path).permissions["claim.read"].marks == {"officer": "full"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("full: [officer]", "full: [oficer]", "oficer"),
        ("full: [officer]", "ful: [officer]", "'ful'"),
        ("full: [officer]", "full: []", "siapa pun"),
        ("full: [officer]", "full: [officer]\n    own: [officer]", "dua kali"),
        ("full: [officer]", "full: officer", "daftar"),
        ("claim.read", "claim", "claim.read"),
        ("    about: Membuka kasus\n", "", "'about'"),
        ("scope: branch", "scope: planet", "planet"),
        ("name: officer", "name: public", "dua kali"),
        ("roles:", "rolls:", "rolls"),
        ("    level: 1\n", "", "perlu level 1 atau 2"),
        ("level: 1", "level: 4", "harus 1, 2, atau 3"),
        ("level: 1", "level: true", "harus 1, 2, atau 3"),
        ("level: 1", 'level: "1"', "harus 1, 2, atau 3"),
        ("level: 1", "level: 3", "perlu level 1 atau 2"),
        ("full: [officer]", "full: [officer]\n    level: 2", "hanya saat itu"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "permissions.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(policy.PolicyRefused, match=re.escape(said)):
        policy.read(path)
