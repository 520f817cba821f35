"""Verbs of a batch: open, fill, lock with its file, void. Releasing it is in ``releases``."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.claims.models import BankAccount, Claim
from caseflow.clock import local
from caseflow.errors import Invalid, NotFound, NotPossible, Stale
from caseflow.payments import steps
from caseflow.payments.approval import blockers
from caseflow.payments.bank_file import Transfer, bank_file
from caseflow.payments.models import Batch, BatchLine, Instruction
from caseflow.payments.rules import only
from caseflow.people.actor import Actor
from caseflow.registry.models import Bank
from caseflow.workflow import fire

MAX_LINES = 200
_NUMBERING = 0x62617463  # key of the advisory lock that hands out batch numbers one by one
_REASON_LENGTH = 10


@dataclass(frozen=True)
class Removed:
    """A line that could not go into the file, and the sentences that say why. An alert, not an error."""

    case_number: str
    reference: str
    sentences: tuple[str, ...]


def open_batch(session: Session, *, by: Actor, now: datetime) -> Batch:
    """Open an empty batch; numbers run per day: ``B261120-01``."""
    maker = only(by, "finance")
    session.execute(select(func.pg_advisory_xact_lock(_NUMBERING)))
    prefix = f"B{local(now):%y%m%d}-"
    count = session.scalar(select(func.count()).where(Batch.number.startswith(prefix))) or 0
    batch = Batch(number=f"{prefix}{count + 1:02d}", state="open", made_at=now, maker_person_id=maker)
    steps.insert(session, batch)
    record(session, "payment.batch_opened", by=by, subject=f"batch:{batch.id}")
    return batch


def add_to_batch(
    session: Session, batch_id: int, instruction_id: int, *, by: Actor, now: datetime
) -> BatchLine:
    """Put a queued instruction into an open batch."""
    only(by, "finance")
    claim, instruction, batch = _claim_batch_instruction(session, batch_id, instruction_id, by=by)
    _require_open(batch)
    if instruction.state != "queued":
        raise NotPossible(
            "Perintah bayar ini sudah masuk berkas atau sudah tidak berlaku. Tidak ada yang berubah."
        )
    problems = blockers(session, claim, instruction, now=now)
    if problems:
        raise NotPossible(problems)
    count, last = session.execute(
        select(func.count(), func.coalesce(func.max(BatchLine.position), 0)).where(
            BatchLine.batch_id == batch_id
        )
    ).one()
    if count >= MAX_LINES:
        raise NotPossible(f"Satu berkas memuat paling banyak {MAX_LINES} transfer. Buka berkas baru.")
    fire.take_duty(session, claim, "make_batch", by=by, now=now)
    line = BatchLine(batch_id=batch_id, position=last + 1, instruction_id=instruction_id)
    steps.insert(session, line)
    steps.advance(session, instruction, "batched", by=by, now=now, batch=batch.number)
    batch.version += 1
    return line


def remove_from_batch(
    session: Session, batch_id: int, instruction_id: int, *, by: Actor, now: datetime
) -> None:
    """Take an instruction out of an open batch; it waits again."""
    only(by, "finance")
    claim, instruction, batch = _claim_batch_instruction(session, batch_id, instruction_id, by=by)
    _require_open(batch)
    fire.take_duty(session, claim, "make_batch", by=by, now=now)
    gone = session.scalar(
        delete(BatchLine)
        .where(BatchLine.batch_id == batch_id, BatchLine.instruction_id == instruction_id)
        .returning(BatchLine.position)
    )
    if gone is None:
        raise NotFound
    steps.advance(session, instruction, "queued", by=by, now=now, batch=batch.number)
    batch.version += 1


def lock_batch(session: Session, batch_id: int, *, by: Actor, now: datetime) -> list[Removed]:
    """Close a batch and build its file, once. Return the lines that had to go because something changed.

    When nothing is left, the batch stays open and empty.
    """
    only(by, "finance")
    batch, lines = lock_with_lines(session, batch_id, by=by)
    _require_open(batch)
    if not lines:
        raise NotPossible("Berkas ini masih kosong. Masukkan perintah bayar dulu.")
    kept, removed = [], []
    for claim, instruction in lines:
        fire.take_duty(session, claim, "make_batch", by=by, now=now)
        problems = blockers(session, claim, instruction, now=now)
        if problems:
            _drop(session, batch, instruction, problems, by=by, now=now)
            removed.append(Removed(claim.number, instruction.reference, tuple(problems)))
        else:
            kept.append(instruction)
    if kept:
        _write_file(session, batch, kept, now=now)
        record(
            session,
            "payment.batch_locked",
            by=by,
            subject=f"batch:{batch.id}",
            details={"sha256": batch.file_sha256},
        )
    batch.version += 1
    session.flush()
    return removed


def void_batch(session: Session, batch_id: int, *, by: Actor, reason: str, now: datetime) -> Batch:
    """End a locked batch that must not leave. Its file was never handed out, and never will be.

    Its instructions are cancelled and their references are dead; each case gets a new instruction.
    """
    only(by, "finance", "branch_head")
    if len(reason.strip()) < _REASON_LENGTH:
        raise Invalid({"reason": "Tulis alasannya, paling sedikit 10 huruf. Belum ada yang tersimpan."})
    batch, lines = lock_with_lines(session, batch_id, by=by)
    if batch.state != "locked":
        raise NotPossible(
            "Hanya berkas yang terkunci dan belum dilepas dapat dibatalkan. Tidak ada yang berubah."
        )
    for _, instruction in lines:
        steps.advance(
            session, instruction, "cancelled", by=by, now=now, batch=batch.number, reason=reason.strip()
        )
    batch.state = "voided"
    batch.version += 1
    record(
        session,
        "payment.batch_voided",
        by=by,
        subject=f"batch:{batch.id}",
        details={"sha256": batch.file_sha256},
    )
    session.flush()
    return batch


def lock_with_lines(
    session: Session, batch_id: int, *, by: Actor
) -> tuple[Batch, list[tuple[Claim, Instruction]]]:
    """Lock the claims of a batch, then the batch, then its instructions; lines in their order.

    Lines are read before and after the locks: who came in between gets a stale answer, never a deadlock.
    """
    before = _lines(session, batch_id)
    claims = steps.lock_claims(session, [claim_id for _, claim_id in before], by=by)
    batch = steps.lock_batch_row(session, batch_id)
    if _lines(session, batch_id) != before:
        raise Stale(
            "Isi berkas ini baru saja diubah orang lain. Belum ada yang tersimpan; lihat dulu isinya."
        )
    return batch, [
        (claims[claim_id], steps.lock_instruction_row(session, instruction_id))
        for instruction_id, claim_id in before
    ]


def _lines(session: Session, batch_id: int) -> list[tuple[int, int]]:
    rows = session.execute(
        select(BatchLine.instruction_id, Instruction.casefile_id)
        .join(Instruction, Instruction.id == BatchLine.instruction_id)
        .where(BatchLine.batch_id == batch_id)
        .order_by(BatchLine.position)
    )
    return [(row.instruction_id, row.casefile_id) for row in rows]


def _claim_batch_instruction(
    session: Session, batch_id: int, instruction_id: int, *, by: Actor
) -> tuple[Claim, Instruction, Batch]:
    claim_id = session.scalar(select(Instruction.casefile_id).where(Instruction.id == instruction_id))
    if claim_id is None:
        raise NotFound
    claim = steps.lock_claim(session, claim_id, by=by)
    batch = steps.lock_batch_row(session, batch_id)
    return claim, steps.lock_instruction_row(session, instruction_id), batch


def _require_open(batch: Batch) -> None:
    if batch.state != "open":
        raise NotPossible(f"Berkas {batch.number} sudah dikunci. Isinya tidak dapat diubah lagi.")


def _drop(
    session: Session, batch: Batch, instruction: Instruction, problems: list[str], *, by: Actor, now: datetime
) -> None:
    session.execute(
        delete(BatchLine).where(BatchLine.batch_id == batch.id, BatchLine.instruction_id == instruction.id)
    )
    steps.advance(
        session, instruction, "cancelled", by=by, now=now, batch=batch.number, reason=" ".join(problems)
    )
    record(
        session,
        "payment.line_removed",
        by=by,
        casefile_id=instruction.casefile_id,
        subject=f"instruction:{instruction.id}",
        details={"batch_id": batch.id},
    )


def _write_file(session: Session, batch: Batch, kept: list[Instruction], *, now: datetime) -> None:
    """Number the lines from one, without a gap, and store the bytes with their digest."""
    accounts = session.execute(
        select(Instruction.id, Bank.code, Bank.name, BankAccount.account_number, BankAccount.holder_name)
        .join(BankAccount, BankAccount.id == Instruction.account_id)
        .join(Bank, Bank.code == BankAccount.bank_code)
        .where(Instruction.id.in_([line.id for line in kept]))
    )
    of = {row.id: row for row in accounts}
    session.execute(delete(BatchLine).where(BatchLine.batch_id == batch.id))
    session.execute(
        insert(BatchLine),
        [
            {"batch_id": batch.id, "position": position, "instruction_id": line.id}
            for position, line in enumerate(kept, start=1)
        ],
    )
    transfers = [
        Transfer(
            line.reference, of[line.id].code, of[line.id].name, of[line.id].account_number,
            of[line.id].holder_name, line.amount_idr,
        )
        for line in kept
    ]  # fmt: skip
    data = bank_file(batch.number, local(now).date(), transfers)
    batch.file_bytes, batch.file_sha256 = data, hashlib.sha256(data).hexdigest()
    batch.line_count, batch.total_idr = len(kept), sum(line.amount_idr for line in kept)
    batch.state, batch.locked_at = "locked", now
    session.flush()
