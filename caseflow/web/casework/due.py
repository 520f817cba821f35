"""Deadlines as people read them: a bold day, a label of at most twenty letters, a colour."""

from dataclasses import dataclass
from datetime import date, timedelta

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.formats import long_date, short_date
from caseflow.workdays import Calendar, Holiday
from caseflow.workflow.definition import State

SOON_WORKING_DAYS = 3


@dataclass(frozen=True)
class Due:
    """A deadline in words. ``iso`` is the day for machines, ``None`` while no clock runs."""

    date: str
    label: str
    sentiment: str
    iso: str | None = None
    title: str | None = None


def due_words(due_on: date | None, *, today: date, calendar: Calendar, waiting: str = "") -> Due:
    """Return a deadline for a list or a header.

    :param waiting: what the case waits for when no clock runs.
    """
    if due_on is None:
        return Due("Belum berjalan", waiting or "tanpa batas waktu", "neutral")
    if today > due_on:
        late = calendar.count(due_on, today)
        label, sentiment = (f"lewat {late} hari kerja" if late else "lewat batas"), "danger"
    else:
        left = calendar.count(today, due_on)
        label = f"sisa {left} hari kerja" if left else "batasnya hari ini"
        sentiment = "waiting" if left <= SOON_WORKING_DAYS else "positive"
    return Due(_day_and_month(due_on, today), label, sentiment, due_on.isoformat(), long_date(due_on))


@dataclass(frozen=True)
class ClockStory:
    """How a deadline came about, for whoever asks why.

    :ivar rule: how many working days, counted from what; :ivar skipped: holidays that did not count.
    """

    state: str
    rule: str
    started: str
    due: Due
    counted: int
    skipped: list[Holiday]
    uncovered: list[int]


def clock_story(claim: Claim, state: State, *, today: date, calendar: Calendar) -> ClockStory | None:
    """Return how the present deadline was counted; ``None`` for a state without one."""
    if state.deadline is None:
        return None
    due = due_words(claim.due_on, today=today, calendar=calendar, waiting="menunggu dokumen")
    from_complete = state.deadline_from == "complete"
    started_on = claim.clock_started_on if from_complete else clock.local(claim.entered_at).date()
    since = "dokumen wajib terakhir tiba" if from_complete else "tahap ini dimulai"
    if started_on is None:
        return ClockStory("belum berjalan", _rule(state, since), "belum", due, 0, [], [])
    until = claim.due_on or today
    return ClockStory(
        state="lewat batas" if today > until else "berjalan",
        rule=_rule(state, since),
        started=long_date(started_on),
        due=due,
        counted=calendar.count(started_on, min(today, until)),
        skipped=calendar.skipped(started_on, until),
        uncovered=[year for year in range(started_on.year, until.year + 1) if not calendar.covers(year)],
    )


def age_words(days: int) -> str:
    """Return how long a case has been in its state."""
    return "baru hari ini" if days < 1 else f"{days} hari di tahap ini"


def _rule(state: State, since: str) -> str:
    return f"{state.deadline} hari kerja sejak {since}; hari sesudahnya dihitung hari pertama"


def _day_and_month(day: date, today: date) -> str:
    """Leave the year out where nobody can be in doubt."""
    near = abs(day - today) < timedelta(days=180)
    return short_date(day).rsplit(" ", 1)[0] if near else short_date(day)
