"""The worker's family, the rank that receives, and the account of who is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.eligibility import numbers
from caseflow.claims.models import BankAccount, Claim, FamilyMember, HeirDecision
from caseflow.claims.states import PREPARING, require_state
from caseflow.documents.models import Requirement
from caseflow.errors import Invalid, NotFound
from caseflow.law.heirs import HeirRanking, Relative, rank_heirs
from caseflow.law.relatives import Relation
from caseflow.people.actor import Actor
from caseflow.registry import names
from caseflow.registry.models import Bank

SHORTEST_REASON = 10


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
    if facts.born_on is not None and facts.born_on > clock.local(now).date():
        raise Invalid({"born_on": "Tanggal lahir tidak boleh setelah hari ini. Belum tersimpan."})
    for other in members(session, claim.id):
        if facts.national_id and other.national_id == facts.national_id:
            raise Invalid({"national_id": f"NIK ini sudah dicatat untuk {other.full_name}. Belum tersimpan."})
    take_verify_duty(session, claim, by=by, now=now)
    member = FamilyMember(
        casefile_id=claim.id,
        full_name=facts.full_name,
        relation=facts.relation,
        source=facts.source,
        born_on=facts.born_on,
        national_id=facts.national_id,
        alive=facts.alive,
        died_on=facts.died_on,
        documented=facts.documented,
        other_parent_id=facts.other_parent_id,
        guardian_name=facts.guardian_name or None,
        guardian_basis=(facts.guardian_basis or None) if facts.guardian_name else None,
        arranged_burial=facts.arranged_burial,
        recorded_at=now,
        recorded_by_person_id=by.person_id or 0,
    )
    session.add(member)
    session.flush()
    record(session, "claim.member_recorded", by=by, casefile_id=claim.id, details={"member": member.id})
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
        [_relative(member) for member in members(session, claim.id)],
        died_on=claim.event_on,
        decided_on=on,
        list_is_complete=_certificate_accepted(session, claim.id),
        book=numbers(),
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

    :raises Invalid: the payee is not entitled, a minor has no guardian, or several heirs have not agreed.
    """
    require_state(session, claim, PREPARING)
    payee = _member(session, claim, payee_member_id)
    found = ranking(session, claim, clock.local(now).date())
    _check_payee(found, payee, agreement, note)
    take_verify_duty(session, claim, by=by, now=now)
    decision = HeirDecision(
        casefile_id=claim.id,
        payee_member_id=payee.id,
        rank=found.rank,
        sentence=found.sentence,
        agreement=agreement,
        note=note.strip(),
        family=[_member_document(member) for member in members(session, claim.id)],
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
    return decision.family == [_member_document(m) for m in members(session, decision.casefile_id)]


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
    """
    require_state(session, claim, PREPARING)
    heirs = current_heirs(session, claim.id)
    if heirs is None:
        raise Invalid({"holder_name": "Tetapkan dulu penerima santunan. Rekening belum tersimpan."})
    if session.get(Bank, bank_code) is None:
        raise Invalid({"bank_code": "Pilih bank dari daftar. Rekening belum tersimpan."})
    payee = _member(session, claim, heirs.payee_member_id)
    owner = payee.guardian_name if heirs.agreement == "guardian" and payee.guardian_name else payee.full_name
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


def current_account(session: Session, casefile_id: int) -> BankAccount | None:
    """Return the newest version of the account."""
    return session.scalar(
        select(BankAccount)
        .where(BankAccount.casefile_id == casefile_id)
        .order_by(BankAccount.id.desc())
        .limit(1)
    )


def _check_payee(found: HeirRanking, payee: FamilyMember, agreement: str, note: str) -> None:
    entitled = set(found.entitled)
    unsettled = [flag.sentence for flag in found.flags if flag.must_resolve]
    if unsettled and agreement != "court":
        raise Invalid(
            {
                "payee": f"{' '.join(unsettled)} Selesaikan dulu, atau pakai penetapan pengadilan. Belum tersimpan."
            }
        )
    if found.missing:
        raise Invalid({"payee": f"Belum bisa ditetapkan. Yang belum ada: {'; '.join(found.missing)}."})
    if found.no_heir:
        if not payee.arranged_burial:
            raise Invalid({"payee": "Tanpa ahli waris, hanya yang mengurus pemakaman dapat dibayar."})
        if agreement != "burial":
            raise Invalid({"agreement": "Pilih “mengurus pemakaman”; tidak ada ahli waris lain."})
        return
    if str(payee.id) not in entitled:
        raise Invalid({"payee": f"{payee.full_name} tidak termasuk yang berhak. {found.sentence}"})
    if any(minor.ref == str(payee.id) for minor in found.minors) and (
        payee.guardian_name is None or agreement not in {"guardian", "court"}
    ):
        raise Invalid({"payee": f"{payee.full_name} belum dewasa. Catat walinya dan pilih “melalui wali”."})
    if len(entitled) > 1 and agreement == "sole_heir":
        raise Invalid(
            {"agreement": "Ada lebih dari satu ahli waris sekelompok; perlu persetujuan tertulis mereka."}
        )
    if agreement != "sole_heir" and len(note.strip()) < SHORTEST_REASON:
        raise Invalid({"note": "Tulis surat atau bukti persetujuannya, paling sedikit 10 huruf."})


def _member(session: Session, claim: Claim, member_id: int) -> FamilyMember:
    member = session.get(FamilyMember, member_id)
    if member is None or member.casefile_id != claim.id or member.removed_at is not None:
        raise NotFound("Anggota keluarga ini tidak ada pada kasus ini.")
    return member


def _relative(member: FamilyMember) -> Relative:
    return Relative(
        ref=str(member.id),
        name=member.full_name,
        relation=cast(Relation, member.relation),  # the table holds no other
        born_on=member.born_on,
        alive=member.alive,
        died_on=member.died_on,
        documented=member.documented,
        other_parent_ref=str(member.other_parent_id) if member.other_parent_id else None,
    )


def _member_document(member: FamilyMember) -> dict[str, Any]:
    """Return what of a relative a decision rests on, as plain data."""
    return {
        "id": member.id,
        "full_name": member.full_name,
        "relation": member.relation,
        "born_on": member.born_on.isoformat() if member.born_on else None,
        "national_id": member.national_id,
        "alive": member.alive,
        "died_on": member.died_on.isoformat() if member.died_on else None,
        "documented": member.documented,
        "guardian_name": member.guardian_name,
        "guardian_basis": member.guardian_basis,
        "arranged_burial": member.arranged_burial,
        "source": member.source,
    }


def _certificate_accepted(session: Session, casefile_id: int) -> bool:
    """Whether an officer accepted the heir certificate, which names all heirs."""
    status = session.scalar(
        select(Requirement.status).where(
            Requirement.casefile_id == casefile_id, Requirement.code == "heir_statement"
        )
    )
    return status == "accepted"
