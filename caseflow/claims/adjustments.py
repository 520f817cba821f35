"""An officer's other amount for one line of the statement: reason, second person, original kept.

An adjustment counts while the law still gives the amount it was proposed against; otherwise it has to be proposed
anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from caseflow.audit.operations import record
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.models import AdjustmentWord, Claim, Decision, LineAdjustment
from caseflow.claims.paid_before import paid_decisions
from caseflow.claims.states import COMPUTING, require_state
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.formats import rupiah
from caseflow.law.adjustments import Adjustment
from caseflow.law.statement import Statement
from caseflow.people.actor import Actor
from caseflow.people.models import Person
from caseflow.workflow.fire import take_duty

SHORTEST_REASON = 10
MOST_IDR = 10_000_000_000
SECOND_PERSONS = frozenset({"approver", "branch_head"})


@dataclass(frozen=True)
class Adjusted:
    """One adjustment and the word on it; ``verdict`` is ``None`` while the second person has not spoken."""

    id: int
    line_code: str
    computed_idr: int
    amount_idr: int
    reason: str
    proposed_by: str
    proposed_by_person_id: int
    proposed_at: datetime
    verdict: str | None
    said_by: str | None
    word: str | None


def propose(
    session: Session,
    claim: Claim,
    statement: Statement,
    line_code: str,
    amount_idr: int,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> LineAdjustment:
    """Propose another amount for a line of the statement that the law gives now.

    :param statement: the statement without any adjustment.
    :raises Invalid: no such line, the same amount, or no reason; :raises NotPossible: one is waiting already.
    """
    require_state(session, claim, COMPUTING)
    line = next((line for line in statement.lines if line.code == line_code), None)
    problems = {}
    if line is None:
        problems["line_code"] = "Pilih baris dari rincian manfaat. Belum tersimpan."
    elif amount_idr == line.amount_idr and line_code not in _adjusted(session, claim, statement):
        problems["amount_idr"] = f"Jumlahnya sama dengan hitungan ({rupiah(amount_idr)}). Belum tersimpan."
    if not 0 <= amount_idr <= MOST_IDR:
        problems["amount_idr"] = (
            "Jumlahnya tidak boleh di bawah nol atau di atas sepuluh miliar. Belum tersimpan."
        )
    if len(reason.strip()) < SHORTEST_REASON:
        problems["reason"] = (
            "Tulis alasan yang dapat dibaca keluarga, paling sedikit 10 huruf. Belum tersimpan."
        )
    if problems or line is None:
        raise Invalid(problems)
    if any(one.verdict is None and one.line_code == line_code for one in adjustments(session, claim.id)):
        raise NotPossible("Usul untuk baris ini masih menunggu pejabat kedua. Tidak ada yang berubah.")
    take_verify_duty(session, claim, by=by, now=now)
    row = LineAdjustment(
        casefile_id=claim.id,
        line_code=line_code,
        computed_idr=line.amount_idr,
        amount_idr=amount_idr,
        reason=reason.strip(),
        proposed_at=now,
        proposed_by_person_id=by.person_id or 0,
    )
    session.add(row)
    session.flush()
    details = {"adjustment": row.id, "line": line_code}
    record(session, "claim.adjustment_proposed", by=by, casefile_id=claim.id, details=details)
    return row


def _adjusted(session: Session, claim: Claim, statement: Statement) -> set[str]:
    """Return the lines that have another amount now; only they can be put back to what the law gives."""
    return {one.code for one in in_force(session, claim.id, statement)}


def answer(
    session: Session, claim: Claim, adjustment_id: int, verdict: str, reason: str, *, by: Actor, now: datetime
) -> AdjustmentWord:
    """Confirm or refuse somebody else's adjustment, or take back one's own.

    Whoever confirms or refuses holds the duty ``approve`` on the case.

    :raises NotPermitted: not a second person; :raises NotPossible: a word was said already.
    :raises Invalid: a refusal without a reason.
    """
    require_state(session, claim, COMPUTING)
    row = session.get(LineAdjustment, adjustment_id)
    if row is None or row.casefile_id != claim.id:
        raise NotFound("Usul penyesuaian ini tidak ada pada kasus ini.")
    if session.get(AdjustmentWord, adjustment_id) is not None:
        raise NotPossible("Usul ini sudah dijawab. Tidak ada yang berubah.")
    _check_answer(row, verdict, reason, by)
    if verdict != "withdrawn":
        take_duty(session, claim, "approve", by=by, now=now)
    word = AdjustmentWord(
        adjustment_id=row.id,
        casefile_id=claim.id,
        proposed_by_person_id=row.proposed_by_person_id,
        verdict=verdict,
        reason=reason.strip(),
        said_at=now,
        said_by_person_id=by.person_id or 0,
    )
    session.add(word)
    session.flush()
    details = {"adjustment": row.id, "verdict": verdict}
    record(session, "claim.adjustment_answered", by=by, casefile_id=claim.id, details=details)
    return word


def adjustments(session: Session, casefile_id: int) -> Sequence[Adjusted]:
    """Return every adjustment of a claim, oldest first."""
    second = aliased(Person)
    rows = session.execute(
        select(
            LineAdjustment.id,
            LineAdjustment.line_code,
            LineAdjustment.computed_idr,
            LineAdjustment.amount_idr,
            LineAdjustment.reason,
            Person.full_name.label("proposed_by"),
            LineAdjustment.proposed_by_person_id,
            LineAdjustment.proposed_at,
            AdjustmentWord.verdict,
            second.full_name.label("said_by"),
            AdjustmentWord.reason.label("word"),
        )
        .join(Person, Person.id == LineAdjustment.proposed_by_person_id)
        .outerjoin(AdjustmentWord, AdjustmentWord.adjustment_id == LineAdjustment.id)
        .outerjoin(second, second.id == AdjustmentWord.said_by_person_id)
        .where(LineAdjustment.casefile_id == casefile_id)
        .order_by(LineAdjustment.id)
    )
    return [Adjusted(*row) for row in rows]


def in_force(
    session: Session, casefile_id: int, statement: Statement, *, before_decision: int | None = None
) -> list[Adjustment]:
    """Return the newest confirmed adjustment of each line that was proposed against what the law gives now.

    An adjustment belongs to its round: what was agreed before the last payment was paid then.

    :param before_decision: only payments before this decision count as paid, for a rehearsal.
    """
    computed = {line.code: line.amount_idr for line in statement.lines}
    since = _last_paid_at(session, casefile_id, before_decision)
    found: dict[str, Adjustment] = {}
    for one in adjustments(session, casefile_id):
        if since is not None and one.proposed_at <= since:
            continue  # it was part of what was paid then
        if one.verdict == "confirmed" and one.amount_idr == computed.get(one.line_code):
            found.pop(one.line_code, None)  # back to what the law gives
        elif one.verdict == "confirmed" and computed.get(one.line_code) == one.computed_idr:
            found[one.line_code] = Adjustment(
                code=one.line_code,
                amount_idr=one.amount_idr,
                reason=one.reason,
                proposed_by=one.proposed_by,
                confirmed_by=one.said_by or "",
            )
    return list(found.values())


def _last_paid_at(session: Session, casefile_id: int, before_decision: int | None) -> datetime | None:
    keys = paid_decisions(session, casefile_id)
    paid = [key for key in keys if before_decision is None or key < before_decision]
    return session.scalar(select(Decision.decided_at).where(Decision.id == paid[-1])) if paid else None


def _check_answer(row: LineAdjustment, verdict: str, reason: str, by: Actor) -> None:
    own = row.proposed_by_person_id == by.person_id
    if verdict == "withdrawn":
        if not own:
            raise NotPermitted("Hanya pengusul yang dapat menarik usulnya. Tidak ada yang berubah.")
        return
    if verdict not in {"confirmed", "refused"}:
        raise Invalid({"verdict": "Pilih: setuju, atau tolak. Belum tersimpan."})
    if own or not by.roles & SECOND_PERSONS:
        raise NotPermitted("Penyesuaian harus disetujui pejabat kedua. Tidak ada yang berubah.")
    if verdict == "refused" and len(reason.strip()) < SHORTEST_REASON:
        raise Invalid({"reason": "Tulis mengapa ditolak, paling sedikit 10 huruf. Belum tersimpan."})
