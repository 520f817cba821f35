"""Verbs of one order to pay: prepare, cancel, mark its outcome unknown, resolve by a letter of the bank."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.claims.living import require_death_stands
from caseflow.claims.models import Claim, Decision
from caseflow.errors import Invalid, NotPossible
from caseflow.payments import outcomes, steps
from caseflow.payments.accounts import check_account
from caseflow.payments.approval import Approved, approved
from caseflow.payments.models import Instruction, PaymentEvent
from caseflow.payments.open_debits import open_debits
from caseflow.payments.references import reference_of
from caseflow.payments.rules import DEAD_STATES, component_of, only
from caseflow.people.actor import Actor
from caseflow.workflow import fire

_REASON_LENGTH = 10
_WHY_NOT_AGAIN = {
    "queued": "Perintah bayar untuk kasus ini sudah ada dan menunggu masuk berkas. Tidak ada yang dibuat lagi.",
    "batched": "Perintah bayar untuk kasus ini sudah ada di dalam berkas bayar. Tidak ada yang dibuat lagi.",
    "sent": "Perintah bayar untuk kasus ini sudah dikirim ke bank. Tidak ada yang dibuat lagi.",
    "unknown": "Hasil transfer sebelumnya belum pasti. Pengganti hanya boleh dibuat setelah rekening koran "
    "atau surat bank memastikan transfer itu gagal. Tidak ada yang dibuat.",
    "settled": "Kasus ini sudah dibayar. Tidak ada yang dibuat lagi.",
}


def prepare_instruction(
    session: Session,
    claim_id: int,
    *,
    by: Actor,
    account_number_again: str,
    holder_name_found: str,
    name_note: str,
    now: datetime,
) -> Instruction:
    """Order the transfer of an approved benefit; its bank reference is fixed here, before anything leaves.

    After a transfer that finally failed, the new instruction replaces it by itself; after one that was settled on
    an earlier decision (a reopened case, another school year) it follows that one.

    :raises NotPossible: not approved, content changed since, an instruction is alive, the worker turned out to
        live, or a booking of the bank says that money of this case left and nobody matched it.
    :raises Invalid: second entry of the account or name of its owner does not fit; nothing was saved.
    """
    only(by, "finance")
    claim = steps.lock_claim(session, claim_id, by=by)
    earlier = _earlier(session, claim)
    _require_no_open_debit(session, claim)
    standing = approved(session, claim)
    require_death_stands(session, claim)
    check = check_account(
        session,
        standing.account_id,
        by=by,
        account_number_again=account_number_again,
        holder_name_found=holder_name_found,
        name_note=name_note,
        now=now,
    )
    fire.take_duty(session, claim, "make_batch", by=by, now=now)
    reference = reference_of(claim.number, earlier.count + 1)
    instruction = _instruction(claim, standing, reference, check_id=check.id, earlier=earlier, now=now)
    _begin(session, instruction, by=by, now=now)
    return instruction


def cancel_instruction(
    session: Session, instruction_id: int, *, by: Actor, reason: str, now: datetime
) -> Instruction:
    """Take back an order that is in no batch. Its reference is never used again."""
    only(by, "finance")
    _require(reason)
    claim, instruction = steps.claim_and_instruction(session, instruction_id, by=by)
    if instruction.state != "queued":
        raise NotPossible(
            "Hanya perintah bayar yang belum masuk berkas dapat dibatalkan. Tidak ada yang berubah."
        )
    fire.take_duty(session, claim, "make_batch", by=by, now=now)
    steps.advance(session, instruction, "cancelled", by=by, now=now, reason=reason.strip())
    _audit(session, "payment.instruction_cancelled", instruction, by=by)
    return instruction


def mark_unknown(
    session: Session, instruction_id: int, *, by: Actor, reason: str, now: datetime
) -> Instruction:
    """Say that the bank's answer was lost. Nothing is sent again; only a statement line or a letter ends it."""
    only(by, "finance")
    _require(reason)
    _, instruction = steps.claim_and_instruction(session, instruction_id, by=by)
    if instruction.state != "sent":
        raise NotPossible(
            "Hanya transfer yang sudah dikirim dan belum ada hasilnya dapat ditandai belum pasti. "
            "Tidak ada yang berubah."
        )
    steps.advance(session, instruction, "unknown", by=by, now=now, reason=reason.strip())
    _audit(session, "payment.outcome_unknown", instruction, by=by)
    return instruction


def resolve_by_letter(
    session: Session,
    instruction_id: int,
    *,
    by: Actor,
    outcome: str,
    letter_number: str,
    letter_on: date,
    now: datetime,
    reason_code: str | None = None,
    note: str = "",
) -> Instruction:
    """End an open transfer by a signed letter of the bank, where no statement line can.

    ``settled`` only for an unknown outcome; ``failed`` also for a transfer that the bank never booked, and
    never while a debit with a reference of the case is unmatched.
    """
    only(by, "finance")
    _require_letter(outcome, letter_number)
    claim, instruction = steps.claim_and_instruction(session, instruction_id, by=by)
    if instruction.state != "unknown" and (instruction.state, outcome) != ("sent", "failed"):
        raise NotPossible(
            "Surat bank hanya dapat menutup transfer yang belum ada hasilnya. Tidak ada yang berubah."
        )
    if outcome == "failed":
        _require_no_open_debit(session, claim)
    letter = {"letter_number": letter_number.strip(), "letter_on": letter_on.isoformat()}
    fire.take_duty(session, claim, "reconcile", by=by, now=now)
    if outcome == "settled":
        outcomes.settle(session, claim, instruction, by=by, now=now, **letter)
    else:
        outcomes.fail(
            session, claim, instruction, by=by, now=now, reason_code=reason_code, note=note, **letter
        )
    _audit(session, "payment.resolved_by_letter", instruction, by=by)
    return instruction


@dataclass(frozen=True)
class _Earlier:
    """What was ordered before on the same claim.

    :ivar replaces_id: what finally failed; :ivar follows_id: what was settled on an earlier decision.
    :ivar settled: how many were; :ivar count: how many orders there were in all.
    """

    replaces_id: int | None
    follows_id: int | None
    settled: int
    count: int


def _earlier(session: Session, claim: Claim) -> _Earlier:
    """Return the instructions that a new one would replace and follow.

    Replaced is what finally failed, or a replacement of it that was cancelled before it left. What was settled is
    followed only on a later decision: a decision pays once.
    """
    rows = session.execute(
        select(Instruction.id, Instruction.state, Instruction.replaces_id, Instruction.decision_id)
        .where(Instruction.casefile_id == claim.id)
        .order_by(Instruction.id)
    ).all()
    newest = session.scalar(
        select(func.max(Decision.id)).where(Decision.casefile_id == claim.id, Decision.outcome == "approved")
    )
    settled = [row.id for row in rows if row.state == "settled" and row.decision_id < (newest or 0)]
    for row in rows:
        if row.state not in DEAD_STATES and row.id not in settled:
            raise NotPossible(_WHY_NOT_AGAIN[row.state])
    replaced = {row.replaces_id for row in rows}
    ended = [
        row.id
        for row in rows
        if row.id not in replaced and (row.state == "failed" or row.replaces_id is not None)
    ]
    return _Earlier(
        replaces_id=ended[-1] if ended else None,
        follows_id=settled[-1] if settled else None,
        settled=len(settled),
        count=len(rows),
    )


def _require_no_open_debit(session: Session, claim: Claim) -> None:
    found = open_debits(session, claim.id)
    if found:
        raise NotPossible(found)


def _instruction(
    claim: Claim, standing: Approved, reference: str, *, check_id: int, earlier: _Earlier, now: datetime
) -> Instruction:
    return Instruction(
        casefile_id=claim.id,
        member_id=standing.payee_member_id,
        component=component_of(earlier.settled),
        amount_idr=standing.total_idr,
        account_id=standing.account_id,
        account_check_id=check_id,
        decision_id=standing.decision_id,
        content_sha256=standing.sha256,
        reference=reference,
        state="queued",
        created_at=now,
        replaces_id=earlier.replaces_id,
        follows_id=earlier.follows_id,
    )


def _begin(session: Session, instruction: Instruction, *, by: Actor, now: datetime) -> None:
    steps.insert(session, instruction)
    first = PaymentEvent(
        instruction_id=instruction.id,
        version=0,
        state="queued",
        at=now,
        actor_name=by.name,
        actor_person_id=by.person_id,
    )
    steps.insert(session, first)
    _audit(session, "payment.instruction_prepared", instruction, by=by)


def _audit(session: Session, action: str, instruction: Instruction, *, by: Actor) -> None:
    record(
        session,
        action,
        by=by,
        casefile_id=instruction.casefile_id,
        subject=f"instruction:{instruction.id}",
        details={"state": instruction.state},
    )


def _require(reason: str) -> None:
    if len(reason.strip()) < _REASON_LENGTH:
        raise Invalid({"reason": "Tulis alasannya, paling sedikit 10 huruf. Belum ada yang tersimpan."})


def _require_letter(outcome: str, letter_number: str) -> None:
    if outcome not in {"settled", "failed"}:
        raise Invalid({"outcome": "Pilih: transfer berhasil, atau transfer gagal. Belum ada yang tersimpan."})
    if not letter_number.strip():
        raise Invalid({"letter_number": "Isi nomor surat bank. Belum ada yang tersimpan."})
