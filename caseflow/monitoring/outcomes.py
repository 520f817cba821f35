"""What the outcome of a visit does to its plan: met, another day, declined, moved, not found. None of them is a failure.

Not here: the answers of a visit, and whether it is kept at all (``arrival``).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.monitoring import consents, days, plans, steps
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.people.actor import Actor
from caseflow.registry import queries as registry

_AGAIN_AFTER = timedelta(days=7)
_ANOTHER_DAY = "Keluarga minta dikunjungi pada hari lain."
_NOT_FOUND = "Keluarga belum ditemukan, dicoba sekali lagi."


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a visit ended.

    :ivar at: when; :ivar another_day_on: the day the family asked for; :ivar said_by: who of it was spoken with.
    :ivar consent_version: of the text that was read, when it was. :ivar not_after: the latest it can have been, where
        the clock does not tell: a no holds from there.
    """

    outcome: str
    at: datetime
    another_day_on: date | None = None
    said_by: str = ""
    consent_version: str | None = None
    not_after: datetime | None = None


def settle(session: Session, visit: PlannedVisit, told: Outcome, *, by: Actor, now: datetime) -> None:
    """Let a visit that was kept count for its plan. A visit that was made stays made; somebody met is met for ever."""
    plan = session.get_one(Plan, visit.plan_id)
    steps.lock(session, plan)
    session.refresh(visit)
    if visit.state == "cancelled" or (visit.state == "done" and told.outcome != "met"):
        return
    met_before = visit.state == "done" and visit.outcome == "met"
    again = told.outcome == "another_day" or (told.outcome == "not_found" and visit.outcome != "not_found")
    visit.outcome = told.outcome
    if again:
        _try_again(session, plan, visit, told, by=by, now=now)
    else:
        visit.state, visit.version = "done", visit.version + 1
        if not met_before:
            visit.done_on = clock.local(told.at).date()
    session.flush()
    details = {"visit": visit.id, "outcome": told.outcome}
    record(session, "visit.settled", by=by, casefile_id=plan.id, subject=plan.number, details=details)
    if told.outcome == "declined":
        consents.withdraw(
            session, plan, said_by=told.said_by or plan.contact_name, by=by, now=now,
            said_at=told.not_after or told.at, version=told.consent_version, note="Disampaikan saat kunjungan.",
        )  # fmt: skip
    elif told.outcome == "met":
        steps.finish_if_over(session, plan, now=now)


def _try_again(
    session: Session, plan: Plan, visit: PlannedVisit, told: Outcome, *, by: Actor, now: datetime
) -> None:
    """Move the day: to the one that the family asked for, else to a week later; never before livelihood may be asked."""
    made = clock.local(told.at).date()
    calendar = registry.calendar(session, made)
    asked = told.another_day_on if told.outcome == "another_day" else None
    earliest = plan.livelihood_from_on if visit.asks_livelihood else made
    # the family's own word counts on a Sunday, too
    to_on = max(asked, earliest) if asked else days.visiting_day(max(made + _AGAIN_AFTER, earliest), calendar)
    if to_on == visit.due_on:
        visit.version += 1
        return
    why = _ANOTHER_DAY if told.outcome == "another_day" else _NOT_FOUND
    plans.move_day(session, visit, to_on, why, by=by, now=now)
