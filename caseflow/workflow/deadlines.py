"""When a case is due: working days from entering a state, or from the day its requirements were complete."""

from datetime import date, datetime

from caseflow import clock
from caseflow.workdays import Calendar
from caseflow.workflow.definition import State


def due_on(
    state: State, *, entered_at: datetime, clock_started_on: date | None, calendar: Calendar
) -> date | None:
    """Return the last day for this state; ``None``: no deadline, or its clock does not run yet."""
    if state.deadline is None:
        return None
    start = clock.local(entered_at).date() if state.deadline_from == "entry" else clock_started_on
    return calendar.add(start, state.deadline) if start is not None else None
