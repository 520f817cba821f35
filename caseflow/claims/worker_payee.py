"""Who is paid while the worker lives: the worker, or a guardian appointed by a court."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.family import members
from caseflow.claims.models import Claim, FamilyMember, HeirDecision
from caseflow.claims.payee import document_of
from caseflow.claims.states import PREPARING, require_state
from caseflow.errors import NotPossible
from caseflow.people.actor import Actor
from caseflow.registry import queries as registry
from caseflow.registry.life import dead_sentence, is_dead


def decide_worker(session: Session, claim: Claim, *, by: Actor, now: datetime) -> HeirDecision:
    """Record that the worker is paid (PP 44/2015 Art. 37).

    :raises NotPossible: the worker died, here or in the registry, so heirs receive; or is not linked yet.
    """
    require_state(session, claim, PREPARING)
    if claim.program != "jkk" or claim.died_on is not None:
        raise NotPossible("Pekerja sudah meninggal, jadi penerimanya ahli waris. Tidak ada yang berubah.")
    if claim.worker_id is None:
        raise NotPossible("Pekerja belum dihubungkan dengan data peserta. Tidak ada yang berubah.")
    worker = registry.get_worker(session, claim.worker_id)
    died_on = is_dead(session, worker.national_id)
    if died_on is not None:
        raise NotPossible(dead_sentence(worker.full_name, died_on))
    take_verify_duty(session, claim, by=by, now=now)
    member = _member(session, claim, by=by, now=now)
    decision = HeirDecision(
        casefile_id=claim.id,
        payee_member_id=member.id,
        rank="worker",
        sentence="Pekerja masih hidup, jadi santunan dibayarkan kepadanya sendiri (PP 44/2015 Pasal 37).",
        agreement="worker",
        family=[document_of(one) for one in members(session, claim.id)],
        decided_at=now,
        decided_by_person_id=by.person_id or 0,
    )
    session.add(decision)
    session.flush()
    record(session, "claim.heirs_decided", by=by, casefile_id=claim.id, details={"payee": member.id})
    return decision


def _member(session: Session, claim: Claim, *, by: Actor, now: datetime) -> FamilyMember:
    """Return the worker among the people of the case, written from the registry the first time."""
    found = session.scalar(
        select(FamilyMember).where(
            FamilyMember.casefile_id == claim.id,
            FamilyMember.relation == "self",
            FamilyMember.removed_at.is_(None),
        )
    )
    if found is not None:
        return found
    worker = registry.get_worker(session, claim.worker_id or 0)
    member = FamilyMember(
        casefile_id=claim.id,
        full_name=worker.full_name,
        relation="self",
        source="registrasi peserta",
        born_on=worker.born_on,
        national_id=worker.national_id,
        documented=True,
        recorded_at=now,
        recorded_by_person_id=by.person_id or 0,
    )
    session.add(member)
    session.flush()
    return member
