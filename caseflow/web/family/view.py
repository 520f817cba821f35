"""Puts together what a family reads: one sentence, one thing to do, five steps that never go backwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import family as family_data
from caseflow.claims import workflows
from caseflow.claims.models import Assessment, Claim, Decision
from caseflow.claims.queries import last_decision
from caseflow.formats import long_date, month_year, weekday_date
from caseflow.law.statement import Statement
from caseflow.payments import queries as payments
from caseflow.people.models import Person, StaffUser
from caseflow.workflow.definition import STAGE_LABELS, Stage
from caseflow.workflow.models import History

STEPS: tuple[Stage, ...] = ("report", "documents", "examination", "approval", "payment")
_HONORIFICS = {
    "almarhum": "Almarhum",
    "almarhumah": "Almarhumah",
    "mendiang": "Mendiang",
    "": "Almarhum/almarhumah",
}
_VISIT_AFTER_DAYS = 90


@dataclass(frozen=True)
class Step:
    """One of the five steps; ``state`` is done, current, future or decision."""

    label: str
    state: str
    date: str | None
    note: str | None


@dataclass(frozen=True)
class FamilyStatus:
    """Everything on the status page."""

    label: str
    sentence: str
    steps: Sequence[Step]
    officer: str | None
    updated_at: datetime
    statement: Statement | None
    decision: Decision | None
    ended_badly: bool
    reason: str | None


def deceased(claim: Claim) -> str:
    """Return the dead person's name with the honorific: ``Almarhum Samsir``."""
    return f"{_HONORIFICS[claim.honorific]} {claim.subject}"


def family_status(session: Session, claim: Claim, missing: int) -> FamilyStatus:
    """Read the status in four statements.

    :param missing: required papers still to be sent.
    """
    state = workflows.definition_of(claim).states[claim.state]
    moves = session.scalars(
        select(History).where(History.casefile_id == claim.id).order_by(History.version)
    ).all()
    reason = _reason(claim, moves)
    values = _values(session, claim, missing, reason)
    sentence = state.tell_family(values)
    decision = last_decision(session, claim.id)
    approved = decision is not None and decision.outcome == "approved" and _decided_stage(claim)
    return FamilyStatus(
        label=state.family_label,
        sentence=sentence,
        steps=_steps(claim, moves, sentence),
        officer=_officer(session, claim),
        updated_at=moves[-1].at,
        statement=_statement(session, decision) if approved else None,
        decision=decision,
        ended_badly=claim.state in {"refused", "objection"},
        reason=reason,
    )


def _decided_stage(claim: Claim) -> bool:
    return workflows.definition_of(claim).states[claim.state].stage in {"payment", "after", "ended"}


def _values(session: Session, claim: Claim, missing: int, reason: str | None) -> Mapping[str, object]:
    account = family_data.current_account(session, claim.id)
    paid_on = _paid_on(session, claim)
    return {
        "due_date": weekday_date(claim.due_on) if claim.due_on else "secepatnya",
        "missing_count": missing,
        "reason": reason or "ada yang perlu dipastikan",
        "account_tail": account.account_number[-4:] if account else "ahli waris",
        "paid_date": long_date(paid_on) if paid_on else "",
        "month": month_year(_plus_days(paid_on or clock.today(), _VISIT_AFTER_DAYS)),
    }


def _plus_days(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def _paid_on(session: Session, claim: Claim) -> date | None:
    """Return the day the money left; a paid case always has one, if only the day it was written down."""
    noted_on = clock.local(claim.entered_at).date() if claim.state == "paid" else None
    return payments.paid_on(session, claim.id) or noted_on


def _reason(claim: Claim, moves: Sequence[History]) -> str | None:
    """Return the family's clause of the reason that led to the present state."""
    last = next((move for move in reversed(moves) if move.reason_code or move.reason_text), None)
    if last is None:
        return None
    action = workflows.definition_of(claim).actions.get(last.action)
    return action.family_reason(last.reason_code, last.reason_text) if action else last.reason_text


def _steps(claim: Claim, moves: Sequence[History], sentence: str) -> list[Step]:
    states = workflows.definition_of(claim).states
    reached: dict[Stage, datetime] = {}
    for move in moves:
        reached.setdefault(states[move.state].stage, move.at)
    stage = states[claim.state].stage
    finished = stage in {"after", "ended"} or claim.state == "paid"
    furthest = max((STEPS.index(known) for known in reached if known in STEPS), default=0)
    refused = claim.state in {"refused", "objection"} or (finished and "refused" in {m.state for m in moves})
    if refused:
        furthest = len(STEPS) - 1
    return [
        _step(index, furthest, reached, sentence, finished=finished, refused=refused)
        for index in range(len(STEPS))
    ]


def _step(
    index: int,
    furthest: int,
    reached: Mapping[Stage, datetime],
    sentence: str,
    *,
    finished: bool,
    refused: bool,
) -> Step:
    stage = STEPS[index]
    last = index == len(STEPS) - 1
    label = "Keputusan" if refused and last else STAGE_LABELS[stage]
    at = reached.get(stage)
    day = weekday_date(clock.local(at).date()) if at else None
    if refused and last:
        return Step(label, "decision", day, sentence)
    if index < furthest or finished:
        return Step(label, "done", day, None)
    if index == furthest:
        return Step(label, "current", None, sentence)
    return Step(label, "future", None, None)


def _officer(session: Session, claim: Claim) -> str | None:
    """Return the first name of the officer who has the case."""
    name = session.scalar(
        select(Person.full_name)
        .join(StaffUser, StaffUser.person_id == Person.id)
        .where(StaffUser.id == claim.assignee_user_id)
    )
    return name.split()[0] if name else None


def _statement(session: Session, decision: Decision | None) -> Statement | None:
    assessment = session.get(Assessment, decision.assessment_id) if decision else None
    return Statement.from_document(assessment.statement) if assessment else None


def amounts(statement: Statement) -> list[dict[str, Any]]:
    """Return the lines for the family's table."""
    return [
        {"label": line.label, "amount_idr": line.amount_idr, "formula": line.formula, "article": line.article}
        for line in statement.lines
    ]
