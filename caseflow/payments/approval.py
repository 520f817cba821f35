"""Does the approval still stand? Asked before an instruction, before the file, and before the release.

An approval is bound to a digest of everything it was about; any later change voids it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.content import content_of
from caseflow.claims.models import Claim, Decision
from caseflow.claims.rules import RULES
from caseflow.claims.workflows import definition_of
from caseflow.errors import NotPossible
from caseflow.payments.models import AccountCheck, Instruction
from caseflow.payments.open_debits import open_debits
from caseflow.payments.rules import CHECK_VALID_FOR
from caseflow.workflow import fire

CHANGED = "Isi kasus berubah sejak disetujui. Minta petugas klaim membatalkan persetujuannya, supaya disetujui lagi."
NOT_APPROVED = "Kasus ini tidak sedang disetujui untuk dibayar. Tidak ada yang dibuat atau dikirim."
CHECK_IS_OLD = (
    "Pemeriksaan rekening sudah lebih dari 30 hari. Ketik ulang rekening dan tanyakan lagi ke bank."
)


@dataclass(frozen=True)
class Approved:
    """What was approved, and that it is still what the case holds. ``total_idr`` in whole rupiah."""

    decision_id: int
    sha256: str
    total_idr: int
    payee_member_id: int
    account_id: int


def approved(session: Session, claim: Claim) -> Approved:
    """Return the standing approval of a locked claim.

    :raises NotPossible: not approved, content changed since, or a rule of ``send_payment`` objects.
    """
    send = definition_of(claim).actions["send_payment"]
    decision = session.execute(
        select(Decision.id, Decision.outcome, Decision.content_sha256)
        .where(Decision.casefile_id == claim.id)
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()
    if claim.state not in send.sources or decision is None or decision.outcome != "approved":
        raise NotPossible(NOT_APPROVED)
    content = content_of(session, claim)
    payee, account = content.payee_member_id, content.account_id
    if content.sha256 != decision.content_sha256 or payee is None or account is None:
        raise NotPossible(CHANGED)
    objections = fire.blockers(session, claim, send, RULES)
    if objections:
        raise NotPossible(objections)
    return Approved(decision.id, content.sha256, content.total_idr, payee, account)


def blockers(session: Session, claim: Claim, instruction: Instruction, *, now: datetime) -> list[str]:
    """Return why this instruction may not leave now; empty when it may."""
    try:
        standing = approved(session, claim)
    except NotPossible as refusal:
        return refusal.sentences
    problems = []
    if (standing.decision_id, standing.account_id) != (instruction.decision_id, instruction.account_id):
        problems.append(CHANGED)
    checked_at = session.scalar(
        select(AccountCheck.checked_at).where(AccountCheck.id == instruction.account_check_id)
    )
    if checked_at is None or now - checked_at > CHECK_VALID_FOR:
        problems.append(CHECK_IS_OLD)
    return problems + open_debits(session, claim.id)
