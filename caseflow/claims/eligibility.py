"""The fixed questions of eligibility. The system proposes an answer; an officer gives it, with a source."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from caseflow.audit.models import AuditEvent
from caseflow.audit.operations import record
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.models import Claim, EligibilityCheck
from caseflow.claims.proposed_answers import proposals
from caseflow.claims.questions import find_question
from caseflow.claims.states import require_state
from caseflow.errors import Invalid
from caseflow.law.cover import CoverChoice
from caseflow.law.statement import Outcome
from caseflow.people.actor import Actor

SHORTEST_REASON = 10
CHANGED = "claim.program_changed"
YEAR_OPENED = "scholarship.year_opened"
_ANSWERED = "claim.check_answered"
_OPENING_AGAIN = (
    "claim.worker_linked",
    "claim.event_corrected",
    "claim.accident_recorded",
    CHANGED,
    YEAR_OPENED,
    "scholarship.child_corrected",
)
ANSWERING_STATES = frozenset({"verifying", "field_check", "concluded", "not_work", "calculating"})


def answer_check(
    session: Session,
    claim: Claim,
    code: str,
    answer: str,
    *,
    source: str,
    note: str,
    by: Actor,
    now: datetime,
) -> EligibilityCheck:
    """Record an officer's answer; against the system's proposal it needs a reason.

    :raises Invalid: unknown question or answer, or a reason that is missing.
    """
    require_state(session, claim, ANSWERING_STATES)
    if find_question(claim, code) is None or answer not in {"yes", "no", "unknown"}:
        raise Invalid({"answer": "Pilih ya, tidak, atau belum tahu. Belum ada yang tersimpan."})
    proposal = proposals(session, claim).get(code)
    contradicts = proposal is not None and answer != proposal.answer
    if contradicts and answer != "unknown" and len(note.strip()) < SHORTEST_REASON:
        raise Invalid(
            {"note": "Jawaban ini tidak bisa dipastikan sistem. Tulis alasannya, paling sedikit 10 huruf."}
        )
    take_verify_duty(session, claim, by=by, now=now)
    check = EligibilityCheck(
        casefile_id=claim.id,
        code=code,
        answer=answer,
        source=source.strip() or "petugas",
        note=note.strip(),
        checked_at=now,
        checked_by_person_id=by.person_id or 0,
    )
    session.add(check)
    session.flush()
    record(session, _ANSWERED, by=by, casefile_id=claim.id, details={"code": code, "answer": answer})
    return check


def current_checks(session: Session, casefile_id: int) -> Mapping[str, EligibilityCheck]:
    """Return the newest answer to each question, as far as it was given about today's worker and event.

    Another worker, other facts of the event or another school year open every question again. Keys of the audit
    tell what came first: a claim's events are written under its lock.
    """
    changed = select(func.coalesce(func.max(AuditEvent.id), 0)).where(
        AuditEvent.casefile_id == casefile_id, AuditEvent.action.in_(_OPENING_AGAIN)
    )
    answered = select(AuditEvent.details["code"].astext).where(
        AuditEvent.casefile_id == casefile_id,
        AuditEvent.action == _ANSWERED,
        AuditEvent.id > changed.scalar_subquery(),
    )
    rows = session.scalars(
        select(EligibilityCheck)
        .where(EligibilityCheck.casefile_id == casefile_id, EligibilityCheck.code.in_(answered))
        .order_by(EligibilityCheck.code, EligibilityCheck.id.desc())
        .ext(distinct_on(EligibilityCheck.code))
    )
    return {row.code: row for row in rows}


def cover_choice(checks: Mapping[str, EligibilityCheck], chosen_by: str) -> CoverChoice | None:
    """Return what the officer decided about cover, or ``None`` while it is open."""
    active, months = checks.get("active_on_event"), checks.get("three_months")
    if active is None or active.answer == "unknown":
        return None
    if active.answer == "no":
        return CoverChoice(outcome="not_payable", reason=active.note, chosen_by=chosen_by)
    if months is None or months.answer == "unknown":
        return None
    outcome: Outcome = "full" if months.answer == "yes" else "funeral_only"
    return CoverChoice(outcome=outcome, reason=months.note or active.note, chosen_by=chosen_by)
