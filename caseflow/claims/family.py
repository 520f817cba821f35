"""The worker's family, the rank that receives, and the account of who is paid."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims.cover import numbers
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.heir_papers import ask_for_heir_papers
from caseflow.claims.living import require_living, require_living_guardian
from caseflow.claims.models import BankAccount, Claim, FamilyMember, HeirDecision
from caseflow.claims.payee import (
    SHORTEST_REASON,
    account_owner,
    check_guardian,
    check_payee,
    document_of,
    relative_of,
)
from caseflow.claims.slip_hold import require_no_hold
from caseflow.claims.states import PREPARING, require_state
from caseflow.documents.models import Requirement
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.law.heirs import HeirRanking, rank_heirs
from caseflow.people.actor import Actor
from caseflow.registry import names
from caseflow.registry.models import Bank


@dataclass(frozen=True)
class MemberFacts:
    """A relative as the papers tell it."""

    full_name: str
    relation: str
    source: str
    born_on: date | None = None
    national_id: str | None = None
    alive: bool | None = True
    died_on: date | None = None
    documented: bool | None = None
    other_parent_id: int | None = None
    guardian_name: str | None = None
    guardian_basis: str | None = None
    arranged_burial: bool = False


def record_member(
    session: Session, claim: Claim, facts: MemberFacts, *, by: Actor, now: datetime
) -> FamilyMember:
    """Add a relative to the claim.

    :raises Invalid: a birth after today, or a NIK that another relative already has.
    """
    require_state(session, claim, PREPARING)
    _check_facts(session, claim, facts, now)
    take_verify_duty(session, claim, by=by, now=now)
    member = FamilyMember(
        casefile_id=claim.id, recorded_at=now, recorded_by_person_id=by.person_id or 0, **_columns(facts)
    )
    session.add(member)
    session.flush()
    record(session, "claim.member_recorded", by=by, casefile_id=claim.id, details={"member": member.id})
    return member


def update_member(
    session: Session, claim: Claim, member_id: int, facts: MemberFacts, *, by: Actor, now: datetime
) -> FamilyMember:
    """Put the facts of a relative right under the same key, so that children keep their other parent.

    What was decided on the former facts stays as it was written, and has to be decided again.

    :raises Invalid: as when recording; :raises NotFound: no such relative on the list.
    """
    require_state(session, claim, PREPARING)
    member = _member(session, claim, member_id)
    _check_facts(session, claim, facts, now, of=member)
    changed = {name: value for name, value in _columns(facts).items() if getattr(member, name) != value}
    if not changed:
        return member
    take_verify_duty(session, claim, by=by, now=now)
    for name, value in changed.items():
        setattr(member, name, value)
    session.flush()
    details = {"member": member.id, "fields": sorted(changed)}
    record(session, "claim.member_changed", by=by, casefile_id=claim.id, details=details)
    return member


def remove_member(session: Session, claim: Claim, member_id: int, *, by: Actor, now: datetime) -> None:
    """Take a relative off the list; the row stays for the record."""
    require_state(session, claim, PREPARING)
    member = _member(session, claim, member_id)
    take_verify_duty(session, claim, by=by, now=now)
    member.removed_at = now
    session.flush()
    record(session, "claim.member_removed", by=by, casefile_id=claim.id, details={"member": member.id})


def members(session: Session, casefile_id: int) -> Sequence[FamilyMember]:
    """Return the relatives that count, in the order they were recorded."""
    return session.scalars(
        select(FamilyMember)
        .where(FamilyMember.casefile_id == casefile_id, FamilyMember.removed_at.is_(None))
        .order_by(FamilyMember.id)
    ).all()


def ranking(session: Session, claim: Claim, on: date) -> HeirRanking:
    """Return what the regulation says of the recorded family, as of ``on``.

    The list counts as complete once the heir certificate was accepted.
    """
    return rank_heirs(
        [relative_of(member) for member in members(session, claim.id) if member.relation != "self"],
        died_on=claim.died_on or claim.event_on,
        decided_on=on,
        list_is_complete=_certificate_accepted(session, claim.id),
        book=numbers(),
        program="jkk" if claim.program == "jkk" else "jkm",
    )


def decide_heirs(
    session: Session,
    claim: Claim,
    *,
    payee_member_id: int,
    agreement: str,
    note: str,
    by: Actor,
    now: datetime,
) -> HeirDecision:
    """Record who is paid. The rank comes from the regulation, the payee from the family's agreement.

    The family is asked for the papers that this payee needs.

    :raises Invalid: the payee is not entitled, a minor has no guardian, or several heirs have not agreed.
    :raises NotPossible: a slip was made anew less than a day ago.
    """
    require_state(session, claim, PREPARING)
    require_no_hold(session, claim, now=now)
    if claim.died_on is None:
        raise NotPossible("Pekerja masih hidup, jadi belum ada ahli waris. Tidak ada yang berubah.")
    payee = _member(session, claim, payee_member_id)
    found = ranking(session, claim, clock.local(now).date())
    listed = members(session, claim.id)
    check_payee(found, payee, agreement, note, listed)
    require_living(session, claim, payee, field="payee")
    if agreement == "guardian":
        require_living_guardian(session, claim, payee.guardian_name, field="payee")
    take_verify_duty(session, claim, by=by, now=now)
    decision = HeirDecision(
        casefile_id=claim.id,
        payee_member_id=payee.id,
        rank=found.rank,
        sentence=found.sentence,
        agreement=agreement,
        note=note.strip(),
        family=[document_of(member) for member in listed],
        decided_at=now,
        decided_by_person_id=by.person_id or 0,
    )
    session.add(decision)
    session.flush()
    record(
        session,
        "claim.heirs_decided",
        by=by,
        casefile_id=claim.id,
        details={"rank": found.rank, "payee": payee.id},
    )
    ask_for_heir_papers(session, claim, found, payee, by=by)
    return decision


def current_heirs(session: Session, casefile_id: int) -> HeirDecision | None:
    """Return the newest decision on who is paid."""
    return session.scalar(
        select(HeirDecision)
        .where(HeirDecision.casefile_id == casefile_id)
        .order_by(HeirDecision.id.desc())
        .limit(1)
    )


def heirs_are_current(session: Session, decision: HeirDecision) -> bool:
    """Whether the family is still what the decision was based on."""
    return decision.family == [document_of(m) for m in members(session, decision.casefile_id)]


def enter_account(
    session: Session,
    claim: Claim,
    *,
    bank_code: str,
    account_number: str,
    holder_name: str,
    name_note: str,
    by: Actor,
    now: datetime,
) -> BankAccount:
    """Record the payee's account as a new version; the holder must be the payee or the minor's guardian.

    :raises Invalid: no payee yet, unknown bank, or a holder with another name. Nothing is saved.
    :raises NotPossible: a slip was made anew less than a day ago.
    """
    require_state(session, claim, PREPARING)
    require_no_hold(session, claim, now=now)
    heirs = current_heirs(session, claim.id)
    if heirs is None:
        raise Invalid({"holder_name": "Tetapkan dulu penerima santunan. Rekening belum tersimpan."})
    if session.get(Bank, bank_code) is None:
        raise Invalid({"bank_code": "Pilih bank dari daftar. Rekening belum tersimpan."})
    payee = _member(session, claim, heirs.payee_member_id)
    if heirs.agreement == "guardian" and claim.program != "scholarship":
        # the family may have been put right since the payee was decided
        found = ranking(session, claim, clock.local(now).date())
        check_guardian(found, payee, members(session, claim.id))
    if heirs.agreement == "guardian":
        require_living_guardian(session, claim, payee.guardian_name, field="holder_name")
    require_living(session, claim, payee, field="holder_name")
    owner = account_owner(payee, heirs.agreement)
    match = names.compare(holder_name, owner)
    if match.kind == "different":
        raise Invalid(
            {"holder_name": f"Rekening harus atas nama {owner}. {match.because} Rekening belum tersimpan."}
        )
    if match.kind == "similar" and len(name_note.strip()) < SHORTEST_REASON:
        raise Invalid(
            {"name_note": f"{match.because} Tulis bagaimana Anda memastikannya (10 huruf atau lebih)."}
        )
    take_verify_duty(session, claim, by=by, now=now)
    account = BankAccount(
        casefile_id=claim.id,
        member_id=payee.id,
        bank_code=bank_code,
        account_number=account_number,
        holder_name=holder_name,
        held_by="heir" if owner == payee.full_name else "guardian",
        name_match=match.kind,
        name_note=name_note.strip(),
        entered_at=now,
        entered_by_person_id=by.person_id or 0,
    )
    session.add(account)
    session.flush()
    record(session, "claim.account_entered", by=by, casefile_id=claim.id, details={"account": account.id})
    return account


def holder_is_current(session: Session, account: BankAccount, heirs: HeirDecision) -> bool:
    """Whether the account is still in the name of whoever has to own it; names can be put right later."""
    payee = session.get(FamilyMember, heirs.payee_member_id)
    if payee is None:
        return False
    match = names.compare(account.holder_name, account_owner(payee, heirs.agreement))
    return match.kind == "same" or (match.kind == "similar" and len(account.name_note) >= SHORTEST_REASON)


def current_account(session: Session, casefile_id: int) -> BankAccount | None:
    """Return the newest version of the account."""
    return session.scalar(
        select(BankAccount)
        .where(BankAccount.casefile_id == casefile_id)
        .order_by(BankAccount.id.desc())
        .limit(1)
    )


def _check_facts(
    session: Session, claim: Claim, facts: MemberFacts, now: datetime, *, of: FamilyMember | None = None
) -> None:
    others = [one for one in members(session, claim.id) if of is None or one.id != of.id]
    if facts.born_on is not None and facts.born_on > clock.local(now).date():
        raise Invalid({"born_on": "Tanggal lahir tidak boleh setelah hari ini. Belum tersimpan."})
    twin = next((one for one in others if facts.national_id and one.national_id == facts.national_id), None)
    if twin is not None:
        raise Invalid({"national_id": f"NIK ini sudah dicatat untuk {twin.full_name}. Belum tersimpan."})
    if facts.other_parent_id is not None and all(one.id != facts.other_parent_id for one in others):
        raise Invalid({"other_parent_id": "Pilih orang lain dari daftar keluarga ini. Belum tersimpan."})


def _columns(facts: MemberFacts) -> dict[str, Any]:
    """Return what a row holds of the facts: a guardian and the basis come together or not at all."""
    guardian = facts.guardian_name or None
    basis = (facts.guardian_basis or None) if guardian else None
    return {**asdict(facts), "guardian_name": guardian, "guardian_basis": basis}


def _member(session: Session, claim: Claim, member_id: int) -> FamilyMember:
    # the claim is locked now: read the row as it is, not as this session saw it before
    member = session.get(FamilyMember, member_id, populate_existing=True)
    if member is None or member.casefile_id != claim.id or member.removed_at is not None:
        raise NotFound("Anggota keluarga ini tidak ada pada kasus ini.")
    return member


def _certificate_accepted(session: Session, casefile_id: int) -> bool:
    """Whether an officer accepted the heir certificate, which names all heirs."""
    status = session.scalar(
        select(Requirement.status).where(
            Requirement.casefile_id == casefile_id, Requirement.code == "heir_statement"
        )
    )
    return status == "accepted"
