"""The children of a paid claim: what the law says of each before the family chooses, and one nobody had written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.scholarship_opening import origin_kind
from caseflow.claims.scholarship_plan import pupil_of
from caseflow.claims.school_years import rights_of
from caseflow.claims.states import lock
from caseflow.errors import Invalid
from caseflow.law.pupil import Child, missing_of, two_children
from caseflow.law.relatives import CHILDREN
from caseflow.people.actor import Actor
from caseflow.sealing import blind


@dataclass(frozen=True)
class ChildStanding:
    """A child of the family as the law sees it before anything is opened.

    :ivar why_not: why it cannot be chosen; :ivar missing: what has to be asked first.
    :ivar right: the right that was opened for it, while it holds a place.
    """

    member: FamilyMember
    why_not: str | None
    missing: Sequence[str]
    right: ScholarshipChild | None


@dataclass(frozen=True, kw_only=True)
class NewChild:
    """A child whom nobody had written down while the claim was prepared."""

    full_name: str
    relation: str
    born_on: date | None
    source: str
    national_id: str | None = None


def children_of(session: Session, origin: Claim, *, today: date) -> list[ChildStanding]:
    """Return every child on the family list with what the law says of it, the eldest first."""
    rights = {right.origin_member_id: right for right in rights_of(session, origin.id)}
    members = session.scalars(
        select(FamilyMember)
        .where(
            FamilyMember.casefile_id == origin.id,
            FamilyMember.removed_at.is_(None),
            FamilyMember.relation.in_(CHILDREN),
        )
        .order_by(FamilyMember.born_on.asc().nulls_last(), FamilyMember.id)
    ).all()
    return [_standing(member, rights.get(member.id), today) for member in members]


def record_child(
    session: Session, origin: Claim, facts: NewChild, *, by: Actor, now: datetime
) -> FamilyMember:
    """Add a child of the worker whom nobody had written down; what was paid stays as it was decided.

    :raises NotPossible: the claim opens no scholarship. :raises Invalid: not a child, or a birth that cannot be.
    """
    lock(session, origin)
    origin_kind(session, origin)
    _check_new_child(session, origin, facts, clock.local(now).date())
    member = FamilyMember(
        casefile_id=origin.id,
        full_name=facts.full_name,
        relation=facts.relation,
        source=facts.source,
        born_on=facts.born_on,
        national_id=facts.national_id,
        documented=True,
        recorded_at=now,
        recorded_by_person_id=by.person_id or 0,
    )
    session.add(member)
    session.flush()
    record(session, "claim.member_recorded", by=by, casefile_id=origin.id, details={"member": member.id})
    return member


def _standing(member: FamilyMember, right: ScholarshipChild | None, today: date) -> ChildStanding:
    asked_nothing = Child(str(member.id), member.born_on, None, "unknown")
    child = pupil_of(right) if right is not None else asked_nothing
    if member.alive is False:
        return ChildStanding(member, "Anak ini sudah meninggal.", (), right)
    choice = two_children([child], today, numbers())
    why_not = choice.cannot[0].sentence if choice.cannot else None
    return ChildStanding(member, why_not, () if why_not else missing_of(child), right)


def _check_new_child(session: Session, origin: Claim, facts: NewChild, today: date) -> None:
    problems = {}
    if facts.relation not in CHILDREN:
        problems["relation"] = "Pilih anak atau anak angkat. Belum tersimpan."
    if facts.born_on is None or facts.born_on > today:
        problems["born_on"] = "Tulis tanggal lahir anak seperti di akta kelahiran. Belum tersimpan."
    if not facts.full_name.strip():
        problems["full_name"] = "Tulis nama anak seperti di akta kelahiran. Belum tersimpan."
    twin = facts.national_id and session.scalar(
        select(FamilyMember.full_name).where(
            FamilyMember.casefile_id == origin.id,
            FamilyMember.national_id_index == blind(facts.national_id),
            FamilyMember.removed_at.is_(None),
        )
    )
    if twin:
        problems["national_id"] = f"NIK ini sudah dicatat untuk {twin}. Belum tersimpan."
    if problems:
        raise Invalid(problems)
