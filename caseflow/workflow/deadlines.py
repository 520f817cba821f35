"""When a case is due, and when somebody looks at it while no deadline runs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from caseflow import clock
from caseflow.workdays import Calendar
from caseflow.workflow.definition import State

LOOK_AGAIN_DAYS = 7  # of a state that names no follow-up of its own


@dataclass(frozen=True, slots=True)
class Beginnings:
    """The days from which deadlines count.

    :ivar entered_at: when the present state began; :ivar complete_on: when the papers were complete.
    :ivar reported_on: when the report was received that limits of law count from.
    """

    entered_at: datetime
    complete_on: date | None = None
    reported_on: date | None = None


def due_on(state: State, since: Beginnings, calendar: Calendar) -> date | None:
    """Return the last day for this state; ``None``: no deadline, or its clock does not run yet."""
    if state.deadline is None:
        return None
    start = start_of(state, since)
    if start is None:
        return None
    if state.deadline_unit == "calendar_days":
        return start + timedelta(days=state.deadline)
    return calendar.add(start, state.deadline)


def start_of(state: State, since: Beginnings) -> date | None:
    """Return the day from which the state's deadline counts."""
    match state.deadline_from:
        case "complete":
            return since.complete_on
        case "report":
            return since.reported_on
        case _:
            return clock.local(since.entered_at).date()


def follow_up_on(state: State, *, entered_at: datetime, due: date | None) -> date | None:
    """Return the day on which somebody looks again; ``None`` while a deadline runs and after the end."""
    if state.final or due is not None:
        return None
    return clock.local(entered_at).date() + timedelta(days=state.follow_up or LOOK_AGAIN_DAYS)
