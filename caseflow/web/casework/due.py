"""Deadlines as people read them: a bold day, a label of at most twenty letters, a colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.formats import long_date, short_date
from caseflow.workdays import Calendar, Holiday
from caseflow.workflow.definition import UNIT_LABELS, DeadlineFrom, DeadlineUnit, State

SOON_WORKING_DAYS = 3
_SINCE: Mapping[DeadlineFrom, str] = MappingProxyType(
    {
        "complete": "dokumen wajib terakhir tiba",
        "report": "laporan diterima",
        "entry": "tahap ini dimulai",
    }
)


@dataclass(frozen=True)
class Due:
    """A deadline in words. ``iso`` is the day for machines, ``None`` while no clock runs."""

    date: str
    label: str
    sentiment: str
    iso: str | None = None
    title: str | None = None


def due_words(
    due_on: date | None,
    *,
    today: date,
    calendar: Calendar,
    waiting: str = "",
    unit: DeadlineUnit = "working_days",
) -> Due:
    """Return a deadline for a list or a header.

    :param waiting: what the case waits for when no clock runs; :param unit: of the days that are left.
    """
    if due_on is None:
        return Due("Belum berjalan", waiting or "tanpa batas waktu", "neutral")
    in_working_days = unit == "working_days"
    days = "hari kerja" if in_working_days else "hari"
    if today > due_on:
        late = calendar.count(due_on, today) if in_working_days else (today - due_on).days
        label, sentiment = (f"lewat {late} {days}" if late else "lewat batas"), "danger"
    else:
        left = calendar.count(today, due_on) if in_working_days else (due_on - today).days
        label = f"sisa {left} {days}" if left else "batasnya hari ini"
        sentiment = "waiting" if left <= SOON_WORKING_DAYS else "positive"
    return Due(_day_and_month(due_on, today), label, sentiment, due_on.isoformat(), long_date(due_on))


@dataclass(frozen=True)
class ClockStory:
    """How a deadline came about, for whoever asks why.

    :ivar rule: how many days, counted from what; :ivar counted: how many have passed, in ``unit``.
    :ivar skipped: holidays that did not count.
    """

    state: str
    rule: str
    started: str
    due: Due
    counted: int
    unit: str
    skipped: list[Holiday]
    uncovered: list[int]


def clock_story(claim: Claim, state: State, *, today: date, calendar: Calendar) -> ClockStory | None:
    """Return how the present deadline was counted; ``None`` for a state without one."""
    if state.deadline is None:
        return None
    due = due_words(
        claim.due_on, today=today, calendar=calendar, waiting="menunggu dokumen", unit=state.deadline_unit
    )
    unit = UNIT_LABELS[state.deadline_unit]
    started_on = _started_on(claim, state)
    since = _SINCE[state.deadline_from]
    if started_on is None:
        return ClockStory("belum berjalan", _rule(state, since), "belum", due, 0, unit, [], [])
    until = claim.due_on or today
    in_working_days = state.deadline_unit == "working_days"
    last = min(today, until)
    years = range(started_on.year, until.year + 1) if in_working_days else ()
    return ClockStory(
        state="lewat batas" if today > until else "berjalan",
        rule=_rule(state, since),
        started=long_date(started_on),
        due=due,
        counted=calendar.count(started_on, last) if in_working_days else (last - started_on).days,
        unit=unit,
        skipped=calendar.skipped(started_on, until) if in_working_days else [],
        uncovered=[year for year in years if not calendar.covers(year)],
    )


def _started_on(claim: Claim, state: State) -> date | None:
    """Return the day before the first that counts."""
    match state.deadline_from:
        case "complete":
            return claim.clock_started_on
        case "report":
            return claim.reported_on
        case _:
            return clock.local(claim.entered_at).date()


def age_words(days: int) -> str:
    """Return how long a case has been in its state."""
    return "baru hari ini" if days < 1 else f"{days} hari di tahap ini"


def _rule(state: State, since: str) -> str:
    return f"{state.deadline} {UNIT_LABELS[state.deadline_unit]} sejak {since}; hari sesudahnya dihitung hari pertama"


def _day_and_month(day: date, today: date) -> str:
    """Leave the year out where nobody can be in doubt."""
    near = abs(day - today) < timedelta(days=180)
    return short_date(day).rsplit(" ", 1)[0] if near else short_date(day)
