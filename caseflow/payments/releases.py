"""Verbs of the second person: release a locked batch, hand out its file."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.claims import operations as claims
from caseflow.claims.models import Claim
from caseflow.errors import NotFound, NotPossible
from caseflow.payments import steps
from caseflow.payments.approval import blockers
from caseflow.payments.batches import lock_with_lines
from caseflow.payments.models import Batch, BatchLine, Instruction
from caseflow.payments.rules import only
from caseflow.people.actor import Actor
from caseflow.workflow import fire


@dataclass(frozen=True)
class BankFile:
    """A file to hand out. ``data`` is the same at every call."""

    name: str
    data: bytes
    sha256: str


def release_batch(session: Session, batch_id: int, *, by: Actor, now: datetime) -> Batch:
    """Let a locked batch leave: instructions are sent, claims are in payment, the file can be fetched.

    Everything is asked again; one line that may not leave holds the whole batch back.

    :raises NotPossible: by the maker or anybody with another duty on one of the cases; content changed.
    """
    releaser = only(by, "finance", "branch_head")
    batch, lines = lock_with_lines(session, batch_id, by=by)
    _require_locked(batch)
    if releaser == batch.maker_person_id:
        raise NotPossible(
            "Anda membuat berkas ini, jadi pelepasan harus oleh orang lain. Tidak ada yang berubah."
        )
    _require_nothing_changed(session, lines, now=now)
    for claim, instruction in lines:
        fire.take_duty(session, claim, "release", by=by, now=now)
        steps.advance(session, instruction, "sent", by=by, now=now, batch=batch.number)
        claims.act(session, claim, "send_payment", by=by, expected_version=claim.version, now=now)
    batch.state, batch.releaser_person_id, batch.released_at = "released", releaser, now
    batch.version += 1
    record(
        session,
        "payment.batch_released",
        by=by,
        subject=f"batch:{batch.id}",
        details={"sha256": batch.file_sha256},
    )
    session.flush()
    return batch


def fetch_bank_file(session: Session, batch_id: int, *, by: Actor) -> BankFile:
    """Return the file of a released batch, the same bytes as often as asked; every look is audited.

    Before the release nobody gets it: who makes a file alone cannot bring it to the bank.
    """
    only(by, "finance", "branch_head")
    row = session.execute(
        select(Batch.number, Batch.state, Batch.file_bytes, Batch.file_sha256)
        .where(Batch.id == batch_id)
        .where(
            select(BatchLine.instruction_id)
            .join(Instruction, Instruction.id == BatchLine.instruction_id)
            .join(Claim, Claim.id == Instruction.casefile_id)
            .where(BatchLine.batch_id == batch_id, Claim.branch_code == by.branch_code)
            .exists()
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.state != "released" or row.file_bytes is None:
        raise NotPossible("File baru dapat diunduh setelah berkas dilepas oleh orang kedua.")
    if hashlib.sha256(row.file_bytes).hexdigest() != row.file_sha256:
        raise NotPossible(
            "Isi file tidak cocok dengan sidik jarinya. Jangan diunggah; hubungi kepala cabang."
        )
    record(
        session,
        "payment.file_fetched",
        by=by,
        subject=f"batch:{batch_id}",
        details={"sha256": row.file_sha256},
    )
    return BankFile(f"{row.number}.csv", row.file_bytes, row.file_sha256)


def _require_locked(batch: Batch) -> None:
    if batch.state == "released":
        raise NotPossible(f"Berkas {batch.number} sudah dilepas. Tidak ada yang dikirim lagi.")
    if batch.state != "locked":
        raise NotPossible(f"Berkas {batch.number} belum dikunci. Tidak ada yang dikirim.")


def _require_nothing_changed(
    session: Session, lines: list[tuple[Claim, Instruction]], *, now: datetime
) -> None:
    problems = [
        f"Kasus {claim.number}: {sentence}"
        for claim, instruction in lines
        for sentence in blockers(session, claim, instruction, now=now)
    ]
    if problems:
        raise NotPossible([*problems, "Tidak ada yang dikirim. Batalkan berkas ini dan buat yang baru."])
