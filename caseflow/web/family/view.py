"""Puts together what a family reads on its status page: one sentence, one thing to do, five steps, the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import decided, objection, receipts, workflows
from caseflow.claims import family as family_data
from caseflow.claims.models import Claim, Decision
from caseflow.formats import long_date, month_year, weekday_date
from caseflow.law.statement import Statement
from caseflow.payments import queries as payments
from caseflow.people.models import Person, StaffUser
from caseflow.web.family.accident import ShownAccident, shown_accident
from caseflow.web.family.clocks import Clocks, clocks_of
from caseflow.web.family.refusal import DECIDED_AGAINST, Refusal, family_reason, refusal_of
from caseflow.web.family.school import ShownSchool, shown_school
from caseflow.web.family.steps import Step, steps_of
from caseflow.web.family.wording import payee_of
from caseflow.web.statement_words import ShownStatement, shown_statement
from caseflow.workflow.models import History

_VISIT_AFTER_DAYS = 90
# on a phone that is not close; of a refusal the page says what it says without its reason
_NOT_TOLD = "sebab yang hanya tampil di HP keluarga"
_NOT_TOLD_OF_A_REFUSAL = "pengajuan ini tidak dapat dibayarkan"
# how the sentence of a refusal ends, and how once that was done and answered
_MAY_OBJECT, _OBJECTED = "Ibu/Bapak dapat mengajukan keberatan.", "Keberatan atasnya sudah dijawab."
_DECIDED_STAGES = frozenset({"payment", "after", "ended"})


@dataclass(frozen=True)
class FamilyStatus:
    """Everything on the status page.

    :ivar statement: what was approved; ``None`` while nothing is, and on the phone of a helper.
    :ivar ask_receipt: the money was sent three days ago, and the family has not said that it came whole.
    """

    sentence: str
    steps: Sequence[Step]
    officer: str | None
    updated_at: datetime
    statement: ShownStatement | None
    refusal: Refusal | None
    accident: ShownAccident | None
    school: ShownSchool | None
    clocks: Clocks
    ask_receipt: bool


def family_status(
    session: Session, claim: Claim, missing: int, *, close: bool, helps: bool = False
) -> FamilyStatus:
    """Read the status.

    :param missing: required papers still to be sent; :param close: the phone is the worker's or the family's;
    :param helps: it is of whoever helps them under a mandate.
    """
    moves = session.scalars(
        select(History).where(History.casefile_id == claim.id).order_by(History.version)
    ).all()
    state = workflows.definition_of(claim).states[claim.state]
    sentence = state.tell_family(
        _values(session, claim, missing, _reason(claim, moves[-1], close=close), close=close)
    )
    if claim.state in DECIDED_AGAINST and objection.why_not(session, claim) is not None:
        sentence = sentence.replace(_MAY_OBJECT, _OBJECTED)
    approved = approved_statement(session, claim) if close else None
    return FamilyStatus(
        sentence=sentence,
        steps=steps_of(claim, moves, sentence),
        officer=_officer(session, claim),
        updated_at=moves[-1].at,
        statement=shown_statement(approved[1]) if approved else None,
        refusal=refusal_of(session, claim, moves, close=close, helps=helps),
        accident=shown_accident(session, claim, moves) if claim.program == "jkk" and close else None,
        school=shown_school(session, claim, close=close) if claim.program == "scholarship" else None,
        clocks=clocks_of(session, claim, moves, close=close),
        ask_receipt=close and receipts.is_asked(session, claim, today=clock.today()),
    )


def approved_statement(session: Session, claim: Claim) -> tuple[Decision, Statement] | None:
    """Return the decision that something is paid, with its statement, while it stands."""
    return decided.approved_statement(session, claim)


def _values(
    session: Session, claim: Claim, missing: int, reason: str | None, *, close: bool
) -> Mapping[str, object]:
    account = family_data.current_account(session, claim.id)
    paid_on = _paid_on(session, claim)
    return {
        "due_date": weekday_date(claim.due_on) if claim.due_on else "secepatnya",
        "missing_count": missing,
        "reason": reason or "ada yang perlu dipastikan",
        # of the account a helper's phone learns nothing
        "account_tail": f"berakhiran {account.account_number[-4:]}" if account and close else payee_of(claim),
        "paid_date": long_date(paid_on) if paid_on else "",
        "month": month_year(_plus_days(paid_on or clock.today(), _VISIT_AFTER_DAYS)),
    }


def _reason(claim: Claim, move: History, *, close: bool) -> str | None:
    if close:
        return family_reason(move)
    return _NOT_TOLD_OF_A_REFUSAL if claim.state == "refused" else _NOT_TOLD


def _plus_days(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def _paid_on(session: Session, claim: Claim) -> date | None:
    """Return the day the money left; a paid case always has one, if only the day it was written down."""
    noted_on = clock.local(claim.entered_at).date() if claim.state == "paid" else None
    return payments.paid_on(session, claim.id) or noted_on


def _officer(session: Session, claim: Claim) -> str | None:
    """Return the first name of the officer who has the case."""
    name = session.scalar(
        select(Person.full_name)
        .join(StaffUser, StaffUser.person_id == Person.id)
        .where(StaffUser.id == claim.assignee_user_id)
    )
    return name.split()[0] if name else None
