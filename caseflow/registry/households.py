"""Households of the registry: who stands on a Kartu Keluarga, who heads it, which children live in it.

Not here: the heirs of a claim (claims), which are told by the family and its papers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock, sealing
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.life import dead_sentence, is_dead
from caseflow.registry.models import Worker
from caseflow.registry.people_models import MEMBER_RELATIONS, Household, HouseholdMember
from caseflow.registry.queries import find_worker

RELATION_LABELS = {
    "head": "kepala keluarga",
    "spouse": "suami atau istri",
    "child": "anak",
    "parent": "orang tua",
    "sibling": "saudara",
    "grandchild": "cucu",
    "in_law": "menantu atau mertua",
    "other": "keluarga lain",
}
OLDEST_AGE = 130  # years; older is a slip of the pen
_EDIT = "worker.edit"
_NUMBER = re.compile(r"[0-9]{16}")


@dataclass(frozen=True)
class MemberFacts:
    """A person as the card tells it.

    :ivar relation: to the head, see :data:`RELATION_LABELS`.
    """

    full_name: str
    relation: str
    sex: str
    born_on: date | None = None
    national_id: str | None = None


def open_household(
    session: Session, worker: Worker, family_card_number: str, *, relation: str, by: Actor, now: datetime
) -> Household:
    """Put a worker on a family card; the card is written the first time.

    :raises Invalid: no number of a card, or the NIK of the worker. :raises NotPossible: a card of another nagari,
        the worker stands on one already, or a second head.
    """
    reach.require(worker.region_code, by, _EDIT)
    if by.user_id is None:
        raise NotPermitted
    _check_card(family_card_number, worker.national_id)
    session.refresh(worker, with_for_update=True)
    household = session.scalar(
        select(Household)
        .where(Household.family_card_index == sealing.blind(family_card_number))
        .with_for_update()
    )
    if household is None:
        household = Household(
            region_code=worker.region_code,
            family_card_number=family_card_number,
            recorded_at=now,
            recorded_by_user_id=by.user_id,
        )
        session.add(household)
        session.flush()
    elif household.region_code != worker.region_code:
        raise NotPossible(
            "Nomor KK ini sudah tercatat di nagari lain. Tidak ada yang tersimpan. Periksa nomornya; bila "
            "keluarganya pindah, hubungi petugas cabang."
        )
    facts = MemberFacts(worker.full_name, relation, worker.sex, worker.born_on, worker.national_id)
    _add(session, household, facts, by=by, now=now)
    worker.family_card_number = family_card_number
    worker.version += 1
    session.flush()
    return household


def add_member(
    session: Session, household: Household, facts: MemberFacts, *, by: Actor, now: datetime
) -> HouseholdMember:
    """Write a person on a family card; somebody with the NIK of a worker of this nagari is tied to that worker.

    :raises Invalid: facts that cannot be. :raises NotPossible: the person stands on a card already, a second head.
    """
    reach.require(household.region_code, by, _EDIT)
    session.refresh(household, with_for_update=True)
    return _add(session, household, facts, by=by, now=now)


def remove_member(session: Session, member: HouseholdMember, *, by: Actor, now: datetime) -> None:
    """Take a person off the card (moved to another card); the row stays. A head who goes leaves the card without."""
    household = session.get_one(Household, member.household_id, with_for_update=True)
    reach.require(household.region_code, by, _EDIT)
    session.refresh(member, with_for_update=True)
    if member.left_on is not None:
        raise NotPossible(f"{member.full_name} sudah tidak di KK ini. Tidak ada yang berubah.")
    _take_off(session, household, member, by=by, now=now)


def leave_card_of_another_nagari(session: Session, worker: Worker, *, by: Actor, now: datetime) -> None:
    """Take a worker who moved off the card of the nagari they came from; those who stayed are its own people."""
    member = session.scalar(
        select(HouseholdMember)
        .join(Household, Household.id == HouseholdMember.household_id)
        .where(
            HouseholdMember.national_id_index == sealing.blind(worker.national_id),
            HouseholdMember.left_on.is_(None),
            Household.region_code != worker.region_code,
        )
    )
    if member is not None:
        household = session.get_one(Household, member.household_id, with_for_update=True)
        _take_off(session, household, member, by=by, now=now)


def _take_off(
    session: Session, household: Household, member: HouseholdMember, *, by: Actor, now: datetime
) -> None:
    if household.head_member_id == member.id:
        household.head_member_id = None
    household.version += 1
    member.left_on = clock.local(now).date()
    session.flush()
    record(
        session, "household.member_removed", by=by, subject=_subject(household), details={"member": member.id}
    )


def name_head(session: Session, household: Household, member: HouseholdMember, *, by: Actor) -> None:
    """Name who heads the household.

    :raises NotPossible: who is dead, or gone from this card. The database refuses the dead, too.
    """
    reach.require(household.region_code, by, _EDIT)
    session.refresh(household, with_for_update=True)
    session.refresh(member, with_for_update=True)
    died_on = member.died_on or is_dead(session, member.national_id)
    if died_on is not None:
        raise NotPossible(dead_sentence(member.full_name, died_on))
    if member.household_id != household.id or member.left_on is not None:
        raise NotPossible(f"{member.full_name} tidak ada di KK ini. Tidak ada yang berubah.")
    before = session.get(HouseholdMember, household.head_member_id) if household.head_member_id else None
    if before is not None and before.id != member.id:
        before.relation = "other"
    member.relation = "head"
    household.head_member_id = member.id
    household.version += 1
    session.flush()
    record(session, "household.head_named", by=by, subject=_subject(household), details={"member": member.id})


def household_of(session: Session, worker: Worker) -> Household | None:
    """Return the household on whose card a worker stands."""
    return session.scalar(
        select(Household)
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .where(HouseholdMember.worker_id == worker.id, HouseholdMember.left_on.is_(None))
    )


def members_of(session: Session, household_id: int) -> Sequence[HouseholdMember]:
    """Return who stands on a card now, as written."""
    return session.scalars(
        select(HouseholdMember)
        .where(HouseholdMember.household_id == household_id, HouseholdMember.left_on.is_(None))
        .order_by(HouseholdMember.id)
    ).all()


def everybody_with(session: Session, worker_id: int) -> Sequence[HouseholdMember]:
    """Return everybody on the card of a worker, also the dead and those who left it."""
    own = select(HouseholdMember.household_id).where(HouseholdMember.worker_id == worker_id)
    return session.scalars(
        select(HouseholdMember).where(HouseholdMember.household_id.in_(own)).order_by(HouseholdMember.id)
    ).all()


def get_member(session: Session, household: Household, public_id: str) -> HouseholdMember:
    """Return somebody of a household.

    :raises NotFound: not on this card.
    """
    member = session.scalar(
        select(HouseholdMember).where(
            HouseholdMember.public_id == public_id, HouseholdMember.household_id == household.id
        )
    )
    if member is None:
        raise NotFound("Orang ini tidak ada di KK ini.")
    return member


def _add(
    session: Session, household: Household, facts: MemberFacts, *, by: Actor, now: datetime
) -> HouseholdMember:
    if by.user_id is None:
        raise NotPermitted
    _check_person(household, facts, now)
    died_on = is_dead(session, facts.national_id)
    if facts.relation == "head":
        if died_on is not None:
            raise NotPossible(dead_sentence(facts.full_name, died_on))
        if household.head_member_id is not None:
            raise NotPossible("KK ini sudah punya kepala keluarga. Tidak ada yang tersimpan.")
    worker = find_worker(session, facts.national_id) if facts.national_id else None
    if facts.national_id and _stands_elsewhere(session, facts.national_id):
        raise NotPossible(
            "Orang dengan NIK ini sudah tercatat di satu KK. Tidak ada yang dicatat lagi. Keluarkan dulu dari KK yang "
            "lama bila ia pindah."
        )
    member = HouseholdMember(
        household_id=household.id,
        relation=facts.relation,
        full_name=facts.full_name,
        sex=facts.sex,
        recorded_at=now,
        recorded_by_user_id=by.user_id,
        born_on=facts.born_on,
        national_id=facts.national_id,
        worker_id=worker.id if worker and worker.region_code == household.region_code else None,
        died_on=died_on,
    )
    session.add(member)
    session.flush()
    if facts.relation == "head":
        household.head_member_id = member.id
    household.version += 1
    session.flush()
    record(
        session, "household.member_added", by=by, subject=_subject(household), details={"member": member.id}
    )
    return member


def _check_person(household: Household, facts: MemberFacts, now: datetime) -> None:
    today, wrong = clock.local(now).date(), {}
    if facts.relation not in MEMBER_RELATIONS:
        wrong["relation"] = "Pilih hubungannya dengan kepala keluarga. Belum ada yang tersimpan."
    if facts.sex not in {"f", "m"}:
        wrong["sex"] = "Pilih laki-laki atau perempuan. Belum ada yang tersimpan."
    if facts.born_on is not None and not 0 <= today.year - facts.born_on.year <= OLDEST_AGE:
        wrong["born_on"] = "Periksa tahun lahirnya. Belum ada yang tersimpan."
    elif facts.born_on is not None and facts.born_on > today:
        wrong["born_on"] = "Tanggal lahir tidak boleh setelah hari ini. Belum ada yang tersimpan."
    if facts.national_id is not None and facts.national_id == household.family_card_number:
        wrong["national_id"] = "NIK tidak boleh sama dengan nomor KK. Belum ada yang tersimpan."
    if wrong:
        raise Invalid(wrong)


def _check_card(family_card_number: str, national_id: str) -> None:
    if not _NUMBER.fullmatch(family_card_number):
        raise Invalid({"family_card_number": "Nomor KK harus 16 angka. Belum ada yang tersimpan."})
    if family_card_number == national_id:
        raise Invalid(
            {"family_card_number": "Nomor KK tidak boleh sama dengan NIK. Belum ada yang tersimpan."}
        )


def _stands_elsewhere(session: Session, national_id: str) -> bool:
    return (
        session.scalar(
            select(HouseholdMember.id).where(
                HouseholdMember.national_id_index == sealing.blind(national_id),
                HouseholdMember.left_on.is_(None),
            )
        )
        is not None
    )


def _subject(household: Household) -> str:
    return f"household:{household.public_id}"
