"""What belongs to a step of the workflow besides the move: clocks, the link to the worker, the programme."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import accident
from caseflow.claims.accident_papers import facts_of
from caseflow.claims.asking import ask_for_program
from caseflow.claims.eligibility import CHANGED
from caseflow.claims.models import Claim
from caseflow.claims.rules import RULES
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.scholarship_plan import plan
from caseflow.claims.states import PREPARING
from caseflow.documents.models import Document, Requirement
from caseflow.people.actor import Actor


def _start_clock(session: Session, claim: Claim) -> None:
    """PP 44/2015 Art. 37(2), 40(3): count from the day the last required paper arrived, not from when it was looked at."""
    last = session.scalar(
        select(func.max(Document.stored_at))
        .join(Requirement, Requirement.id == Document.requirement_id)
        .where(
            Requirement.casefile_id == claim.id,
            Requirement.need == "required",
            Document.status == "stored",
            Document.withdrawn_at.is_(None),
        )
    )
    claim.clock_started_on = clock.local(last or clock.now()).date()


def _start_stopped_clock(session: Session, claim: Claim) -> None:
    """The last paper may have arrived while the case was on hold."""
    if claim.clock_started_on is None:
        _start_clock(session, claim)


def _start_clock_today(session: Session, claim: Claim) -> None:
    """A case that is looked at again counts from this day, but never before its papers are complete.

    Whether it counts from its first papers was not found in the law.
    """
    complete = RULES["all_required_submitted"](session, claim) is None
    claim.clock_started_on = clock.today() if complete else None


def start_late_clock(session: Session, claim: Claim) -> None:
    """PP 44/2015 Art. 37(2): the last required paper of a case under examination starts the clock too."""
    examined = claim.state in PREPARING and claim.clock_started_on is None
    if examined and RULES["all_required_submitted"](session, claim) is None:
        _start_clock(session, claim)


def _stop_clock(_session: Session, claim: Claim) -> None:
    claim.clock_started_on = None


def _release(session: Session, claim: Claim) -> None:
    """A withdrawn report no longer stands in the way of the real one, nor a child in the way of another.

    Nor does anybody go on calling somebody dead who perhaps lives.
    """
    child = session.get(ScholarshipChild, claim.id)
    if child is not None:
        child.place = None
    claim.worker_id = None
    claim.honorific = ""


def _become_jkk(session: Session, claim: Claim, by: Actor) -> None:
    """The death goes on as a work accident: the day of the accident selects the rules; papers stay."""
    facts = accident.current_record(session, claim.id)
    if facts is None:
        raise ValueError("moved to JKK without an accident")
    claim.program, claim.cause = "jkk", "at_work"
    claim.died_on, claim.event_on = claim.died_on or claim.event_on, facts.happened_on
    _changed(session, claim, by)


def _become_jkm(session: Session, claim: Claim, by: Actor) -> None:
    """The accident goes on as a death that work did not cause: the day of death selects the rules."""
    if claim.died_on is None:
        raise ValueError("moved to JKM without a death")
    claim.program, claim.cause, claim.event_on = "jkm", "illness_or_other", claim.died_on
    _changed(session, claim, by)


def _changed(session: Session, claim: Claim, by: Actor) -> None:
    session.flush()
    ask_for_program(session, claim, facts_of(session, claim))
    record(session, CHANGED, by=by, casefile_id=claim.id, details={"program": claim.program})


def _plan_again(session: Session, claim: Claim, _by: Actor) -> None:
    if claim.program == "scholarship":
        plan(session, claim)


BEFORE: Mapping[str, Callable[[Session, Claim], None]] = MappingProxyType(
    {
        "complete_documents": _start_clock,
        "request_replacement": _stop_clock,
        "resume": _start_stopped_clock,
        "resume_collecting": _stop_clock,
        "move_to_jkk": _stop_clock,
        "move_to_jkm": _stop_clock,
        "open_year": _stop_clock,
        "finish_year": _stop_clock,
        "skip_year": _stop_clock,
        "reopen": _start_clock_today,
        "reopen_case": _start_clock_today,
        "inspector_says_work": _start_clock_today,
        "minister_says_work": _start_clock_today,
        "withdraw": _release,
    }
)
# what moves the day on which somebody next thinks of a child
_PLANNED_AGAIN = (
    "keep_for_school", "open_right", "open_year", "skip_year", "confirm_payment", "report_payment_failure",
    "finish_year", "end_right", "reopen_right", "withdraw",
)  # fmt: skip
AFTER: Mapping[str, Callable[[Session, Claim, Actor], None]] = MappingProxyType(
    {"move_to_jkk": _become_jkk, "move_to_jkm": _become_jkm, **dict.fromkeys(_PLANNED_AGAIN, _plan_again)}
)
