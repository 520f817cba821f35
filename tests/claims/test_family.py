"""A relative put right keeps the key; what was decided on the former facts has to be decided again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims import family, rules
from caseflow.claims.family import MemberFacts
from caseflow.claims.models import Claim, FamilyMember
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.people.actor import Actor
from tests.story import SAMSIR, SYAFRIL, Stage, decided_heirs, submitted, verified

YUSRA = MemberFacts(
    full_name="Yusra", relation="widow", source="Kartu Keluarga", born_on=date(1979, 4, 2), documented=True
)
DENI = MemberFacts(
    full_name="Deni", relation="child", source="Akta kelahiran", born_on=date(2015, 3, 21), documented=True
)


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def put_right(stage: Stage, claim: Claim, member_id: int, facts: MemberFacts) -> FamilyMember:
    """The officer corrects a relative."""
    return family.update_member(stage.session, claim, member_id, facts, by=stage.verifier, now=clock.now())


def facts_of(member: FamilyMember, **changes: object) -> MemberFacts:
    """What is recorded of a relative, with some of it otherwise."""
    names = MemberFacts.__dataclass_fields__
    recorded = MemberFacts(**{name: getattr(member, name) for name in names})
    return replace(recorded, **changes)  # type: ignore[arg-type]


def parent_and_child(stage: Stage) -> tuple[Claim, FamilyMember, FamilyMember]:
    """A widow and her child, who points at her."""
    claim = verified(stage)
    by, now = stage.verifier, clock.now()
    mother = family.record_member(stage.session, claim, YUSRA, by=by, now=now)
    facts = replace(DENI, other_parent_id=mother.id)
    return claim, mother, family.record_member(stage.session, claim, facts, by=by, now=now)


def test_a_corrected_parent_stays_the_parent(stage: Stage) -> None:
    """The same row, the same key, the child still pointing at it."""
    claim, mother, child = parent_and_child(stage)
    put_right(stage, claim, mother.id, replace(YUSRA, full_name="Yusra binti Amir"))
    listed = family.members(stage.session, claim.id)
    assert [(one.id, one.full_name) for one in listed] == [
        (mother.id, "Yusra binti Amir"),
        (child.id, "Deni"),
    ]
    assert child.other_parent_id == mother.id


def test_the_audit_names_fields_and_never_what_stood_in_them(stage: Stage) -> None:
    """Ids and names of columns; a correction that changes nothing leaves no trace."""
    claim, mother, _ = parent_and_child(stage)
    put_right(stage, claim, mother.id, YUSRA)
    put_right(stage, claim, mother.id, replace(YUSRA, full_name="Yusra binti Amir", alive=None))
    events = stage.session.scalars(
        select(AuditEvent.details).where(AuditEvent.action == "claim.member_changed")
    ).all()
    assert events == [{"member": mother.id, "fields": ["alive", "full_name"]}]


def test_what_cannot_be_is_refused(stage: Stage) -> None:
    """A birth to come, somebody else's NIK, oneself or a stranger as other parent."""
    claim, mother, child = parent_and_child(stage)
    put_right(stage, claim, mother.id, replace(YUSRA, national_id="1303994204790002"))
    for facts, field in [
        (replace(DENI, born_on=date(2026, 11, 21)), "born_on"),
        (replace(DENI, national_id="1303994204790002"), "national_id"),
        (replace(DENI, other_parent_id=child.id), "other_parent_id"),
        (replace(DENI, other_parent_id=10**9), "other_parent_id"),
    ]:
        with pytest.raises(Invalid) as refused:
            put_right(stage, claim, child.id, facts)
        assert list(refused.value.fields) == [field]
    with pytest.raises(NotFound):
        put_right(stage, claim, 10**9, DENI)
    family.remove_member(stage.session, claim, child.id, by=stage.verifier, now=clock.now())
    with pytest.raises(NotFound):
        put_right(stage, claim, child.id, DENI)


@pytest.mark.parametrize("changes", [{"born_on": date(1980, 1, 1)}, {"source": "Buku nikah"}])
def test_the_payee_is_decided_again(stage: Stage, changes: dict[str, object]) -> None:
    """The decision holds the family as it was; another family needs another decision."""
    claim = decided_heirs(stage)
    assert rules.RULES["heirs_decided"](stage.session, claim) is None
    payee = next(one for one in family.members(stage.session, claim.id) if one.full_name == SAMSIR.payee)
    put_right(stage, claim, payee.id, facts_of(payee, **changes))
    assert "Tetapkan lagi" in (rules.RULES["heirs_decided"](stage.session, claim) or "")


def test_another_parent_is_another_family(stage: Stage) -> None:
    """Whose child it is decides what has to be settled first."""
    claim = decided_heirs(stage)
    mother, child, *_ = family.members(stage.session, claim.id)
    put_right(stage, claim, child.id, facts_of(child, other_parent_id=mother.id))
    assert "Tetapkan lagi" in (rules.RULES["heirs_decided"](stage.session, claim) or "")


@pytest.mark.parametrize(
    ("person", "changes"),
    [(SAMSIR, {"full_name": "Rosmaniar"}), (SYAFRIL, {"guardian_name": "Rosmaniar"})],
)
def test_the_account_stays_in_the_name_of_whoever_is_paid(
    stage: Stage, person: object, changes: dict[str, object]
) -> None:
    """A payee or guardian with another name needs another account."""
    claim = decided_heirs(stage, person)  # type: ignore[arg-type]
    assert rules.RULES["account_entered"](stage.session, claim) is None
    heirs = family.current_heirs(stage.session, claim.id)
    assert heirs is not None
    payee = stage.session.get_one(FamilyMember, heirs.payee_member_id)
    put_right(stage, claim, payee.id, facts_of(payee, **changes))
    assert "tidak sama dengan nama penerima" in (rules.RULES["account_entered"](stage.session, claim) or "")


def test_a_submitted_family_is_locked(stage: Stage) -> None:
    """What lies with the approver is not touched."""
    claim = submitted(stage)
    member = family.members(stage.session, claim.id)[0]
    with pytest.raises(NotPossible):
        put_right(stage, claim, member.id, facts_of(member, full_name="Lain"))
